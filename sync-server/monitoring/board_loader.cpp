// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/board_loader.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "sync-server/event_log/contacts.h"
#include "sync-server/monitoring/tuning.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/roster/contract_lots.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/plan_pull.h"

namespace doorstep::monitoring {
namespace {

// Converts planned visits to board visits; reads each person once.
class VisitReader {
 public:
  VisitReader(sql::Database& database, ProviderId provider, roster::ContractLots contracts)
      : database_(database), provider_(provider), contracts_(std::move(contracts)) {}

  Result<BoardVisit> read(visits::PlannedVisit visit) {
    auto known = people_.find(visit.person);
    if (known == people_.end()) {
      DOORSTEP_ASSIGN(auto person, roster::person(database_, provider_, visit.person));
      DOORSTEP_ASSIGN(auto terms, roster::personTerms(database_, provider_, visit.person));
      known = people_.emplace(visit.person, Known{std::move(person.name), std::move(terms)}).first;
    }
    const std::string& lot = roster::termsAt(known->second.terms, visit.windowStartUnixMs).lot;
    const measures::Rules& rules =
        contracts_.rulesOf(provider_, lot, visit.windowStartUnixMs).rules;
    return BoardVisit{std::move(visit), known->second.name, lot, rules};
  }

 private:
  struct Known {
    std::string name;
    std::vector<roster::PersonTerms> terms;
  };
  sql::Database& database_;
  const ProviderId provider_;
  const roster::ContractLots contracts_;
  std::map<PersonId, Known> people_;
};

Result<VisitReader> openVisitReader(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(auto contracts, roster::contractsOfProvider(database, provider));
  return VisitReader(database, provider, roster::ContractLots(std::move(contracts)));
}

Result<std::map<CarerId, std::string>> readCarerNames(sql::Database& database,
                                                      ProviderId provider) {
  std::map<CarerId, std::string> names;
  CarerId after;
  while (true) {
    DOORSTEP_ASSIGN(auto carers, roster::carers(database, provider, after, kReadPageRows));
    for (roster::Carer& carer : carers)
      names.emplace(carer.id, std::move(carer.name));
    if (carers.size() < kReadPageRows)
      return names;
    after = carers.back().id;
  }
}

Status readPhones(sql::Database& database, ProviderId provider, std::int64_t nowUnixMs,
                  Board& board) {
  DOORSTEP_ASSIGN(const auto contacts, event_log::readContacts(database, provider));
  for (const event_log::DeviceContact& contact : contacts) {
    DOORSTEP_ASSIGN(const std::uint64_t planVersion,
                    roster::heldPlanVersion(database, provider, contact.carer, contact.planCursor));
    board.putPhone(contact.carer, {contact.heardUnixMs, planVersion}, nowUnixMs);
  }
  return kDone;
}

// Adds a visit with its records, or updates its plan.
Status putWithRecords(VisitReader& reader, projections::AttendanceReader& attendances,
                      ProviderId provider, visits::PlannedVisit planned, std::int64_t nowUnixMs,
                      Board& board) {
  const VisitId id = planned.id;
  const bool fresh = !board.holds(id);
  DOORSTEP_ASSIGN(auto visit, reader.read(std::move(planned)));
  board.putVisit(std::move(visit), nowUnixMs);
  if (!fresh)
    return kDone;
  DOORSTEP_ASSIGN(const auto records, attendances.ofVisit(provider, id));
  for (const projections::AttendanceRecord& record : records)
    board.putAttendance(record, nowUnixMs);
  return kDone;
}

// For a visit of another day: kept while it is not over. True: a row was removed.
bool keepOrDrop(VisitId visit, bool wasHeld, std::int64_t nowUnixMs, LoadedBoard& loaded) {
  if (loaded.carriesOver && loaded.board.isUnresolved(visit, nowUnixMs)) {
    loaded.carried.insert(visit);
    return false;
  }
  loaded.board.removeVisit(visit);
  loaded.carried.erase(visit);
  return wasHeld;
}

}  // namespace

bool isToday(const DayBounds& day, std::int64_t nowUnixMs) {
  return nowUnixMs >= day.beginUnixMs && nowUnixMs < day.endUnixMs;
}

Result<LoadedBoard> loadBoard(sql::Database& database, ProviderId provider, const DayBounds& day,
                              std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto known, roster::provider(database, provider));
  DOORSTEP_ASSIGN(auto names, readCarerNames(database, provider));
  LoadedBoard loaded{Board(std::move(names)), std::move(known.name), known.planVersion, false, {}};
  DOORSTEP_TRY(readPhones(database, provider, nowUnixMs, loaded.board));
  DOORSTEP_ASSIGN(auto reader, openVisitReader(database, provider));
  DOORSTEP_ASSIGN(auto attendances, projections::AttendanceReader::open(database));
  roster::VisitCursor after;
  while (true) {
    DOORSTEP_ASSIGN(auto visits, roster::visitsInWindow(database, provider, day.beginUnixMs,
                                                        day.endUnixMs, after, kReadPageRows));
    const bool more = visits.size() == kReadPageRows;
    for (visits::PlannedVisit& planned : visits) {
      after = {planned.windowStartUnixMs, planned.id};
      DOORSTEP_TRY(putWithRecords(reader, attendances, provider, std::move(planned), nowUnixMs,
                                  loaded.board));
    }
    if (!more)
      break;
  }
  if (isToday(day, nowUnixMs))
    DOORSTEP_TRY(carryOver(database, provider, day, nowUnixMs, loaded));
  (void)loaded.board.takeChanged();  // no watcher has an older copy
  return loaded;
}

