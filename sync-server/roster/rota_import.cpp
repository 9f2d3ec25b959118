// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota_import.h"

#include <algorithm>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "doorstep/roster/v1/roster.pb.h"
#include "shared/core/local_time.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/roster/default_tasks.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/plan_pull.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/terms_import.h"

namespace doorstep::roster {
namespace {

constexpr std::uint64_t kProgressEvery = 10'000;
constexpr std::uint32_t kCancelPage = 1000;

// An object of the rota in the plan, found by ref, or its new id.
struct Known {
  std::uint64_t id = 0;
  bool isNew = false;
};

// The services of a visit's slots, each once, in the order of the slots.
std::vector<std::string> servicesOf(const RotaVisit& row) {
  std::vector<std::string> services;
  for (const std::string& service : row.services) {
    if (std::find(services.begin(), services.end(), service) == services.end())
      services.push_back(service);
  }
  return services;
}

// The plan's name of the services: "s14", or "s14+s5" where two carers come for different services.
std::string serviceOf(const RotaVisit& row) {
  std::string joined;
  for (const std::string& service : servicesOf(row))
    joined += (joined.empty() ? "" : "+") + service;
  return joined;
}

// The tasks that tasks.csv gives to the visit's services, none when it gives none. Those of a
// second service follow the first's and are numbered after them: numbers are unique within a visit.
std::vector<visits::PlannedTask> tasksOf(const Rota& rota, const RotaVisit& row) {
  std::vector<visits::PlannedTask> tasks;
  for (const std::string& service : servicesOf(row)) {
    const auto found = rota.tasks.find(service);
    if (found == rota.tasks.end())
      continue;
    const std::uint32_t shift = tasks.empty() ? 0 : tasks.back().taskNumber;
    for (visits::PlannedTask task : found->second) {
      task.taskNumber += shift;
      if (tasks.size() < kTasksPerVisitMax)
        tasks.push_back(std::move(task));
    }
  }
  return tasks;
}

class Importer {
 public:
  Importer(sql::Database& database, const Rota& rota, const ImportTarget& target,
           const Clock& clock, IdSource& ids, event_log::OfficeAct& office, FaultList& faults,
           const ImportProgress& progress)
      : database_(database),
        rota_(rota),
        target_(target),
        clock_(clock),
        ids_(ids),
        office_(office),
        faults_(faults),
        progress_(progress) {}

  Result<ImportSummary> run();

 private:
  // New rules hold from tomorrow on: visits that began today are judged by the old ones.
  std::int64_t rulesFromUnixMs() const {
    return londonDayBeginUnixMs(londonDayNumber(clock_.wallUnixMs()) + 1);
  }
  Status putContracts();
  Status putEachContract();
  Result<std::set<std::string>> lotPeriods();
  Status putOwnContract();
  Status checkLots();
  Result<Known> find(sql::Statement& byRef, const std::string& ref);
  Status putPeople(PlanWriter& writer);
  Status putCarers(PlanWriter& writer);
  Status findVisits();
  Status putVisits(PlanWriter& writer);
  void findDays();
  bool isLeftOut(const visits::PlannedVisit& visit) const {
    return !std::binary_search(named_.begin(), named_.end(), visit.id.value);
  }
  Status forEachPlanned(const std::function<Status(const visits::PlannedVisit&)>& each);
  Status checkLeftOut();
  Status cancelMissing(PlanWriter& writer);
  visits::PlannedVisit planned(std::size_t index) const;

