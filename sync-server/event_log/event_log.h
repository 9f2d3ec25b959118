// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/evidence/entry_chain.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/timing/trusted_time.h"
#include "shared/visits/event.h"

namespace doorstep::event_log {

// An entry as stored in the log: the bytes as received, and their arrival.
struct StoredEntry {
  ProviderId provider;
  std::uint64_t position = 0;
  DeviceId device;
  CarerId carer;  // the entry's carer, or the one that the device was enrolled for then
  std::uint64_t n = 0;
  std::string entry;  // encoded visit.v1.SignedEntry; empty: erased
  Hash entryHash;
  Hash arrivalHash;  // of arrival()
  std::int64_t receivedUnixMs = 0;
  std::string clock;  // encoded sync.v1.ClockReading of the exchange that delivered it
  // Derived from arrival() and the checkpoint that the entry names; the only input for the time
  // class of its events.
  timing::Anchor anchor;
  std::string quarantineReason;  // empty: counted; otherwise authentic but not counted
  // Its n was open: the log already had later entries of the device. Set by intake at commit; not
  // read back.
  bool late = false;

  evidence::Arrival arrival() const { return {receivedUnixMs, clock}; }
};

// An n below the device's head without an authentic entry: the bytes received as n were not signed
// by the device. The entry that the device did sign is accepted whenever it arrives. Its event
// numbers lie in [eventLow, eventHigh).
struct OpenN {
  std::uint64_t eventLow = 1;
  std::uint64_t eventHigh = UINT64_MAX;  // UINT64_MAX: no later entry is in the log yet

  bool operator==(const OpenN&) const = default;
};
using OpenNs = std::map<std::uint64_t, OpenN>;

// Highest n of a device's chain that the server has, in the log or open.
struct DeviceHead {
  std::uint64_t n = 0;  // 0: nothing yet
  Hash entryHash;
  bool passedOver = false;  // n is open: entryHash is not authentic
  std::uint32_t open = 0;   // how many n up to this one are open (OpenN)
  std::uint64_t nextEventNumber = 1;
  std::optional<std::uint64_t> position;  // of the device's newest entry in the log
  std::uint32_t quarantined = 0;          // OutsideEntry rows of the device
  std::uint32_t notSigned = 0;            // of those, BAD_SIGNATURE and MALFORMED

  bool operator==(const DeviceHead&) const = default;
};

// The server's entry with number n of a device.
struct HeldEntry {
  Hash entryHash;
  std::uint64_t position = 0;
  std::string quarantineReason;  // as StoredEntry's
};

// What the server knows about bytes that a device sends as its n.
struct Held {
  std::optional<HeldEntry> entry;  // n in the log; absent when open or beyond the head
  std::optional<std::string>
      outsideReason;  // reason, when exactly these bytes are already outside the log
};

// Whether the reason means that the device did not sign the bytes, or that they are not an entry.
inline bool isNotSigned(std::string_view reason) {
  return reason == "BAD_SIGNATURE" || reason == "MALFORMED";
}

// An entry outside the log, for the office to review. reason: a sync.v1.QuarantineReason without
// its prefix. Bounded per device (limits.h).
struct OutsideEntry {
  std::uint64_t id = 0;  // grows with time; set by the log
  ProviderId provider;
  DeviceId device;
  std::uint64_t n = 0;
  std::string reason;
  std::string entry;  // bytes as received
  Hash entryHash;     // SHA-256 of the bytes when they are not an entry
  std::int64_t receivedUnixMs = 0;
};

// An event that must not happen and that needs human investigation.
enum class AlarmKind {
  Fork = 1,                    // two entries with one n: a copied phone or a tampered journal
  ContradictedCheckpoint = 2,  // a phone holds a signed checkpoint that this log does not extend
  LogRegress = 3,              // a phone has verified a longer log: a restored backup
  TimeDisputed = 4,            // a phone's clock contradicts the server's beyond any drift
};

// The name in log lines and lists.
constexpr const char* alarmName(AlarmKind kind) {
  switch (kind) {
    case AlarmKind::Fork:
      return "FORK";
    case AlarmKind::ContradictedCheckpoint:
      return "CONTRADICTED_CHECKPOINT";
    case AlarmKind::LogRegress:
      return "LOG_REGRESS";
    case AlarmKind::TimeDisputed:
      return "TIME_DISPUTED";
  }
  return "UNKNOWN";  // written by a newer release
}

struct Alarm {
  AlarmKind kind = AlarmKind::Fork;
  ProviderId provider;
  DeviceId device;
  std::int64_t raisedUnixMs = 0;
  std::string
      evidence;  // Fork: the second entry's hash; checkpoints: the signed note, as received;
                 // TimeDisputed: the server's time, and the interval where it should have been
  std::uint64_t id = 0;  // grows with time in each provider; set by the log
};

struct LogHead {
  std::string origin;
  std::uint64_t size = 0;
  Hash root;
  std::string checkpointNote;       // signed note, as served at the log's `checkpoint` path
  std::string checkpointSignature;  // the note's 64-byte signature, as sent in an exchange
};

// What is asked for of an office's decisions. Numbers are fields of roster.v1.OfficeFact.kind.
struct DecisionKey {
  enum class Kind {
    Opened = 16,  // what there was before the office's log
    PlanPublished = 17,
    RulesSet = 18,
    // Rows of what is commissioned (visits::CommissionedKind).
    PackagesSet = 22,
    RatesSet = 23,
    LotsDescribed = 24,
    PackagesPaused = 25,
    ProviderRated = 26,
    CommissionersNamed = 27,
    TimeAdjusted = 28,
    SlotExplained = 29,
    MonthFrozen = 30,
    MonthUnfrozen = 31,
  };
  Kind kind = Kind::Opened;
  std::uint64_t subject = 0;  // contract of rules and freezes, visit of what is said of a slot
  // Of plan, rules or what is commissioned; of a slot and a month see decision_places.h.
  std::uint64_t version = 0;

