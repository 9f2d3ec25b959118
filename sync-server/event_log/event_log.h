// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/timing/trusted_time.h"
#include "shared/visits/event.h"

namespace doorstep::event_log {

// An entry as the log keeps it: the bytes as they came, and what the server knows about their coming.
struct StoredEntry {
  ProviderId provider;
  std::uint64_t position = 0;
  DeviceId device;
  CarerId carer;  // who recorded: the entry's carer, or the one that the device was enrolled for then
  std::uint64_t n = 0;
  std::string entry;      // encoded visit.v1.Entry
  std::string signature;  // 64 bytes
  Hash entryHash;
  std::int64_t receivedUnixMs = 0;
  timing::Anchor anchor;  // of the exchange that brought it: class A is decided from this alone
  std::string quarantineReason;  // empty: counted; otherwise authentic but not counted
};

// Position n of a device's chain that the log holds, in the log or passed over.
struct DeviceHead {
  std::uint64_t n = 0;
  Hash entryHash;
  bool passedOver = false;  // n is in quarantine outside the log: entryHash proves nothing
  std::uint64_t nextEventNumber = 1;
  std::optional<std::uint64_t> position;  // of the device's newest entry in the log
};

struct LogHead {
  std::string origin;
  std::uint64_t size = 0;
  Hash root;
  std::string checkpointNote;
};

// An entry of the commit at hand, decoded, as projections see it.
struct CommittedEntry {
  const StoredEntry& stored;
  const visits::Entry& entry;
};

// Anything derived from the log. Folded in the commit's transaction, in position order; dropped and
// rebuilt by `doorstep-server rebuild` through the same functions. Thread: the writer.
class Projection {
 public:
  virtual ~Projection() = default;
  // Folds the entries of one commit in memory, then writes what changed.
  virtual Status apply(std::span<const CommittedEntry> entries) = 0;
  // The commit is durable: now tell whoever watches. Must not fail.
  virtual void committed() {}
  // Empties everything that apply wrote.
  virtual Status clear() = 0;
};

}  // namespace doorstep::event_log
