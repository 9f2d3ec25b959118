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

// An entry as it arrived, with all that can be said about it without looking at anything else.
struct SubmittedEntry {
  std::string bytes;
  Hash hash;               // of bytes that are no entry: SHA-256 of the bytes
  bool malformed = false;  // the bytes are no entry: nothing of `entry` counts
  bool signatureRight = false;
  std::string limits;  // empty, or which field is outside its limits
  visits::Entry entry;
  std::string arrivalSalt;
};

// A visit as the phone was once given it (sync.v1.HeldVisit).
struct HeldVisit {
  VisitId visit;
  std::string ref;
  std::string personRef;
  std::int64_t windowStartUnixMs = 0;
};

// What a device asks its next certificate with (sync.v1.CertificateRenewal).
struct Renewal {
  std::string requestDer;  // empty: longer than any of ours
  bool proofRight = false;
  // The life of the certificate that it showed.
  std::int64_t certificateBeginsUnixMs = 0;
  std::int64_t certificateEndsUnixMs = 0;
};

// One exchange on its way to the log.
struct Submission {
  ProviderId provider;
  DeviceId device;
  CarerId carer;  // for whom the device is enrolled
  std::vector<SubmittedEntry> entries;
  timing::Anchor anchor;  // follows from the two below
  std::int64_t receivedUnixMs = 0;
  std::string clock;  // encoded sync.v1.ClockReading
  std::int64_t wallAheadMs = 0;
  std::uint64_t planCursor = 0;
  std::uint64_t heldLogSize = 0;
  std::string heldRootPrefix;  // 8 bytes; empty when the device did not say
  std::string contradictedCheckpoint;
  std::string disputedTime;  // evidence of an alarm; empty: none
  std::vector<HeldVisit> heldVisits;
  // Encoded sync.v1.Formats; empty: bytes that are none. Absent: it says nothing new.
  std::optional<std::string> formats;
  std::optional<Renewal> renewal;
  bool ofOlderAuthority = false;  // its certificate: another is wanted
};

// Numbers are those of sync.v1.Verdict.
enum class Verdict {
  Accepted = 1,      // new, and durable
  AlreadyKnown = 2,  // the same bytes are there already, durable
  Quarantined = 3,   // kept and shown, not counted
};

// Numbers are those of sync.v1.QuarantineReason; names without its prefix stand in the database.
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
  std::uint64_t n = 0;  // 0: bytes without a number that are passed over already
  // Of AlreadyKnown in the log: when it arrived first.
  std::optional<evidence::Arrival> arrival;
};

// What became of a submission. status is not ok when nothing of it was taken: COMMIT_FAILED, or
// what reading the log met; the rest is empty then.
struct Outcome {
  Status status = kDone;
  std::vector<EntryOutcome> entries;
  std::uint64_t heldN = 0;
  bool formatsWanted = false;                // the device has never said what it reads
  std::vector<event_log::AlarmKind> alarms;  // that it raised
  event_log::LogHead log;                    // with which all positions above can be proved
};

}  // namespace doorstep::intake
