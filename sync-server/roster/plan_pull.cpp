// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/plan_pull.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "shared/core/local_time.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/scope_days.h"

namespace doorstep::roster {
namespace {

using doorstep::roster::v1::PlanChange;
using doorstep::roster::v1::PlanChanges;

constexpr int kChangeBits = 46;  // 70 million million changes of one provider
constexpr int kDayBits = 16;     // until the year 2149
constexpr std::uint64_t kFillingBit = 1ULL << (kChangeBits + kDayBits);
// Each day since the last pull is one step of the next pull. A phone that was away for longer, or
// sends a cursor that says so, holds nothing that is still in its scope, and a full copy is
// cheaper.
constexpr std::int64_t kAwayDaysMax = 400;

struct Cursor {
  std::uint64_t change = 0;  // all changes up to it are delivered
  std::int64_t nextDay = 0;  // first local day whose visits are not delivered
  bool filling = false;      // the phone began with nothing: no day before needs to be removed

  std::uint64_t encoded() const {
    return (filling ? kFillingBit : 0) | (static_cast<std::uint64_t>(nextDay) << kChangeBits) |
           change;
  }
  // Accepts any number, because a phone may send one that no server issued. isOurs() returns
  // whether encoded() gives the same number again; only such a number is a cursor.
  static Cursor decode(std::uint64_t encoded) {
    return {encoded & ((1ULL << kChangeBits) - 1),
            static_cast<std::int64_t>((encoded >> kChangeBits) & ((1ULL << kDayBits) - 1)),
            (encoded & kFillingBit) != 0};
  }
  static bool isOurs(std::uint64_t encoded) { return decode(encoded).encoded() == encoded; }
};

// One pull. A page consists of steps: a step is one change row, or one day that enters the scope
// with the day that leaves it. A page ends after the step that reaches a limit.
class Pull {
 public:
  Pull(sql::Database& database, const PullScope& scope, std::int64_t nowUnixMs,
       const PullLimits& limits)
      : database_(database),
        scope_(scope),
        limits_(limits),
        firstDay_(londonDayNumber(nowUnixMs) - kScopeDaysBack) {}

  Result<std::optional<PlanChanges>> run(std::uint64_t encodedCursor);

 private:
  struct Published {
    VisitId id;
    PersonId person;
    std::string bytes;
  };
  struct Row {
    std::uint64_t change;
    int kind;
    std::uint64_t object;
    bool had;
  };

  std::int64_t endDay() const { return firstDay_ + kScopeDays; }
  bool full() const {
    return page_.changes_size() >= static_cast<int>(limits_.changesMax) ||
           bytes_ >= limits_.bytesMax;
  }

  Result<bool> readHead();
  Status applyChanges();
  Result<std::vector<Row>> readRows();
  Status applyVisitChange(const Row& row);
  Status moveDays();
  Result<std::vector<Published>> visitsOfDays(std::int64_t fromDay, std::int64_t toDay);
  Result<bool> hasVisitOf(PersonId person);
  Status addVisit(Published visit);
  Status addPerson(PersonId id);
  void removeVisit(VisitId id, PersonId person);
  Status removePeople();
  Status addScopeHash();
  void addObject(std::uint32_t kind, std::uint64_t id, std::string bytes);
  void addRemoved(std::uint32_t kind, std::uint64_t id);
  void add(PlanChange change);

