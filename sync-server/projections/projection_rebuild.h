// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sync-server/event_log/event_log.h"
#include "sync-server/storage/storage.h"

namespace doorstep::projections {

// Empties the projections and folds every log into them again, through the functions that the
// commit path uses. One transaction: it ends with the new state, or with the old one when it fails
// or the process dies. Entries whose bytes were erased, or are damaged, are left out and counted:
// the rest of the record must not depend on them. Thread: the storage's only one.
struct Rebuilt {
  std::uint64_t entries = 0;  // of all logs
  std::uint64_t erased = 0;   // of these, without bytes
  std::uint64_t damaged = 0;  // of these, with bytes that are no entry; `verify` names them
};
Result<Rebuilt> rebuildProjections(
    storage::Storage& storage, event_log::EventLog& log,
    const std::vector<event_log::Projection*>& projections,
    const std::function<void(std::uint64_t done, std::uint64_t all)>& progress);

}  // namespace doorstep::projections
