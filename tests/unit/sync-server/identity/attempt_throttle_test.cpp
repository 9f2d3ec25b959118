// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/attempt_throttle.h"

#include <catch2/catch.hpp>
#include <string>

#include "sync-server/identity/limits.h"

namespace doorstep::identity {
namespace {

TEST_CASE("some failures are free, then each doubles the wait up to the limit") {
  AttemptThrottle throttle(kFreeAttempts, 10 * kSecondMs);
  std::int64_t now = 1'000'000;
  for (std::uint32_t i = 1; i < kFreeAttempts; ++i)
    throttle.failed("a", now);
  CHECK(throttle.waitMs("a", now) == 0);
  for (const std::int64_t delay : {1, 2, 4, 8, 10, 10}) {
    throttle.failed("a", now);
    CHECK(throttle.waitMs("a", now) == delay * kSecondMs);
    now += delay * kSecondMs;
    CHECK(throttle.waitMs("a", now) == 0);
  }
}

TEST_CASE("a success forgets, and so does an hour") {
  AttemptThrottle throttle(kFreeAttempts, kLoginDelayMaxMs);
  for (int i = 0; i < 10; ++i)
    throttle.failed("a", 0);
  CHECK(throttle.waitMs("a", 0) > 0);
  throttle.forget("a");
  CHECK(throttle.waitMs("a", 0) == 0);

  for (int i = 0; i < 10; ++i)
    throttle.failed("a", 0);
  throttle.failed("a", kAttemptsForgottenMs);
  CHECK(throttle.waitMs("a", kAttemptsForgottenMs) == 0);
}

TEST_CASE("keys do not slow each other down") {
  AttemptThrottle throttle(kFreeAttempts, kLoginDelayMaxMs);
  for (int i = 0; i < 10; ++i)
    throttle.failed("a", 0);
  CHECK(throttle.waitMs("b", 0) == 0);
}

TEST_CASE("a clock that is set back makes nobody wait longer than the delay") {
  AttemptThrottle throttle(kFreeAttempts, 10 * kSecondMs);
  for (int i = 0; i < 20; ++i)
    throttle.failed("a", 1'000'000);
  CHECK(throttle.waitMs("a", 0) == 10 * kSecondMs);
}

TEST_CASE("a flood of keys is bounded and drops those that failed longest ago") {
  AttemptThrottle throttle(kFreeAttempts, kLoginDelayMaxMs);
  for (int i = 0; i < 10; ++i) {
    throttle.failed("old", 0);
    throttle.failed("kept", 1);
  }
  for (std::size_t i = 0; i < kAttemptsTracked - 1; ++i)
    throttle.failed("flood" + std::to_string(i), 2);
  CHECK(throttle.waitMs("old", 2) == 0);
  CHECK(throttle.waitMs("kept", 2) > 0);
}

}  // namespace
}  // namespace doorstep::identity
