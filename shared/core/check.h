// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace doorstep {

// Prints where and what, then ends the process. The journal and the log are durable, so ending is
// safe and going on with a broken invariant is not.
[[noreturn]] void checkFailed(const char* expression, const char* file, int line);

}  // namespace doorstep

// An invariant of ours: on in release builds too. Never for what comes from outside; that is a
// Result.
#define DOORSTEP_CHECK(expression)                              \
  do {                                                          \
    if (!(expression)) [[unlikely]]                             \
      ::doorstep::checkFailed(#expression, __FILE__, __LINE__); \
  } while (false)
