// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::identity {

constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;

// Enrolment.
constexpr std::size_t kCodeRandomBytes = 16;             // 128 bits: guessing is hopeless
constexpr std::int64_t kCodeAgeMs = 7 * kDayMs;          // printed on Friday, used by Thursday
constexpr std::int64_t kEnrolRepeatMs = 10 * kMinuteMs;  // an answer that was lost is given again
// After its expiry a code still says why it is refused, expired or used, to a carer who is back
// from her holidays; then it is deleted and unknown.
constexpr std::int64_t kEndedCodeKeptMs = 30 * kDayMs;
// A phone is revoked, not expired: it must be able to push.
constexpr int kDeviceCertificateDays = 3650;
constexpr std::size_t kDescriptionBytesMax = 120;
constexpr std::size_t kCertificateRequestBytesMax = 4096;  // P-256: 300 bytes
constexpr std::size_t kSigningKeyBytesMax = 256;           // P-256 SubjectPublicKeyInfo: 91 bytes
constexpr std::size_t kKnownDevicesMax = 50'000;           // in memory, 400 bytes each

// Accounts and sessions.
constexpr std::size_t kLoginBytesMax = 100;
constexpr std::size_t kDisplayNameBytesMax = 100;
constexpr std::size_t kPasswordBytesMin = 10;
constexpr std::size_t kPasswordBytesMax = 200;  // beyond it scrypt is only given work
constexpr std::size_t kTokenBytes = 32;
constexpr std::int64_t kSessionIdleMs = 12 * kHourMs;  // a supervisor's shift
constexpr std::int64_t kSessionAgeMs = 7 * kDayMs;
constexpr std::int64_t kSessionTouchMs = 5 * kMinuteMs;  // writes of "last used" are this far apart
constexpr std::size_t kSessionsPerAccountMax = 20;       // the oldest ends

// Throttling: failures that are free, then a delay that doubles with each one.
constexpr std::uint32_t kFreeAttempts = 4;
constexpr std::int64_t kFirstDelayMs = 1 * kSecondMs;
constexpr std::int64_t kAddressDelayMaxMs = 15 * kMinuteMs;
// Less: a stranger must not lock a supervisor out.
constexpr std::int64_t kAccountDelayMaxMs = 1 * kMinuteMs;
constexpr std::int64_t kAttemptsForgottenMs = 1 * kHourMs;  // without a failure
constexpr std::size_t kAttemptsTracked = 10'000;            // addresses or logins, 100 bytes each

}  // namespace doorstep::identity
