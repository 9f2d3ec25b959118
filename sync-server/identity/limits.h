// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "shared/core/durations.h"

namespace doorstep::identity {

// Enrolment.
constexpr std::size_t kCodeRandomBytes = 16;             // 128 bits: cannot be guessed
constexpr std::int64_t kCodeAgeMs = 7 * kDayMs;          // printed on Friday, usable until Thursday
constexpr std::int64_t kEnrolRepeatMs = 10 * kMinuteMs;  // a lost answer is repeated
// How long an ended code is kept to report why it is refused (expired or used), for a carer
// returning from holidays; then it is deleted and unknown.
constexpr std::int64_t kEndedCodeKeptMs = 30 * kDayMs;
// A phone is revoked rather than expired, since it must be able to push. Renewed from two thirds
// on.
constexpr int kDeviceCertificateDays = 3650;
constexpr std::size_t kDescriptionBytesMax = 120;
constexpr std::size_t kCertificateRequestBytesMax = 4096;  // P-256: 300 bytes
constexpr std::size_t kSigningKeyBytesMax = 256;           // P-256 SubjectPublicKeyInfo: 91 bytes
constexpr std::size_t kKnownDevicesMax = 50'000;           // in memory, 400 bytes each

// Accounts and sessions.
constexpr std::size_t kLoginBytesMax = 100;
constexpr std::size_t kDisplayNameBytesMax = 100;
constexpr std::size_t kPasswordBytesMin = 10;
constexpr std::size_t kPasswordBytesMax = 200;  // longer ones only cost scrypt time
constexpr std::size_t kTokenBytes = 32;
constexpr std::int64_t kSessionIdleMs = 12 * kHourMs;  // a supervisor's shift
constexpr std::int64_t kSessionAgeMs = 7 * kDayMs;
constexpr std::int64_t kSessionTouchMs = 5 * kMinuteMs;    // minimum interval of "last used" writes
constexpr std::size_t kSessionsPerAccountMax = 20;         // the oldest is ended
constexpr std::size_t kKnownBrowsersMax = 50;              // per account; the oldest is dropped
constexpr std::int64_t kKnownBrowserAgeMs = 180 * kDayMs;  // since its last sign-in
// scrypt with r = 8, p = 1: OWASP's first choice of 2026-01. 128 MiB, one at a time.
constexpr int kPasswordScryptLogN = 17;
// Upper limit for stored rows, which may have been edited: more would exhaust memory.
constexpr int kScryptLogNMax = 18;

// Throttling: free failures, then a delay that doubles with each failure. Keyed by login and
// network (networkKey): it delays no other network, and no other login behind the same proxy.
constexpr std::uint32_t kFreeAttempts = 4;
constexpr std::int64_t kFirstDelayMs = 1 * kSecondMs;
constexpr std::int64_t kLoginDelayMaxMs = 1 * kMinuteMs;
// Limits that protect the CPU: per network over all logins (an office returning from a holiday has
// fewer typing errors), and per login over all networks. Short delays: a known browser is exempt,
// but its owner may use a new one.
constexpr std::uint32_t kNetworkFreeAttempts = 60;
constexpr std::int64_t kNetworkDelayMaxMs = 1 * kMinuteMs;
constexpr std::uint32_t kLoginFreeAttempts = 1'000;
constexpr std::int64_t kAnywhereDelayMaxMs = 10 * kSecondMs;
// Queued sign-ins per network that wait for their scrypt; the queue has room for several networks.
constexpr std::size_t kSignInsOfNetworkMax = 8;
// Wrong enrolment codes per network. A code has 128 bits: the delay only protects the writer's
// time.
constexpr std::uint32_t kEnrolFreeAttempts = 100;
constexpr std::int64_t kEnrolDelayMaxMs = 10 * kSecondMs;
constexpr std::int64_t kAttemptsForgottenMs = 1 * kHourMs;  // without a failure
constexpr std::size_t kAttemptsTracked = 10'000;            // keys per throttle, 200 bytes each

}  // namespace doorstep::identity