  sql::Database& database_;
  const Rota& rota_;
  const ImportTarget& target_;
  const Clock& clock_;
  IdSource& ids_;
  event_log::OfficeAct& office_;
  FaultList& faults_;
  const ImportProgress& progress_;
  std::vector<PersonId> people_;  // by index of the rota
  std::vector<CarerId> carers_;
  std::vector<Known> visits_;
  std::set<std::int64_t> days_;        // local days of the rota's visits
  std::vector<std::uint64_t> named_;   // ids of the rota's visits, sorted
  std::uint64_t leftOut_ = 0;          // planned visits of these days that the rota does not name
  std::set<std::string> refusedLots_;  // of contracts that were refused
  std::vector<TermsImport::Correction> corrections_;
  bool changed_ = false;
  ImportSummary summary_;
};

// The provider's periods of lots, as texts to compare.
Result<std::set<std::string>> Importer::lotPeriods() {
  DOORSTEP_ASSIGN(const auto contracts, contractsOfProvider(database_, target_.provider));
  std::set<std::string> periods;
  for (const Contract& contract : contracts)
    for (const LotPeriod& period : contract.periods)
      periods.insert(
          fmt::format("{} {} {} {}", contract.id.value, period.fromDay, period.role, period.lot));
  return periods;
}

// Lots belong to the plan: a change of one makes a plan version, as a change of a person does.
Status Importer::putContracts() {
  DOORSTEP_ASSIGN(const auto before, lotPeriods());
  DOORSTEP_TRY(putEachContract());
  DOORSTEP_ASSIGN(const auto after, lotPeriods());
  changed_ = changed_ || before != after;
  return kDone;
}

Status Importer::putEachContract() {
  for (const RotaContract& contract : rota_.contracts) {
    DOORSTEP_ASSIGN(const CouncilId council,
                    ensureCouncil(database_, contract.council, clock_, ids_));
    const ContractTerms terms{contract.ref,   council,           target_.provider, contract.lots,
                              contract.rules, rulesFromUnixMs(), contract.starts};
    const auto ensured = ensureContract(database_, terms, clock_, ids_, office_);
    if (!ensured.ok() && ensured.error().code != ErrorCode::FailedPrecondition)
      return ensured.error();
    if (!ensured.ok()) {
      faults_.add({"contracts.csv", contract.line, "", ensured.error().reason,
                   fmt::format("Contract {} does not fit what the provider has: {}.",
                               quoteValue(contract.ref), quoteValue(ensured.error().text))});
      refusedLots_.insert(contract.lots.begin(), contract.lots.end());
    } else if (ensured->othersJudgedAnew > 0) {
      summary_.notes.add(
          {"contracts.csv", contract.line, "", "RULES_OF_OTHERS_TOO",
           fmt::format("Contract {} is one with {} other provider{}: the new rules judge their "
                       "visits too.",
                       quoteValue(contract.ref), ensured->othersJudgedAnew,
                       ensured->othersJudgedAnew == 1 ? "" : "s")});
    }
  }
  if (rota_.contracts.empty() && target_.council)
    return putOwnContract();
  return kDone;
}

// Without contracts.csv: one contract with the council, named after it.
Status Importer::putOwnContract() {
  DOORSTEP_ASSIGN(const auto known, contractsOfProvider(database_, target_.provider));
  std::set<std::string> taken;
  for (const Contract& contract : known)
    taken.insert(contract.lots.begin(), contract.lots.end());
  std::set<std::string> lots;
  for (const RotaPerson& person : rota_.people)
    if (!person.lot.empty() && !taken.contains(person.lot))
      lots.insert(person.lot);
  DOORSTEP_ASSIGN(const Council owner, council(database_, *target_.council));
  const ContractTerms terms{owner.name,       owner.id,
                            target_.provider, {lots.begin(), lots.end()},
                            target_.rules,    rulesFromUnixMs()};
  DOORSTEP_TRY(ensureContract(database_, terms, clock_, ids_, office_));
  return kDone;
}

Status Importer::checkLots() {
  DOORSTEP_ASSIGN(const auto contracts, contractsOfProvider(database_, target_.provider));
  std::set<std::string> known = refusedLots_;  // reported with their contract
  for (const Contract& contract : contracts)
    known.insert(contract.lots.begin(), contract.lots.end());
  for (const RotaPerson& person : rota_.people) {
    if (!person.lot.empty() && known.insert(person.lot).second)
      faults_.add(
          {"people.csv", person.line, "lot", "LOT_WITHOUT_CONTRACT",
           fmt::format("No contract has the lot {}. Name it in contracts.csv, or name the council.",
                       quoteValue(person.lot))});
  }
  if (!faults_.empty())
    return Error{ErrorCode::InvalidArgument, "ROTA_FAULTS",
                 "the rota does not fit the provider's contracts"};
  return kDone;
}

Result<Known> Importer::find(sql::Statement& byRef, const std::string& ref) {
  byRef.bindId(0, target_.provider.value).bindText(1, ref);
  DOORSTEP_ASSIGN(const bool found, byRef.step());
  const Known known{found ? byRef.columnId(0) : ids_.newId(clock_), !found};
  byRef.reset();
  return known;
}

Status Importer::putPeople(PlanWriter& writer) {
  DOORSTEP_ASSIGN(
      auto byRef,
      database_.prepare("SELECT person_id FROM person WHERE provider_id = ? AND ref = ?"));
  TermsImport terms(database_, target_.provider, rota_, clock_.wallUnixMs(), faults_);
  for (const RotaPerson& row : rota_.people) {
    DOORSTEP_ASSIGN(const Known known, find(byRef, row.ref));
    const visits::Person next{PersonId(known.id), row.ref,          row.name, row.accessNote,
                              row.latitudeDeg,    row.longitudeDeg, row.lot};
    DOORSTEP_TRY(terms.put(static_cast<std::uint32_t>(people_.size()), next.id, known.isNew));
    changed_ = changed_ || terms.changed();
    people_.push_back(next.id);
    if (!known.isNew) {
      DOORSTEP_ASSIGN(const auto before, person(database_, target_.provider, next.id));
      if (before == next)
        continue;
    }
    changed_ = true;
    DOORSTEP_TRY(writer.putPerson(next, known.isNew));
  }
  if (!faults_.empty())
    return Error{ErrorCode::InvalidArgument, "ROTA_FAULTS", "terms would begin in the past"};
  corrections_ = terms.corrections();
  return kDone;
}

Status Importer::putCarers(PlanWriter& writer) {
  DOORSTEP_ASSIGN(auto byRef, database_.prepare(
                                  "SELECT carer_id FROM carer WHERE provider_id = ? AND ref = ?"));
  for (const RotaCarer& row : rota_.carers) {
    DOORSTEP_ASSIGN(const Known known, find(byRef, row.ref));
    carers_.push_back(CarerId(known.id));
    if (!known.isNew) {
      DOORSTEP_ASSIGN(const Carer before, carer(database_, target_.provider, CarerId(known.id)));
      if (before.name == row.name)
        continue;
    }
    changed_ = true;
    DOORSTEP_TRY(writer.putCarer({CarerId(known.id), row.ref, row.name}));
  }
  return kDone;
}

// Before any visit is written, since a visit may refer to one in a later row.
Status Importer::findVisits() {
  DOORSTEP_ASSIGN(auto byRef, database_.prepare(
                                  "SELECT visit_id FROM visit WHERE provider_id = ? AND ref = ?"));
  visits_.reserve(rota_.visits.size());
  for (const RotaVisit& row : rota_.visits) {
    DOORSTEP_ASSIGN(const Known known, find(byRef, row.ref));
    visits_.push_back(known);
  }
  return kDone;
}

visits::PlannedVisit Importer::planned(std::size_t index) const {
  const RotaVisit& row = rota_.visits[index];
  visits::PlannedVisit visit;
  visit.id = VisitId(visits_[index].id);
  visit.ref = row.ref;
  visit.person = people_[row.person];
  visit.service = serviceOf(row);
  visit.windowStartUnixMs = row.windowStartUnixMs;
  visit.windowEndUnixMs = row.windowEndUnixMs;
  visit.durationMin = row.durationMin;
  visit.carersRequired = static_cast<std::uint32_t>(row.carers.size());
  for (std::uint32_t slot = 1; slot <= row.carers.size(); ++slot) {
    const std::uint32_t carer = row.carers[slot - 1];
    if (carer == kNobody)
      visit.slots.push_back({slot, {}, {}});
    else
      visit.slots.push_back({slot, carers_[carer], rota_.carers[carer].name});
  }
  visit.tasks = tasksOf(rota_, row);
  if (visit.tasks.empty())
    visit.tasks = defaultTasks(visit.service, row.durationMin, visit.carersRequired);
  visit.timeCritical = row.timeCritical;
  if (row.after != kNobody)
    visit.afterVisit = VisitId(visits_[row.after].id);
  visit.minGapMin = row.minGapMin;
  visit.maxGapMin = row.maxGapMin;
  if (row.cancelled)
    visit.state = visits::VisitState::Cancelled;
  return visit;
}

Status Importer::putVisits(PlanWriter& writer) {
  DOORSTEP_ASSIGN(auto inForce, database_.prepare(R"sql(
SELECT visit FROM visit_version WHERE provider_id = ? AND visit_id = ?
ORDER BY plan_version DESC LIMIT 1)sql"));
  for (std::size_t i = 0; i < rota_.visits.size(); ++i) {
    if (progress_ && i % kProgressEvery == 0) {
      DOORSTEP_TRY(progress_(i, rota_.visits.size()));
    }
    visits::PlannedVisit next = planned(i);
    if (visits_[i].isNew) {
      ++summary_.visitsNew;
      DOORSTEP_TRY(writer.putVisit(nullptr, std::move(next), rota_.visits[i].changedBy));
      continue;
    }
    inForce.bindId(0, target_.provider.value).bindId(1, next.id.value);
    DOORSTEP_TRY(inForce.step());
    const auto stored = wire::decodeVisit(next.id, inForce.columnBlob(0));
    inForce.reset();
    if (!stored.ok())
      return Error{ErrorCode::DataLoss, "PLAN_DAMAGED", "a stored visit version cannot be read"};
    const visits::PlannedVisit& before = *stored;
    next.planVersion = before.planVersion;
    if (next == before)
      continue;
    const bool cancels = next.state == visits::VisitState::Cancelled && before.state != next.state;
    ++(cancels ? summary_.visitsCancelled : summary_.visitsChanged);
    DOORSTEP_TRY(writer.putVisit(&before, std::move(next), rota_.visits[i].changedBy));
  }
  changed_ = changed_ || summary_.visitsNew + summary_.visitsChanged + summary_.visitsCancelled > 0;
  return kDone;
}

void Importer::findDays() {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  for (const RotaVisit& row : rota_.visits) {
    if (row.windowStartUnixMs >= begin && row.windowStartUnixMs < end)
      continue;
    const std::int64_t day = londonDayNumber(row.windowStartUnixMs);
    begin = londonDayBeginUnixMs(day);
    end = londonDayBeginUnixMs(day + 1);
    days_.insert(day);
  }
  named_.reserve(visits_.size());
  for (const Known& visit : visits_)
    named_.push_back(visit.id);
  std::sort(named_.begin(), named_.end());
}

// Calls each(visit) for every visit that is planned on a day of the rota.
Status Importer::forEachPlanned(const std::function<Status(const visits::PlannedVisit&)>& each) {
  for (const std::int64_t day : days_) {
    VisitCursor after;
    std::size_t seen = kCancelPage;
    while (seen == kCancelPage) {
      // Reads a whole page before anything is written, so that no statement is open on a table that
      // changes.
      DOORSTEP_ASSIGN(const auto page,
                      visitsInWindow(database_, target_.provider, londonDayBeginUnixMs(day),
                                     londonDayBeginUnixMs(day + 1), after, kCancelPage));
      seen = page.size();
      for (const auto& visit : page) {
        after = {visit.windowStartUnixMs, visit.id};
        if (visit.state == visits::VisitState::Planned) {
          DOORSTEP_TRY(each(visit));
        }
      }
    }
  }
  return kDone;
}

// Before anything is written: counts the planned visits of these days and those that the rota
// leaves out.
Status Importer::checkLeftOut() {
  struct Tally {
    std::uint64_t planned = 0;
    std::uint64_t leftOut = 0;
    bool isMany() const { return leftOut * kCancelledShareOf > planned; }
  };
  Tally all;
  Tally toCome;
  const std::int64_t now = clock_.wallUnixMs();
  DOORSTEP_TRY(forEachPlanned([&](const visits::PlannedVisit& visit) -> Status {
    const bool leftOut = isLeftOut(visit);
    for (Tally* tally : {&all, &toCome}) {
      if (tally == &toCome && visit.windowEndUnixMs < now)
        continue;
      ++tally->planned;
      tally->leftOut += leftOut ? 1 : 0;
    }
    return kDone;
  }));
  leftOut_ = all.leftOut;
  if (!all.isMany() && !toCome.isMany())
    return kDone;
  const bool isAsked = all.leftOut > kCancelledUnaskedMax && target_.refuseManyCancellations;
  const RotaFault told{
      "visits.csv", 0, "", "CANCELS_MANY",
      fmt::format("The file leaves out {} of {} visits that are planned from {} to {}, which "
                  "cancels them; {} visits are new. Check that the file is whole and its refs are "
                  "as before{}",
                  all.leftOut, all.planned, londonDay(londonDayBeginUnixMs(*days_.begin())),
                  londonDay(londonDayBeginUnixMs(*days_.rbegin())),
                  std::count_if(visits_.begin(), visits_.end(),
                                [](const Known& visit) { return visit.isNew; }),
                  isAsked ? ". If it is meant so, import it with --confirm-cancellations "
                            "(confirm_cancellations over the API)."
                          : ".")};
  if (!isAsked) {
    summary_.notes.add(told);
    return kDone;
  }
  faults_.add(told);
  return Error{ErrorCode::InvalidArgument, "ROTA_FAULTS", "cancellations are not confirmed"};
}

Status Importer::cancelMissing(PlanWriter& writer) {
  if (leftOut_ == 0)
    return kDone;
  DOORSTEP_TRY(forEachPlanned([&](const visits::PlannedVisit& before) -> Status {
    if (!isLeftOut(before))
      return kDone;
    auto cancelled = before;
    cancelled.state = visits::VisitState::Cancelled;
    ++summary_.visitsCancelled;
    return writer.putVisit(&before, std::move(cancelled));
  }));
  changed_ = changed_ || summary_.visitsCancelled > 0;
  return kDone;
}

Result<ImportSummary> Importer::run() {
  DOORSTEP_TRY(putContracts());
  DOORSTEP_TRY(checkLots());
  DOORSTEP_ASSIGN(auto writer, PlanWriter::begin(database_, target_.provider, office_,
                                                 PlanReason::Import, target_.files));
  DOORSTEP_TRY(putPeople(writer));
  DOORSTEP_TRY(putCarers(writer));
  DOORSTEP_TRY(findVisits());
  findDays();
  DOORSTEP_TRY(checkLeftOut());
  DOORSTEP_TRY(putVisits(writer));
  DOORSTEP_TRY(cancelMissing(writer));
  summary_.commit = writer.unchanged();
  if (changed_) {
    DOORSTEP_ASSIGN(summary_.commit, writer.finish());
    for (const TermsImport::Correction& each : corrections_)
      office_.say(
          target_.provider, visits::OfficeReason::Correction,
          visits::HistoryCorrected{
              each.person, each.terms.lot, each.terms.fromDay, {}, summary_.commit.planVersion},
          each.terms.reason);
  }
  if (progress_) {
    DOORSTEP_TRY(progress_(rota_.visits.size(), rota_.visits.size()));
  }
  summary_.people = rota_.people.size();
  summary_.carers = rota_.carers.size();
  summary_.visits = rota_.visits.size();
  return summary_;
}

}  // namespace

Result<ImportSummary> importRota(sql::Database& database, const Rota& rota,
                                 const ImportTarget& target, const Clock& clock, IdSource& ids,
                                 event_log::OfficeAct& office, FaultList& faults,
                                 const ImportProgress& progress) {
  return Importer(database, rota, target, clock, ids, office, faults, progress).run();
}

}  // namespace doorstep::roster
