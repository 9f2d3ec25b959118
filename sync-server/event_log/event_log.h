// SPDX-License-Identifier: Apache-2.0
#pragma once

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

// An entry as the log keeps it: the bytes as they came, and when.
struct StoredEntry {
  ProviderId provider;
  std::uint64_t position = 0;
  DeviceId device;
  CarerId
      carer;  // who recorded: the entry's carer, or the one that the device was enrolled for then
  std::uint64_t n = 0;
  std::string entry;  // encoded visit.v1.SignedEntry; empty: erased
  Hash entryHash;
  Hash arrivalHash;  // of what arrival() says
  std::int64_t receivedUnixMs = 0;
  std::string clock;  // encoded sync.v1.ClockReading of the exchange that brought it
  // What follows from arrival() and from the checkpoint that the entry names; the class of an event
  // is decided from this alone.
  timing::Anchor anchor;
  std::string quarantineReason;  // empty: counted; otherwise authentic but not counted
  // Its n was open: the log had later entries of the device before this one. Set by intake when it
  // commits; not read back.
  bool late = false;

  evidence::Arrival arrival() const { return {receivedUnixMs, clock}; }
};

// An n below the device's head that no authentic entry has yet: what came as n was not the
// device's. The entry that the device did sign is taken whenever it comes. Its event numbers lie in
// [eventLow, eventHigh).
struct OpenN {
  std::uint64_t eventLow = 1;
  std::uint64_t eventHigh = UINT64_MAX;  // UINT64_MAX: no later entry is in the log yet

  bool operator==(const OpenN&) const = default;
};
using OpenNs = std::map<std::uint64_t, OpenN>;

// Highest n of a device's chain that the server holds, in the log or open.
struct DeviceHead {
  std::uint64_t n = 0;  // 0: nothing yet
  Hash entryHash;
  bool passedOver = false;  // n is open: entryHash proves nothing
  std::uint32_t open = 0;   // how many n up to this one are open (OpenN)
  std::uint64_t nextEventNumber = 1;
  std::optional<std::uint64_t> position;  // of the device's newest entry in the log
  std::uint32_t quarantined = 0;          // OutsideEntry rows of the device
  std::uint32_t notSigned = 0;            // of those, BAD_SIGNATURE and MALFORMED

  bool operator==(const DeviceHead&) const = default;
};

// What the server holds as n of a device.
struct HeldEntry {
  Hash entryHash;
  std::uint64_t position = 0;
  std::string quarantineReason;  // as StoredEntry's
};

// What the server knows about some bytes that a device sends as its n.
struct Held {
  std::optional<HeldEntry> entry;  // n in the log; nothing when it is open or beyond the head
  std::optional<std::string>
      outsideReason;  // these very bytes are outside the log already, and why
};

// Whether the reason says that the device did not sign the bytes, or that they are no entry.
inline bool isNotSigned(std::string_view reason) {
  return reason == "BAD_SIGNATURE" || reason == "MALFORMED";
}

// An entry outside the log, for the office to look at. reason as in sync.v1.QuarantineReason
// without its prefix. Of one device a bounded number is kept (limits.h).
struct OutsideEntry {
  std::uint64_t id = 0;  // grows with time; set by the log
  ProviderId provider;
  DeviceId device;
  std::uint64_t n = 0;
  std::string reason;
  std::string entry;  // bytes as they came
  Hash entryHash;     // of bytes that are no entry: SHA-256 of the bytes
  std::int64_t receivedUnixMs = 0;
};

// Something that must not happen and that only people can explain.
enum class AlarmKind {
  Fork = 1,                    // two entries with one n: a copied phone or a tampered journal
  ContradictedCheckpoint = 2,  // a phone holds a signed checkpoint that this log does not extend
  LogRegress = 3,    // a phone has verified more of the log than there is: a restored backup
  TimeDisputed = 4,  // a phone's own clock contradicts what the server's said, beyond any drift
};

// As log lines and lists say it.
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
  return "UNKNOWN";  // of a newer server's file
}

struct Alarm {
  AlarmKind kind = AlarmKind::Fork;
  ProviderId provider;
  DeviceId device;
  std::int64_t raisedUnixMs = 0;
  std::string
      evidence;  // Fork: the second entry's hash; checkpoints: the signed note, as received;
                 // TimeDisputed: what was said, and from when to when it must have been
  std::uint64_t id = 0;  // grows with time in each provider; set by the log
};

