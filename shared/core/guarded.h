// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <utility>

#include "shared/core/result.h"

namespace doorstep {

// Runs work that returns a Status or a Result and turns an exception (out of memory, or a
// library's) into Internal, UNEXPECTED. Wraps entry points (RPC handlers, commands), where one
// caller's request must not end the process; below them, errors are values.
template <typename Work>
auto guarded(Work&& work) -> decltype(std::forward<Work>(work)()) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::exception& exception) {
    return Error{ErrorCode::Internal, "UNEXPECTED", exception.what()};
  }
}

}  // namespace doorstep
