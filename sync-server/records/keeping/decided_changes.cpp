// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/keeping/decided_changes.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sync-server/commissioning/ordered_terms.h"
#include "sync-server/records/keeping/record_store.h"
#include "sync-server/roster/changes_since.h"
#include "sync-server/roster/contract_lots.h"

namespace doorstep::records {
namespace {

std::uint32_t versionsOf(const roster::Contract& contract) {
  return static_cast<std::uint32_t>(contract.rules.size());
}

// New rules judge the days from their first one on.
Status touchByRules(sql::Database& database, const roster::Contract& contract,
                    std::uint32_t judged) {
  measures::DayNumber from = contract.rules.front().effectiveFrom;
  if (judged != 0 && judged < versionsOf(contract)) {
    // Numbers grow with the versions, days may not.
    std::vector<measures::RuleVersion> all = contract.rules;
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.number < b.number; });
    from = all[judged].effectiveFrom;
    for (std::size_t i = judged; i < all.size(); ++i)
      from = std::min(from, all[i].effectiveFrom);
  }
  DOORSTEP_TRY(touchVisitsOfContract(database, contract.id, from));
  return putJudgedRules(database, contract.id, versionsOf(contract));
}

Status touchByTerms(sql::Database& database, ProviderId provider, std::uint64_t after,
                    std::uint64_t to) {
  DOORSTEP_ASSIGN(const auto lots, roster::lotsChangedSince(database, provider, after, to));
  if (lots)
    DOORSTEP_TRY(touchVisitsOfProvider(database, provider, *lots));
  DOORSTEP_ASSIGN(const auto terms, roster::termsChangedSince(database, provider, after, to));
  for (const roster::TermsChange& change : terms)
    DOORSTEP_TRY(touchVisitsOfPerson(database, provider, change.person, change.fromDay));
  return putReadTerms(database, provider, to);
}

// Packages and pauses judge a person's visits, and lots those of their contract, from a day on.
Status touchByCommissioning(sql::Database& database, ProviderId provider, std::uint64_t after,
                            std::uint64_t to) {
  DOORSTEP_ASSIGN(const auto changes, commissioning::changedSince(database, provider, after, to));
  for (const commissioning::RowChange& change : changes) {
    if (change.key.kind == commissioning::Kind::Lot)
      DOORSTEP_TRY(touchVisitsOfProvider(database, provider, change.fromDay));
    else if (change.key.kind == commissioning::Kind::Package ||
             change.key.kind == commissioning::Kind::Pause)
      DOORSTEP_TRY(
          touchVisitsOfPerson(database, provider, PersonId(change.key.subject), change.fromDay));
  }
  return putJudgedCommissioning(database, provider, to);
}

}  // namespace

Result<bool> isDecidedAnew(sql::Database& database) {
  DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
  for (const roster::Provider& provider : providers) {
    DOORSTEP_ASSIGN(const PlanProgress progress, planProgress(database, provider.id));
    DOORSTEP_ASSIGN(const std::uint64_t ordered,
                    commissioning::commissioningVersion(database, provider.id));
    DOORSTEP_ASSIGN(const std::uint64_t judged, judgedCommissioning(database, provider.id));
    if (progress.termsVersion != provider.planVersion || ordered != judged)
      return true;
  }
  DOORSTEP_ASSIGN(const auto contracts, roster::contracts(database));
  for (const roster::Contract& contract : contracts) {
    DOORSTEP_ASSIGN(const std::uint32_t judged, judgedRules(database, contract.id));
    if (judged != versionsOf(contract))
      return true;
  }
  return false;
}

Status touchDecided(sql::Database& database) {
  DOORSTEP_ASSIGN(const auto contracts, roster::contracts(database));
  for (const roster::Contract& contract : contracts) {
    DOORSTEP_ASSIGN(const std::uint32_t judged, judgedRules(database, contract.id));
    if (judged != versionsOf(contract))
      DOORSTEP_TRY(touchByRules(database, contract, judged));
  }
  DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
  for (const roster::Provider& provider : providers) {
    DOORSTEP_ASSIGN(const std::uint64_t ordered,
                    commissioning::commissioningVersion(database, provider.id));
    DOORSTEP_ASSIGN(const std::uint64_t judged, judgedCommissioning(database, provider.id));
    if (judged != ordered)
      DOORSTEP_TRY(touchByCommissioning(database, provider.id, judged, ordered));
    DOORSTEP_ASSIGN(const PlanProgress progress, planProgress(database, provider.id));
    if (progress.termsVersion != provider.planVersion)
      DOORSTEP_TRY(
          touchByTerms(database, provider.id, progress.termsVersion, provider.planVersion));
  }
  return kDone;
}

}  // namespace doorstep::records
