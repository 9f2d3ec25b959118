// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/records_reader.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "shared/core/local_time.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/records/evidence/plan_proof_maker.h"
#include "sync-server/records/evidence/proof_maker.h"
#include "sync-server/records/files/csv_export.h"
#include "sync-server/records/listing/record_message.h"
#include "sync-server/records/listing/totals.h"
#include "sync-server/records/rules/rules_file.h"
#include "sync-server/records/seen_visit.h"
#include "sync-server/records/tuning.h"
#include "sync-server/roster/judged_plan.h"

namespace doorstep::records {

Result<ContractPage> listContracts(const Reading& reading, ContractId after, std::uint32_t size) {
  DOORSTEP_ASSIGN(auto all, roster::contracts(reading.database));
  const VisibleContracts visible(reading.caller, std::move(all));
  ContractPage page;
  ContractId last;
  for (const roster::Contract& contract : visible.contracts()) {
    if (contract.id <= after)
      continue;
    if (static_cast<std::uint32_t>(page.response.contracts_size()) == size) {
      page.next = last;
      break;
    }
    *page.response.add_contracts() = toProto(contract, reading.nowUnixMs);
    last = contract.id;
  }
  return page;
}

Result<RecordPage> listRecords(const Reading& reading, const RecordFilter& filter,
                               const std::optional<RecordPlace>& after, std::uint32_t size) {
  DOORSTEP_ASSIGN(const auto query,
                  RecordQuery::open(reading.database, reading.caller, filter, reading.nowUnixMs));
  Pseudonyms pseudonyms(reading.pseudonymKey);
  DOORSTEP_ASSIGN(const auto names, identity::accountNames(reading.database));
  RecordPage page;
  std::set<std::pair<ProviderId, PersonId>> seen;
  const auto take = [&](const SlotRecord& record) {
    *page.response.add_records() = toProto(record, pseudonyms, names);
    if (seen.emplace(record.provider, record.person.id).second) {
      identity::Look look;
      look.account = reading.caller.account;
      look.provider = record.provider;
      look.person = record.person.id;
      look.purpose = identity::LookPurpose::Record;
      look.atUnixMs = reading.nowUnixMs;
      page.looks.push_back(std::move(look));
    }
    return true;
  };
  DOORSTEP_ASSIGN(page.next, query->run(after, {size, kVisitsPerPageMax}, take));
  return page;
}

Result<v1::GetTotalsResponse> readTotals(const Reading& reading, const RecordFilter& filter) {
  DOORSTEP_ASSIGN(const auto query,
                  RecordQuery::open(reading.database, reading.caller, filter, reading.nowUnixMs));
  TotalsCounter totals;
  constexpr std::uint32_t kAll = std::numeric_limits<std::uint32_t>::max();
  const auto take = [&](const SlotRecord& record) {
    totals.add(record);
    return true;
  };
  DOORSTEP_TRY(query->run(std::nullopt, {kAll, kAll}, take));
  return totals.response();
}

Result<std::string> exportRules(const Reading& reading) {
  DOORSTEP_ASSIGN(auto all, roster::contracts(reading.database));
  return rulesFile(VisibleContracts(reading.caller, std::move(all)).contracts());
}

Result<ExportPiece> exportPiece(const Reading& reading, const RecordFilter& filter,
                                const std::optional<RecordPlace>& after, RowFormat format) {
  DOORSTEP_ASSIGN(const auto query,
                  RecordQuery::open(reading.database, reading.caller, filter, reading.nowUnixMs));
  Pseudonyms pseudonyms(reading.pseudonymKey);
  ExportPiece piece;
  if (!after && format == RowFormat::Csv)
    piece.text = csvHeader();
  const auto take = [&](const SlotRecord& record) {
    const auto row = visitRow(record, reading.nowUnixMs, pseudonyms);
    if (row) {
      piece.text += format == RowFormat::Csv ? row->csv() : row->json();
      ++piece.rows;
    }
    return true;
  };
  DOORSTEP_ASSIGN(piece.next, query->run(after, {kExportPieceRecords, kVisitsPerPageMax}, take));
  return piece;
}

Result<std::vector<ProviderId>> providersRead(sql::Database& database,
                                              const identity::AccountCaller& caller,
                                              const RecordFilter& filter) {
  DOORSTEP_ASSIGN(auto contracts, roster::contracts(database));
  DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
  std::vector<ProviderId> all;
  for (const roster::Provider& provider : providers)
    all.push_back(provider.id);
  return VisibleContracts(caller, std::move(contracts)).providers(filter, all);
}

Result<VisitProofs> readVisitProofs(const Reading& reading, event_log::EventLog& log,
                                    ProviderId provider, VisitId visit) {
  DOORSTEP_ASSIGN(auto all, roster::contracts(reading.database));
  const VisibleContracts visible(reading.caller, std::move(all));
  DOORSTEP_ASSIGN(const auto seen, seenVisit(reading.database, visible, provider, visit));
  if (!seen)
    return Error{ErrorCode::NotFound, "VISIT_UNKNOWN", "not a visit that the caller may see"};
  const MaySeeVisit maySee = [&](VisitId asked) -> Result<bool> {
    DOORSTEP_ASSIGN(const auto other, seenVisit(reading.database, visible, provider, asked));
    return other.has_value();
  };
  VisitProofs found;
  found.person = seen->person;
  DOORSTEP_ASSIGN(found.proofs, makeVisitProofs(reading.database, log, provider, visit, maySee));
  return found;
}

Result<PlanProofs> readPlanProofs(const Reading& reading, event_log::EventLog& log,
                                  ProviderId provider, VisitId asked, bool withLater) {
  sql::Database& database = reading.database;
  // Plan and decisions are read in one snapshot.
  DOORSTEP_ASSIGN(const auto snapshot,
                  sql::Transaction::begin(database, sql::TransactionKind::Snapshot));
  DOORSTEP_ASSIGN(auto all, roster::contracts(database));
  const VisibleContracts visible(reading.caller, std::move(all));
  DOORSTEP_ASSIGN(const auto seen, seenVisit(database, visible, provider, asked));
  if (!seen)
    return Error{ErrorCode::NotFound, "VISIT_UNKNOWN", "not a visit that the caller may see"};
  DOORSTEP_ASSIGN(const auto judged,
                  roster::judgedVisit(database, provider, seen->visit, reading.nowUnixMs));
  std::vector<std::uint64_t> versions{judged.plan.lock.judging};
  for (const std::uint64_t later : {judged.plan.lock.standing, judged.visit.planVersion})
    if (withLater && std::find(versions.begin(), versions.end(), later) == versions.end())
      versions.push_back(later);

  DOORSTEP_ASSIGN(auto maker, PlanProofMaker::open(database, log, provider));
  PlanProofs found;
  found.person = seen->person;
  for (const std::uint64_t version : versions) {
    DOORSTEP_ASSIGN(*found.response.add_visits(),
                    maker.visit(seen->visit, version, visible.seesCarers(provider)));
  }
  const std::int64_t day = londonDayNumber(seen->anchorUnixMs);
  DOORSTEP_TRY(maker.addTerms(seen->person, {}, day, found.response));
  DOORSTEP_TRY(maker.addTerms({}, seen->lot, day, found.response));
  const auto& lots = visible.lots();
  const auto* contract = lots.contractOf(provider, seen->lot, seen->anchorUnixMs);
  if (contract != nullptr)
    DOORSTEP_TRY(maker.addRules(
        contract->id,
        static_cast<std::uint32_t>(lots.rulesOf(provider, seen->lot, seen->anchorUnixMs).number),
        found.response));
  return found;
}

}  // namespace doorstep::records
