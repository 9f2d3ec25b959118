// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>

#include "shared/core/result.h"

namespace doorstep::postgres {

struct CloseConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using OpenConnection = std::unique_ptr<PGconn, CloseConnection>;

// Connects to the configured address, within kConnectWaitS per host. Errors: PG_ADDRESS
// (InvalidArgument) when it cannot be parsed, PG_CONNECTION (Unavailable) with the text of the
// server or the network. No error contains a password.
Result<OpenConnection> connectTo(const std::string& where);

}  // namespace doorstep::postgres