Status carryOver(sql::Database& database, ProviderId provider, const DayBounds& day,
                 std::int64_t nowUnixMs, LoadedBoard& loaded) {
  loaded.carriesOver = true;
  DOORSTEP_ASSIGN(auto reader, openVisitReader(database, provider));
  DOORSTEP_ASSIGN(auto attendances, projections::AttendanceReader::open(database));
  roster::VisitCursor after;
  while (true) {
    DOORSTEP_ASSIGN(auto visits,
                    roster::visitsInWindow(database, provider, day.beginUnixMs - kCarryOverReachMs,
                                           day.beginUnixMs, after, kReadPageRows));
    const bool more = visits.size() == kReadPageRows;
    for (visits::PlannedVisit& planned : visits) {
      after = {planned.windowStartUnixMs, planned.id};
      DOORSTEP_TRY(putWithRecords(reader, attendances, provider, std::move(planned), nowUnixMs,
                                  loaded.board));
      (void)keepOrDrop(after.visit, false, nowUnixMs, loaded);
    }
    if (!more)
      break;
  }
  DOORSTEP_ASSIGN(
      const auto begun,
      projections::openVisits(database, provider, nowUnixMs - kCarryBegunMs, kCarryBegunMax));
  for (const VisitId visit : begun)
    DOORSTEP_TRY(carryBegun(database, provider, visit, nowUnixMs, loaded));
  return kDone;
}

Status carryBegun(sql::Database& database, ProviderId provider, VisitId visit,
                  std::int64_t nowUnixMs, LoadedBoard& loaded) {
  if (loaded.board.holds(visit))
    return kDone;
  auto planned = roster::visit(database, provider, visit);
  if (!planned.ok() && planned.error().code == ErrorCode::NotFound)
    return kDone;  // in a plan that a restored server has lost
  DOORSTEP_TRY(planned);
  DOORSTEP_ASSIGN(auto reader, openVisitReader(database, provider));
  DOORSTEP_ASSIGN(auto attendances, projections::AttendanceReader::open(database));
  DOORSTEP_TRY(putWithRecords(reader, attendances, provider, std::move(planned).value(), nowUnixMs,
                              loaded.board));
  (void)keepOrDrop(visit, false, nowUnixMs, loaded);
  return kDone;
}

