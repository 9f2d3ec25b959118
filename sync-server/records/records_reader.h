// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/crypto/sealing.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/identity/access_log.h"
#include "sync-server/identity/caller.h"
#include "sync-server/records/listing/record_query.h"

namespace doorstep::records {

// The queries of RecordsService without the transport: each function is one reading for one caller.
// Thread: the connection's.

struct Reading {
  sql::Database& database;
  const identity::AccountCaller& caller;
  std::int64_t nowUnixMs = 0;
  const crypto::SecretKey& pseudonymKey;
};

// By id, after `after`.
struct ContractPage {
  v1::ListContractsResponse response;  // without its page token
  std::optional<ContractId> next;      // more follow after this one
};
Result<ContractPage> listContracts(const Reading& reading, ContractId after, std::uint32_t size);

struct RecordPage {
  v1::ListVisitRecordsResponse response;  // without its page token
  std::optional<RecordPlace> next;
  std::vector<identity::Look> looks;  // to be recorded before the page is shown: one per person
};
Result<RecordPage> listRecords(const Reading& reading, const RecordFilter& filter,
                               const std::optional<RecordPlace>& after, std::uint32_t size);

Result<v1::GetTotalsResponse> readTotals(const Reading& reading, const RecordFilter& filter);

// Part of an export. The first one starts with the header, where the format has one.
enum class RowFormat { Csv, JsonLines };
struct ExportPiece {
  std::string text;
  std::uint64_t rows = 0;
  std::optional<RecordPlace> next;
};
// rules.json of the contracts that the caller may see. Error: CONTRACT_AMBIGUOUS (rules_file.h).
Result<std::string> exportRules(const Reading& reading);
Result<ExportPiece> exportPiece(const Reading& reading, const RecordFilter& filter,
                                const std::optional<RecordPlace>& after,
                                RowFormat format = RowFormat::Csv);

// Providers whose records a reading with the filter may have.
Result<std::vector<ProviderId>> providersRead(sql::Database& database,
                                              const identity::AccountCaller& caller,
                                              const RecordFilter& filter);

// Errors: VISIT_UNKNOWN, also for a visit that the caller may not see.
struct VisitProofs {
  std::vector<v1::EntryProof> proofs;
  PersonId person;
};
Result<VisitProofs> readVisitProofs(const Reading& reading, event_log::EventLog& log,
                                    ProviderId provider, VisitId visit);

// What a visit is judged by. withLater: also the plan versions that came after the judging one.
// Errors: as readVisitProofs, and those of PlanProofMaker.
struct PlanProofs {
  v1::GetPlanProofsResponse response;  // without the verifier key
  PersonId person;
};
Result<PlanProofs> readPlanProofs(const Reading& reading, event_log::EventLog& log,
                                  ProviderId provider, VisitId visit, bool withLater);

}  // namespace doorstep::records
