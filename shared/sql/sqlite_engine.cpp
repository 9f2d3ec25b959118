// SPDX-License-Identifier: Apache-2.0
#include <sqlite3.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <filesystem>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>

#include "shared/sql/engine.h"
#include "shared/sql/sqlite.h"

namespace doorstep::sql {
namespace {

// Virtual machine steps between two polls of mayGoOn: about a millisecond.
constexpr int kStepsPerQuestion = 20'000;
// SQLite's default: a WAL with this many pages is checkpointed as far as readers allow.
constexpr int kWalPagesCopied = 1'000;
// How long one commit waits for readers of a WAL that has grown too long.
constexpr int kWalWaitMs = 100;
// Cached statements per connection, about 5 kB each. The server's stores have about 150 texts.
constexpr std::size_t kIdleStatementsMax = 256;

ErrorCode codeOf(int extendedResult) {
  switch (extendedResult & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::Unavailable;
    case SQLITE_FULL:
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return ErrorCode::ResourceExhausted;
    case SQLITE_CONSTRAINT:
      return ErrorCode::AlreadyExists;
    case SQLITE_CANTOPEN:
      return ErrorCode::NotFound;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return ErrorCode::PermissionDenied;
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorCode::DataLoss;
    default:
      return ErrorCode::Internal;
  }
}

const char* reasonOf(int extendedResult) {
  switch (extendedResult & 0xFF) {
    case SQLITE_BUSY:
      return "SQLITE_BUSY";
    case SQLITE_LOCKED:
      return "SQLITE_LOCKED";
    case SQLITE_FULL:
      return "SQLITE_FULL";
    case SQLITE_NOMEM:
      return "SQLITE_NOMEM";
    case SQLITE_TOOBIG:
      return "SQLITE_TOOBIG";
    case SQLITE_CONSTRAINT:
      return "SQLITE_CONSTRAINT";
    case SQLITE_CANTOPEN:
      return "SQLITE_CANTOPEN";
    case SQLITE_PERM:
      return "SQLITE_PERM";
    case SQLITE_READONLY:
      return "SQLITE_READONLY";
    case SQLITE_AUTH:
      return "SQLITE_AUTH";
    case SQLITE_IOERR:
      return "SQLITE_IOERR";
    case SQLITE_CORRUPT:
      return "SQLITE_CORRUPT";
    case SQLITE_NOTADB:
      return "SQLITE_NOTADB";
    default:
      return "SQLITE_ERROR";
  }
}

// The system's last error on the database's file or journal; 0: none.
int systemErrorOf(sqlite3* database) {
  for (const int which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
    sqlite3_file* file = nullptr;
    int cause = 0;
    if (sqlite3_file_control(database, "main", which, &file) == SQLITE_OK && file != nullptr &&
        file->pMethods != nullptr &&
        file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &cause) == SQLITE_OK &&
        cause != 0)
      return cause;
  }
  return sqlite3_system_errno(database);
}

bool hasNoRoom(const std::string& path) {
  struct statvfs room {};
  const std::string folder = std::filesystem::path(path).parent_path();
  return ::statvfs(folder.empty() ? "." : folder.c_str(), &room) == 0 &&
         (room.f_bavail == 0 || (room.f_files > 0 && room.f_favail == 0));
}

// A file system may be full or read-only when a file is created or synced, for which SQLite has no
// error code; for a file that it could not create it does not even keep the cause.
int resultOf(sqlite3* database, const std::string& path) {
  const int result = sqlite3_extended_errcode(database);
  const int primary = result & 0xFF;
  if (primary != SQLITE_IOERR && primary != SQLITE_CANTOPEN)
    return result;
  const int cause = systemErrorOf(database);
  if (cause == ENOSPC || cause == EDQUOT || hasNoRoom(path))
    return SQLITE_FULL;
  return cause == EROFS ? SQLITE_READONLY : result;
}

// SQLite's messages contain names of tables and columns, never bound values: nothing personal.
Error errorOf(sqlite3* database, const std::string& path) {
  const int result = resultOf(database, path);
  return {codeOf(result), reasonOf(result), sqlite3_errmsg(database)};
}

// For an open database; one in memory has no path.
Error errorOf(sqlite3* database) {
  const char* path = sqlite3_db_filename(database, "main");
  return errorOf(database, path == nullptr ? "" : path);
}

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using PreparedStatement = std::unique_ptr<sqlite3_stmt, Finalize>;

// Cache of unused statements by text: compiling one costs as much as running it. Each has one user
// at a time. Thread: the connection's.
class IdleStatements {
 public:
  // Null: no unused statement with this text.
  PreparedStatement take(const std::string& text) {
    const auto found = places_.find(text);
    if (found == places_.end())
      return nullptr;
    const auto place = found->second;
    PreparedStatement statement = std::move(place->second);
    places_.erase(found);
    oldestFirst_.erase(place);
    return statement;
  }
  // The statement must be reset and its bindings cleared.
  void put(std::string text, PreparedStatement statement) {
    if (isClosed_)
      return;
    take(text);  // keeps one per text
    oldestFirst_.emplace_back(std::move(text), std::move(statement));
    const auto place = std::prev(oldestFirst_.end());
    places_.emplace(place->first, place);
    if (oldestFirst_.size() <= kIdleStatementsMax)
      return;
    places_.erase(oldestFirst_.front().first);
    oldestFirst_.pop_front();
  }
  // A connection with open statements would stay open after close.
  void close() {
    isClosed_ = true;
    places_.clear();
    oldestFirst_.clear();
  }

