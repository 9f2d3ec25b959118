// SPDX-License-Identifier: Apache-2.0
#include "sync-server/storage/postgres/database_address.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "sync-server/storage/postgres/limits.h"
#include "sync-server/storage/postgres/postgres_errors.h"

namespace doorstep::postgres {
namespace {

// libpq's message quotes its input, which may contain part of a password.
Error unreadable(const char* why) {
  return {ErrorCode::InvalidArgument, "PG_ADDRESS",
          std::string(why) + "; write postgres://user@host:port/database or key=value pairs"};
}

Status checkAddress(const std::string& where) {
  // libpq takes any other text as the name of a local database.
  if (where.find('=') == std::string::npos && where.find("://") == std::string::npos)
    return unreadable("the address of the database has no form that is known");
  const auto free = [](PQconninfoOption* options) { PQconninfoFree(options); };
  const std::unique_ptr<PQconninfoOption, decltype(free)> options(
      PQconninfoParse(where.c_str(), nullptr), free);
  if (!options)
    return unreadable("the address of the database cannot be read");
  for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view value = option->val == nullptr ? "" : option->val;
    if (std::string_view(option->keyword) == "host" && value.find('@') != std::string_view::npos &&
        value.front() != '@')  // an abstract socket begins with one
      return unreadable("the host of the database holds an @: in a password it is written %40");
  }
  return kDone;
}

// The message as one line.
std::string whyNot(const PGconn* connection) {
  std::string why = PQerrorMessage(connection);
  std::replace_if(
      why.begin(), why.end(), [](unsigned char c) { return c < ' '; }, ' ');
  why.erase(why.find_last_not_of(' ') + 1);
  return why.substr(0, kConnectErrorBytesMax);
}

}  // namespace

Result<OpenConnection> connectTo(const std::string& where) {
  DOORSTEP_TRY(checkAddress(where));
  const std::string wait = std::to_string(kConnectWaitS);
  // Settings in `where` replace these defaults.
  const std::array<const char*, 5> keys{"connect_timeout", "fallback_application_name", "dbname",
                                        "client_encoding", nullptr};
  const std::array<const char*, 5> values{wait.c_str(), "doorstep-server", where.c_str(), "UTF8",
                                          nullptr};
  OpenConnection connection(PQconnectdbParams(keys.data(), values.data(), 1));
  if (!connection)
    return Error{ErrorCode::ResourceExhausted, "PG_FULL", "no memory for a connection"};
  if (PQstatus(connection.get()) != CONNECTION_OK)
    return connectionLost("the database cannot be reached: " + whyNot(connection.get()));
  return connection;
}

}  // namespace doorstep::postgres
