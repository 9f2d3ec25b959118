// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <libpq-fe.h>

#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::postgres {

// The reason of every error that a connection ends with.
constexpr const char* kConnectionLost = "PG_CONNECTION";

Error connectionLost(std::string text);

// The error of an answer. Its text is ours and names the SQLSTATE, the table and the constraint and
// nothing else: PostgreSQL's own messages and details may hold values, which may be personal.
Error errorOf(const PGresult* answer);
// The schema or the session changed under a prepared statement: it is prepared again and the
// transaction run again.
bool isStalePlan(const PGresult* answer);
// By the SQLSTATE alone.
Error errorOfState(std::string_view state);

}  // namespace doorstep::postgres