  auto operator<=>(const DecisionKey&) const = default;
};

// All changes of one commit. The log sets the positions of entries.
struct Commit {
  std::vector<StoredEntry> entries;
  std::vector<OutsideEntry> outside;
  struct ChangedHead {
    ProviderId provider;
    DeviceId device;
    DeviceHead head;  // the log sets position, quarantined and notSigned
  };
  std::vector<ChangedHead> heads;
  struct ChangedOpen {
    ProviderId provider;
    DeviceId device;
    OpenNs open;  // all that are open after the commit
  };
  std::vector<ChangedOpen> open;
  std::vector<Alarm> alarms;
  // Entries in the log that were not counted for lack of a plan and count from now on. Their bytes
  // and the tree do not change: the reason is this server's judgement, not part of the log.
  struct Counted {
    ProviderId provider;
    DeviceId device;
    std::uint64_t position = 0;
  };
  std::vector<Counted> counted;
  // Where decisions of offices will be found (decision_places.h).
  struct Decided {
    std::size_t entry = 0;  // index into entries
    DecisionKey decision;
  };
  std::vector<Decided> decided;
};

// A decoded entry of the current commit, as passed to projections.
struct CommittedEntry {
  const StoredEntry& stored;
  const visits::Entry& entry;
  // It was in the log uncounted and counts from this commit on.
  bool countedLate = false;
};

// State derived from the log. Receives quarantined entries too, without counting them. Folded in
// the commit's transaction, in position order; `doorstep-server rebuild` clears and rebuilds it
// through the same functions. Thread: the writer.
class Projection {
 public:
  virtual ~Projection() = default;
  // Folds the entries of one commit in memory, then writes the changes.
  virtual Status apply(std::span<const CommittedEntry> entries) = 0;
  // The commit is durable: notify observers. Must not fail.
  virtual void committed() {}
  // The commit failed after apply: nothing of it is stored, so discard it from memory.
  virtual void takenBack() {}
  // Deletes everything that apply wrote.
  virtual Status clear() = 0;
};

// The server's log: for each provider the entries in commit order, a Merkle tree over them, and its
// newest signed checkpoint. Callers: intake (commit), rpc and http (proofs, tiles), records
// (proofs), commands (verify, rebuild).
//
// Invariants: a provider's positions are 0, 1, 2 … without a gap; log content never changes; a
// signed checkpoint leaves the process only after the commit that it covers is durable; any two
// checkpoints of one log are consistent. A crash leaves a commit complete or absent.
// tests/conformance/event_log_conformance.cpp is the executable contract. Thread: head,
// deviceHead, held, openNs, commit and commitAfter: the writer; the others: any.
class EventLog {
 public:
  virtual ~EventLog() = default;

  // Returns the head, creating an empty log if there is none.
  virtual Result<LogHead> head(ProviderId provider) = 0;
  virtual Result<DeviceHead> deviceHead(ProviderId provider, DeviceId device) = 0;
  virtual Result<Held> held(ProviderId provider, DeviceId device, std::uint64_t n,
                            const Hash& entryHash) = 0;

  // A device's open numbers, usually none. At most kOpenNsPerDeviceMax.
  virtual Result<OpenNs> openNs(ProviderId provider, DeviceId device) = 0;

  // Makes the whole commit durable, or nothing: sets positions, appends, updates trees and signs.
  // `alongside` (projections, contacts) runs in the same transaction after the entries are written.
  virtual Status commit(Commit& commit, const std::function<Status()>& alongside) = 0;
  // The same for entries derived from other writes: `first` runs at the start of the transaction
  // and fills the commit. Its writes and the commit are atomic.
  virtual Status commitAfter(Commit& commit, const std::function<Status()>& first) = 0;

  // Newest durable head for readers; creates nothing. Error LOG_UNKNOWN.
  virtual Result<LogHead> publishedHead(ProviderId provider) = 0;
  // Roots of `first` and its right neighbours on the same level, `count` in all (1 to
  // kSubtreesPerReadMax), each complete below publishedHead().size. Error SUBTREE_UNKNOWN.
  virtual Result<std::vector<Hash>> subtreeHashes(ProviderId provider,
                                                  const evidence::Subtree& first,
                                                  std::size_t count) = 0;
  Result<Hash> subtreeHash(ProviderId provider, const evidence::Subtree& subtree) {
    DOORSTEP_ASSIGN(const auto hashes, subtreeHashes(provider, subtree, 1));
    return hashes.front();
  }
  // Existing entries of [from, from + limit), in order.
  virtual Result<std::vector<StoredEntry>> entries(ProviderId provider, std::uint64_t from,
                                                   std::size_t limit) = 0;
  // Entries outside the log, newest first, with an id below `before` (0: all).
  virtual Result<std::vector<OutsideEntry>> outsideEntries(ProviderId provider,
                                                           std::uint64_t before,
                                                           std::size_t limit) = 0;
  // Entries in the log that have a quarantineReason, newest first, with a position below `below`.
  virtual Result<std::vector<StoredEntry>> quarantinedEntries(ProviderId provider,
                                                              std::uint64_t below,
                                                              std::size_t limit) = 0;
  // Alarms, newest first, with an id below `before` (0: all).
  virtual Result<std::vector<Alarm>> alarms(ProviderId provider, std::uint64_t before,
                                            std::size_t limit) = 0;
};

}  // namespace doorstep::event_log
