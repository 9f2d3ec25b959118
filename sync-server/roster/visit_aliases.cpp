// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/visit_aliases.h"

#include "sync-server/roster/limits.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::roster {
namespace {

constexpr const char* kResolve =
    "SELECT planned_id FROM visit_alias WHERE provider_id = ? AND visit_id = ?";

// Returns 0 if there is no row.
Result<std::uint64_t> one(sql::Statement& row) {
  DOORSTEP_ASSIGN(const bool found, row.step());
  const std::uint64_t id = found ? row.columnId(0) : 0;
  row.reset();
  return id;
}

bool isNear(std::int64_t a, std::int64_t b) {
  return a > b - kClaimedStartWithinMs && a < b + kClaimedStartWithinMs;
}

}  // namespace

Result<VisitId> VisitAliases::resolve(ProviderId provider, VisitId visit) {
  if (!any_) {
    DOORSTEP_ASSIGN(auto exists, database_.prepare("SELECT EXISTS (SELECT 1 FROM visit_alias)"));
    DOORSTEP_ASSIGN(const std::uint64_t found, one(exists));
    any_ = found != 0;
  }
  if (!*any_)
    return visit;
  if (!select_) {
    DOORSTEP_ASSIGN(select_, database_.prepare(kResolve));
  }
  select_->bindId(0, provider.value).bindId(1, visit.value);
  DOORSTEP_ASSIGN(const std::uint64_t planned, one(*select_));
  return planned == 0 ? visit : VisitId(planned);
}

Result<std::optional<VisitId>> VisitAliases::match(ProviderId provider, const Claim& claim) {
  const std::optional<VisitId> none;
  if (!claim.visit || claim.ref.empty() || claim.personRef.empty())
    return none;
  // A phone may send any text. No ref contains a NUL, and PostgreSQL does not accept one in a text.
  if (claim.ref.find('\0') != std::string::npos)
    return none;
  DOORSTEP_ASSIGN(auto known, database_.prepare(R"sql(
SELECT 1 FROM visit WHERE provider_id = ?1 AND visit_id = ?2
UNION ALL SELECT 1 FROM visit_alias WHERE provider_id = ?1 AND visit_id = ?2)sql"));
  DOORSTEP_ASSIGN(const std::uint64_t isKnown,
                  one(known.bindId(0, provider.value).bindId(1, claim.visit.value)));
  if (isKnown != 0)
    return none;
  DOORSTEP_ASSIGN(auto byRef, database_.prepare(
                                  "SELECT visit_id FROM visit WHERE provider_id = ? AND ref = ?"));
  DOORSTEP_ASSIGN(const std::uint64_t found,
                  one(byRef.bindId(0, provider.value).bindText(1, claim.ref)));
  if (found == 0)
    return none;
  DOORSTEP_ASSIGN(const auto planned, visit(database_, provider, VisitId(found)));
  DOORSTEP_ASSIGN(const auto of, person(database_, provider, planned.person));
  if (of.ref != claim.personRef || !isNear(claim.windowStartUnixMs, planned.windowStartUnixMs))
    return none;
  DOORSTEP_ASSIGN(auto count,
                  database_.prepare(
                      "SELECT count(*) FROM visit_alias WHERE provider_id = ? AND planned_id = ?"));
  DOORSTEP_ASSIGN(const std::uint64_t names, one(count.bindId(0, provider.value).bindId(1, found)));
  return names < kAliasesPerVisitMax ? std::optional(VisitId(found)) : none;
}

Status VisitAliases::bind(ProviderId provider, VisitId alias, VisitId visit) {
  any_ = true;
  DOORSTEP_ASSIGN(auto insert,
                  database_.prepare("INSERT INTO visit_alias (provider_id, visit_id, planned_id) "
                                    "VALUES (?, ?, ?) ON CONFLICT DO NOTHING"));
  return insert.bindId(0, provider.value).bindId(1, alias.value).bindId(2, visit.value).run();
}

Result<VisitId> resolveVisit(sql::Database& database, ProviderId provider, VisitId visit) {
  DOORSTEP_ASSIGN(auto select, database.prepare(kResolve));
  DOORSTEP_ASSIGN(const std::uint64_t planned,
                  one(select.bindId(0, provider.value).bindId(1, visit.value)));
  return planned == 0 ? visit : VisitId(planned);
}

Result<std::vector<VisitId>> namesOfVisit(sql::Database& database, ProviderId provider,
                                          VisitId visit) {
  std::vector<VisitId> names{visit};
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare(
                      "SELECT visit_id FROM visit_alias WHERE provider_id = ? AND planned_id = ?"));
  rows.bindId(0, provider.value).bindId(1, visit.value);
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return names;
    names.push_back(VisitId(rows.columnId(0)));
  }
}

}  // namespace doorstep::roster
