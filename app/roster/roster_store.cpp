// SPDX-License-Identifier: Apache-2.0
#include "app/roster/roster_store.h"

#include <array>
#include <string_view>

#include "shared/core/bytes.h"
#include "shared/sql/migrator.h"

namespace doorstep::roster {
namespace {

namespace v1 = doorstep::roster::v1;

// Of release 0.1: objects identified by text, re-encoded when stored.
constexpr const char* kTables = R"sql(
CREATE TABLE object (
  kind TEXT NOT NULL,
  id INTEGER NOT NULL,
  copy INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  plan_cursor INTEGER NOT NULL,
  plan_version INTEGER NOT NULL,
  copy INTEGER NOT NULL
) STRICT;
)sql";

// kind (roster.v1.PlanObjectKind, any number) and id identify an object; content is its bytes as
// received, sealed and bound to both. copy: the newest full copy that contained the object. Rows of
// the old table are fetched again.
constexpr const char* kObjectsByNumber = R"sql(
DROP TABLE object;
DELETE FROM state;
CREATE TABLE object (
  kind INTEGER NOT NULL,
  id INTEGER NOT NULL,
  copy INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
)sql";

std::string context(std::uint32_t kind, std::uint64_t id) {
  return "doorstep/roster/v2/" + bigEndian64(kind) + bigEndian64(id);
}

Error malformed(const char* what) { return {ErrorCode::InvalidArgument, "PLAN_MALFORMED", what}; }

// A page is refused as a whole before any of it is applied. An object's content cannot make a page
// invalid.
Status checkPage(const v1::PlanChanges& changes) {
  for (const v1::PlanChange& change : changes.changes()) {
    const bool named = (change.has_object() && change.object().kind() != 0) ||
                       (change.has_removed() && change.removed().kind() != 0);
    if (!named)
      return malformed("a change that names no object");
  }
  return kDone;
}

// A file without readable content, or of an unknown schema.
bool isWorthless(const Error& error) {
  return error.reason == "SQLITE_CORRUPT" || error.reason == "SQLITE_NOTADB" ||
         error.reason == "SQLITE_ERROR" || error.reason == "SQLITE_CONSTRAINT" ||
         error.reason == "SCHEMA_DAMAGED" || error.reason == "SCHEMA_NEWER";
}

}  // namespace

struct RosterStore::Statements {
  sql::Statement keep;
  sql::Statement remove;
  sql::Statement writeState;
};

RosterStore::RosterStore(sql::Database database, const crypto::SecretKey& key, IdSource& ids)
    : database_(std::move(database)), key_(key), ids_(ids) {}
RosterStore::~RosterStore() = default;

Result<std::unique_ptr<RosterStore>> RosterStore::open(const std::string& path,
                                                       const crypto::SecretKey& key, IdSource& ids,
                                                       sql::SqliteOptions file) {
  file.exclusive = true;
  auto kept = openFile(path, key, ids, file);
  if (kept.ok())
    return kept;
  // Deletes only a file that can never be read. On a full or read-only disk the plan stays.
  if (isWorthless(kept.error()) && sql::removeSqlite(path, file.vfs).ok()) {
    kept = openFile(path, key, ids, file);
    if (kept.ok())
      return kept;
  }
  DOORSTEP_ASSIGN(auto memory, openFile(":memory:", key, ids, {}));
  memory->copyFrom(path, file);
  return memory;
}

Result<std::unique_ptr<RosterStore>> RosterStore::openFile(const std::string& path,
                                                           const crypto::SecretKey& key,
                                                           IdSource& ids,
                                                           const sql::SqliteOptions& file) {
  DOORSTEP_ASSIGN(auto database, sql::openSqlite(path, file));
  std::unique_ptr<RosterStore> store(new RosterStore(std::move(database), key, ids));
  DOORSTEP_TRY(store->prepare());
  if (const auto loaded = store->load(); !loaded.ok()) {
    if (isWorthless(loaded.error()))
      return loaded.error();
    // Of another carer or key: fetch again. Objects without a state, or a state without its
    // objects, would look complete.
    store->forget();
    DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(store->database_));
    DOORSTEP_TRY(store->database_.execute("DELETE FROM object; DELETE FROM state"));
    DOORSTEP_TRY(transaction.commit());
  }
  return store;
}

void RosterStore::forget() {
  objects_.clear();
  people_.clear();
  visits_.clear();
  cursor_ = planVersion_ = copy_ = 0;
}

