// SPDX-License-Identifier: Apache-2.0
#include "shared/sqlite/database.h"

#include <sys/statvfs.h>

#include <cerrno>
#include <filesystem>

namespace doorstep::sqlite {
namespace {

// Steps of SQLite's machine between two questions whether to go on: about a millisecond.
constexpr int kStepsPerQuestion = 20'000;
constexpr unsigned kRowsPerQuestion = 64;
// As SQLite's own: a WAL of so many pages is copied into the file as far as readers let it.
constexpr int kWalPagesCopied = 1'000;
// How long one commit waits for readers to leave a WAL that has grown too long.
constexpr int kWalWaitMs = 100;

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

// What the system last said of the database's file or of its journal; 0: nothing.
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

// A file system may be full or read-only when a file is made or synced, for which SQLite has no
// code of its own; of a file that it could not make it does not even keep the cause.
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

// SQLite's messages name tables and columns, never bound values: nothing personal gets in.
Error errorOf(sqlite3* database, const std::string& path) {
  const int result = resultOf(database, path);
  return {codeOf(result), reasonOf(result), sqlite3_errmsg(database)};
}

// Of a database that is open; one in memory has no path.
Error errorOf(sqlite3* database) {
  const char* path = sqlite3_db_filename(database, "main");
  return errorOf(database, path == nullptr ? "" : path);
}

}  // namespace

// A wrong index or a statement in use is our mistake. A value that is too large or finds no memory
// makes the next step fail.
Statement& Statement::bound(int result) {
  DOORSTEP_CHECK(result != SQLITE_MISUSE && result != SQLITE_RANGE);
  if (bindFailure_ == SQLITE_OK)
    bindFailure_ = result;
  return *this;
}

Statement& Statement::bind(int index, std::int64_t value) {
  return bound(sqlite3_bind_int64(statement_.get(), index + 1, value));
}

Statement& Statement::bindId(int index, std::uint64_t value) {
  return bind(index, static_cast<std::int64_t>(value));
}

Statement& Statement::bindReal(int index, double value) {
  return bound(sqlite3_bind_double(statement_.get(), index + 1, value));
}

// A view without storage binds as NULL, which STRICT tables would refuse: it means "empty" here.
Statement& Statement::bindText(int index, std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();
  return bound(sqlite3_bind_text64(statement_.get(), index + 1, bytes, value.size(), SQLITE_STATIC,
                                   SQLITE_UTF8));
}

Statement& Statement::bindBlob(int index, std::string_view value) {
  const char* bytes = value.data() == nullptr ? "" : value.data();
  return bound(
      sqlite3_bind_blob64(statement_.get(), index + 1, bytes, value.size(), SQLITE_STATIC));
}

Statement& Statement::bindNull(int index) {
  return bound(sqlite3_bind_null(statement_.get(), index + 1));
}

Result<bool> Statement::step() {
  if (bindFailure_ != SQLITE_OK)
    return Error{codeOf(bindFailure_), reasonOf(bindFailure_), "a value could not be bound"};
  switch (sqlite3_step(statement_.get())) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    case SQLITE_INTERRUPT:
      if (!stopped_->ok())
        return stopped_->error();
      [[fallthrough]];
    default:
      return errorOf(sqlite3_db_handle(statement_.get()));
  }
}

Status Statement::run() {
  Result<bool> row = step();
  while (row.ok() && *row)
    row = step();
  reset();
  if (!row.ok())
    return row.error();
  return kDone;
}

void Statement::reset() {
  sqlite3_reset(statement_.get());  // reports the step's error again, which step has returned
  sqlite3_clear_bindings(statement_.get());
  bindFailure_ = SQLITE_OK;
}

