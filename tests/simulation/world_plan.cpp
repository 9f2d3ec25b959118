// SPDX-License-Identifier: Apache-2.0
// The office: the rota that it imports, and how it changes it while carers are at work.
#include <algorithm>

#include "shared/core/durations.h"
#include "sync-server/roster/roster_store.h"
#include "tests/simulation/world.h"

namespace doorstep::simulation {
namespace {

constexpr int kVisitsPerCarerDay = 6;

}  // namespace

void World::drawRota() {
  roster::Rota& rota = rota_;
  owners_["v-"] = "Simulated Care";
  const auto carers = static_cast<std::uint32_t>(draw_.between(2, 6));
  for (std::uint32_t carer = 0; carer < carers; ++carer)
    rota.carers.push_back(
        {"c" + std::to_string(carer), "Carer " + std::to_string(carer), carer + 2});
  for (std::uint32_t person = 0; person < carers * 4; ++person)
    rota.people.push_back({"p" + std::to_string(person),
                           "Person " + std::to_string(person),
                           "key safe",
                           {},
                           {},
                           "lot",
                           person + 2});
  for (int day = 0; day < days_; ++day) {
    for (std::uint32_t carer = 0; carer < carers; ++carer) {
      for (int i = 0; i < kVisitsPerCarerDay; ++i) {
        roster::RotaVisit visit;
        visit.ref = "v-" + std::to_string(rota.visits.size());
        visit.person = static_cast<std::uint32_t>(draw_.below(rota.people.size()));
        visit.windowStartUnixMs =
            beginUnixMs_ + day * kDayMs + (1 + 4 * i) * kHourMs + draw_.between(0, 60) * kMinuteMs;
        visit.windowEndUnixMs = visit.windowStartUnixMs + 15 * kMinuteMs;
        visit.durationMin = 30;
        visit.carers.push_back(carer);
        if (draw_.chance(200))
          visit.carers.push_back((carer + 1) % carers);
        visit.services.assign(visit.carers.size(), "personal care");
        visit.line = rota.visits.size() + 2;
        rota.visits.push_back(visit);
      }
    }
  }
}

// What the office's file says: the whole rota but for what it leaves out.
bool World::importRota(const Correction* correction) {
  roster::Rota file = rota_;
  std::erase_if(file.visits, [this](const roster::RotaVisit& visit) {
    return leftOut_.contains(visit.ref) || withheld_.contains(visit.ref);
  });
  const std::int64_t now = server_.nowUnixMs();
  const auto before = pastRecords(server_, now, options_.planted);
  const auto hint = server_.importRota(file);
  trace("import", hint.ok(), file.visits.size());
  if (server_.disk().isOff()) {
    server_.losePower();
    serverWentDown();
    return false;
  }
  if (!hint) {
    require("the office's import fails: " + hint.error().reason);
    return false;
  }
  knowPlan();
  hintAll(*hint);
  requireHistory(before, now, correction);
  return true;
}

void World::requireHistory(const Result<PastRecords>& before, std::int64_t nowUnixMs,
                           const Correction* correction) {
  require(checker_.followLog(server_));
  require(checker_.officeDecided(server_));
  if (!before.ok())
    return;  // no rota yet, or the power went
  const auto after = pastRecords(server_, nowUnixMs, options_.planted);
  require(after.ok() ? movedRecord(*before, *after, server_.provider(), correction, sometimes_)
                     : "records cannot be read: " + after.error().reason);
}

// What the server plans now, and under which ids.
void World::knowPlan() {
  std::map<std::string, std::uint32_t> personOf;
  for (const roster::RotaVisit& visit : rota_.visits)
    personOf[visit.ref] = visit.person;
  const auto visits =
      roster::visitsInWindow(server_.database(), server_.provider(), 0, INT64_MAX, {}, UINT32_MAX);
  DOORSTEP_CHECK(visits.ok());
  visits_.clear();
  for (const visits::PlannedVisit& visit : *visits) {
    visits_.push_back(visit.id);
    refs_[visit.id] = visit.ref;
    names_[visit.id] = rota_.people[personOf.at(visit.ref)].name;
  }
}

// The office plans what comes later in a file of its own, which the server's copy has not seen.
void World::withhold(std::int64_t fromUnixMs) {
  for (const roster::RotaVisit& visit : rota_.visits) {
    if (visit.windowStartUnixMs >= fromUnixMs)
      notImported_.insert(visit.ref);
  }
  withheld_ = notImported_;
}

void World::importWithheld() {
  if (server_.isUp()) {
    withheld_.clear();
    if (importRota())
      return;
  }
  if (report_.broken.empty())
    at(10 * kMinuteMs, [this] { importWithheld(); });
}

void World::reassign() {
  if (!server_.isUp() || visits_.empty())
    return;
  const VisitId visit = visits_[draw_.below(visits_.size())];
  const std::int64_t now = server_.nowUnixMs();
  const auto before = pastRecords(server_, now, options_.planted);
  const auto hint = server_.reassign(visit, 1, carers_[draw_.below(carers_.size())]);
  trace("reassign", hint.ok());
  if (server_.disk().isOff()) {
    server_.losePower();
    return serverWentDown();
  }
  if (!hint)
    return;  // the carer holds the visit's other slot, or the power went
  fault(Sometimes::VisitReassigned);
  hintAll(*hint);
  requireHistory(before, now);
}

// What a restore lost and the office's file leaves out is in no plan: nobody could count what was
// recorded about it.
void World::bringBackUnknown() {
  std::set<std::string> planned;
  for (const VisitId visit : visits_)
    planned.insert(refs_.at(visit));
  std::erase_if(leftOut_, [&](const std::string& ref) { return !planned.contains(ref); });
}

// A visit that somebody is in, more often than not.
std::size_t World::drawVisitToChange(bool& isBegun) {
  std::vector<std::string> begun;
  for (const auto& phone : phones_) {
    for (const VisitId visit : phone->doors().begun())
      begun.push_back(refs_.at(visit));
  }
  isBegun = !begun.empty() && draw_.chance(700);
  if (!isBegun)
    return draw_.below(rota_.visits.size());
  const std::string& ref = begun[draw_.below(begun.size())];
  const auto found = std::find_if(rota_.visits.begin(), rota_.visits.end(),
                                  [&](const auto& visit) { return visit.ref == ref; });
  return static_cast<std::size_t>(found - rota_.visits.begin());
}

// The office changes its file and imports it while carers are at work.
void World::replan() {
  if (!server_.isUp() || healing_)
    return;
  fault(Sometimes::PlanImportedMeanwhile);
  bool isBegun = false;
  roster::RotaVisit& visit = rota_.visits[drawVisitToChange(isBegun)];
  const auto met = [&](Sometimes what) {
    if (isBegun)
      sometimes_.met(what);
  };
  // Her lot changes with her visit's plan.
  std::string& lot = rota_.people[visit.person].lot;
  lot = lot == "lot" ? "other lot" : "lot";
  switch (draw_.below(4)) {
    case 0:
      visit.windowStartUnixMs += kDayMs;
      visit.windowEndUnixMs += kDayMs;
      met(Sometimes::BegunVisitMoved);
      break;
    case 1: {
      const auto other = static_cast<std::uint32_t>(draw_.below(rota_.carers.size()));
      if (std::find(visit.carers.begin(), visit.carers.end(), other) == visit.carers.end()) {
        visit.carers.front() = other;
        met(Sometimes::BegunVisitGivenAway);
      }
      break;
    }
    case 2:
      leftOut_.insert(visit.ref);
      met(Sometimes::BegunVisitLeftOut);
      break;
    default:
      if (!leftOut_.empty()) {
        leftOut_.erase(leftOut_.begin());
        sometimes_.met(Sometimes::VisitBroughtBack);
      }
      break;
  }
  importRota();
}

void World::hintAll(std::uint64_t cursor) {
  for (std::size_t phone = 0; phone < lines_.size(); ++phone) {
    const std::uint64_t watch = lines_[phone].watch;
    if (watch == 0 || !lines_[phone].up || draw_.chance(faults_.dropPermille))
      continue;
    atLife(phone, delay(), [this, phone, watch, cursor] {
      const auto actions = phones_[phone]->phone().engine().watchHinted(watch, cursor);
      if (!actions.empty())
        sometimes_.met(Sometimes::HintFollowed);
      carryOut(phone, actions);
    });
  }
}

}  // namespace doorstep::simulation
