// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/phone_screens.h"

#include <algorithm>

#include "app/projections/trusted_now.h"
#include "app/projections/tuning.h"
#include "shared/core/durations.h"
#include "shared/core/local_time.h"

namespace doorstep::simulation {
namespace {

std::string name(const SimulatedPhone& phone) {
  return "device " + std::to_string(phone.device().value % 1000);
}

const projections::RoundVisit* rowOf(const projections::RoundScreen& round, VisitId visit) {
  const auto found =
      std::find_if(round.visits.begin(), round.visits.end(),
                   [&](const projections::RoundVisit& row) { return row.visit == visit; });
  return found == round.visits.end() ? nullptr : &*found;
}

std::string checkBegun(const SimulatedPhone& phone, const projections::RoundScreen& round,
                       VisitId visit, const VisitNames& names) {
  const std::string which = "a visit that the carer of " + name(phone) + " is in";
  const projections::RoundVisit* row = rowOf(round, visit);
  if (row == nullptr)
    return "I13: " + which + " is not on her round";
  if (row->progress != projections::VisitProgress::CheckedIn)
    return "I13: the round does not show that she is in " + which;
  const auto known = names.find(visit);
  if (known == names.end() || row->personName != known->second)
    return "I13: " + which + " has lost its name: '" + row->personName + "'";
  const auto screen = phone.phone().visit(visit);
  if (!screen || !screen->canCheckOut)
    return "I13: " + which + " cannot be ended";
  return {};
}

// What the phone holds of the hours that it promises, on a clock that it knows to be right.
std::string checkComing(const SimulatedPhone& phone, const projections::RoundScreen& round,
                        const std::set<VisitId>& begun, std::int64_t nowUnixMs) {
  const auto& roster = phone.phone().roster();
  std::set<std::string> begunRefs;
  for (const auto& row : round.visits) {
    if (begun.contains(row.visit) && roster.visit(row.visit) == nullptr)
      begunRefs.insert(row.personName);
  }
  for (const auto& [id, planned] : roster.visits()) {
    const bool coming =
        planned.windowStartUnixMs > nowUnixMs + 2 * kMinuteMs &&
        planned.windowStartUnixMs < nowUnixMs + projections::kRoundAheadMs - 2 * kMinuteMs;
    if (!coming || rowOf(round, id) != nullptr)
      continue;
    const visits::Person* person = roster.person(planned.person);
    if (person != nullptr && begunRefs.contains(person->name))
      continue;  // planned anew under another id while she is in it
    return "I13: the round of " + name(phone) + " at " + unixMsToUtc(nowUnixMs) +
           " lacks the visit of " + unixMsToUtc(planned.windowStartUnixMs);
  }
  return {};
}

}  // namespace

projections::RoundScreen roundOf(const SimulatedPhone& phone, Planted planted) {
  projections::RoundScreen round = phone.phone().round();
  if (planted == Planted::RoundFromPlan)
    std::erase_if(round.visits, [&](const projections::RoundVisit& row) {
      return phone.phone().roster().visit(row.visit) == nullptr;
    });
  if (planted == Planted::RoundEndsAtMidnight)
    std::erase_if(round.visits, [&](const projections::RoundVisit& row) {
      return row.progress != projections::VisitProgress::CheckedIn &&
             londonDay(row.windowStartUnixMs) > round.day;
    });
  return round;
}

projections::OfficeScreen officeOf(const SimulatedPhone& phone, Planted planted) {
  projections::OfficeScreen office = phone.phone().office();
  if (planted == Planted::OfficeBelievesTheSending) {
    for (projections::OfficeRow& row : office.visits) {
      if (row.office == projections::OfficeState::OnThisPhone)
        row.office = projections::OfficeState::AtTheOffice;
    }
  }
  return office;
}

std::string checkRound(const SimulatedPhone& phone, const VisitNames& names, std::int64_t nowUnixMs,
                       Planted planted, SometimesCounts& sometimes) {
  const projections::RoundScreen round = roundOf(phone, planted);
  const std::set<VisitId> begun = phone.doors().begun();
  for (const projections::RoundVisit& row : round.visits) {
    if (row.progress == projections::VisitProgress::ToDo &&
        row.windowStartUnixMs > londonDayAround(nowUnixMs).endUnixMs)
      sometimes.met(Sometimes::RoundShowsTomorrow);
  }
  for (const VisitId visit : begun) {
    if (phone.phone().roster().visit(visit) == nullptr)
      sometimes.met(Sometimes::BegunShownWithoutPlan);
    if (std::string broken = checkBegun(phone, round, visit, names); !broken.empty())
      return broken;
  }
  const journal::SyncState& state = phone.phone().journal().syncState();
  if (state.replyServerUnixMs == 0 || state.replyBoot != phone.clock().boot())
    return {};
  return checkComing(phone, round, begun, nowUnixMs);
}

std::string checkOffice(const SimulatedPhone& phone, const std::set<std::uint64_t>& logged,
                        Planted planted) {
  const projections::OfficeScreen office = officeOf(phone, planted);
  const auto& doors = phone.doors().all();
  for (const projections::OfficeRow& row : office.visits) {
    const auto door = doors.find(row.visit);
    if (row.office != projections::OfficeState::AtTheOffice || door == doors.end())
      continue;
    for (const std::uint64_t number : door->second.events) {
      if (!logged.contains(number))
        return "I7: " + name(phone) + " shows a visit as received whose event " +
               std::to_string(number) + " is not in the log";
    }
  }
  const std::uint64_t all = phone.confirmed().size();
  if (office.visits.size() != doors.size())
    return "I7: " + name(phone) + " shows " + std::to_string(office.visits.size()) +
           " visits with records, its carer recorded about " + std::to_string(doors.size());
  if (office.eventsOnThisPhone > all)
    return "I7: " + name(phone) + " says that more waits than was recorded";
  if (office.entriesQuarantined == 0 && all - office.eventsOnThisPhone > logged.size())
    return "I7: " + name(phone) + " says that " + std::to_string(office.eventsOnThisPhone) +
           " of " + std::to_string(all) + " events wait, the log has " +
           std::to_string(logged.size());
  return {};
}

}  // namespace doorstep::simulation
