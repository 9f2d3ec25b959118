// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "app/platform/platform.h"
#include "shared/core/bytes.h"
#include "shared/crypto/keys.h"

namespace doorstep::platform {

// Fake devices for tests, headless phones and the gallery. None touches a file.

// A manually advanced clock. Thread: one.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(std::int64_t wall, std::uint32_t boot = 1, std::uint64_t bootTime = 1'000)
      : wallUnixMs_(wall), bootMs_(bootTime), boot_(boot) {}
  std::int64_t wallUnixMs() const override { return wallUnixMs_; }
  std::uint64_t bootMs() const override { return bootMs_; }
  std::uint32_t boot() const override { return boot_; }

  void advance(std::int64_t ms) {
    wallUnixMs_ += ms;
    bootMs_ += static_cast<std::uint64_t>(ms);
  }
  // Sets the wall clock only; the monotonic clock continues.
  void setWall(std::int64_t unixMs) { wallUnixMs_ = unixMs; }
  void setBootMs(std::uint64_t bootMs) { bootMs_ = bootMs; }
  void reboot() {
    boot_ += 1;
    bootMs_ = 0;
  }

 private:
  std::int64_t wallUnixMs_;
  std::uint64_t bootMs_;
  std::uint32_t boot_;
};

// Deterministic bytes from a seed (splitmix64). Only for tests.
class SeededIdSource final : public IdSource {
 public:
  explicit SeededIdSource(std::uint64_t seed) : state_(seed) {}
  void fillRandom(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) {
      state_ += 0x9E3779B97F4A7C15ULL;
      std::uint64_t mixed = state_;
      mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
      mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
      byte = static_cast<std::uint8_t>((mixed ^ (mixed >> 31)) & 0xFF);
    }
  }

 private:
  std::uint64_t state_;
};

class FakeSecretStore final : public SecretStore {
 public:
  Result<std::string> secret() override { return std::string(32, 's'); }
};

class MemorySigner final : public DeviceSigner {
 public:
  MemorySigner() : key_(crypto::P256PrivateKey::generate()) {}
  Result<std::string> publicKeySpki() override { return key_.publicKey().spki(); }
  Result<std::string> sign(std::string_view message) override {
    if (gone)
      return Error{ErrorCode::Unavailable, "KEY_STORE_GONE", "the fake key store refuses"};
    return spoiled ? *spoiled : key_.sign(message);
  }
  bool gone = false;
  std::optional<std::string> spoiled;  // returned instead of a signature

 private:
  crypto::P256PrivateKey key_;
};

class FakeFixSource final : public FixSource {
 public:
  std::optional<Fix> newestFix() override { return fix; }
  std::optional<Fix> fix;
};

}  // namespace doorstep::platform
