// SPDX-License-Identifier: Apache-2.0
#include "tests/support/county/county_week.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/roster/default_tasks.h"
#include "tests/support/county/county_random.h"

namespace doorstep::county {
namespace {

// Of county_rota.h's 2,500 people.
constexpr double kPeopleShare = 2'061.0 / 2'500.0;
constexpr std::uint64_t kAwayPercent = 20;

// What one provider does in a week.
class ProviderWeek {
 public:
  ProviderWeek(Week& week, std::size_t provider, std::uint64_t seed)
      : week_(week), provider_(week.county.providers[provider]), index_(provider), random_(seed) {}

  void write() {
    leaveOutThoseAway();
    cancelled_.resize(provider_.visits.size(), false);
    for (std::size_t visit = 0; visit < provider_.visits.size(); ++visit)
      changePlan(visit);
    for (std::size_t visit = 0; visit < provider_.visits.size(); ++visit)
      if (!cancelled_[visit])
        doVisit(visit);
  }

 private:
  void leaveOutThoseAway() {
    std::vector<bool> away(provider_.people.size());
    for (std::size_t person = 0; person < away.size(); ++person)
      away[person] = random_.percent(kAwayPercent);
    std::vector<Visit> kept;
    for (Visit& visit : provider_.visits) {
      visit.after.reset();  // an index into all of them
      if (!away[visit.person])
        kept.push_back(std::move(visit));
    }
    provider_.visits = std::move(kept);
  }

  void changePlan(std::size_t index) {
    Visit& visit = provider_.visits[index];
    const std::size_t what = random_.weighted({3, 2, 2, 93});
    if (what == 3)
      return;
    PlanChange change;
    change.provider = index_;
    change.visit = index;
    change.atUnixMs =
        visit.windowStartUnixMs - (random_.percent(80) ? random_.between(1, 23) * kHourMs
                                                       : random_.between(25, 40) * kHourMs);
    const std::size_t who = random_.weighted({70, 25, 5});
    change.wantedBy = who == 0   ? visits::WantedBy::Office
                      : who == 1 ? visits::WantedBy::Person
                                 : visits::WantedBy::Council;
    if (what == 0) {
      change.byMs = (random_.percent(50) ? 1 : -1) * random_.between(3, 12) * 5 * kMinuteMs;
      visitMovedBy_[index] = change.byMs;
    } else if (what == 1) {
      change.kind = PlanChange::Kind::Reassigned;
      change.carer = random_.below(provider_.carers.size());
      const auto& carers = visit.carers;
      if (std::find(carers.begin(), carers.end(), std::optional(change.carer)) != carers.end())
        return;
      carerNow_[index] = change.carer;
    } else {
      change.kind = PlanChange::Kind::Cancelled;
      if (random_.percent(70))
        change.wantedBy = visits::WantedBy::Person;
      cancelled_[index] = true;
    }
    week_.changes.push_back(change);
  }

