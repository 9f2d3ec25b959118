// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/platform/platform.h"
#include "shared/crypto/sealing.h"

namespace doorstep::platform {

// The phone's data key: 32 random bytes that seal all personal data, stored wrapped by a key
// derived from the PIN (scrypt) and the device's secret. Written at enrolment, in two files; a
// damaged or missing one is restored from the other at the next unlock().
//
// A wrong PIN costs only time: after kFreeAttempts each further attempt must wait, longer each
// time. The count is stored before the PIN is tried, so that ending the process or rebooting gives
// no free attempt. Waiting is measured by the monotonic clock, after a reboot from the boot on,
// because the wall clock can be set. Data is never wiped: unsent events are part of the record.
//
// Thread: the journal's worker. Crash: each file is complete or unchanged.
class SealedKeyFile {
 public:
  // Files `data-key`, `data-key.copy` and `unlock-attempts` in the folder.
  SealedKeyFile(const std::string& folder, Platform& platform);

  bool exists() const;
  // Creates and wraps a new data key. Errors: PIN_TOO_SHORT; ALREADY_EXISTS; storage.
  Result<crypto::SecretKey> create(std::string_view pin, crypto::ScryptCost cost);
  // Errors: PIN_WRONG (PermissionDenied), PIN_WAIT (ResourceExhausted; see waitMs),
  // KEY_FILE_DAMAGED (both files), FILE_MISSING (neither), FILE_READ, those of writeDurably when
  // the attempt cannot be counted. fits: whether a key is the one that sealed the phone's files;
  // used when the two files hold different keys.
  using Fits = std::function<bool(const crypto::SecretKey&)>;
  Result<crypto::SecretKey> unlock(std::string_view pin, const Fits& fits = {});
  // Deletes a key that has sealed nothing.
  Status remove();
  // Time until the next attempt is allowed, milliseconds. 0: now.
  std::int64_t waitMs() const;

 private:
  struct Attempts {
    std::uint32_t failed = 0;
    std::uint32_t boot = 0;
    std::uint64_t bootMs = 0;
  };
  Result<std::vector<std::string>> readKeys();
  // nullopt: the PIN does not open it.
  Result<std::optional<crypto::SecretKey>> openKey(std::string_view content, std::string_view pin);
  Attempts readAttempts() const;
  Status writeAttempts(const Attempts& attempts);
  Result<crypto::SecretKey> wrappingKey(std::string_view pin, std::string_view salt,
                                        crypto::ScryptCost cost);

  const std::string keyPath_;
  const std::string copyPath_;
  const std::string attemptsPath_;  // constant size
  Platform& platform_;
};

constexpr std::size_t kPinDigitsMin = 4;
// Attempts without a wait, for gloves and wet screens.
constexpr std::uint32_t kFreeAttempts = 3;
// Wait after the last free attempt; doubles with each further one.
constexpr std::int64_t kFirstWaitMs = 5'000;
// 10,000 PINs at one per 15 minutes take 104 days; a carer returning from a break gets in.
constexpr std::int64_t kLongestWaitMs = 15 * 60'000;

}  // namespace doorstep::platform
