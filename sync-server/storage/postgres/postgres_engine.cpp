// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "shared/core/bytes.h"
#include "shared/core/display_text.h"
#include "sync-server/storage/postgres/connection.h"
#include "sync-server/storage/postgres/dialect.h"
#include "sync-server/storage/postgres/limits.h"
#include "sync-server/storage/postgres/postgres.h"
#include "sync-server/storage/postgres/postgres_errors.h"
#include "sync-server/storage/postgres/rows.h"

namespace doorstep::postgres {
namespace {

// Like SQLite when a real is read as an integer.
std::int64_t wholePartOf(double value) {
  constexpr double kBeyond = 9223372036854775808.0;  // 2^63
  if (!(value > -kBeyond))
    return std::isnan(value) ? 0 : std::numeric_limits<std::int64_t>::min();
  return value < kBeyond ? static_cast<std::int64_t>(value)
                         : std::numeric_limits<std::int64_t>::max();
}

struct Parameter {
  // Kept when NULL is bound: one text is then one prepared statement, and no type must be inferred.
  Oid type = kUnknown;
  bool isNull = true;
  std::string number;      // an integer or a double in binary format, big-endian
  std::string_view bytes;  // of text and blob
};

// Prepared at its first step with the types of the bound values, so that PostgreSQL does not infer
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
  bool columnIsNull(int column) const override { return rows_->isNull(row_, checked(column)); }

 private:
  // Only between a reset and a step, as in SQLite.
  Parameter& parameter(int index) {
    DOORSTEP_CHECK(!rows_);
    return parameters_.at(static_cast<std::size_t>(index));
  }
  void bindNumber(int index, Oid type, std::uint64_t value);
  void bindBytes(int index, Oid type, std::string_view value);
  std::size_t checked(int column) const {
    const auto at = static_cast<std::size_t>(column);
    DOORSTEP_CHECK(rows_ && row_ < rows_->count() && at < rows_->columns());
    return at;
  }
  std::string_view bytesOf(int column) const { return rows_->bytes(row_, checked(column)); }
  const std::shared_ptr<Prepared>& prepared();
  Values values() const;

  Connection& connection_;
  const std::string text_;
  std::vector<Parameter> parameters_;
  std::shared_ptr<Prepared> prepared_;
  Status refused_ = kDone;    // error of a value bound since the last reset
  std::optional<Rows> rows_;  // absent: not stepped since the last reset
  std::size_t row_ = 0;
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
  // It cannot be determined, so caches are always read again.
  Result<bool> changedElsewhere() override { return true; }
  // Pages have checksums that the server verifies at each read.
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
  to.number = bigEndian64(value);
}

// A view without storage means "empty", not NULL.
void PostgresStatement::bindBytes(int index, Oid type, std::string_view value) {
  Parameter& to = parameter(index);
  to.type = type;
  to.isNull = false;
  to.bytes = value.data() == nullptr ? std::string_view("") : value;
  if (value.size() > kValueBytesMax)
    refused_ = Error{ErrorCode::ResourceExhausted, "PG_TOOBIG", "a value could not be bound"};
  // PostgreSQL would refuse it too, but end the transaction.
  else if (type == kText && !isUtf8(value))
    refused_ = errorOfState("22021");
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
    const std::string_view bytes = isNumber ? std::string_view(from.number) : from.bytes;
    values.bytes.push_back(from.isNull ? nullptr : bytes.data());
    values.lengths.push_back(from.isNull ? 0 : static_cast<int>(bytes.size()));
  }
  return values;
}

Result<bool> PostgresStatement::step() {
  DOORSTEP_TRY(refused_);
  if (!rows_) {
    DOORSTEP_ASSIGN(rows_, connection_.ask(prepared(), values()));
  } else if (row_ < rows_->count()) {
    ++row_;
  }
  return row_ < rows_->count();
}

Status PostgresStatement::run() {
  Status done = refused_;
  if (done.ok() && connection_.inTransaction())
    done = connection_.queue(prepared(), values());
  else if (done.ok())
    if (const Result<bool> row = step(); !row.ok())
      done = row.error();
  reset();
  return done;
}

void PostgresStatement::reset() {
  rows_.reset();
  row_ = 0;
  refused_ = kDone;
  for (Parameter& parameter : parameters_)
    parameter.isNull = true;
}

// A column is a bigint, a literal an int4, a comparison a boolean of one byte. Anything else, in a
// table created differently, reads as 0, as in SQLite.
std::int64_t PostgresStatement::columnInt(int column) const {
  const Oid type = rows_->type(checked(column));
  if (type == kFloat8)
    return wholePartOf(columnReal(column));
  if (type != kInt8 && type != kInt4 && type != kInt2 && type != kBool)
    return 0;
  const std::uint64_t value = fromBigEndian(bytesOf(column));
  if (type == kInt4)
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
  if (type == kInt2)
    return static_cast<std::int16_t>(static_cast<std::uint16_t>(value));
  return static_cast<std::int64_t>(value);
}

double PostgresStatement::columnReal(int column) const {
  if (rows_->type(checked(column)) != kFloat8)
    return static_cast<double>(columnInt(column));
  return std::bit_cast<double>(fromBigEndian(bytesOf(column)));
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
