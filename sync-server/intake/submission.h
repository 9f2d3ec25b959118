// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/timing/trusted_time.h"
#include "shared/visits/event.h"
#include "sync-server/event_log/event_log.h"

namespace doorstep::intake {

// An entry as it arrived, with the results of all checks that need nothing else.
struct SubmittedEntry {
  std::string bytes;
  Hash hash;               // SHA-256 of the bytes when they are not an entry
  bool malformed = false;  // the bytes are not an entry: `entry` is unset
  bool signatureRight = false;
  std::string limits;  // the field outside its limits, or empty
  visits::Entry entry;
  std::string arrivalSalt;
};

// A visit as the phone last received it (sync.v1.HeldVisit).
struct HeldVisit {
  VisitId visit;
  std::string ref;
  std::string personRef;
  std::int64_t windowStartUnixMs = 0;
};

// A device's request for its next certificate (sync.v1.CertificateRenewal).
struct Renewal {
  std::string requestDer;  // empty: too long to be ours
  bool proofRight = false;
  // Validity of the certificate presented.
  std::int64_t certificateBeginsUnixMs = 0;
  std::int64_t certificateEndsUnixMs = 0;
};

// One exchange during intake.
struct Submission {
  ProviderId provider;
  DeviceId device;
  CarerId carer;  // that the device is enrolled for
  std::vector<SubmittedEntry> entries;
  timing::Anchor anchor;  // derived from the next two
  std::int64_t receivedUnixMs = 0;
  std::string clock;  // encoded sync.v1.ClockReading
  std::int64_t wallAheadMs = 0;
  std::uint64_t planCursor = 0;
  std::uint64_t heldLogSize = 0;
  std::string heldRootPrefix;  // 8 bytes; empty when not sent
  std::string contradictedCheckpoint;
  std::string disputedTime;  // evidence of an alarm; empty: none
  std::vector<HeldVisit> heldVisits;
  // Encoded sync.v1.Formats; empty: invalid bytes. Absent: unchanged.
  std::optional<std::string> formats;
  std::optional<Renewal> renewal;
  bool ofOlderAuthority = false;  // of its certificate: renewal is requested
};

// Numbers of sync.v1.Verdict.
enum class Verdict {
  Accepted = 1,      // new, and durable
  AlreadyKnown = 2,  // identical bytes are already durable
  Quarantined = 3,   // stored and shown, not counted
};

// Numbers of sync.v1.QuarantineReason; the database stores names without its prefix.
enum class QuarantineReason {
  None = 0,
  BadSignature = 1,
  ChainBroken = 2,
  Gap = 3,
  Fork = 4,
  Malformed = 5,
  UnknownVisit = 6,
  EventNumbers = 7,
  Limits = 8,
  OtherCarer = 9,
  VisitQuota = 12,
  DeviceQuota = 13,
};
std::string quarantineName(QuarantineReason reason);
QuarantineReason quarantineFromName(const std::string& name);

struct EntryOutcome {
  Verdict verdict = Verdict::Accepted;
  std::optional<std::uint64_t> position;
  QuarantineReason reason = QuarantineReason::None;
  std::uint64_t n = 0;  // 0: bytes without a number, already passed over
  // For AlreadyKnown in the log: the first arrival.
  std::optional<evidence::Arrival> arrival;
};

// Result of a submission. When status is an error (COMMIT_FAILED, or one of reading the log),
// nothing was accepted and the rest is empty.
struct Outcome {
  Status status = kDone;
  std::vector<EntryOutcome> entries;
  std::uint64_t heldN = 0;
  bool formatsWanted = false;                // the device has never sent its formats
  std::vector<event_log::AlarmKind> alarms;  // raised by this submission
  event_log::LogHead log;                    // proves all positions above
};

}  // namespace doorstep::intake
