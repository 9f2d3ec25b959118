// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"

namespace doorstep::adjustments {

// What supervisors have said of carer slots: approved times in place of the ruled ones, and why a
// slot went otherwise. Rows are added and never changed (adjustment_writer.h); the newest of a
// slot's times and the newest of its explanations are in force. What the phone recorded is not
// here and stays as it is. Errors: the database's. Thread: the connection's.

// Numbers of slot_adjustment.kind.
enum class AdjustmentKind {
  TimesApproved = 1,
  TimesWithdrawn = 2,  // none are approved any more
  Explained = 3,       // an empty reason: nothing is said any more
};

struct Adjustment {
  ProviderId provider;
  VisitId visit;
  std::uint32_t slot = 0;
  std::uint32_t revision = 0;  // counts all kinds of the slot, from 1
  AdjustmentKind kind = AdjustmentKind::TimesApproved;
  std::optional<std::int64_t> startUnixMs, endUnixMs;  // absent: the ruled time holds
  std::string reason, action;                          // visits/adjustment_codes.h
  std::string responsibility;                          // empty: not said
  std::string note;
  AccountId account;
  std::string byRole;  // "supervisor", "operator"
  std::int64_t madeUnixMs = 0;

  bool operator==(const Adjustment&) const = default;
};

// What is in force of a slot.
struct SlotAdjustments {
  std::uint32_t newestRevision = 0;  // of any kind
  std::optional<Adjustment> times;   // approved, not withdrawn
  std::optional<Adjustment> explanation;
};

// Prepared once, for many visits.
class AdjustmentReader {
 public:
  static Result<AdjustmentReader> open(sql::Database& database);
  // By slot; slots of which nothing was said are absent. Cost: the rows of the visit, found by the
  // primary key; none for nearly every visit.
  Result<std::map<std::uint32_t, SlotAdjustments>> ofVisit(ProviderId provider, VisitId visit);

 private:
  explicit AdjustmentReader(sql::Statement select) : select_(std::move(select)) {}
  sql::Statement select_;
};

// Every row of the provider, by visit, slot and revision. Cost: all of them, one in memory.
Status forEachAdjustment(sql::Database& database, ProviderId provider,
                         const std::function<Status(const Adjustment&)>& each);

// Everything that was said of a visit, the newest first. Cost: the size of the result.
Result<std::vector<Adjustment>> adjustmentsOfVisit(sql::Database& database, ProviderId provider,
                                                   VisitId visit);

// Where a list goes on: below this row.
struct AdjustmentPlace {
  std::int64_t madeUnixMs = INT64_MAX;
  ProviderId provider;
  VisitId visit;
  std::uint32_t slot = 0;
  std::uint32_t revision = 0;
};
AdjustmentPlace placeOf(const Adjustment& adjustment);
// Of all providers, the newest first, below the place; at most `limit`. Cost: the size of the
// result.
Result<std::vector<Adjustment>> newestAdjustments(sql::Database& database,
                                                  const AdjustmentPlace& below,
                                                  std::uint32_t limit);

// What the office's log says of the row; who and when stand in the fact around it. entrySalt: of
// the entry that contains the fact, which has the hash of the note.
visits::OfficeDecision factOf(const Adjustment& adjustment, std::string_view entrySalt);
// The same as releases said it that wrote the note itself in the fact around it.
visits::OfficeDecision factWithoutNote(const Adjustment& adjustment);

// Inside a write job. Error ALREADY_EXISTS when the slot has the revision.
Status addAdjustment(sql::Database& database, const Adjustment& adjustment);

}  // namespace doorstep::adjustments
