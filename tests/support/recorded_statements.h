// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "shared/sql/database.h"

namespace doorstep::support {

// Wraps a database and writes each distinct text that is stepped, as a line `types<TAB>text`, to
// the file named by DOORSTEP_TEST_STATEMENTS. Each parameter has a letter: i, r, t, b, n for NULL,
// ? if not bound. Without the variable: no wrapper.
std::function<sql::Database(sql::Database)> statementRecorder();

}  // namespace doorstep::support
