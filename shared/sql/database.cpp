// SPDX-License-Identifier: Apache-2.0
#include "shared/sql/database.h"

#include <utility>

#include "shared/sql/engine.h"

namespace doorstep::sql {
namespace {

constexpr unsigned kRowsPerQuestion = 64;
// Engines refuse longer texts by their length, without reading them.
constexpr std::size_t kTextBytesMax = 1'000'000'000;

}  // namespace

Statement::Statement(std::unique_ptr<StatementEngine> engine) : engine_(std::move(engine)) {}
Statement::Statement(Statement&&) noexcept = default;
Statement& Statement::operator=(Statement&&) noexcept = default;
Statement::~Statement() = default;

Statement& Statement::bind(int index, std::int64_t value) {
  engine_->bindInt(index, value);
  return *this;
}

Statement& Statement::bindId(int index, std::uint64_t value) {
  return bind(index, static_cast<std::int64_t>(value));
}

Statement& Statement::bindReal(int index, double value) {
  engine_->bindReal(index, value);
  return *this;
}

Statement& Statement::bindText(int index, std::string_view value) {
  if (value.size() <= kTextBytesMax && value.find('\0') != std::string_view::npos)
    textRefused_ = true;
  else
    engine_->bindText(index, value);
  return *this;
}

Statement& Statement::bindBlob(int index, std::string_view value) {
  engine_->bindBlob(index, value);
  return *this;
}

Statement& Statement::bindNull(int index) {
  engine_->bindNull(index);
  return *this;
}

Result<bool> Statement::step() {
  if (textRefused_)
    return Error{ErrorCode::InvalidArgument, "TEXT_WITH_NUL", "a text holds a zero byte"};
  return engine_->step();
}

Status Statement::run() {
  if (!textRefused_)
    return engine_->run();
  const Status refused = step().error();
  reset();
  return refused;
}

void Statement::reset() {
  textRefused_ = false;
  engine_->reset();
}

std::int64_t Statement::columnInt(int column) const { return engine_->columnInt(column); }

std::uint64_t Statement::columnId(int column) const {
  return static_cast<std::uint64_t>(columnInt(column));
}

double Statement::columnReal(int column) const { return engine_->columnReal(column); }
std::string Statement::columnText(int column) const { return engine_->columnText(column); }
std::string Statement::columnBlob(int column) const { return engine_->columnBlob(column); }
bool Statement::columnIsNull(int column) const { return engine_->columnIsNull(column); }

void Stopping::set(Database::MayGoOn mayGoOn) {
  mayGoOn_ = std::move(mayGoOn);
  stopped_ = kDone;
  asked_ = 0;
}

bool Stopping::ask() {
  if (mayGoOn_ && stopped_.ok())
    stopped_ = mayGoOn_();
  return stopped_.ok();
}

Status Stopping::goOn() {
  if (++asked_ % kRowsPerQuestion == 0)
    ask();
  return stopped_;
}

Database::Database(std::unique_ptr<DatabaseEngine> engine) : engine_(std::move(engine)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Database Database::refusing(Error error) {
  Database database;
  database.refused_ = std::move(error);
  return database;
}

Status Database::execute(const char* sql) {
  if (refused_)
    return *refused_;
  return engine_->execute(sql);
}

Result<Statement> Database::prepare(std::string_view sql) {
  if (refused_)
    return *refused_;
  DOORSTEP_ASSIGN(auto engine, engine_->prepare(sql));
  return Statement(std::move(engine));
}

Result<bool> Database::hasTable(std::string_view name) {
  if (refused_)
    return *refused_;
  return engine_->hasTable(name);
}

Result<bool> Database::changedElsewhere() {
  if (refused_)
    return *refused_;
  return engine_->changedElsewhere();
}

Status Database::quickCheck() {
  if (refused_)
    return *refused_;
  return engine_->quickCheck();
}

void Database::stopWhen(MayGoOn mayGoOn) {
  if (!refused_)
    engine_->stopWhen(std::move(mayGoOn));
}

Status Database::goOn() {
  if (refused_)
    return kDone;
  return engine_->goOn();
}

Result<Transaction> Transaction::begin(Database& database, TransactionKind kind) {
  if (database.refused_)
    return *database.refused_;
  DOORSTEP_ASSIGN(const bool own, database.engine_->begin(kind));
  return Transaction(database.engine_.get(), !own);
}

Transaction::Transaction(Transaction&& other) noexcept
    : engine_(std::exchange(other.engine_, nullptr)), part_(other.part_) {}

Transaction::~Transaction() {
  if (engine_ != nullptr && !part_)
    engine_->rollback();
}

Status Transaction::commit() {
  DOORSTEP_CHECK(engine_ != nullptr);
  if (!part_)
    DOORSTEP_TRY(engine_->commit());
  engine_ = nullptr;
  return kDone;
}

}  // namespace doorstep::sql
