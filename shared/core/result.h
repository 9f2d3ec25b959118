// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "shared/core/check.h"

namespace doorstep {

// The canonical codes of gRPC, so that an error keeps its meaning across the wire.
enum class ErrorCode {
  Cancelled = 1,
  Unknown = 2,
  InvalidArgument = 3,
  DeadlineExceeded = 4,
  NotFound = 5,
  AlreadyExists = 6,
  PermissionDenied = 7,
  ResourceExhausted = 8,
  FailedPrecondition = 9,
  Aborted = 10,
  OutOfRange = 11,
  Unimplemented = 12,
  Internal = 13,
  Unavailable = 14,
  DataLoss = 15,
  Unauthenticated = 16,
};

// An expected failure (AIP-193). reason is UPPER_SNAKE and stable; what a person reads is
// translated from it. text is for developers and never contains personal data.
struct Error {
  ErrorCode code = ErrorCode::Unknown;
  std::string reason;
  std::string text;
};

// The only place that decides whether to retry. An exchange is idempotent, so unlike in AIP-194 a
// deadline and a lost connection are retryable.
bool isRetryable(const Error& error);

// A value or the error that explains its absence.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Error error) : content_(std::move(error)) {}

  bool ok() const { return std::holds_alternative<T>(content_); }
  explicit operator bool() const { return ok(); }

  T& value() & {
    DOORSTEP_CHECK(ok());
    return std::get<T>(content_);
  }
  const T& value() const& {
    DOORSTEP_CHECK(ok());
    return std::get<T>(content_);
  }
  // By value, so that `for (x : read().value())` does not iterate over a destroyed temporary.
  T value() && {
    DOORSTEP_CHECK(ok());
    return std::get<T>(std::move(content_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    DOORSTEP_CHECK(!ok());
    return std::get<Error>(content_);
  }

 private:
  std::variant<T, Error> content_;
};

struct Nothing {};

// Success without a value: `return kDone;`.
using Status = Result<Nothing>;
inline const Nothing kDone{};

}  // namespace doorstep

#define DOORSTEP_CONCAT_INNER(a, b) a##b
#define DOORSTEP_CONCAT(a, b) DOORSTEP_CONCAT_INNER(a, b)

// Returns the error of a Result-valued expression to the caller, or continues.
#define DOORSTEP_TRY(expression)                                                      \
  do {                                                                                \
    if (const auto& doorstepResult = (expression); !doorstepResult.ok()) [[unlikely]] \
      return doorstepResult.error();                                                  \
  } while (false)

// `DOORSTEP_ASSIGN(auto head, log.head(provider));`: assigns the value, or returns the error.
// NOLINTBEGIN(bugprone-macro-parentheses): a declaration cannot be parenthesised.
#define DOORSTEP_ASSIGN(target, expression)                         \
  auto DOORSTEP_CONCAT(doorstepResult, __LINE__) = (expression);    \
  if (!DOORSTEP_CONCAT(doorstepResult, __LINE__).ok()) [[unlikely]] \
    return DOORSTEP_CONCAT(doorstepResult, __LINE__).error();       \
  target = std::move(DOORSTEP_CONCAT(doorstepResult, __LINE__)).value()
// NOLINTEND(bugprone-macro-parentheses)
