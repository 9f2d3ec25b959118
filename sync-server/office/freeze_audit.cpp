// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/freeze_audit.h"

#include <fmt/format.h>

#include <optional>
#include <vector>

#include "shared/core/display_text.h"
#include "sync-server/freezes/freeze_store.h"

namespace doorstep::office {

// What a row of the store says, as a fact would.
struct FreezeAudit::Row {
  Key key;
  visits::OfficeDecision decision;
  std::string note;
  AccountId account;
  std::int64_t madeUnixMs = 0;

  static std::vector<Row> of(const freezes::Freeze& freeze) {
    const freezes::MonthFigures& figures = freeze.figures;
    std::vector<Row> rows{{{figures.contract, figures.month, freeze.number, false},
                           freezes::factOf(freeze),
                           freeze.note,
                           freeze.account,
                           freeze.madeUnixMs}};
    if (freeze.unfrozen)
      rows.push_back({{figures.contract, figures.month, freeze.number, true},
                      freezes::unfrozenFactOf(freeze),
                      freeze.unfrozen->note,
                      freeze.unfrozen->account,
                      freeze.unfrozen->madeUnixMs});
    return rows;
  }
};

std::string FreezeAudit::nameOf(const Key& key) {
  return fmt::format("contract {}, {}, {} {}", key.contract.value, loggedText(key.month),
                     key.isEnd ? "end of freeze" : "freeze", key.freeze);
}

Status FreezeAudit::begin(sql::Database& database, ProviderId provider) {
  return freezes::forEachFreezeOf(database, provider, [&](const freezes::Freeze& freeze) -> Status {
    for (const Row& row : Row::of(freeze))
      rows_.insert(row.key);
    return kDone;
  });
}

void FreezeAudit::take(const visits::OfficeFact& fact, const AddFinding& addFinding) {
  std::optional<Key> key;
  if (const auto* frozen = std::get_if<visits::MonthFrozen>(&fact.decision))
    key = Key{frozen->contract, frozen->month, frozen->freeze, false};
  if (const auto* unfrozen = std::get_if<visits::MonthUnfrozen>(&fact.decision))
    key = Key{unfrozen->contract, unfrozen->month, unfrozen->freeze, true};
  if (key && !said_.emplace(*key, fact).second)
    addFinding(nameOf(*key) + ": the log says it twice");
}

void FreezeAudit::compare(const Row& row, const AddFinding& addFinding) const {
  const auto said = said_.find(row.key);
  if (said == said_.end()) {
    if (rows_.contains(row.key))
      addFinding(nameOf(row.key) + ": no decision of the log says this of the month");
    return;
  }
  const visits::OfficeFact& fact = said->second;
  if (row.decision != fact.decision || row.note != fact.reasonText)
    addFinding(nameOf(row.key) + ": what the database says of the month is not what the log says");
  if (row.account != fact.account || row.madeUnixMs != fact.decidedUnixMs)
    addFinding(nameOf(row.key) + ": who decided of the month, or when, is not what the log says");
}

Status FreezeAudit::check(sql::Database& database, ProviderId provider,
                          const AddFinding& addFinding) const {
  auto missing = said_;
  DOORSTEP_TRY(
      freezes::forEachFreezeOf(database, provider, [&](const freezes::Freeze& freeze) -> Status {
        for (const Row& row : Row::of(freeze)) {
          missing.erase(row.key);
          compare(row, addFinding);
        }
        return kDone;
      }));
  for (const auto& [key, fact] : missing)
    addFinding(nameOf(key) + ": what the log says of the month is not in the database");
  return kDone;
}

}  // namespace doorstep::office
