// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/fhir_export.h"

#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "shared/core/local_time.h"
#include "shared/visits/measures/classification.h"
#include "sync-server/fhir/appointment.h"
#include "sync-server/fhir/encounter.h"
#include "sync-server/fhir/measure_definition.h"
#include "sync-server/fhir/measure_report.h"
#include "sync-server/fhir/provenance.h"
#include "sync-server/records/evidence/entry_proof.h"
#include "sync-server/records/figures/measure_reading.h"
#include "sync-server/records/keeping/judged_visit.h"
#include "sync-server/records/rules/rule_book.h"

namespace doorstep::fhir {
namespace {

using records::SlotRecord;

// Writes visits as their slots come.
class VisitWriter {
 public:
  VisitWriter(const records::Reading& reading, event_log::EventLog& log, const ExportAsked& asked,
              const roster::Contract& contract, NdjsonFolder& folder)
      : reading_(reading),
        log_(log),
        folder_(folder),
        rules_(records::ruleBook({contract})),
        first_(*measures::parseDay(asked.firstDay)),
        last_(*measures::parseDay(asked.lastDay)),
        pseudonyms_(reading.pseudonymKey) {}

  Status add(const SlotRecord& slot) {
    if (!slots_.empty() &&
        (slots_.front().provider != slot.provider || slots_.front().visit.id != slot.visit.id))
      DOORSTEP_TRY(finishVisit());
    slots_.push_back(slot);
    return kDone;
  }
  Status finishVisit();
  std::uint64_t visits() const { return visits_; }

 private:
  bool isOfDays(const SlotRecord& slot) const;
  Result<std::map<std::uint32_t, std::vector<std::uint64_t>>> entries();

