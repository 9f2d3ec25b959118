// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <utility>

#include "sync-server/storage/postgres/connection.h"
#include "sync-server/storage/postgres/dialect.h"
#include "sync-server/storage/postgres/limits.h"
#include "sync-server/storage/postgres/postgres.h"

namespace doorstep::postgres {
namespace {

// Of pg_type, the same in every database.
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kText = 25;
constexpr Oid kFloat8 = 701;
constexpr Oid kUnknown = 0;

// A long or a double as it travels: 8 bytes, the highest first.
std::array<char, 8> bigEndian(std::uint64_t value) {
  std::array<char, 8> bytes{};
  for (std::size_t i = bytes.size(); i-- > 0; value >>= 8)
    bytes[i] = static_cast<char>(value & 0xFF);
  return bytes;
}

struct Parameter {
  // Kept over a NULL: one text then is one prepared statement, and PostgreSQL need not guess.
  Oid type = kUnknown;
  bool isNull = true;
  std::array<char, 8> number{};
  std::string_view bytes;  // of text and blob
};

// Prepared at its first step with the types of what is bound, so that PostgreSQL never has to guess
// that `?1 = 0` means an int4, or that a column of a SELECT is text.
class PostgresStatement final : public sql::StatementEngine {
 public:
  PostgresStatement(Connection& connection, StatementText text)
      : connection_(connection),
        text_(std::move(text.text)),
        parameters_(static_cast<std::size_t>(text.parameters)) {}

  void bindInt(int index, std::int64_t value) override {
    bindNumber(index, kInt8, static_cast<std::uint64_t>(value));
  }
  void bindReal(int index, double value) override {
    bindNumber(index, kFloat8, std::bit_cast<std::uint64_t>(value));
  }
  void bindText(int index, std::string_view value) override { bindBytes(index, kText, value); }
  void bindBlob(int index, std::string_view value) override { bindBytes(index, kBytea, value); }
  void bindNull(int index) override { parameter(index).isNull = true; }

  Result<bool> step() override;
  Status run() override;
  void reset() override;

  std::int64_t columnInt(int column) const override;
  double columnReal(int column) const override;
  std::string columnText(int column) const override { return std::string(bytesOf(column)); }
  std::string columnBlob(int column) const override { return std::string(bytesOf(column)); }
  bool columnIsNull(int column) const override {
    return PQgetisnull(rows_.get(), row_, checked(column)) == 1;
  }

 private:
  // Bound between a reset and a step only, as SQLite wants it.
  Parameter& parameter(int index) {
    DOORSTEP_CHECK(!rows_);
    return parameters_.at(static_cast<std::size_t>(index));
  }
  void bindNumber(int index, Oid type, std::uint64_t value);
  void bindBytes(int index, Oid type, std::string_view value);
  int checked(int column) const {
    DOORSTEP_CHECK(rows_ && row_ >= 0 && row_ < PQntuples(rows_.get()));
    DOORSTEP_CHECK(column >= 0 && column < PQnfields(rows_.get()));
    return column;
  }
  std::string_view bytesOf(int column) const;
  const std::shared_ptr<Prepared>& prepared();
  Values values() const;

  Connection& connection_;
  const std::string text_;
  std::vector<Parameter> parameters_;
  std::shared_ptr<Prepared> prepared_;
  bool tooLarge_ = false;  // something that was bound since the last reset
  Answer rows_;            // null: not stepped since the last reset
  int row_ = -1;
};

class PostgresDatabase final : public sql::DatabaseEngine {
 public:
  explicit PostgresDatabase(std::unique_ptr<Connection> connection)
      : connection_(std::move(connection)) {}

  Status execute(const char* sql) override { return connection_->execute(schemaText(sql)); }
  Result<std::unique_ptr<sql::StatementEngine>> prepare(std::string_view sql) override;
  Result<bool> begin(sql::TransactionKind kind) override;
  Status commit() override { return connection_->commit(); }
  void rollback() override { connection_->rollback(); }

  Result<bool> hasTable(std::string_view name) override;
  // It cannot tell, so whatever is remembered is read again.
  Result<bool> changedElsewhere() override { return true; }
  // Pages have checksums, which the server checks at each read.
  Status quickCheck() override { return kDone; }
  void stopWhen(sql::Database::MayGoOn mayGoOn) override {
    connection_->stopping().set(std::move(mayGoOn));
  }
  Status goOn() override { return connection_->stopping().goOn(); }

