// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sync-server/event_log/event_log.h"
#include "sync-server/storage/storage.h"

namespace doorstep::config {

// Empties the projections and folds every log into them again, through the functions that the
// commit path uses. One transaction: it ends with the new state, or with the old one when it fails
// or the process dies. Gives the number of entries. Thread: the storage's only one.
Result<std::uint64_t> rebuildProjections(
    storage::Storage& storage, event_log::EventLog& log,
    const std::vector<event_log::Projection*>& projections,
    const std::function<void(std::uint64_t done, std::uint64_t all)>& progress);

}  // namespace doorstep::config