 private:
  using Kept = std::list<std::pair<std::string, PreparedStatement>>;
  Kept oldestFirst_;
  std::unordered_map<std::string_view, Kept::iterator> places_;  // never iterated
  bool isClosed_ = false;
};

class SqliteStatement final : public StatementEngine {
 public:
  SqliteStatement(std::string text, PreparedStatement statement,
                  std::shared_ptr<IdleStatements> idle, const Status& stopped)
      : text_(std::move(text)),
        statement_(std::move(statement)),
        idle_(std::move(idle)),
        stopped_(stopped) {}
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;
  ~SqliteStatement() override {
    reset();
    idle_->put(std::move(text_), std::move(statement_));
  }

  void bindInt(int index, std::int64_t value) override {
    bound(sqlite3_bind_int64(statement_.get(), index + 1, value));
  }
  void bindReal(int index, double value) override {
    bound(sqlite3_bind_double(statement_.get(), index + 1, value));
  }
  // A view without storage would bind as NULL, which STRICT tables refuse; here it means "empty".
  void bindText(int index, std::string_view value) override {
    const char* bytes = value.data() == nullptr ? "" : value.data();
    bound(sqlite3_bind_text64(statement_.get(), index + 1, bytes, value.size(), SQLITE_STATIC,
                              SQLITE_UTF8));
  }
  void bindBlob(int index, std::string_view value) override {
    const char* bytes = value.data() == nullptr ? "" : value.data();
    bound(sqlite3_bind_blob64(statement_.get(), index + 1, bytes, value.size(), SQLITE_STATIC));
  }
  void bindNull(int index) override { bound(sqlite3_bind_null(statement_.get(), index + 1)); }

  Result<bool> step() override;
  Status run() override;
  void reset() final;

  std::int64_t columnInt(int column) const override {
    return sqlite3_column_int64(statement_.get(), column);
  }
  double columnReal(int column) const override {
    return sqlite3_column_double(statement_.get(), column);
  }
  std::string columnText(int column) const override;
  std::string columnBlob(int column) const override;
  bool columnIsNull(int column) const override {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
  }

 private:
  // A wrong index or a statement in use is our bug. A value that is too large, or lack of memory,
  // fails the next step.
  void bound(int result) {
    DOORSTEP_CHECK(result != SQLITE_MISUSE && result != SQLITE_RANGE);
    if (bindFailure_ == SQLITE_OK)
      bindFailure_ = result;
  }

  std::string text_;
  PreparedStatement statement_;
  std::shared_ptr<IdleStatements> idle_;
  const Status& stopped_;        // why the connection was interrupted
  int bindFailure_ = SQLITE_OK;  // the first since the last reset; step() returns it
};

class SqliteDatabase final : public DatabaseEngine {
 public:
  explicit SqliteDatabase(sqlite3* database) : database_(database) {}
  SqliteDatabase(const SqliteDatabase&) = delete;
  SqliteDatabase& operator=(const SqliteDatabase&) = delete;
  ~SqliteDatabase() override { idle_->close(); }
  sqlite3* handle() const { return database_.get(); }
  void limitWal(int pagesMax, int busyWaitMs);