struct LogHead {
  std::string origin;
  std::uint64_t size = 0;
  Hash root;
  std::string checkpointNote;       // signed note, as the log's `checkpoint` path serves it
  std::string checkpointSignature;  // the note's 64 bytes, as an exchange carries them
};

// Everything that one commit changes. entries: their positions are set by the log.
struct Commit {
  std::vector<StoredEntry> entries;
  std::vector<OutsideEntry> outside;
  struct ChangedHead {
    ProviderId provider;
    DeviceId device;
    DeviceHead head;  // position, quarantined and notSigned are set by the log
  };
  std::vector<ChangedHead> heads;
  struct ChangedOpen {
    ProviderId provider;
    DeviceId device;
    OpenNs open;  // all that are open afterwards
  };
  std::vector<ChangedOpen> open;
  std::vector<Alarm> alarms;
  // Entries of the log that were uncounted for lack of a plan and count from now on. What they say,
  // and the tree over it, stays as it is: the reason is this server's judgement, not the log's.
  struct Counted {
    ProviderId provider;
    DeviceId device;
    std::uint64_t position = 0;
  };
  std::vector<Counted> counted;
};

// An entry of the commit at hand, decoded, as projections see it.
struct CommittedEntry {
  const StoredEntry& stored;
  const visits::Entry& entry;
  // It stood in the log uncounted and counts from this commit on.
  bool countedLate = false;
};

// Anything derived from the log. It sees quarantined entries too and does not count them. Folded in
// the commit's transaction, in position order; dropped and rebuilt by `doorstep-server rebuild`
// through the same functions. Thread: the writer.
class Projection {
 public:
  virtual ~Projection() = default;
  // Folds the entries of one commit in memory, then writes what changed.
  virtual Status apply(std::span<const CommittedEntry> entries) = 0;
  // The commit is durable: now tell whoever watches. Must not fail.
  virtual void committed() {}
  // The commit failed after apply: nothing of it is in the file, so nothing of it may stay in
  // memory.
  virtual void takenBack() {}
  // Empties everything that apply wrote.
  virtual Status clear() = 0;
};

// The server's log: for each provider the entries in commit order, a Merkle tree over them, and its
// newest signed checkpoint. Who calls: intake (commit), rpc and http (proofs, tiles), records
// (proofs), commands (verify, rebuild).
//
// Invariants: positions of a provider are 0, 1, 2 … without a gap; nothing of the log is ever
// changed; a signed checkpoint leaves the process only after the commit that it covers is durable;
// two checkpoints of one log are always consistent. On a crash the whole commit is there, or
// nothing of it. tests/conformance/event_log_conformance.cpp is the contract as code. Thread: head,
// deviceHead, held and commit belong to the writer; the others may be called by any.
class EventLog {
 public:
  virtual ~EventLog() = default;

  // Creates the provider's log, empty, when there is none.
  virtual Result<LogHead> head(ProviderId provider) = 0;
  virtual Result<DeviceHead> deviceHead(ProviderId provider, DeviceId device) = 0;
  virtual Result<Held> held(ProviderId provider, DeviceId device, std::uint64_t n,
                            const Hash& entryHash) = 0;

  // What is open of a device; empty for nearly every one. At most kOpenNsPerDeviceMax.
  virtual Result<OpenNs> openNs(ProviderId provider, DeviceId device) = 0;

  // Makes all of it durable, or nothing: sets positions, appends, updates trees and signs.
  // `alongside` runs in the same transaction after the entries are written: projections, contacts.
  virtual Status commit(Commit& commit, const std::function<Status()>& alongside) = 0;
  // The same for entries that follow from what is written beside them: `first` runs before anything
  // else in the transaction and fills the commit. What it fills is committed with what it wrote, or
  // neither is.
  virtual Status commitAfter(Commit& commit, const std::function<Status()>& first) = 0;

  // Newest durable head that readers may use, without creating anything. Error LOG_UNKNOWN.
  virtual Result<LogHead> publishedHead(ProviderId provider) = 0;
  // Roots of `first` and its right neighbours of the same level, `count` in all (1 to
  // kSubtreesPerReadMax), each complete below publishedHead().size. Error SUBTREE_UNKNOWN.
  virtual Result<std::vector<Hash>> subtreeHashes(ProviderId provider,
                                                  const evidence::Subtree& first,
                                                  std::size_t count) = 0;
  Result<Hash> subtreeHash(ProviderId provider, const evidence::Subtree& subtree) {
    DOORSTEP_ASSIGN(const auto hashes, subtreeHashes(provider, subtree, 1));
    return hashes.front();
  }
  // Entries [from, from + limit) as far as they exist, in order.
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
