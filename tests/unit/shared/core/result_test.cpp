// SPDX-License-Identifier: Apache-2.0
#include "shared/core/result.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

using namespace doorstep;

namespace {

Result<int> half(int number) {
  if (number % 2 != 0)
    return Error{ErrorCode::InvalidArgument, "ODD", "the number is odd"};
  return number / 2;
}

Result<std::string> quarter(int number) {
  DOORSTEP_ASSIGN(const int once, half(number));
  DOORSTEP_ASSIGN(const int twice, half(once));
  return std::to_string(twice);
}

Status isEven(int number) {
  DOORSTEP_TRY(half(number));
  return kDone;
}

}  // namespace

TEST_CASE("an error passes through and a value goes on") {
  CHECK(quarter(12).value() == "3");
  CHECK(quarter(7).error().reason == "ODD");
  CHECK(quarter(6).error().reason == "ODD");
  CHECK(isEven(4).ok());
  CHECK_FALSE(isEven(3).ok());
}

TEST_CASE("a result carries what can only be moved") {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(3));
  const std::unique_ptr<int> taken = std::move(result).value();
  CHECK(*taken == 3);
}

// Under AddressSanitizer a value that ended with its result would be reported.
TEST_CASE("the value of a temporary outlives it in a loop") {
  const auto three = [] {
    return Result<std::vector<std::string>>(
        std::vector<std::string>(3, "a string too long to stand in place"));
  };
  std::size_t characters = 0;
  for (const std::string& one : three().value())
    characters += one.size();
  for (const std::string& one : *three())
    characters += one.size();
  CHECK(characters == 6 * std::string("a string too long to stand in place").size());
}

TEST_CASE("what may pass by itself is tried again, and a refusal is not") {
  for (const ErrorCode code :
       {ErrorCode::Unavailable, ErrorCode::DeadlineExceeded, ErrorCode::ResourceExhausted})
    CHECK(isRetryable({code, "", ""}));
  for (const ErrorCode code : {ErrorCode::PermissionDenied, ErrorCode::InvalidArgument,
                               ErrorCode::NotFound, ErrorCode::DataLoss})
    CHECK_FALSE(isRetryable({code, "", ""}));
}