  const records::Reading& reading_;
  event_log::EventLog& log_;
  NdjsonFolder& folder_;
  const measures::RuleBook rules_;
  const measures::DayNumber first_;
  const measures::DayNumber last_;
  records::Pseudonyms pseudonyms_;
  std::map<ProviderId, records::EntryProver> provers_;
  std::vector<SlotRecord> slots_;  // of the visit that is being read
  std::uint64_t visits_ = 0;
};

// By the day that figures count the visit on. What was planned afterwards and nobody came to has
// none, as they count it when they are asked for: it is of its window's day, as in visits.csv. Not
// of any day: its provider took it out of its plan before the lock, and nobody came.
bool VisitWriter::isOfDays(const SlotRecord& slot) const {
  if (!slot.facts)
    return false;
  measures::VisitFacts facts = *slot.facts;
  facts.contractId = records::contractKey(contractOf(slot));
  facts.exportedMs = reading_.nowUnixMs;
  const auto classified = measures::classify({&facts, 1}, rules_);
  const measures::DayNumber day = records::isUndated(classified.front())
                                      ? londonDayNumber(slot.visit.windowStartUnixMs)
                                      : classified.front().day;
  return first_ <= day && day <= last_;
}

Result<std::map<std::uint32_t, std::vector<std::uint64_t>>> VisitWriter::entries() {
  std::map<std::uint32_t, std::vector<std::uint64_t>> bySlot;
  const SlotRecord& first = slots_.front();
  DOORSTEP_ASSIGN(const auto positions,
                  projections::visitEntries(reading_.database, first.provider, first.visit.id));
  if (positions.empty())
    return bySlot;
  auto prover = provers_.find(first.provider);
  if (prover == provers_.end()) {
    DOORSTEP_ASSIGN(auto opened,
                    records::EntryProver::open(reading_.database, log_, first.provider));
    prover = provers_.emplace(first.provider, std::move(opened)).first;
  }
  for (const std::uint64_t position : positions) {
    DOORSTEP_ASSIGN(const auto stored, prover->second.entry(position));
    for (const SlotRecord& slot : slots_) {
      if (slot.record && slot.record->carer == stored.carer)
        bySlot[slot.slot].push_back(position);
    }
  }
  return bySlot;
}

Status VisitWriter::finishVisit() {
  if (slots_.empty())
    return kDone;
  if (isOfDays(slots_.front())) {
    DOORSTEP_ASSIGN(auto proved, entries());
    const ExportedVisit visit{slots_, std::move(proved), reading_.nowUnixMs, pseudonyms_};
    DOORSTEP_TRY(folder_.add(Kind::Appointment, appointment(visit)));
    for (const Json& each : encounters(visit))
      DOORSTEP_TRY(folder_.add(Kind::Encounter, each));
    for (const Json& each : provenances(visit))
      DOORSTEP_TRY(folder_.add(Kind::Provenance, each));
    ++visits_;
  }
  slots_.clear();
  return kDone;
}

Result<ReportScope> scopeOf(const records::Reading& reading, const ExportAsked& asked,
                            const roster::Contract& contract) {
  ReportScope scope{contract.id, contract.council, contract.councilName, asked.provider,
                    {},          asked.firstDay,   asked.lastDay};
  if (asked.provider) {
    if (!roster::covers(contract, *asked.provider))
      return Error{ErrorCode::NotFound, "PROVIDER_UNKNOWN", "not a provider of the contract"};
    DOORSTEP_ASSIGN(const auto provider, roster::provider(reading.database, *asked.provider));
    scope.providerName = provider.name;
  }
  return scope;
}

// The contract, once its figures are written.
Result<roster::Contract> writeFigures(const records::Reading& reading, const ExportAsked& asked,
                                      NdjsonFolder& folder) {
  doorstep::records::v1::MeasureFilter filter;
  filter.set_contract_id(asked.contract.value);
  if (asked.provider)
    filter.set_provider_id(asked.provider->value);
  filter.set_first_day(asked.firstDay);
  filter.set_last_day(asked.lastDay);
  DOORSTEP_ASSIGN(const auto opened, records::MeasureReading::open(reading, filter, {}));
  DOORSTEP_ASSIGN(const auto answer, opened->figures({}));
  DOORSTEP_ASSIGN(const ReportScope scope, scopeOf(reading, asked, opened->contract()));
  for (const Json& each : measureDefinitions())
    DOORSTEP_TRY(folder.add(Kind::Measure, each));
  for (const Json& each : measureReports(scope, answer))
    DOORSTEP_TRY(folder.add(Kind::MeasureReport, each));
  return opened->contract();
}

// A service day may end at noon of the next one.
Result<records::RecordFilter> recordsOf(const ExportAsked& asked) {
  records::RecordFilter filter;
  filter.contract = asked.contract;
  filter.provider = asked.provider;
  DOORSTEP_ASSIGN(const DayBounds first, londonDayBounds(asked.firstDay));
  DOORSTEP_ASSIGN(const DayBounds last, londonDayBounds(asked.lastDay));
  filter.fromUnixMs = first.beginUnixMs;
  filter.toUnixMs = londonDayAround(last.beginUnixMs, 1).endUnixMs;
  return filter;
}

}  // namespace

Result<ExportWritten> writeExport(const records::Reading& reading, event_log::EventLog& log,
                                  const ExportAsked& asked, const ExportProgress& progress) {
  DOORSTEP_ASSIGN(auto folder, NdjsonFolder::create(asked.folder));
  DOORSTEP_ASSIGN(const auto snapshot,
                  sql::Transaction::begin(reading.database, sql::TransactionKind::Snapshot));
  DOORSTEP_ASSIGN(const roster::Contract contract, writeFigures(reading, asked, folder));
  DOORSTEP_ASSIGN(const auto filter, recordsOf(asked));
  DOORSTEP_ASSIGN(const auto query, records::RecordQuery::open(reading.database, reading.caller,
                                                               filter, reading.nowUnixMs));
  VisitWriter writer(reading, log, asked, contract, folder);
  Status written = kDone;
  const auto take = [&](const SlotRecord& slot) {
    written = writer.add(slot);
    progress(writer.visits());
    return written.ok();
  };
  constexpr std::uint32_t kAll = std::numeric_limits<std::uint32_t>::max();
  DOORSTEP_TRY(query->run(std::nullopt, {kAll, kAll}, take));
  DOORSTEP_TRY(written);
  DOORSTEP_TRY(writer.finishVisit());
  DOORSTEP_TRY(folder.finish());
  ExportWritten done;
  done.visits = writer.visits();
  for (std::size_t kind = 0; kind < kKindNames.size(); ++kind)
    done.lines[kind] = folder.written(static_cast<Kind>(kind));
  return done;
}

}  // namespace doorstep::fhir