// Copies what can be read of a file that cannot be written. The rest is fetched.
void RosterStore::copyFrom(const std::string& path, sql::SqliteOptions file) {
  file.readOnly = true;
  file.exclusive = false;
  auto from = sql::openSqlite(path, file);
  if (!from.ok())
    return;
  const auto copy = [&]() -> Status {
    DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(database_));
    DOORSTEP_ASSIGN(
        auto state,
        from->prepare("SELECT plan_cursor, plan_version, copy FROM state WHERE id = 1"));
    DOORSTEP_ASSIGN(const bool known, state.step());
    if (!known)
      return kDone;
    cursor_ = state.columnId(0);
    planVersion_ = state.columnId(1);
    copy_ = state.columnId(2);
    DOORSTEP_ASSIGN(auto rows, from->prepare("SELECT kind, id, copy, content FROM object"));
    for (;;) {
      DOORSTEP_ASSIGN(const bool row, rows.step());
      if (!row)
        break;
      const std::string content = rows.columnBlob(3);
      DOORSTEP_TRY(statements_->keep.bindId(0, rows.columnId(0))
                       .bindId(1, rows.columnId(1))
                       .bindId(2, rows.columnId(2))
                       .bindBlob(3, content)
                       .run());
    }
    DOORSTEP_TRY(writeState());
    return transaction.commit();
  };
  if (!copy().ok() || !load().ok()) {
    forget();
    (void)database_.execute("DELETE FROM object; DELETE FROM state");
  }
}

Status RosterStore::prepare() {
  static constexpr std::array<sql::Migration, 2> kMigrations{{{1, kTables}, {2, kObjectsByNumber}}};
  DOORSTEP_TRY(sql::migrate(database_, "roster", kMigrations));
  DOORSTEP_ASSIGN(
      auto keep,
      database_.prepare(
          "INSERT OR REPLACE INTO object (kind, id, copy, content) VALUES (?, ?, ?, ?)"));
  DOORSTEP_ASSIGN(auto remove, database_.prepare("DELETE FROM object WHERE kind = ? AND id = ?"));
  DOORSTEP_ASSIGN(auto writeState,
                  database_.prepare("INSERT OR REPLACE INTO state (id, plan_cursor, plan_version, "
                                    "copy) VALUES (1, ?, ?, ?)"));
  statements_ = std::make_unique<Statements>(
      Statements{std::move(keep), std::move(remove), std::move(writeState)});
  return kDone;
}

Status RosterStore::load() {
  forget();
  DOORSTEP_ASSIGN(
      auto state,
      database_.prepare("SELECT plan_cursor, plan_version, copy FROM state WHERE id = 1"));
  DOORSTEP_ASSIGN(const bool known, state.step());
  if (known) {
    cursor_ = state.columnId(0);
    planVersion_ = state.columnId(1);
    copy_ = state.columnId(2);
  }
  DOORSTEP_ASSIGN(auto rows, database_.prepare("SELECT kind, id, content FROM object"));
  for (;;) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return kDone;
    const ObjectKey key{static_cast<std::uint32_t>(rows.columnId(0)), rows.columnId(1)};
    DOORSTEP_ASSIGN(std::string bytes,
                    crypto::open(key_, context(key.kind, key.id), rows.columnBlob(2)));
    show(key, bytes);
    objects_[key] = std::move(bytes);
  }
}

// Shows only the newest bytes; falling back to an older version would show a wrong plan.
void RosterStore::show(const ObjectKey& key, const std::string& bytes) {
  hide(key);
  if (key.kind == wire::kPersonKind) {
    if (auto person = wire::decodePerson(PersonId(key.id), bytes); person.ok())
      people_[PersonId(key.id)] = std::move(person).value();
  } else if (key.kind == wire::kVisitKind) {
    if (auto visit = wire::decodeVisit(VisitId(key.id), bytes); visit.ok())
      visits_[VisitId(key.id)] = std::move(visit).value();
  }
}

void RosterStore::hide(const ObjectKey& key) {
  if (key.kind == wire::kPersonKind)
    people_.erase(PersonId(key.id));
  else if (key.kind == wire::kVisitKind)
    visits_.erase(VisitId(key.id));
}

void RosterStore::leave(const ObjectKey& key) {
  hide(key);
  if (left_.size() >= kLeftObjectsMax)
    left_.clear();
  if (auto object = objects_.extract(key); !object.empty())
    left_[key] = std::move(object.mapped());
}

