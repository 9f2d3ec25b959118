// SPDX-License-Identifier: Apache-2.0
// The county around the first provider: others who share its contract, lots that pass to another
// council, what was said wrongly of past days, and a phone of a later release.
#include <algorithm>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/roster/roster_store.h"
#include "tests/simulation/county_view.h"
#include "tests/simulation/world.h"

namespace doorstep::simulation {
namespace {

constexpr std::uint64_t kLaterDevice = 1900;
constexpr const char* kPassingLot = "other lot";

roster::Rota drawRotaBeside(Draw& draw, const std::string& prefix, std::int64_t beginUnixMs,
                            int days) {
  roster::Rota rota;
  rota.carers.push_back({prefix + "c", "Carer of " + prefix, 2});
  // Lots of the same name as the first provider's: two providers' lots are two.
  for (const char* lot : {"lot", "other lot", "lot"}) {
    const std::string number = prefix + std::to_string(rota.people.size());
    rota.people.push_back({number, "Person " + number, "", {}, {}, lot, rota.people.size() + 2});
  }
  for (int i = 0; i < 4 * days; ++i) {
    roster::RotaVisit visit;
    visit.ref = prefix + "v" + std::to_string(i);
    visit.person = static_cast<std::uint32_t>(draw.below(rota.people.size()));
    visit.windowStartUnixMs = beginUnixMs + i * 6 * kHourMs + draw.between(0, 90) * kMinuteMs;
    visit.windowEndUnixMs = visit.windowStartUnixMs + 15 * kMinuteMs;
    visit.durationMin = 30;
    visit.carers.push_back(0);
    visit.services.assign(1, "personal care");
    visit.line = rota.visits.size() + 2;
    rota.visits.push_back(visit);
  }
  return rota;
}

}  // namespace

// --- other providers of the contract ---

void World::planCounty() {
  for (std::uint32_t i = 1; i <= faults_.neighbours; ++i) {
    const std::string prefix = "n" + std::to_string(i) + "-";
    const std::string name = "Neighbour " + std::to_string(i);
    owners_[prefix] = name;
    neighbours_.push_back({name, drawRotaBeside(county_, prefix, beginUnixMs_, days_)});
    at(county_.between(kHourMs, days_ * kDayMs / 2), [this, i] { importBeside(i - 1); });
  }
  if (faults_.laterPhone)
    at(county_.between(kHourMs, 5 * kHourMs), [this] { recordLater(); });
}

// Joins the contract, and from then on changes its rules and the own plan.
void World::importBeside(std::size_t neighbour) {
  if (healing_ || ended_)
    return;
  at(county_.between(3 * kHourMs, 15 * kHourMs), [this, neighbour] { importBeside(neighbour); });
  if (!server_.isUp())
    return;
  roster::Rota& rota = neighbours_[neighbour].rota;
  const std::int64_t now = server_.nowUnixMs();
  const auto before = pastRecords(server_, now, options_.planted);
  const auto imported = server_.importBeside(neighbours_[neighbour].name, rota);
  trace("beside", neighbour, imported.ok());
  if (server_.disk().isOff()) {
    server_.losePower();
    return serverWentDown();
  }
  if (!imported)
    return require("the import of another provider fails: " + imported.error().reason + " " +
                   imported.error().text);
  fault(*imported == SimulatedServer::Beside::Joined ? Sometimes::ProviderJoined
                                                     : Sometimes::RulesChangedForAll);
  requireHistory(before, now);
  require(checkCounty(server_, owners_, now, options_.planted, sometimes_));
  roster::RotaVisit& visit = rota.visits[county_.below(rota.visits.size())];
  visit.windowStartUnixMs += kHourMs;
  visit.windowEndUnixMs += kHourMs;
  std::string& lot = rota.people[visit.person].lot;
  lot = lot == "lot" ? kPassingLot : "lot";
}

// --- the first provider's lots and terms ---

// A lot passes to another council's contract, or back: from tomorrow on, or, when that was said
// wrongly, from a day that has begun.
void World::passLotOn(bool corrects) {
  if (!server_.isUp() || healing_)
    return;
  const std::int64_t today = londonDayNumber(server_.nowUnixMs());
  Correction correction{"", kPassingLot, 0, "the contract began earlier"};
  roster::LotStart start{today + 1, ""};
  if (corrects) {
    correction.fromDay = drawPastDay(today);
    start.fromDay = correction.fromDay;
    start.correction = correction.reason;
  }
  lotPassed_ = !lotPassed_;
  const std::string council = lotPassed_ ? "Second Council" : "Simulated Council";
  rota_.contracts = {{council, council, {kPassingLot}, {{kPassingLot, start}}, {}, 2}};
  fault(corrects ? Sometimes::LotCorrected : Sometimes::LotPassedOn);
  importRota(corrects ? &correction : nullptr);
  rota_.contracts.clear();
}

void World::correctTerms() {
  if (!server_.isUp() || healing_)
    return;
  const std::int64_t today = londonDayNumber(server_.nowUnixMs());
  roster::RotaPerson& person = rota_.people[county_.below(rota_.people.size())];
  person.lot = person.lot == "lot" ? kPassingLot : "lot";
  const Correction correction{person.ref, person.lot, drawPastDay(today),
                              "wrong lot " + std::to_string(county_.below(1000))};
  // Plants a bug: the day before changes, too.
  person.lotFromDay =
      correction.fromDay - (options_.planted == Planted::CorrectionReachesBack ? 1 : 0);
  person.correction = correction.reason;
  fault(Sometimes::TermsCorrected);
  importRota(&correction);
  person.lotFromDay.reset();
  person.correction.clear();
}

std::int64_t World::drawPastDay(std::int64_t today) {
  const std::int64_t first = londonDayNumber(beginUnixMs_);
  return county_.between(first, std::max(first, today));
}

void World::changeCounty() {
  if (county_.chance(faults_.lotPermille))
    passLotOn(false);
  if (report_.broken.empty() && county_.chance(faults_.correctPermille)) {
    if (county_.chance(300))
      passLotOn(true);
    else
      correctTerms();
  }
}

// --- a phone of a later release ---

void World::recordLater() {
  if (!healing_ && !ended_) {
    if (!later_) {
      later_.emplace(DeviceId(kLaterDevice), server_.provider(), carers_.front());
      checker_.knowKey(later_->known().caller.device, later_->known().signingKey);
    }
    later_->record();
    at(county_.between(kHourMs, 6 * kHourMs), [this] { recordLater(); });
  }
  sendLater();
}

void World::sendLater() {
  if (!later_ || ended_ || later_->isDrained())
    return;
  at(kMinuteMs * 10, [this] { sendLater(); });
  if (!healing_ && county_.chance(faults_.dropPermille))
    return;
  const SimulatedServer::Request request{0, 0, later_->request(), &later_->known()};
  for (int copies = county_.chance(faults_.duplicatePermille) ? 2 : 1; copies > 0; --copies)
    at(county_.between(10, 2'000), [this, request] { deliver(request); });
}

void World::laterAnswered(const std::string& bytes) {
  if (!healing_ && county_.chance(faults_.dropPermille))
    return;
  later_->answered(bytes);
  trace("later", later_->recorded(), later_->isDrained());
}

void World::checkLater() {
  if (!later_)
    return;
  if (!later_->isDrained())
    require(
        "I16: the server does not hold what a phone of a later release recorded about a "
        "subject that it does not know");
}

}  // namespace doorstep::simulation
