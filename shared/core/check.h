// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace doorstep {

// Prints the failed expression and its place, then ends the process. The journal and the log are
// durable, so ending is safe; continuing with a broken invariant is not.
[[noreturn]] void checkFailed(const char* expression, const char* file, int line);

}  // namespace doorstep

// Asserts an invariant of our own code, in release builds too. Never for input from outside, whose
// faults are a Result.
#define DOORSTEP_CHECK(expression)                              \
  do {                                                          \
    if (!(expression)) [[unlikely]]                             \
      ::doorstep::checkFailed(#expression, __FILE__, __LINE__); \
  } while (false)
