// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/begun_days.h"

#include "shared/core/local_time.h"
#include "sync-server/roster/judged_plan.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::commissioning {
namespace {

constexpr std::uint32_t kReadPage = 1000;

}  // namespace

BegunDays::BegunDays(sql::Database& database, ProviderId provider, std::int64_t nowUnixMs)
    : database_(database),
      provider_(provider),
      nowUnixMs_(nowUnixMs),
      today_(londonDayNumber(nowUnixMs)) {}

BegunDays BegunDays::whereNothingWasSaid(sql::Database& database, ProviderId provider,
                                         std::int64_t nowUnixMs) {
  BegunDays days(database, provider, nowUnixMs);
  days.wasAnythingSaid_ = false;
  return days;
}

Result<bool> BegunDays::begunToday(PersonId person) {
  if (!todays_) {
    std::set<PersonId> people;
    roster::VisitCursor after;
    std::size_t seen = kReadPage;
    while (seen == kReadPage) {
      DOORSTEP_ASSIGN(const auto page,
                      roster::judgedVisits(database_, provider_, londonDayBeginUnixMs(today_),
                                           nowUnixMs_ + 1, after, kReadPage, nowUnixMs_));
      seen = page.size();
      for (const roster::JudgedVisit& judged : page) {
        after = {judged.anchorUnixMs, judged.visit.id};
        people.insert(judged.visit.person);
      }
    }
    todays_ = std::move(people);
  }
  return person ? todays_->contains(person) : !todays_->empty();
}

Result<bool> BegunDays::needsReason(std::int64_t fromDay, PersonId person) {
  if (!wasAnythingSaid_ || fromDay > today_)
    return false;
  if (fromDay < today_) {
    const auto known = begunSince_.find(fromDay);
    if (known == begunSince_.end()) {
      DOORSTEP_ASSIGN(const auto first,
                      roster::judgedVisits(database_, provider_, londonDayBeginUnixMs(fromDay),
                                           londonDayBeginUnixMs(today_), {}, 1, nowUnixMs_));
      begunSince_[fromDay] = !first.empty();
    }
    if (begunSince_[fromDay])
      return true;
  }
  return begunToday(person);
}

Result<std::int64_t> BegunDays::firstFree(PersonId person) {
  DOORSTEP_ASSIGN(const bool begun, begunToday(person));
  return begun ? today_ + 1 : today_;
}

}  // namespace doorstep::commissioning
