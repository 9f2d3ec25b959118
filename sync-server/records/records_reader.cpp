// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/records_reader.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "sync-server/identity/accounts.h"
#include "sync-server/records/csv_export.h"
#include "sync-server/records/proof_maker.h"
#include "sync-server/records/record_message.h"
#include "sync-server/records/totals.h"
#include "sync-server/records/tuning.h"
#include "sync-server/roster/visit_aliases.h"

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
  CarerPseudonyms pseudonyms(reading.pseudonymKey);
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

Result<ExportPiece> exportPiece(const Reading& reading, const RecordFilter& filter,
                                const std::optional<RecordPlace>& after) {
  DOORSTEP_ASSIGN(const auto query,
                  RecordQuery::open(reading.database, reading.caller, filter, reading.nowUnixMs));
  CarerPseudonyms pseudonyms(reading.pseudonymKey);
  ExportPiece piece;
  if (!after)
    piece.csv = csvHeader();
  const auto take = [&](const SlotRecord& record) {
    piece.csv += csvLine(record, pseudonyms);
    return true;
  };
  DOORSTEP_ASSIGN(piece.next, query->run(after, {kExportPieceRecords, kVisitsPerPageMax}, take));
  return piece;
}

Result<VisitProofs> readVisitProofs(const Reading& reading, event_log::EventLog& log,
                                    ProviderId provider, VisitId visit) {
  DOORSTEP_ASSIGN(auto all, roster::contracts(reading.database));
  const VisibleContracts visible(reading.caller, std::move(all));
  // Whose visit it is, when the caller may see it.
  const auto personSeen = [&](VisitId asked) -> Result<std::optional<PersonId>> {
    DOORSTEP_ASSIGN(const VisitId id, roster::resolveVisit(reading.database, provider, asked));
    DOORSTEP_ASSIGN(const auto planned, roster::visit(reading.database, provider, id));
    DOORSTEP_ASSIGN(const auto terms,
                    roster::personTerms(reading.database, provider, planned.person));
    DOORSTEP_ASSIGN(const std::int64_t at, roster::visitAnchor(reading.database, provider, id));
    const bool seen = visible.includes({}, provider, roster::termsAt(terms, at).lot, at);
    return seen ? std::optional(planned.person) : std::nullopt;
  };
  DOORSTEP_ASSIGN(const auto person, personSeen(visit));
  if (!person)
    return Error{ErrorCode::NotFound, "VISIT_UNKNOWN", "not a visit that the caller may see"};
  const MaySeeVisit maySee = [&](VisitId asked) -> Result<bool> {
    DOORSTEP_ASSIGN(const auto seen, personSeen(asked));
    return seen.has_value();
  };
  VisitProofs found;
  found.person = *person;
  DOORSTEP_ASSIGN(found.proofs, makeVisitProofs(reading.database, log, provider, visit, maySee));
  return found;
}

}  // namespace doorstep::records
