// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/phone.h"
#include "app/platform/fakes.h"
#include "sync-server/identity/device_registry.h"
#include "tests/simulation/crash_disk.h"
#include "tests/simulation/spoiling_signer.h"
#include "tests/simulation/virtual_time.h"

namespace doorstep::simulation {

// The shipped phone core over a crash disk, and what its carer was told. Keys and disk survive a
// crash; the rest does not. Thread: one.
class SimulatedPhone {
 public:
  struct Identity {
    DeviceId device;
    ProviderId provider;
    CarerId carer;
    std::string logVerifierKey;
    std::int64_t enrolledUnixMs = 0;
  };
  SimulatedPhone(std::uint64_t seed, const TrueTime& time, const Identity& identity,
                 std::int64_t driftPpm);

  CrashDisk& disk() { return disk_; }
  PhoneClock& clock() { return clock_; }
  const identity::KnownDevice& known() const { return known_; }
  DeviceId device() const { return identity_.device; }
  CarerId carer() const { return identity_.carer; }
  SpoilingSigner& signer() { return signer_; }
  bool isUp() const { return phone_ != nullptr; }
  app::Phone& phone() { return *phone_; }

  Status start();
  void kill() { phone_.reset(); }
  void losePower();
  // Plants a bug: an app that throws away what the server has not taken, and starts anew.
  void deleteUnsent();

  // A tap: what the screen would say. The carer is told "kept" only when this is ok.
  Result<std::uint64_t> tap(const recording::Intent& intent);

  // True time of each event that the carer was told is kept, by number - 1; for an event that
  // turned out durable although the power went before she was told, when she tapped.
  const std::vector<std::int64_t>& confirmed() const { return confirmed_; }
  // What the journal holds after a start must be what was confirmed, and at most the tap that the
  // crash interrupted. Empty: so it is.
  std::string checkConfirmed();

  // Counts starts, so that timers of an earlier life are not run in this one.
  std::uint64_t life() const { return life_; }

 private:
  const TrueTime& time_;
  const Identity identity_;
  CrashDisk disk_;
  PhoneClock clock_;
  DrawnIds ids_;
  platform::FakeSecretStore secrets_;
  SpoilingSigner signer_;
  platform::FakeFixSource fixes_;
  platform::Platform platform_;
  identity::KnownDevice known_;
  std::unique_ptr<app::Phone> phone_;
  std::vector<std::int64_t> confirmed_;
  std::optional<std::int64_t> interruptedTapUnixMs_;
  std::uint64_t life_ = 0;
};

}  // namespace doorstep::simulation
