// SPDX-License-Identifier: Apache-2.0
#include "sync-server/storage/postgres/postgres_errors.h"

#include <fmt/format.h>

namespace doorstep::postgres {
namespace {

struct Meaning {
  std::string_view states;  // prefix of SQLSTATEs
  ErrorCode code;
  const char* reason;
  const char* text;
};
// The first match counts.
constexpr Meaning kMeanings[] = {
    // statement_timeout, or a cancel
    {"57014", ErrorCode::Unavailable, "PG_TIMEOUT", "the statement took too long"},
    {"55P03", ErrorCode::Unavailable, "PG_TIMEOUT", "another transaction's lock was held too long"},
    {"25006", ErrorCode::Unavailable, "PG_READ_ONLY", "the database only reads here"},
    {"25P02", ErrorCode::FailedPrecondition, "PG_TRANSACTION_FAILED",
     "an earlier statement of the transaction failed"},
    {"25P03", ErrorCode::Unavailable, kConnectionLost, "the transaction stood still too long"},
    {"08", ErrorCode::Unavailable, kConnectionLost, "the connection to the database broke"},
    {"57P", ErrorCode::Unavailable, kConnectionLost, "the database server ended the connection"},
    {"40003", ErrorCode::Unavailable, kConnectionLost, "nobody knows how the statement ended"},
    {"40002", ErrorCode::AlreadyExists, "PG_CONSTRAINT", "a constraint refuses it"},
    {"40", ErrorCode::Aborted, "PG_CONFLICT", "another transaction was in the way"},
    // A pooler, or DISCARD, has dropped the prepared statement.
    {"26000", ErrorCode::Aborted, "PG_CONFLICT", "a prepared statement was dropped"},
    {"23", ErrorCode::AlreadyExists, "PG_CONSTRAINT", "a constraint refuses it"},
    {"22021", ErrorCode::InvalidArgument, "TEXT_NOT_UTF8", "a text is not UTF-8"},
    {"22", ErrorCode::InvalidArgument, "PG_VALUE", "a value does not fit"},
    {"53100", ErrorCode::ResourceExhausted, "PG_FULL", "the disk of the database server is full"},
    {"53300", ErrorCode::ResourceExhausted, "PG_FULL",
     "the database server has no connection free"},
    {"53", ErrorCode::ResourceExhausted, "PG_FULL", "the database server has no room"},
    {"54", ErrorCode::ResourceExhausted, "PG_TOOBIG", "a value or statement is too large"},
    {"58", ErrorCode::DataLoss, "PG_DAMAGED", "the database server cannot use its files"},
    {"XX0", ErrorCode::DataLoss, "PG_DAMAGED", "the database is damaged"},
    {"3D", ErrorCode::FailedPrecondition, "PG_UNSUITABLE", "there is no such database"},
    {"3F", ErrorCode::FailedPrecondition, "PG_UNSUITABLE", "there is no schema for the tables"},
    {"42501", ErrorCode::PermissionDenied, "PG_PERMISSION",
     "the database role lacks a right: grant it"},
    {"28", ErrorCode::PermissionDenied, "PG_PERMISSION", "the database role may not sign in"},
    {"42", ErrorCode::DataLoss, "SCHEMA_DAMAGED", "the schema is not what a statement needs"},
};

std::string_view fieldOf(const PGresult* answer, int which) {
  const char* field = PQresultErrorField(answer, which);
  return field == nullptr ? std::string_view() : std::string_view(field);
}

}  // namespace

Error connectionLost(std::string text) {
  return {ErrorCode::Unavailable, kConnectionLost, std::move(text)};
}

Error errorOfState(std::string_view state) {
  for (const Meaning& meaning : kMeanings)
    if (state.starts_with(meaning.states))
      return {meaning.code, meaning.reason, fmt::format("{} (SQLSTATE {})", meaning.text, state)};
  return {ErrorCode::Internal, "PG_ERROR",
          fmt::format("PostgreSQL refuses it (SQLSTATE {})", state)};
}

bool isStalePlan(const PGresult* answer) {
  const std::string_view state = fieldOf(answer, PG_DIAG_SQLSTATE);
  // 0A000 has many meanings, this one from one place; the message is in the server's language.
  return state == "26000" ||
         (state == "0A000" && fieldOf(answer, PG_DIAG_SOURCE_FUNCTION) == "RevalidateCachedQuery");
}

Error errorOf(const PGresult* answer) {
  const std::string_view state = fieldOf(answer, PG_DIAG_SQLSTATE);
  if (state.empty())  // an error of libpq: no answer was received
    return connectionLost("the connection to the database was lost");
  Error error = errorOfState(state);
  if (isStalePlan(answer))
    error = {ErrorCode::Aborted, "PG_CONFLICT", "the schema changed under a prepared statement"};
  for (const int which : {PG_DIAG_TABLE_NAME, PG_DIAG_CONSTRAINT_NAME})
    if (const std::string_view name = fieldOf(answer, which); !name.empty())
      error.text.append(" ").append(name);
  // The text names parts of the statement; it contains no values.
  if (state.starts_with("42"))
    error.text.append(": ").append(fieldOf(answer, PG_DIAG_MESSAGE_PRIMARY));
  return error;
}

}  // namespace doorstep::postgres
