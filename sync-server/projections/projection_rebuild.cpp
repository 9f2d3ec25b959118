// SPDX-License-Identifier: Apache-2.0
#include "sync-server/projections/projection_rebuild.h"

#include "shared/wire/entry_codec.h"
#include "sync-server/event_log/log_tables.h"

namespace doorstep::projections {
namespace {

constexpr std::size_t kEntriesPerStep = 1'000;

// Folds a page of one log; returns the number of its entries.
Result<std::size_t> foldPage(event_log::EventLog& log, ProviderId provider, std::uint64_t from,
                             const std::vector<event_log::Projection*>& projections,
                             Rebuilt& rebuilt) {
  DOORSTEP_ASSIGN(const auto stored, log.entries(provider, from, kEntriesPerStep));
  std::vector<visits::Entry> decoded;
  decoded.reserve(stored.size());
  std::vector<event_log::CommittedEntry> entries;
  for (const auto& entry : stored) {
    if (entry.entry.empty()) {
      ++rebuilt.erased;
      continue;
    }
    auto content = wire::decodeEntry(entry.entry);
    if (!content.ok()) {
      ++rebuilt.damaged;
      continue;
    }
    decoded.push_back(std::move(content->entry));
    entries.push_back({entry, decoded.back()});
  }
  for (auto* projection : projections) {
    DOORSTEP_TRY(projection->apply(entries));
    projection->committed();
  }
  return stored.size();
}

}  // namespace

Result<Rebuilt> rebuildProjections(
    storage::Storage& storage, event_log::EventLog& log,
    const std::vector<event_log::Projection*>& projections,
    const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
  return storage.writeWithAnswer<Rebuilt>([&](sql::Database& database) -> Result<Rebuilt> {
    Rebuilt rebuilt;
    for (auto* projection : projections)
      DOORSTEP_TRY(projection->clear());
    DOORSTEP_ASSIGN(const auto logs, event_log::readLogs(database));
    std::uint64_t all = 0;
    for (const auto& [provider, head] : logs)
      all += head.size;
    for (const auto& [provider, head] : logs) {
      std::uint64_t from = 0;
      while (from < head.size) {
        DOORSTEP_ASSIGN(const std::size_t folded,
                        foldPage(log, provider, from, projections, rebuilt));
        if (folded == 0)
          return Error{ErrorCode::DataLoss, "ENTRY_MISSING", "the log ends before its head"};
        from += folded;
        rebuilt.entries += folded;
        progress(rebuilt.entries, all);
      }
    }
    return rebuilt;
  });
}

}  // namespace doorstep::projections
