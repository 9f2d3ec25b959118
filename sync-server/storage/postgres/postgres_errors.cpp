// SPDX-License-Identifier: Apache-2.0
#include "sync-server/storage/postgres/postgres_errors.h"

namespace doorstep::postgres {
namespace {

struct Meaning {
  std::string_view states;  // that begin so
  ErrorCode code;
  const char* reason;
};
// The first that fits.
constexpr Meaning kMeanings[] = {
    {"57014", ErrorCode::Unavailable, "PG_TIMEOUT"},  // statement_timeout, a cancel
    {"55P03", ErrorCode::Unavailable, "PG_TIMEOUT"},  // lock_timeout
    {"25006", ErrorCode::Unavailable, "PG_READ_ONLY"},
    {"25P02", ErrorCode::FailedPrecondition, "PG_TRANSACTION_FAILED"},
    {"25P03", ErrorCode::Unavailable, kConnectionLost},  // idle in a transaction for too long
    {"08", ErrorCode::Unavailable, kConnectionLost},
    {"57P", ErrorCode::Unavailable, kConnectionLost},
    {"40001", ErrorCode::Aborted, "PG_CONFLICT"},
    {"40P01", ErrorCode::Aborted, "PG_CONFLICT"},
    {"23", ErrorCode::AlreadyExists, "PG_CONSTRAINT"},
    {"22021", ErrorCode::InvalidArgument, "TEXT_NOT_UTF8"},
    {"22", ErrorCode::InvalidArgument, "PG_VALUE"},
    {"53", ErrorCode::ResourceExhausted, "PG_FULL"},
    {"54", ErrorCode::ResourceExhausted, "PG_TOOBIG"},
    {"58", ErrorCode::DataLoss, "PG_DAMAGED"},
    {"XX0", ErrorCode::DataLoss, "PG_DAMAGED"},
    {"42501", ErrorCode::PermissionDenied, "PG_PERMISSION"},
    {"28", ErrorCode::PermissionDenied, "PG_PERMISSION"},
    {"42", ErrorCode::DataLoss, "SCHEMA_DAMAGED"},
};

std::string fieldOf(const PGresult* answer, int which) {
  const char* field = PQresultErrorField(answer, which);
  return field == nullptr ? std::string() : std::string(field);
}

}  // namespace

Error connectionLost(std::string text) {
  return {ErrorCode::Unavailable, kConnectionLost, std::move(text)};
}

Error errorOfState(std::string_view state) {
  for (const Meaning& meaning : kMeanings)
    if (state.starts_with(meaning.states))
      return {meaning.code, meaning.reason, "SQLSTATE " + std::string(state)};
  return {ErrorCode::Internal, "PG_ERROR", "SQLSTATE " + std::string(state)};
}

Error errorOf(const PGresult* answer) {
  const std::string state = fieldOf(answer, PG_DIAG_SQLSTATE);
  if (state.empty())  // libpq's own: no answer came
    return connectionLost("no connection to the database");
  Error error = errorOfState(state);
  for (const int which : {PG_DIAG_TABLE_NAME, PG_DIAG_CONSTRAINT_NAME})
    if (const std::string name = fieldOf(answer, which); !name.empty())
      error.text += ' ' + name;
  // What is wrong with a text is said in words of the text; values are not in it.
  if (state.starts_with("42"))
    error.text += ' ' + fieldOf(answer, PG_DIAG_MESSAGE_PRIMARY);
  return error;
}

}  // namespace doorstep::postgres
