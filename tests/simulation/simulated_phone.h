// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/phone.h"
#include "app/platform/fakes.h"
#include "sync-server/identity/device_registry.h"
#include "tests/simulation/crash_disk.h"
#include "tests/simulation/doors.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/spoiling_signer.h"
#include "tests/simulation/virtual_time.h"

namespace doorstep::simulation {

// The released phone core on a crash disk, and what was confirmed to its carer. Keys and disk
// survive a crash; the rest does not. Thread: one.
class SimulatedPhone {
 public:
  struct Identity {
    DeviceId device;
    ProviderId provider;
    CarerId carer;
    std::string logVerifierKey;
    std::int64_t enrolledUnixMs = 0;
    std::uint64_t earlierLives = 0;  // starts of this phone's previous device
  };
  SimulatedPhone(std::uint64_t seed, const TrueTime& time, const Identity& identity,
                 std::int64_t driftPpm);

  CrashDisk& disk() { return disk_; }
  PhoneClock& clock() { return clock_; }
  const PhoneClock& clock() const { return clock_; }
  const identity::KnownDevice& known() const { return known_; }
  DeviceId device() const { return identity_.device; }
  CarerId carer() const { return identity_.carer; }
  std::int64_t driftPpm() const { return driftPpm_; }
  SpoilingSigner& signer() { return signer_; }
  bool isUp() const { return phone_ != nullptr; }
  app::Phone& phone() { return *phone_; }
  const app::Phone& phone() const { return *phone_; }

  // Errors: those of app::Phone::open; JOURNAL_DAMAGED ends this identity.
  Status start();
  void plant(Planted planted);
  void kill() { phone_.reset(); }
  void losePower();
  // A planted bug: an app that deletes what the server has not accepted, and starts again.
  void deleteUnsent();

  // A tap. Ok: confirmed to the carer.
  Result<std::uint64_t> tap(const recording::Intent& intent);
  // The same with an app of a later release: a fact of an unknown kind.
  Result<std::uint64_t> tapLater(VisitId visit);

  // True time of each confirmed event, by number - 1; for an event that was durable although the
  // power failed before the confirmation, the time of the tap.
  const std::vector<std::int64_t>& confirmed() const { return confirmed_; }
  // The same, as actions at visits.
  const Doors& doors() const { return doors_; }
  // After a start the journal must contain what was confirmed, and at most the interrupted tap.
  // Empty: it does.
  std::string checkConfirmed();

  // Number of starts, so that timers of an earlier life are ignored.
  std::uint64_t life() const { return life_; }

 private:
  Status openPlanCopy();
  Result<std::uint64_t> told(const Result<std::uint64_t>& number,
                             const std::optional<recording::Intent>& intent);
  // intent absent: a fact of a later release.
  void confirm(std::int64_t trueUnixMs, const std::optional<recording::Intent>& intent);

  const TrueTime& time_;
  const Identity identity_;
  const std::int64_t driftPpm_;
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
  Doors doors_;
  std::optional<std::pair<std::int64_t, std::optional<recording::Intent>>> interruptedTap_;
  bool enrolled_ = false;  // its journal has existed
  Planted planted_ = Planted::Nothing;
  std::uint64_t life_ = 0;
};

}  // namespace doorstep::simulation
