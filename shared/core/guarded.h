// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <utility>

#include "shared/core/result.h"

namespace doorstep {

// Runs work that gives a Status or a Result and answers with INTERNAL (UNEXPECTED) when an
// exception leaves it: memory that is not to be had, or a library's own. Stands at the doors, where
// one caller's question must not end the process for all; inside them an error is a value.
template <typename Work>
auto guarded(Work&& work) -> decltype(std::forward<Work>(work)()) {
  try {
    return std::forward<Work>(work)();
  } catch (const std::exception& exception) {
    return Error{ErrorCode::Internal, "UNEXPECTED", exception.what()};
  }
}

}  // namespace doorstep