  sql::Database& database_;
  const PullScope scope_;
  const PullLimits limits_;
  const std::int64_t firstDay_;
  std::uint64_t newestChange_ = 0;
  std::uint64_t droppedChange_ = 0;  // changes of the carer up to this one were deleted
  Cursor cursor_;
  PlanChanges page_;
  std::size_t bytes_ = 0;
  // Of this page. A visit that moved to a day not delivered yet is removed first and sent with that
  // day.
  std::set<VisitId> sentVisits_;
  std::set<VisitId> removedVisits_;
  std::set<PersonId> sentPeople_;
  std::set<PersonId> maybeGone_;  // a visit to them left the scope
};

Result<bool> Pull::readHead() {
  DOORSTEP_ASSIGN(auto head, database_.prepare(R"sql(
SELECT newest_change, plan_version,
  coalesce((SELECT dropped_change FROM carer WHERE provider_id = ?1 AND carer_id = ?2), 0)
FROM provider WHERE provider_id = ?1)sql"));
  head.bindId(0, scope_.provider.value).bindId(1, scope_.carer.value);
  DOORSTEP_ASSIGN(const bool found, head.step());
  if (found) {
    newestChange_ = head.columnId(0);
    page_.set_plan_version(head.columnId(1));
    droppedChange_ = head.columnId(2);
  }
  return found;
}

Result<std::optional<PlanChanges>> Pull::run(std::uint64_t encodedCursor) {
  DOORSTEP_ASSIGN(const bool found, readHead());
  if (!found)
    return Error{ErrorCode::NotFound, "PROVIDER_UNKNOWN",
                 "a device of a provider that is not there"};
  cursor_ = Cursor::decode(encodedCursor);
  const bool unknown = !Cursor::isOurs(encodedCursor) || cursor_.change > newestChange_ ||
                       cursor_.change < droppedChange_ || cursor_.nextDay > endDay() ||
                       cursor_.nextDay < firstDay_ - kAwayDaysMax;
  if (encodedCursor == 0 || unknown) {
    cursor_ = {newestChange_, firstDay_, true};
    page_.set_reset(true);
  } else if (cursor_.change == newestChange_ && cursor_.nextDay == endDay()) {
    return std::optional<PlanChanges>();
  }
  DOORSTEP_TRY(applyChanges());
  if (!page_.has_more())
    DOORSTEP_TRY(moveDays());
  DOORSTEP_TRY(removePeople());
  if (!page_.has_more()) {
    cursor_.filling = false;
    DOORSTEP_TRY(addScopeHash());
  }
  page_.set_next_cursor(cursor_.encoded());
  return std::optional<PlanChanges>(std::move(page_));
}

Result<std::vector<Pull::Row>> Pull::readRows() {
  DOORSTEP_ASSIGN(auto rows, database_.prepare(R"sql(
SELECT change, kind, object_id, had, plan_version FROM plan_change
WHERE provider_id = ? AND carer_id = ? AND change > ? AND change <= ? ORDER BY change
  LIMIT ?)sql"));
  rows.bindId(0, scope_.provider.value).bindId(1, scope_.carer.value);
  rows.bindId(2, cursor_.change).bindId(3, newestChange_);
  rows.bind(4, static_cast<std::int64_t>(limits_.changesMax) + 1);
  std::vector<Row> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    if (found.size() == limits_.changesMax) {
      page_.set_has_more(true);
      // The phone then has all versions before that of the first row not sent.
      page_.set_plan_version(rows.columnId(4) - 1);
      return found;
    }
    found.push_back({rows.columnId(0), static_cast<int>(rows.columnInt(1)), rows.columnId(2),
                     rows.columnInt(3) != 0});
  }
}

Status Pull::applyChanges() {
  DOORSTEP_ASSIGN(const auto rows, readRows());
  for (const Row& row : rows) {
    if (row.kind == 1) {
      DOORSTEP_TRY(applyVisitChange(row));
    } else {
      maybeGone_.insert(PersonId(row.object));
      DOORSTEP_ASSIGN(const bool inScope, hasVisitOf(PersonId(row.object)));
      if (inScope)
        DOORSTEP_TRY(addPerson(PersonId(row.object)));
    }
    cursor_.change = row.change;
  }
  if (!page_.has_more())
    cursor_.change = newestChange_;
  return kDone;
}

Status Pull::applyVisitChange(const Row& row) {
  const VisitId id(row.object);
  if (sentVisits_.contains(id) || removedVisits_.contains(id))
    return kDone;  // an earlier row of this page sent the version in force
  DOORSTEP_ASSIGN(auto published, publishedVisit(database_, scope_.provider, id));
  const visits::PlannedVisit& current = published.visit;
  const bool hers =
      std::any_of(current.slots.begin(), current.slots.end(),
                  [&](const visits::CarerSlot& slot) { return slot.carer == scope_.carer; });
  const std::int64_t day = londonDayNumber(current.windowStartUnixMs);
  if (hers && day >= firstDay_ && day < cursor_.nextDay)
    return addVisit({id, current.person, std::move(published.bytes)});
  // A visit on a day not delivered yet is sent with that day; until then the phone must not keep an
  // older version.
  if (row.had)
    removeVisit(id, current.person);
  return kDone;
}

Status Pull::moveDays() {
  while (cursor_.nextDay < endDay()) {
    if (full()) {
      page_.set_has_more(true);
      return kDone;
    }
    const std::int64_t day = cursor_.nextDay++;
    if (!cursor_.filling) {
      DOORSTEP_ASSIGN(const auto left, visitsOfDays(day - kScopeDays, day - kScopeDays + 1));
      for (const auto& visit : left)
        removeVisit(visit.id, visit.person);
    }
    if (day < firstDay_)
      continue;  // entered and left the scope since the last pull
    DOORSTEP_ASSIGN(auto entered, visitsOfDays(day, day + 1));
    for (auto& visit : entered)
      DOORSTEP_TRY(addVisit(std::move(visit)));
  }
  return kDone;
}

Result<std::vector<Pull::Published>> Pull::visitsOfDays(std::int64_t fromDay, std::int64_t toDay) {
  DOORSTEP_ASSIGN(auto rows, database_.prepare(R"sql(
SELECT visit_id, visit_carer.person_id, visit_version.visit
FROM visit_carer JOIN visit USING (provider_id, visit_id)
  JOIN visit_version USING (provider_id, visit_id, plan_version)
WHERE visit_carer.provider_id = ? AND visit_carer.carer_id = ?
  AND visit_carer.window_start_unix_ms >= ? AND visit_carer.window_start_unix_ms < ?
ORDER BY visit_carer.window_start_unix_ms, visit_id)sql"));
  rows.bindId(0, scope_.provider.value).bindId(1, scope_.carer.value);
  rows.bind(2, londonDayBeginUnixMs(fromDay)).bind(3, londonDayBeginUnixMs(toDay));
  std::vector<Published> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.push_back({VisitId(rows.columnId(0)), PersonId(rows.columnId(1)), rows.columnBlob(2)});
  }
}

// Whether the phone holds a visit of this carer to the person after this page.
Result<bool> Pull::hasVisitOf(PersonId person) {
  DOORSTEP_ASSIGN(auto row, database_.prepare(R"sql(
SELECT 1 FROM visit_carer WHERE provider_id = ? AND person_id = ? AND carer_id = ?
  AND window_start_unix_ms >= ? AND window_start_unix_ms < ? LIMIT 1)sql"));
  row.bindId(0, scope_.provider.value).bindId(1, person.value).bindId(2, scope_.carer.value);
  row.bind(3, londonDayBeginUnixMs(firstDay_)).bind(4, londonDayBeginUnixMs(cursor_.nextDay));
  return row.step();
}

void Pull::addObject(std::uint32_t kind, std::uint64_t id, std::string bytes) {
  PlanChange change;
  change.mutable_object()->set_kind(kind);
  change.mutable_object()->set_id(id);
  change.mutable_object()->set_bytes(std::move(bytes));
  add(std::move(change));
}

void Pull::addRemoved(std::uint32_t kind, std::uint64_t id) {
  PlanChange change;
  change.mutable_removed()->set_kind(kind);
  change.mutable_removed()->set_id(id);
  add(std::move(change));
}

void Pull::add(PlanChange change) {
  bytes_ += change.ByteSizeLong();
  *page_.add_changes() = std::move(change);
}

Status Pull::addVisit(Published visit) {
  if (!sentVisits_.insert(visit.id).second)
    return kDone;
  DOORSTEP_TRY(
      addPerson(visit.person));  // first, so that a phone never holds a visit without its person
  addObject(wire::kVisitKind, visit.id.value, std::move(visit.bytes));
  return kDone;
}

Status Pull::addPerson(PersonId id) {
  if (!sentPeople_.insert(id).second)
    return kDone;
  DOORSTEP_ASSIGN(std::string bytes, personBytes(database_, scope_.provider, id));
  addObject(wire::kPersonKind, id.value, std::move(bytes));
  return kDone;
}

void Pull::removeVisit(VisitId id, PersonId person) {
  if (!removedVisits_.insert(id).second)
    return;
  maybeGone_.insert(person);
  addRemoved(wire::kVisitKind, id.value);
}

Status Pull::removePeople() {
  for (const PersonId id : maybeGone_) {
    if (sentPeople_.contains(id))
      continue;
    DOORSTEP_ASSIGN(const bool stays, hasVisitOf(id));
    if (stays)
      continue;
    addRemoved(wire::kPersonKind, id.value);
  }
  return kDone;
}

Status Pull::addScopeHash() {
  DOORSTEP_ASSIGN(const auto held, visitsOfDays(firstDay_, endDay()));
  wire::ScopeHash hash;
  std::set<PersonId> people;
  for (const auto& visit : held) {
    hash.add(wire::kVisitKind, visit.id.value, visit.bytes);
    people.insert(visit.person);
  }
  for (const PersonId id : people) {
    DOORSTEP_ASSIGN(const std::string bytes, personBytes(database_, scope_.provider, id));
    hash.add(wire::kPersonKind, id.value, bytes);
  }
  page_.set_scope_count(hash.count());
  page_.set_scope_hash(hash.bytes());
  return kDone;
}

}  // namespace

bool nothingToPull(std::uint64_t cursor, std::uint64_t newestChange, std::int64_t nowUnixMs) {
  return cursor == hintCursor(newestChange, nowUnixMs);
}

Result<std::optional<PlanChanges>> pullChanges(sql::Database& database, const PullScope& scope,
                                               std::uint64_t cursor, std::int64_t nowUnixMs,
                                               const PullLimits& limits) {
  DOORSTEP_ASSIGN(auto snapshot, sql::Transaction::begin(database, sql::TransactionKind::Snapshot));
  auto pulled = Pull(database, scope, nowUnixMs, limits).run(cursor);
  DOORSTEP_TRY(snapshot.commit());
  return pulled;
}

Result<std::uint64_t> newestPlanChange(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(auto row,
                  database.prepare("SELECT newest_change FROM provider WHERE provider_id = ?"));
  row.bindId(0, provider.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found ? row.columnId(0) : 0;
}

Result<bool> holdsScope(sql::Database& database, const PullScope& scope,
                        std::uint64_t encodedCursor, std::int64_t nowUnixMs) {
  const Cursor cursor = Cursor::decode(encodedCursor);
  if (!Cursor::isOurs(encodedCursor) || cursor.filling ||
      cursor.nextDay != londonDayNumber(nowUnixMs) + 1 + kScopeDaysAhead)
    return false;
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
SELECT newest_change,
  coalesce((SELECT change FROM plan_change WHERE provider_id = ?1 AND carer_id = ?2
    ORDER BY change DESC LIMIT 1), 0)
FROM provider WHERE provider_id = ?1)sql"));
  row.bindId(0, scope.provider.value).bindId(1, scope.carer.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found && cursor.change <= row.columnId(0) && cursor.change >= row.columnId(1);
}

std::uint64_t hintCursor(std::uint64_t newestChange, std::int64_t nowUnixMs) {
  return Cursor{newestChange, londonDayNumber(nowUnixMs) + 1 + kScopeDaysAhead, false}.encoded();
}

Result<std::uint64_t> heldPlanVersion(sql::Database& database, ProviderId provider, CarerId carer,
                                      std::uint64_t encodedCursor) {
  const Cursor cursor = Cursor::decode(encodedCursor);
  if (encodedCursor == 0 || cursor.filling || !Cursor::isOurs(encodedCursor))
    return std::uint64_t{0};
  DOORSTEP_ASSIGN(auto newest, database.prepare(R"sql(
SELECT plan_version FROM plan_change WHERE provider_id = ? AND carer_id = ? AND change <= ?
ORDER BY change DESC LIMIT 1)sql"));
  newest.bindId(0, provider.value).bindId(1, carer.value).bindId(2, cursor.change);
  DOORSTEP_ASSIGN(const bool found, newest.step());
  return found ? newest.columnId(0) : 0;
}

}  // namespace doorstep::roster
