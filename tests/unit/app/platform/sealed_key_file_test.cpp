// SPDX-License-Identifier: Apache-2.0
#include "app/platform/sealed_key_file.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "app/platform/fakes.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::platform {
namespace {

constexpr crypto::ScryptCost kLowCost{1};

struct Desk {
  support::TemporaryFolder folder;
  FakeClock clock{1'795'420'800'000, 1, 100'000'000};
  SeededIdSource ids{1};
  FakeSecretStore secrets;
  MemorySigner signer;
  FakeFixSource fixes;
  Platform device{clock, ids, secrets, signer, fixes};

  SealedKeyFile file() { return {folder.path().string(), device}; }
  std::string tryPin(const char* pin) {
    const auto key = file().unlock(pin);
    return key.ok() ? "opened" : key.error().reason;
  }
};

}  // namespace

TEST_CASE("the right PIN gives the same data key in every process") {
  Desk desk;
  const auto made = desk.file().create("4711", kLowCost);
  REQUIRE(made.ok());
  const auto opened = desk.file().unlock("4711");
  REQUIRE(opened.ok());
  CHECK(*opened == *made);
  CHECK(desk.file().create("9999", kLowCost).error().reason == "ALREADY_EXISTS");
}

TEST_CASE("the PIN opens nothing without the device's secret") {
  struct OtherDevice final : SecretStore {
    Result<std::string> secret() override { return std::string(32, 'o'); }
  };
  Desk desk;
  REQUIRE(desk.file().create("4711", kLowCost).ok());
  OtherDevice other;
  Platform stolen{desk.clock, desk.ids, other, desk.signer, desk.fixes};
  CHECK(SealedKeyFile(desk.folder.path().string(), stolen).unlock("4711").error().reason ==
        "PIN_WRONG");
}

TEST_CASE("wrong PINs wait longer each time, and the right one starts anew") {
  Desk desk;
  REQUIRE(desk.file().create("4711", kLowCost).ok());
  for (std::uint32_t i = 0; i < kFreeAttempts; ++i)
    CHECK(desk.tryPin("0000") == "PIN_WRONG");
  std::int64_t before = 0;
  for (int i = 0; i < 12; ++i) {
    const std::int64_t waitMs = desk.file().waitMs();
    CHECK((waitMs > before || waitMs == kLongestWaitMs));
    CHECK(desk.tryPin("4711") == "PIN_WAIT");
    desk.clock.advance(waitMs);
    CHECK(desk.tryPin("0000") == "PIN_WRONG");
    before = waitMs;
  }
  CHECK(before == kLongestWaitMs);
  desk.clock.advance(kLongestWaitMs);
  CHECK(desk.tryPin("4711") == "opened");
  CHECK(desk.file().waitMs() == 0);
}

TEST_CASE("neither a set wall clock nor a reboot shortens the wait") {
  Desk desk;
  REQUIRE(desk.file().create("4711", kLowCost).ok());
  for (std::uint32_t i = 0; i < kFreeAttempts + 2; ++i) {
    desk.clock.advance(kLongestWaitMs);
    desk.tryPin("0000");
  }
  const std::int64_t waitMs = desk.file().waitMs();
  REQUIRE(waitMs > 0);
  desk.clock.setWall(desk.clock.wallUnixMs() + 10 * kLongestWaitMs);
  CHECK(desk.file().waitMs() == waitMs);
  desk.clock.reboot();
  CHECK(desk.file().waitMs() == waitMs);
  desk.clock.advance(waitMs);
  CHECK(desk.tryPin("4711") == "opened");
}

TEST_CASE("an attempt that cannot be counted is not made") {
  Desk desk;
  REQUIRE(desk.file().create("4711", kLowCost).ok());
  std::filesystem::remove(desk.folder.file("unlock-attempts"));
  std::filesystem::create_directory(desk.folder.file("unlock-attempts"));
  CHECK(desk.tryPin("4711") == "FILE_WRITE");
}

TEST_CASE("a short PIN and a file that is none are refused") {
  Desk desk;
  CHECK(desk.file().create("471", kLowCost).error().reason == "PIN_TOO_SHORT");
  CHECK_FALSE(desk.file().exists());
  CHECK(desk.tryPin("4711") == "FILE_MISSING");
}

}  // namespace doorstep::platform
