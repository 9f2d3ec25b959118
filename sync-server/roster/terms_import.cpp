// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/terms_import.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/core/local_time.h"
#include "sync-server/roster/judged_plan.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::roster {
namespace {

constexpr std::uint32_t kReadPage = 1000;

}  // namespace

TermsImport::TermsImport(sql::Database& database, ProviderId provider, const Rota& rota,
                         std::int64_t nowUnixMs, FaultList& faults)
    : database_(database),
      provider_(provider),
      rota_(rota),
      nowUnixMs_(nowUnixMs),
      faults_(faults) {}

Status TermsImport::write(PersonId person, const PersonTerms& terms) {
  changed_ = true;
  return putPersonTerms(database_, provider_, person, terms);
}

// Tomorrow if a visit of the person has begun today according to the plan that judges it, wherever
// the newest plan puts the visit; today otherwise.
Result<std::int64_t> TermsImport::firstFreeDay(PersonId person) {
  const std::int64_t today = londonDayNumber(nowUnixMs_);
  if (!begunToday_) {
    begunToday_.emplace();
    VisitCursor after;
    std::size_t seen = kReadPage;
    while (seen == kReadPage) {
      DOORSTEP_ASSIGN(const auto page,
                      judgedVisits(database_, provider_, londonDayBeginUnixMs(today),
                                   nowUnixMs_ + 1, after, kReadPage, nowUnixMs_));
      seen = page.size();
      for (const JudgedVisit& judged : page) {
        after = {judged.anchorUnixMs, judged.visit.id};
        begunToday_->insert(judged.visit.person);
      }
    }
  }
  return begunToday_->contains(person) ? today + 1 : today;
}

std::int64_t TermsImport::firstVisitDay(std::uint32_t index) {
  if (firstVisitUnixMs_.empty()) {
    firstVisitUnixMs_.assign(rota_.people.size(), INT64_MAX);
    for (const RotaVisit& visit : rota_.visits) {
      std::int64_t& first = firstVisitUnixMs_[visit.person];
      first = std::min(first, visit.windowStartUnixMs);
    }
  }
  const std::int64_t first = firstVisitUnixMs_[index];
  return first == INT64_MAX ? kFromAlways : londonDayNumber(first);
}

Status TermsImport::put(std::uint32_t index, PersonId person, bool isNew) {
  const RotaPerson& row = rota_.people[index];
  PersonTerms wanted{kFromAlways, row.lot, row.tier, row.funderSplit};
  DOORSTEP_ASSIGN(const auto known, personTerms(database_, provider_, person));
  if (isNew || known.empty()) {
    if (row.lotFromDay)
      DOORSTEP_TRY(write(person, PersonTerms()));
    wanted.fromDay = row.lotFromDay.value_or(kFromAlways);
    return write(person, wanted);
  }
  // An empty tier or funder_split leaves the value unchanged.
  if (wanted.tier.empty())
    wanted.tier = known.back().tier;
  if (wanted.funderSplit.empty())
    wanted.funderSplit = known.back().funderSplit;
  DOORSTEP_ASSIGN(const std::int64_t free, firstFreeDay(person));
  wanted.fromDay = row.lotFromDay.value_or(std::max(free, firstVisitDay(index)));
  const auto differs = [&](const PersonTerms& each) {
    return each.fromDay > wanted.fromDay && !each.sameTerms(wanted);
  };
  const bool holds = termsOn(known, wanted.fromDay).sameTerms(wanted);
  // Without lot_from the file states the present terms; terms that were announced for a later day
  // stay.
  if (!row.lotFromDay &&
      (holds || std::any_of(known.begin(), known.end(), [&](const PersonTerms& each) {
         return each.fromDay > wanted.fromDay && each.sameTerms(wanted);
       })))
    return kDone;
  if (holds && std::none_of(known.begin(), known.end(), differs))
    return kDone;
  if (wanted.fromDay < free && !row.correction.empty()) {
    wanted.reason = row.correction;
    corrections_.push_back({person, wanted});
    return write(person, wanted);
  }
  if (wanted.fromDay < free) {
    faults_.add({"people.csv", row.line, "lot_from", "LOT_FROM_PAST",
                 fmt::format("Visits of {} have begun under what held on {}, and stay there. Give "
                             "{} or a later day, or say in correction_reason why it was otherwise.",
                             quoteValue(row.ref), londonDay(londonDayBeginUnixMs(wanted.fromDay)),
                             londonDay(londonDayBeginUnixMs(free)))});
    return kDone;
  }
  return write(person, wanted);
}

}  // namespace doorstep::roster