  void doVisit(std::size_t index) {
    const Visit& visit = provider_.visits[index];
    if (random_.percent(1)) {
      week_.forgotten.push_back({index_, index});
      return;
    }
    std::int64_t begin =
        visit.windowStartUnixMs + random_.between(-4, 24) * kMinuteMs + random_.between(0, 59'999);
    if (const auto moved = visitMovedBy_.find(index); moved != visitMovedBy_.end())
      begin += moved->second;
    if (random_.percent(8))
      begin += random_.between(20, 70) * kMinuteMs;
    const bool noEntry = random_.percent(2);
    const std::int64_t end = begin + visit.durationMin * kMinuteMs * random_.between(75, 110) / 100;
    for (std::size_t slot = 0; slot < visit.carers.size(); ++slot) {
      std::optional<std::size_t> carer = visit.carers[slot];
      if (const auto now = carerNow_.find(index); slot == 0 && now != carerNow_.end())
        carer = now->second;
      if (!carer)
        continue;
      if (noEntry) {
        send(*carer, index, {{begin, visits::NoEntry{visits::NoEntryReason::NoReply, place()}}});
        continue;
      }
      const std::int64_t after = slot == 0 ? 0 : random_.between(0, 6) * kMinuteMs;
      send(*carer, index, {{begin + after, visits::CheckedIn{place()}}});
      auto rest = slot == 0 ? tasks(visit, begin, end)
                            : std::vector<std::pair<std::int64_t, visits::Fact>>();
      rest.emplace_back(std::max(end, begin + after + kMinuteMs), visits::CheckedOut{place()});
      send(*carer, index, std::move(rest));
    }
  }

  std::vector<std::pair<std::int64_t, visits::Fact>> tasks(const Visit& visit, std::int64_t begin,
                                                           std::int64_t end) {
    std::vector<std::pair<std::int64_t, visits::Fact>> facts;
    const auto planned = roster::defaultTasks(visit.service, visit.durationMin,
                                              static_cast<std::uint32_t>(visit.carers.size()));
    const std::int64_t step = (end - begin) / static_cast<std::int64_t>(planned.size() + 2);
    std::int64_t at = begin;
    for (const visits::PlannedTask& task : planned) {
      visits::TaskRecorded recorded{.taskNumber = task.taskNumber};
      recorded.outcome = visits::TaskOutcome::Done;
      recorded.independence = static_cast<visits::Independence>(random_.between(1, 4));
      if (random_.percent(4)) {
        recorded.outcome = visits::TaskOutcome::NotDone;
        recorded.reason = visits::NotDoneReason::Refused;
        recorded.independence = visits::Independence::Unspecified;
      }
      facts.emplace_back(at += step, recorded);
    }
    if (random_.percent(25))
      facts.emplace_back(at, visits::NoteAdded{"Ate well, in good spirits."});
    return facts;
  }

  visits::PlaceEvidence place() {
    visits::PlaceEvidence evidence;
    switch (random_.weighted({50, 40, 10})) {
      case 0:
        evidence.method = visits::PlaceMethod::NfcTag;
        break;
      case 1:
        evidence.method = visits::PlaceMethod::Position;
        evidence.distanceM = static_cast<std::uint32_t>(random_.between(3, 180));
        evidence.accuracyM = static_cast<std::uint32_t>(random_.between(4, 60));
        evidence.fixAgeS = static_cast<std::uint32_t>(random_.between(0, 90));
        break;
      default:
        evidence.method = visits::PlaceMethod::Manual;
    }
    return evidence;
  }

  void send(std::size_t carer, std::size_t visit,
            std::vector<std::pair<std::int64_t, visits::Fact>> events) {
    Sending sending;
    sending.provider = index_;
    sending.carer = carer;
    sending.visit = visit;
    sending.sentUnixMs = std::max(events.back().first + random_.between(500, 20'000),
                                  silentUntil(carer, events.back().first));
    sending.events = std::move(events);
    week_.sendings.push_back(std::move(sending));
  }

  // Until when the phone is silent that day; before any event: it is not.
  std::int64_t silentUntil(std::size_t carer, std::int64_t at) {
    const std::int64_t day = (at - week_.beginUnixMs) / kDayMs;
    const auto [found, isNew] = silentUntil_.try_emplace({carer, day}, 0);
    if (!isNew)
      return found->second;
    switch (random_.weighted({95, 4, 1})) {
      case 0:
        break;
      case 1:
        found->second = at + random_.between(2, 8) * kHourMs;
        break;
      default:
        found->second = week_.endUnixMs - random_.between(1, 60) * kMinuteMs;
    }
    return found->second;
  }

  Week& week_;
  Provider& provider_;
  const std::size_t index_;
  Random random_;
  std::vector<bool> cancelled_;
  std::map<std::size_t, std::int64_t> visitMovedBy_;
  std::map<std::size_t, std::size_t> carerNow_;
  std::map<std::pair<std::size_t, std::int64_t>, std::int64_t> silentUntil_;
};

}  // namespace

Result<Week> makeWeek(const WeekOptions& options) {
  Week week;
  CountyOptions rota;
  rota.seed = options.seed;
  rota.days = 7;
  rota.scale = options.scale * kPeopleShare;
  rota.firstDay = kFirstMonday;
  for (int i = 0; i < 7 * options.week; ++i) {
    DOORSTEP_ASSIGN(const DayBounds bounds, londonDayBounds(rota.firstDay));
    rota.firstDay = londonDay(bounds.endUnixMs);
  }
  DOORSTEP_ASSIGN(const DayBounds first, londonDayBounds(rota.firstDay));
  week.beginUnixMs = first.beginUnixMs;
  week.endUnixMs = first.beginUnixMs + 7 * kDayMs;
  DOORSTEP_ASSIGN(week.county, makeCounty(rota));
  for (std::size_t provider = 0; provider < week.county.providers.size(); ++provider)
    ProviderWeek(week, provider,
                 options.seed * 7'919 + static_cast<std::uint64_t>(options.week) * 131 + provider)
        .write();
  std::stable_sort(
      week.changes.begin(), week.changes.end(),
      [](const PlanChange& a, const PlanChange& b) { return a.atUnixMs < b.atUnixMs; });
  std::stable_sort(week.sendings.begin(), week.sendings.end(),
                   [](const Sending& a, const Sending& b) { return a.sentUnixMs < b.sentUnixMs; });
  return week;
}

}  // namespace doorstep::county
