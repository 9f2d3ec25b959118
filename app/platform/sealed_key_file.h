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

// The phone's data key: 32 random bytes that seal everything personal, kept wrapped by a key from
// the PIN (scrypt) and from the device's secret. Written once, at enrolment; of its two files a
// damaged or missing one is written again from the other, when the PIN has opened that.
//
// A wrong PIN costs time and nothing else: after kFreeAttempts the next try waits, longer each
// time, and the count is on disk before the PIN is tried, so that neither ending the process nor a
// restart gets a free try. Time is counted on the monotonic clock; after a reboot from the boot on,
// because the wall clock can be set. Nothing is ever wiped: what is unsent belongs to the record.
//
// Thread: the journal's worker. Crash: each file is whole or as before.
class SealedKeyFile {
 public:
  // Files `data-key`, `data-key.copy` and `unlock-attempts` in the folder.
  SealedKeyFile(const std::string& folder, Platform& platform);

  bool exists() const;
  // Makes a new data key and wraps it. Errors: PIN_TOO_SHORT; ALREADY_EXISTS when there is a file.
  Result<crypto::SecretKey> create(std::string_view pin, crypto::ScryptCost cost);
  // Errors: PIN_WRONG (PermissionDenied), PIN_WAIT (ResourceExhausted: see waitMs),
  // KEY_FILE_DAMAGED (both files), FILE_MISSING (neither), those of writeDurably when the attempt
  // cannot be counted.
  // fits: whether a key is the one that sealed what is there; asked when the two files hold two.
  using Fits = std::function<bool(const crypto::SecretKey&)>;
  Result<crypto::SecretKey> unlock(std::string_view pin, const Fits& fits = {});
  // Of a key that sealed nothing.
  Status remove();
  // How long until the next attempt is allowed, milliseconds. 0: now.
  std::int64_t waitMs() const;

 private:
  struct Attempts {
    std::uint32_t failed = 0;
    std::uint32_t boot = 0;
    std::uint64_t bootMs = 0;
  };
  Result<std::vector<std::string>> readKeys();
  // None: the PIN does not open it.
  Result<std::optional<crypto::SecretKey>> openKey(std::string_view content, std::string_view pin);
  Attempts readAttempts() const;
  Status writeAttempts(const Attempts& attempts);
  Result<crypto::SecretKey> wrappingKey(std::string_view pin, std::string_view salt,
                                        crypto::ScryptCost cost);

  const std::string keyPath_;
  const std::string copyPath_;
  const std::string attemptsPath_;  // always of one size
  Platform& platform_;
};

constexpr std::size_t kPinDigitsMin = 4;
// Wrong attempts that cost nothing: a glove, a wet screen.
constexpr std::uint32_t kFreeAttempts = 3;
// Wait after the first wrong attempt beyond the free ones; doubles each time.
constexpr std::int64_t kFirstWaitMs = 5'000;
// 10,000 PINs at one in 15 minutes are 104 days; a carer who comes back after a break is let in.
constexpr std::int64_t kLongestWaitMs = 15 * 60'000;

}  // namespace doorstep::platform
