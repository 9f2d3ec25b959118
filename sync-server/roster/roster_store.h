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
#include "shared/visits/contract_rules.h"
#include "shared/visits/plan.h"

namespace doorstep::roster {

// What the office planned, read. Written by rota_import.h and plan_writer.h alone. A visit's
// versions are all kept; what is read without naming a version is the one in force. Every function
// is one read over the connection that it is given; several that must agree stand in one
// transaction of the caller. Nothing here is derived from the log: records never change the plan.
// Errors: NOT_FOUND (PROVIDER_UNKNOWN, COUNCIL_UNKNOWN, PERSON_UNKNOWN, CARER_UNKNOWN,
// VISIT_UNKNOWN) and what SQLite reports. Thread: the connection's.

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

// Rules in one version and from when they hold.
struct DatedRules {
  std::int64_t fromUnixMs = 0;
  visits::ContractRules rules;
};

// A lot is a contract's from a local day on, until a row of the same lot with a later day; of a
// provider's contracts at most one has it on a day.
struct LotPeriod {
  std::string lot;
  std::int64_t fromDay = 0;
  std::string
      role;  // of the provider in the lot: lead, supplementary, contingency; empty: not said
};

struct Contract {
  ContractId id;
  std::string ref;
  CouncilId council;
  std::string councilName;
  ProviderId provider;
  std::string providerName;
  std::vector<std::string> lots;  // that it has or had on some day; sorted
  std::vector<LotPeriod>
      periods;                    // read by ContractLots, which knows when another takes a lot over
  std::vector<DatedRules> rules;  // by fromUnixMs, at least one
};

// The rules in force for a visit whose window starts at the moment.
const visits::ContractRules& rulesAt(const Contract& contract, std::int64_t windowStartUnixMs);

Result<Provider> provider(sql::Database& database, ProviderId id);
Result<std::vector<Provider>> providers(sql::Database& database);
Result<Council> council(sql::Database& database, CouncilId id);
Result<std::vector<Council>> councils(sql::Database& database);

// All contracts, by id: some dozens a council.
Result<std::vector<Contract>> contracts(sql::Database& database);
Result<std::vector<Contract>> contractsOfProvider(sql::Database& database, ProviderId provider);

Result<visits::Person> person(sql::Database& database, ProviderId provider, PersonId id);
// The same in two steps, for whoever reads many.
Result<sql::Statement> preparePerson(sql::Database& database);
Result<visits::Person> readPerson(sql::Statement& prepared, ProviderId provider, PersonId id);
// As published: what phones were sent and are sent again, whatever this release would write.
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

// Where a list of visits by window start goes on: after this visit.
struct VisitCursor {
  std::int64_t windowStartUnixMs = INT64_MIN;
  VisitId visit;
};
// Visits in force whose window starts in [fromUnixMs, toUnixMs), by (window start, id), cancelled
// ones too; at most `limit` after `after`. Cost grows with what is returned.
Result<std::vector<visits::PlannedVisit>> visitsInWindow(sql::Database& database,
                                                         ProviderId provider,
                                                         std::int64_t fromUnixMs,
                                                         std::int64_t toUnixMs, VisitCursor after,
                                                         std::uint32_t limit);
// The anchor of a visit: the start of the window of the version that judges it (judged_plan.h).
Result<std::int64_t> visitAnchor(sql::Database& database, ProviderId provider, VisitId id);
// Visits whose version in force is newer than planVersion, by (plan version, id), for whoever keeps
// a copy of a provider's plan in memory. The first call names no visit; more than `limit`: call
// again with the last one's plan version and id.
Result<std::vector<visits::PlannedVisit>> visitsChangedAfter(sql::Database& database,
                                                             ProviderId provider,
                                                             std::uint64_t planVersion,
                                                             VisitId after, std::uint32_t limit);

}  // namespace doorstep::roster