Result<RosterStore::Applied> RosterStore::apply(const v1::PlanChanges& changes,
                                                std::uint64_t requestCursor) {
  DOORSTEP_TRY(checkPage(changes));
  const bool startsOver = changes.reset() || requestCursor == 0;
  const auto write = [&]() -> Result<Applied> {
    DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(database_));
    if (startsOver)
      ++copy_;
    for (const v1::PlanChange& change : changes.changes())
      DOORSTEP_TRY(applyChange(change));
    cursor_ = changes.next_cursor();
    planVersion_ = changes.plan_version();
    Applied applied = Applied::More;
    if (!changes.has_more()) {
      DOORSTEP_TRY(dropOldCopy());
      wire::ScopeHash scope;
      for (const auto& [key, bytes] : objects_)
        scope.add(key.kind, key.id, bytes);
      const bool fits =
          scope.count() == changes.scope_count() && scope.bytes() == changes.scope_hash();
      applied = fits ? Applied::Whole : Applied::ScopeMismatch;
      if (!fits)
        cursor_ = 0;
    }
    DOORSTEP_TRY(writeState());
    DOORSTEP_TRY(transaction.commit());
    return applied;
  };
  auto applied = write();
  if (!applied.ok())
    DOORSTEP_TRY(load());  // memory as in the file
  return applied;
}

Status RosterStore::applyChange(const v1::PlanChange& change) {
  if (change.has_removed()) {
    const ObjectKey key{change.removed().kind(), change.removed().id()};
    leave(key);
    return remove(key);
  }
  const ObjectKey key{change.object().kind(), change.object().id()};
  DOORSTEP_TRY(keep(key, change.object().bytes()));
  show(key, change.object().bytes());
  objects_[key] = change.object().bytes();
  return kDone;
}

Status RosterStore::keep(const ObjectKey& key, const std::string& bytes) {
  const std::string sealed = crypto::seal(key_, context(key.kind, key.id), bytes, ids_);
  return statements_->keep.bindId(0, key.kind)
      .bindId(1, key.id)
      .bindId(2, copy_)
      .bindBlob(3, sealed)
      .run();
}

Status RosterStore::remove(const ObjectKey& key) {
  return statements_->remove.bindId(0, key.kind).bindId(1, key.id).run();
}

// Objects that the complete copy did not contain have left the scope.
Status RosterStore::dropOldCopy() {
  DOORSTEP_ASSIGN(auto old, database_.prepare("SELECT kind, id FROM object WHERE copy < ?"));
  old.bindId(0, copy_);
  for (;;) {
    DOORSTEP_ASSIGN(const bool row, old.step());
    if (!row)
      break;
    const ObjectKey key{static_cast<std::uint32_t>(old.columnId(0)), old.columnId(1)};
    leave(key);
  }
  old.reset();
  DOORSTEP_ASSIGN(auto drop, database_.prepare("DELETE FROM object WHERE copy < ?"));
  return drop.bindId(0, copy_).run();
}

Status RosterStore::writeState() {
  return statements_->writeState.bindId(0, cursor_).bindId(1, planVersion_).bindId(2, copy_).run();
}

const visits::Person* RosterStore::person(PersonId id) const {
  const auto found = people_.find(id);
  return found == people_.end() ? nullptr : &found->second;
}

const visits::PlannedVisit* RosterStore::visit(VisitId id) const {
  const auto found = visits_.find(id);
  return found == visits_.end() ? nullptr : &found->second;
}

std::optional<RosterStore::Encoded> RosterStore::encoded(VisitId id) const {
  const visits::PlannedVisit* planned = visit(id);
  if (planned == nullptr)
    return std::nullopt;
  Encoded bytes{objects_.at({wire::kVisitKind, id.value}), {}};
  if (const auto known = objects_.find({wire::kPersonKind, planned->person.value});
      known != objects_.end() && person(planned->person) != nullptr)
    bytes.person = known->second;
  return bytes;
}

std::optional<RosterStore::Encoded> RosterStore::lastEncoded(VisitId id) const {
  if (auto planned = encoded(id))
    return planned;
  const auto found = left_.find({wire::kVisitKind, id.value});
  if (found == left_.end())
    return std::nullopt;
  const auto visit = wire::decodeVisit(id, found->second);
  if (!visit.ok())
    return std::nullopt;
  Encoded bytes{found->second, {}};
  const ObjectKey person{wire::kPersonKind, visit->person.value};
  for (const auto* objects : {&objects_, &left_}) {
    const auto known = objects->find(person);
    if (known != objects->end() && bytes.person.empty() &&
        wire::decodePerson(visit->person, known->second).ok())
      bytes.person = known->second;
  }
  return bytes;
}

}  // namespace doorstep::roster
