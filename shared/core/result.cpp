// SPDX-License-Identifier: Apache-2.0
#include "shared/core/result.h"

namespace doorstep {

bool isRetryable(const Error& error) {
  switch (error.code) {
    case ErrorCode::Unavailable:
    case ErrorCode::DeadlineExceeded:
    case ErrorCode::Aborted:
    case ErrorCode::Cancelled:
    case ErrorCode::ResourceExhausted:
    case ErrorCode::Internal:
    case ErrorCode::Unknown:
      return true;
    default:
      return false;
  }
}

}  // namespace doorstep