  Status execute(const char* sql) override;
  Result<std::unique_ptr<StatementEngine>> prepare(std::string_view sql) override;
  Result<bool> begin(TransactionKind kind) override;
  Status commit() override { return run("COMMIT"); }
  // SQLite rolls back by itself after some errors; a second rollback is harmless.
  void rollback() override { static_cast<void>(run("ROLLBACK")); }

  Result<bool> hasTable(std::string_view name) override;
  Result<bool> changedElsewhere() override;
  Status quickCheck() override;
  void stopWhen(Database::MayGoOn mayGoOn) override;
  Status goOn() override { return stopping_.goOn(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  static int onCommit(void* of, sqlite3* database, const char* name, int pages);
  Result<std::int64_t> readDataVersion();
  Status run(const char* sql);

  std::unique_ptr<sqlite3, Close> database_;
  const std::shared_ptr<IdleStatements> idle_ = std::make_shared<IdleStatements>();
  Stopping stopping_;
  int walPagesMax_ = 0;
  int emptyAtPages_ = 0;  // walPagesMax_, or more after readers did not finish
  int busyWaitMs_ = 0;
  std::int64_t dataVersion_ = 0;  // at the last changedElsewhere; 0: none
};

Result<bool> SqliteStatement::step() {
  if (bindFailure_ != SQLITE_OK)
    return Error{codeOf(bindFailure_), reasonOf(bindFailure_), "a value could not be bound"};
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    case SQLITE_INTERRUPT:
      if (!stopped_.ok())
        return stopped_.error();
      [[fallthrough]];
    default:
      return errorOf(sqlite3_db_handle(statement_.get()));
  }
}

Status SqliteStatement::run() {
  Result<bool> row = step();
  while (row.ok() && *row)
    row = step();
  reset();
  if (!row.ok())
    return row.error();
  return kDone;
}

void SqliteStatement::reset() {
  sqlite3_reset(statement_.get());  // returns the step's error again, already reported
  sqlite3_clear_bindings(statement_.get());
  bindFailure_ = SQLITE_OK;
}

std::string SqliteStatement::columnText(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return text == nullptr ? std::string() : std::string(text, length);
}

std::string SqliteStatement::columnBlob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string() : std::string(bytes, length);
}

void SqliteDatabase::limitWal(int pagesMax, int busyWaitMs) {
  walPagesMax_ = emptyAtPages_ = pagesMax;
  busyWaitMs_ = busyWaitMs;
  sqlite3_wal_hook(handle(), &SqliteDatabase::onCommit, this);
}

// Replaces SQLite's own hook. A passive checkpoint never waits, but while some reader is always in
// the WAL it never completes either, and the file grows.
int SqliteDatabase::onCommit(void* of, sqlite3* database, const char* name, int pages) {
  auto& self = *static_cast<SqliteDatabase*>(of);
  if (pages < kWalPagesCopied)
    return SQLITE_OK;
  if (pages < self.emptyAtPages_) {
    sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return SQLITE_OK;
  }
  sqlite3_busy_timeout(database, kWalWaitMs);
  const bool emptied = sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_RESTART, nullptr,
                                                 nullptr) == SQLITE_OK;
  sqlite3_busy_timeout(database, self.busyWaitMs_);
  // Not at every commit: a long-running reader would delay each of them.
  self.emptyAtPages_ = emptied ? self.walPagesMax_ : pages + kWalPagesCopied;
  return SQLITE_OK;
}

void SqliteDatabase::stopWhen(Database::MayGoOn mayGoOn) {
  stopping_.set(std::move(mayGoOn));
  const auto ask = [](void* stopping) { return static_cast<Stopping*>(stopping)->ask() ? 0 : 1; };
  if (stopping_.isSet())
    sqlite3_progress_handler(handle(), kStepsPerQuestion, ask, &stopping_);
  else
    sqlite3_progress_handler(handle(), 0, nullptr, nullptr);
}