 private:
  std::unique_ptr<Connection> connection_;
};

void PostgresStatement::bindNumber(int index, Oid type, std::uint64_t value) {
  Parameter& to = parameter(index);
  to.type = type;
  to.isNull = false;
  to.number = bigEndian(value);
}

// A view without storage means "empty" and not NULL.
void PostgresStatement::bindBytes(int index, Oid type, std::string_view value) {
  Parameter& to = parameter(index);
  to.type = type;
  to.isNull = false;
  to.bytes = value.data() == nullptr ? std::string_view("") : value;
  tooLarge_ = tooLarge_ || value.size() > kValueBytesMax;
}

const std::shared_ptr<Prepared>& PostgresStatement::prepared() {
  std::vector<Oid> types;
  for (const Parameter& parameter : parameters_)
    types.push_back(parameter.type);
  if (!prepared_ || prepared_->types != types)
    prepared_ = connection_.prepared(text_, types);
  return prepared_;
}

Values PostgresStatement::values() const {
  Values values;
  for (const Parameter& from : parameters_) {
    const bool isNumber = from.type == kInt8 || from.type == kFloat8;
    const std::string_view bytes =
        isNumber ? std::string_view(from.number.data(), from.number.size()) : from.bytes;
    values.bytes.push_back(from.isNull ? nullptr : bytes.data());
    values.lengths.push_back(from.isNull ? 0 : static_cast<int>(bytes.size()));
  }
  return values;
}

Result<bool> PostgresStatement::step() {
  if (tooLarge_)
    return Error{ErrorCode::ResourceExhausted, "PG_TOOBIG", "a value could not be bound"};
  if (!rows_) {
    DOORSTEP_ASSIGN(rows_, connection_.ask(prepared(), values()));
    row_ = -1;
  }
  if (row_ < PQntuples(rows_.get()))
    ++row_;
  return row_ < PQntuples(rows_.get());
}

Status PostgresStatement::run() {
  Status done = kDone;
  if (connection_.inTransaction() && !tooLarge_)
    done = connection_.queue(prepared(), values());
  else if (const Result<bool> row = step(); !row.ok())
    done = row.error();
  reset();
  return done;
}

void PostgresStatement::reset() {
  rows_.reset();
  row_ = -1;
  tooLarge_ = false;
  for (Parameter& parameter : parameters_)
    parameter.isNull = true;
}

std::string_view PostgresStatement::bytesOf(int column) const {
  checked(column);
  return {PQgetvalue(rows_.get(), row_, column),
          static_cast<std::size_t>(PQgetlength(rows_.get(), row_, column))};
}

// By the length: a column is a bigint, a literal an int4, a comparison a boolean of one byte.
std::int64_t PostgresStatement::columnInt(int column) const {
  const std::string_view bytes = bytesOf(column);
  if (bytes.empty())
    return 0;  // NULL
  DOORSTEP_CHECK(bytes.size() == 8 || bytes.size() == 4 || bytes.size() == 1);
  std::uint64_t value = 0;
  for (const char byte : bytes)
    value = value << 8 | static_cast<unsigned char>(byte);
  if (bytes.size() == 4)
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  return static_cast<std::int64_t>(value);
}

double PostgresStatement::columnReal(int column) const {
  const bool isReal = PQftype(rows_.get(), checked(column)) == kFloat8;
  const std::int64_t value = columnInt(column);
  return isReal ? std::bit_cast<double>(value) : static_cast<double>(value);
}

Result<std::unique_ptr<sql::StatementEngine>> PostgresDatabase::prepare(std::string_view sql) {
  return std::unique_ptr<sql::StatementEngine>(
      std::make_unique<PostgresStatement>(*connection_, statementText(sql)));
}

Result<bool> PostgresDatabase::begin(sql::TransactionKind kind) {
  const bool snapshot = kind == sql::TransactionKind::Snapshot;
  if (connection_->inTransaction() && snapshot)
    return false;
  if (connection_->inTransaction())
    return Error{ErrorCode::Internal, "PG_ERROR", "a transaction is open"};
  DOORSTEP_TRY(connection_->begin(snapshot ? "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                                           : "BEGIN ISOLATION LEVEL SERIALIZABLE"));
  return true;
}

Result<bool> PostgresDatabase::hasTable(std::string_view name) {
  DOORSTEP_ASSIGN(const auto row, prepare("SELECT 1 FROM pg_catalog.pg_tables "
                                          "WHERE schemaname = current_schema() AND tablename = ?"));
  row->bindText(0, name);
  return row->step();
}

}  // namespace

Result<sql::Database> open(const std::string& where, const PostgresOptions& options) {
  DOORSTEP_ASSIGN(auto connection, Connection::open(where, options));
  return sql::Database(std::make_unique<PostgresDatabase>(std::move(connection)));
}

}  // namespace doorstep::postgres
