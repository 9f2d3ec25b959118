// SPDX-License-Identifier: Apache-2.0
#include "shared/core/check.h"

#include <cstdio>
#include <cstdlib>

namespace doorstep {

void checkFailed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "doorstep: broken invariant: %s at %s:%d\n", expression, file, line);
  std::fflush(stderr);
  std::abort();
}

}  // namespace doorstep
