// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "shared/sql/database.h"

namespace doorstep::support {

// What stands between stores and their engine and writes down each text that is stepped, once,
// as a line `types<TAB>text` of the file that DOORSTEP_TEST_STATEMENTS names; a type is a letter of
// a parameter: i, r, t, b, n for NULL, ? for one that was not bound. Without the variable: nothing.
std::function<sql::Database(sql::Database)> statementRecorder();

}  // namespace doorstep::support
