// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::postgres {

// Reason of every error that ends a connection.
constexpr const char* kConnectionLost = "PG_CONNECTION";

Error connectionLost(std::string text);

// Converts a failed result. The text is ours and contains only SQLSTATE, table and constraint:
// PostgreSQL's messages and details may contain values, which may be personal.
Error errorOf(const PGresult* answer);
// The schema or session changed under a prepared statement: prepare it again and retry the
// transaction.
bool isStalePlan(const PGresult* answer);
// Decides by SQLSTATE alone.
Error errorOfState(std::string_view state);

}  // namespace doorstep::postgres
