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

// Connects to where an operator's configuration says, in at most kConnectWaitS a host. Errors:
// PG_ADDRESS (InvalidArgument) when that cannot be read, PG_CONNECTION (Unavailable) in the words
// of the server or the network. A password is in no error.
Result<OpenConnection> connectTo(const std::string& where);

}  // namespace doorstep::postgres
