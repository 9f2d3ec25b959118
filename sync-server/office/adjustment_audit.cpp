// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/adjustment_audit.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "sync-server/adjustments/adjustment_store.h"

namespace doorstep::office {

using adjustments::Adjustment;

namespace {

// A fact of before notes were hashed has the note itself.
bool saysTheSame(const Adjustment& row, const visits::OfficeFact& fact, const std::string& salt) {
  if (!fact.reasonText.empty())
    return adjustments::factWithoutNote(row) == fact.decision && row.note == fact.reasonText;
  return adjustments::factOf(row, salt) == fact.decision;
}

}  // namespace

std::string AdjustmentAudit::nameOf(const Key& key) {
  return fmt::format("visit {}, slot {}, revision {}", key.visit.value, key.slot, key.revision);
}

Status AdjustmentAudit::begin(sql::Database& database, ProviderId provider) {
  return adjustments::forEachAdjustment(database, provider, [&](const Adjustment& row) -> Status {
    rows_.insert({row.visit, row.slot, row.revision});
    return kDone;
  });
}

void AdjustmentAudit::take(const visits::OfficeFact& fact, const std::string& salt,
                           const AddFinding& addFinding) {
  std::optional<Key> key;
  if (const auto* times = std::get_if<visits::TimeAdjusted>(&fact.decision))
    key = Key{times->visit, times->slot, times->revision};
  if (const auto* explained = std::get_if<visits::SlotExplained>(&fact.decision))
    key = Key{explained->visit, explained->slot, explained->revision};
  if (!key)
    return;
  if (!said_.emplace(*key, Said{fact, salt}).second)
    addFinding(nameOf(*key) + ": the log says it twice");
}

Status AdjustmentAudit::check(sql::Database& database, ProviderId provider,
                              const AddFinding& addFinding) const {
  auto missing = said_;
  const auto compare = [&](const Adjustment& row) -> Status {
    const Key key{row.visit, row.slot, row.revision};
    missing.erase(key);
    const auto said = said_.find(key);
    if (said == said_.end()) {
      if (rows_.contains(key))
        addFinding(nameOf(key) + ": no decision of the log says this of the slot");
      return kDone;
    }
    const visits::OfficeFact& fact = said->second.fact;
    if (!saysTheSame(row, fact, said->second.salt))
      addFinding(nameOf(key) +
                 ": what was said of the slot in the database is not what the log says");
    if (row.account != fact.account || row.madeUnixMs != fact.decidedUnixMs)
      addFinding(nameOf(key) + ": who said it of the slot, or when, is not what the log says");
    return kDone;
  };
  DOORSTEP_TRY(adjustments::forEachAdjustment(database, provider, compare));
  for (const auto& [key, said] : missing)
    addFinding(nameOf(key) + ": what the log says of the slot is not in the database");
  return kDone;
}

}  // namespace doorstep::office