Status SqliteDatabase::execute(const char* sql) {
  if (sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return errorOf(handle());
  return kDone;
}

Status SqliteDatabase::run(const char* sql) {
  DOORSTEP_ASSIGN(const auto statement, prepare(sql));
  return statement->run();
}

Result<std::unique_ptr<StatementEngine>> SqliteDatabase::prepare(std::string_view sql) {
  std::string text(sql);
  PreparedStatement prepared = idle_->take(text);
  int result = SQLITE_OK;
  if (!prepared) {
    sqlite3_stmt* statement = nullptr;
    result = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()),
                                SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    prepared.reset(statement);
  }
  if (result == SQLITE_OK) {
    DOORSTEP_CHECK(prepared != nullptr);  // null: there was no statement in our text
    return std::unique_ptr<StatementEngine>(std::make_unique<SqliteStatement>(
        std::move(text), std::move(prepared), idle_, stopping_.stopped()));
  }
  Error error = errorOf(handle());
  // A table or column is missing: the schema does not match its version number.
  if ((result & 0xFF) == SQLITE_ERROR)
    return Error{ErrorCode::DataLoss, "SCHEMA_DAMAGED", error.text};
  return error;
}

// Takes the write lock at the beginning: at the first change, waiting would not be possible.
Result<bool> SqliteDatabase::begin(TransactionKind kind) {
  const bool snapshot = kind == TransactionKind::Snapshot;
  if (snapshot && sqlite3_get_autocommit(handle()) == 0)
    return false;
  DOORSTEP_TRY(run(snapshot ? "BEGIN" : "BEGIN IMMEDIATE"));
  return true;
}

Result<bool> SqliteDatabase::hasTable(std::string_view name) {
  DOORSTEP_ASSIGN(const auto row,
                  prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?"));
  row->bindText(0, name);
  return row->step();
}

Result<std::int64_t> SqliteDatabase::readDataVersion() {
  DOORSTEP_ASSIGN(const auto row, prepare("PRAGMA data_version"));
  DOORSTEP_TRY(row->step());
  return row->columnInt(0);
}

Result<bool> SqliteDatabase::changedElsewhere() {
  DOORSTEP_ASSIGN(const std::int64_t version, readDataVersion());
  const std::int64_t before = std::exchange(dataVersion_, version);
  return before != 0 && before != version;
}

Status SqliteDatabase::quickCheck() {
  DOORSTEP_ASSIGN(const auto check, prepare("PRAGMA quick_check(1)"));
  DOORSTEP_ASSIGN(const bool row, check->step());
  if (!row || check->columnText(0) != "ok")
    return Error{ErrorCode::DataLoss, "DATABASE_DAMAGED", row ? check->columnText(0) : "no answer"};
  return kDone;
}

// SQLite counts its memory under one lock for all connections of the process, and nobody asks for
// the sum. No effect, and no harm, where the process has used SQLite before.
bool countNoMemory() { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK; }

}  // namespace

Result<Database> openSqlite(const std::string& path, const SqliteOptions& options) {
  [[maybe_unused]] static const bool counts = countNoMemory();
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (options.readOnly ? SQLITE_OPEN_READONLY
                        : SQLITE_OPEN_READWRITE | (options.create ? SQLITE_OPEN_CREATE : 0));
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, flags,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (handle == nullptr)
    return Error{ErrorCode::ResourceExhausted, "SQLITE_NOMEM", "no memory for a connection"};
  auto engine = std::make_unique<SqliteDatabase>(handle);
  if (opened != SQLITE_OK)
    return errorOf(handle, path);
  sqlite3_busy_timeout(handle, options.busyWaitMs);
  if (options.exclusive)
    DOORSTEP_TRY(engine->execute("PRAGMA locking_mode = EXCLUSIVE"));
  if (!options.readOnly)
    DOORSTEP_TRY(engine->execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"));
  DOORSTEP_TRY(engine->execute("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF"));
  if (options.walPagesMax > 0)
    engine->limitWal(options.walPagesMax, options.busyWaitMs);
  return Database(std::move(engine));
}

Status removeSqlite(const std::string& path, const std::string& vfs) {
  sqlite3_vfs* const files = sqlite3_vfs_find(vfs.empty() ? nullptr : vfs.c_str());
  if (files == nullptr)
    return Error{ErrorCode::Internal, "SQLITE_ERROR", "no such VFS"};
  // The main file last: while it exists, the files beside it belong to it.
  for (const char* ending : {"-wal", "-shm", "-journal", ""}) {
    const int result = files->xDelete(files, (path + ending).c_str(), 1);
    if (result != SQLITE_OK && result != SQLITE_IOERR_DELETE_NOENT)
      return Error{codeOf(result), reasonOf(result), "a file could not be deleted"};
  }
  return kDone;
}

}  // namespace doorstep::sql