std::int64_t Statement::columnInt(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::uint64_t Statement::columnId(int column) const {
  return static_cast<std::uint64_t>(columnInt(column));
}

double Statement::columnReal(int column) const {
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::columnText(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return text == nullptr ? std::string() : std::string(text, length);
}

std::string Statement::columnBlob(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string() : std::string(bytes, length);
}

bool Statement::columnIsNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

Result<Database> Database::open(const std::string& path, const OpenOptions& options) {
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (options.readOnly ? SQLITE_OPEN_READONLY
                        : SQLITE_OPEN_READWRITE | (options.create ? SQLITE_OPEN_CREATE : 0));
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, flags,
                                     options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (handle == nullptr)
    return Error{ErrorCode::ResourceExhausted, "SQLITE_NOMEM", "no memory for a connection"};
  Database database{handle};
  if (opened != SQLITE_OK)
    return errorOf(handle, path);
  sqlite3_busy_timeout(handle, options.busyWaitMs);
  if (options.exclusive)
    DOORSTEP_TRY(database.execute("PRAGMA locking_mode = EXCLUSIVE"));
  if (!options.readOnly)
    DOORSTEP_TRY(database.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL"));
  DOORSTEP_TRY(database.execute("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF"));
  if (options.walPagesMax > 0) {
    database.watch_->walPagesMax = options.walPagesMax;
    database.watch_->emptyAtPages = options.walPagesMax;
    database.watch_->busyWaitMs = options.busyWaitMs;
    sqlite3_wal_hook(handle, &Database::onCommit, database.watch_.get());
  }
  return database;
}

Database Database::refusing(Error error) {
  Database database{nullptr};
  database.refused_ = std::move(error);
  return database;
}

bool Database::Watch::ask() {
  if (mayGoOn && stopped.ok())
    stopped = mayGoOn();
  return stopped.ok();
}

// In place of SQLite's own hook. A passive checkpoint never waits, but as long as some reader is
// always in the WAL it never ends either, and the file grows.
int Database::onCommit(void* of, sqlite3* database, const char* name, int pages) {
  auto& watch = *static_cast<Watch*>(of);
  if (pages < kWalPagesCopied)
    return SQLITE_OK;
  if (pages < watch.emptyAtPages) {
    sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    return SQLITE_OK;
  }
  sqlite3_busy_timeout(database, kWalWaitMs);
  const bool emptied = sqlite3_wal_checkpoint_v2(database, name, SQLITE_CHECKPOINT_RESTART, nullptr,
                                                 nullptr) == SQLITE_OK;
  sqlite3_busy_timeout(database, watch.busyWaitMs);
  // Not at every commit: a reader that stays would hold up each of them.
  watch.emptyAtPages = emptied ? watch.walPagesMax : pages + kWalPagesCopied;
  return SQLITE_OK;
}

void Database::stopWhen(MayGoOn mayGoOn) {
  watch_->mayGoOn = std::move(mayGoOn);
  watch_->stopped = kDone;
  watch_->asked = 0;
  if (database_ == nullptr)
    return;
  const auto ask = [](void* watch) { return static_cast<Watch*>(watch)->ask() ? 0 : 1; };
  if (watch_->mayGoOn)
    sqlite3_progress_handler(database_.get(), kStepsPerQuestion, ask, watch_.get());
  else
    sqlite3_progress_handler(database_.get(), 0, nullptr, nullptr);
}

Status Database::goOn() {
  if (++watch_->asked % kRowsPerQuestion == 0)
    watch_->ask();
  return watch_->stopped;
}

Status Database::remove(const std::string& path, const std::string& vfs) {
  sqlite3_vfs* const files = sqlite3_vfs_find(vfs.empty() ? nullptr : vfs.c_str());
  if (files == nullptr)
    return Error{ErrorCode::Internal, "SQLITE_ERROR", "no such VFS"};
  // The main file last: while it is there, what lies beside it belongs to it.
  for (const char* ending : {"-wal", "-shm", "-journal", ""}) {
    const int result = files->xDelete(files, (path + ending).c_str(), 1);
    if (result != SQLITE_OK && result != SQLITE_IOERR_DELETE_NOENT)
      return Error{codeOf(result), reasonOf(result), "a file could not be deleted"};
  }
  return kDone;
}

Status Database::execute(const char* sql) {
  if (refused_)
    return *refused_;
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return errorOf(database_.get());
  return kDone;
}

Result<Statement> Database::prepare(std::string_view sql) {
  if (refused_)
    return *refused_;
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result == SQLITE_OK) {
    DOORSTEP_CHECK(statement != nullptr);  // null: there was no statement in our text
    return Statement(statement, &watch_->stopped);
  }
  Error error = errorOf(database_.get());
  // A table or column is not there: the file's schema is not what its number says.
  if ((result & 0xFF) == SQLITE_ERROR)
    return Error{ErrorCode::DataLoss, "SCHEMA_DAMAGED", error.text};
  return error;
}

std::int64_t Database::lastInsertRowid() const {
  return refused_ ? 0 : sqlite3_last_insert_rowid(database_.get());
}

std::int64_t Database::changes() const { return refused_ ? 0 : sqlite3_changes64(database_.get()); }

Status Database::quickCheck() {
  DOORSTEP_ASSIGN(Statement check, prepare("PRAGMA quick_check(1)"));
  DOORSTEP_ASSIGN(const bool row, check.step());
  if (!row || check.columnText(0) != "ok")
    return Error{ErrorCode::DataLoss, "DATABASE_DAMAGED", row ? check.columnText(0) : "no answer"};
  return kDone;
}

Result<Transaction> Transaction::begin(Database& database) {
  DOORSTEP_TRY(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Transaction::Transaction(Transaction&& other) noexcept : database_(other.database_) {
  other.database_ = nullptr;
}

// SQLite rolls back by itself after some errors; rolling back once more is harmless then.
Transaction::~Transaction() {
  if (database_ != nullptr)
    static_cast<void>(database_->execute("ROLLBACK"));
}

Status Transaction::commit() {
  DOORSTEP_CHECK(database_ != nullptr);
  DOORSTEP_TRY(database_->execute("COMMIT"));
  database_ = nullptr;
  return kDone;
}

}  // namespace doorstep::sqlite