bool dropPassed(std::int64_t nowUnixMs, LoadedBoard& loaded) {
  bool any = false;
  for (auto at = loaded.carried.begin(); at != loaded.carried.end();) {
    const v1::BoardRow* row = loaded.board.row(*at);
    // Resolved visits stay visible until the board is opened again.
    const bool passed = row == nullptr || (row->attention() >= kProblemAttention &&
                                           !loaded.board.isUnresolved(*at, nowUnixMs));
    if (!passed) {
      ++at;
      continue;
    }
    loaded.board.removeVisit(*at);
    at = loaded.carried.erase(at);
    any = true;
  }
  return any;
}

Result<bool> refreshPlan(sql::Database& database, ProviderId provider, const DayBounds& day,
                         std::int64_t nowUnixMs, LoadedBoard& loaded) {
  DOORSTEP_ASSIGN(const auto known, roster::provider(database, provider));
  DOORSTEP_ASSIGN(const auto names, readCarerNames(database, provider));
  loaded.board.putCarerNames(names);
  DOORSTEP_ASSIGN(auto reader, openVisitReader(database, provider));
  DOORSTEP_ASSIGN(auto attendances, projections::AttendanceReader::open(database));
  bool left = false;
  std::uint64_t version = loaded.planVersion;
  VisitId after;
  while (true) {
    DOORSTEP_ASSIGN(auto visits,
                    roster::visitsChangedAfter(database, provider, version, after, kReadPageRows));
    const bool more = visits.size() == kReadPageRows;
    for (visits::PlannedVisit& planned : visits) {
      version = planned.planVersion;
      after = planned.id;
      const bool held = loaded.board.holds(after);
      const bool ofDay =
          planned.windowStartUnixMs >= day.beginUnixMs && planned.windowStartUnixMs < day.endUnixMs;
      const bool mayCarry = loaded.carriesOver && (held || planned.windowStartUnixMs >=
                                                               day.beginUnixMs - kCarryOverReachMs);
      if (!ofDay && !held && !mayCarry)
        continue;
      DOORSTEP_TRY(putWithRecords(reader, attendances, provider, std::move(planned), nowUnixMs,
                                  loaded.board));
      if (ofDay)
        loaded.carried.erase(after);
      else
        left = keepOrDrop(after, held, nowUnixMs, loaded) || left;
    }
    if (!more)
      break;
  }
  loaded.planVersion = std::max(version, known.planVersion);
  return left;
}

Result<std::string> carerName(sql::Database& database, ProviderId provider, CarerId carer) {
  auto known = roster::carer(database, provider, carer);
  if (known.ok())
    return std::move(known->name);
  if (known.error().code == ErrorCode::NotFound)
    return std::string();
  return known.error();
}

Result<v1::BoardRow> loadRow(sql::Database& database, ProviderId provider, VisitId visit,
                             std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto planned, roster::visit(database, provider, visit));
  DOORSTEP_ASSIGN(auto reader, openVisitReader(database, provider));
  DOORSTEP_ASSIGN(auto attendances, projections::AttendanceReader::open(database));
  DOORSTEP_ASSIGN(const auto records, attendances.ofVisit(provider, visit));
  std::map<CarerId, std::string> names;
  for (const projections::AttendanceRecord& record : records) {
    DOORSTEP_ASSIGN(auto name, carerName(database, provider, record.carer));
    names.emplace(record.carer, std::move(name));
  }
  Board board(std::move(names));
  DOORSTEP_TRY(readPhones(database, provider, nowUnixMs, board));
  DOORSTEP_ASSIGN(auto boardVisit, reader.read(std::move(planned)));
  board.putVisit(std::move(boardVisit), nowUnixMs);
  for (const projections::AttendanceRecord& record : records)
    board.putAttendance(record, nowUnixMs);
  return *board.row(visit);
}

}  // namespace doorstep::monitoring
