// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sync-server/event_log/event_log.h"
#include "sync-server/storage/storage.h"

namespace doorstep::projections {

// Clears the projections and folds all logs into them again, with the functions of the commit path.
// One transaction: on failure or a crash the old state remains. Entries whose bytes were erased or
// damaged are skipped and counted, so that they do not block the rest. Thread: the storage's only
// one.
struct Rebuilt {
  std::uint64_t entries = 0;  // of all logs
  std::uint64_t erased = 0;   // of these, without bytes
  std::uint64_t damaged = 0;  // of these, with undecodable bytes; `verify` lists them
};
Result<Rebuilt> rebuildProjections(
    storage::Storage& storage, event_log::EventLog& log,
    const std::vector<event_log::Projection*>& projections,
    const std::function<void(std::uint64_t done, std::uint64_t all)>& progress);

}  // namespace doorstep::projections
