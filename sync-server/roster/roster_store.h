// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/measures/rules.h"
#include "shared/visits/plan.h"

namespace doorstep::roster {

// Read access to the office's plan, which only rota_import.h and plan_writer.h write. All versions
// of a visit are kept; a read without a version returns the one in force. Every function is one
// read on the given connection; reads that must be consistent need one transaction of the caller.
// Nothing here is derived from the log: records never change the plan. Errors: NOT_FOUND
// (PROVIDER_UNKNOWN, COUNCIL_UNKNOWN, PERSON_UNKNOWN, CARER_UNKNOWN, VISIT_UNKNOWN) and the
// database's. Thread: the connection's.

struct Provider {
  ProviderId id;
  std::string name;
  std::uint64_t planVersion = 0;  // in force; 0: no rota yet
};

struct Council {
  CouncilId id;
  std::string name;
};

struct Carer {
  CarerId id;
  std::string ref;
  std::string name;
};

// A provider's lot is a contract's from a local day on, until a row of the same lot with a later
// day; of a provider's contracts at most one has it on a day.
struct LotPeriod {
  ProviderId provider;
  std::string lot;
  std::int64_t fromDay = 0;
  std::string
      role;  // of the provider in the lot: lead, supplementary, contingency; empty: not said
  // Why days that had begun were given this row, and when. Empty: nothing was corrected.
  std::string reason = {};
  std::optional<std::int64_t> madeUnixMs = {};
};

struct ContractParty {
  ProviderId provider;
  std::string name;
};

// One council's, with one or several providers: what each has of it, from when and in which role,
// is in the periods.
struct Contract {
  ContractId id;
  std::string ref;
  CouncilId council;
  std::string councilName;
  std::vector<ContractParty> providers;  // by id; at least one
  std::vector<std::string> lots;         // that it has or had on some day; sorted
  std::vector<LotPeriod>
      periods;  // used by ContractLots, which knows when another contract takes over a lot
  std::vector<measures::RuleVersion> rules;  // by first day and number, at least one
};

// Whether the provider is or was a party of the contract.
bool covers(const Contract& contract, ProviderId provider);
// What of the contract concerns the provider: no other provider, nor what only others have of it.
Contract shareOf(const Contract& contract, ProviderId provider);
// The rules in force for a visit whose window starts at the moment: of the latest first day on or
// before its day, else the first ones. Ended rules too: a board has to say something, figures have
// none then (measures::RuleBook).
const measures::RuleVersion& rulesAt(const Contract& contract, std::int64_t windowStartUnixMs);

Result<Provider> provider(sql::Database& database, ProviderId id);
Result<std::vector<Provider>> providers(sql::Database& database);
Result<Council> council(sql::Database& database, CouncilId id);
Result<std::vector<Council>> councils(sql::Database& database);

// All contracts, by id: a few dozen per council.
Result<std::vector<Contract>> contracts(sql::Database& database);
Result<std::vector<Contract>> contractsOfProvider(sql::Database& database, ProviderId provider);
// Of any council and provider, by id.
Result<std::vector<Contract>> contractsOfRef(sql::Database& database, std::string_view ref);

// nullopt: the provider has nobody of this ref.
Result<std::optional<PersonId>> personIdByRef(sql::Database& database, ProviderId provider,
                                              std::string_view ref);
Result<visits::Person> person(sql::Database& database, ProviderId provider, PersonId id);
// The same in two steps, for reading many.
Result<sql::Statement> preparePerson(sql::Database& database);
Result<visits::Person> readPerson(sql::Statement& prepared, ProviderId provider, PersonId id);
// As published: the bytes that phones receive, independent of this release's encoding.
Result<std::string> personBytes(sql::Database& database, ProviderId provider, PersonId id);
Result<Carer> carer(sql::Database& database, ProviderId provider, CarerId id);
Result<Carer> carerByRef(sql::Database& database, ProviderId provider, std::string_view ref);
// By id, after `after`, at most `limit`.
Result<std::vector<Carer>> carers(sql::Database& database, ProviderId provider, CarerId after,
                                  std::uint32_t limit);
// As carers, for people.
Result<std::vector<visits::Person>> people(sql::Database& database, ProviderId provider,
                                           PersonId after, std::uint32_t limit);

Result<visits::PlannedVisit> visit(sql::Database& database, ProviderId provider, VisitId id);
// The version in force, with its bytes as published.
struct PublishedVisit {
  visits::PlannedVisit visit;
  std::string bytes;
};
Result<PublishedVisit> publishedVisit(sql::Database& database, ProviderId provider, VisitId id);
// Every version, oldest first.
Result<std::vector<visits::PlannedVisit>> visitVersions(sql::Database& database,
                                                        ProviderId provider, VisitId id);

// Cursor in a list of visits: continue after this visit. startUnixMs is what the list is ordered
// by: the start of the window in force (visitsInWindow) or the anchor (judgedVisits).
struct VisitCursor {
  std::int64_t startUnixMs = INT64_MIN;
  VisitId visit;
};
// Visits in force whose window starts in [fromUnixMs, toUnixMs), by (window start, id), including
// cancelled ones; at most `limit` after `after`. Cost: the size of the result.
Result<std::vector<visits::PlannedVisit>> visitsInWindow(sql::Database& database,
                                                         ProviderId provider,
                                                         std::int64_t fromUnixMs,
                                                         std::int64_t toUnixMs, VisitCursor after,
                                                         std::uint32_t limit);
// The anchor of a visit: the start of the window of the version that judges it (judged_plan.h).
Result<std::int64_t> visitAnchor(sql::Database& database, ProviderId provider, VisitId id);
// Visits whose version in force is newer than planVersion, by (plan version, id), to update a copy
// of a provider's plan in memory. The first call passes no visit; after `limit` results call again
// with the last one's plan version and id.
Result<std::vector<visits::PlannedVisit>> visitsChangedAfter(sql::Database& database,
                                                             ProviderId provider,
                                                             std::uint64_t planVersion,
                                                             VisitId after, std::uint32_t limit);

}  // namespace doorstep::roster
