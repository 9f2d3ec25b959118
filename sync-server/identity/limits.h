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
// A phone is revoked, not expired: it must be able to push. It is renewed from two thirds on.
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
constexpr std::size_t kKnownBrowsersMax = 50;            // of an account; the oldest is forgotten
constexpr std::int64_t kKnownBrowserAgeMs = 180 * kDayMs;  // since its last sign-in
// scrypt with r = 8, p = 1: OWASP's first choice of 2026-01. 128 MiB, one at a time.
constexpr int kPasswordScryptLogN = 17;
// Of a row that somebody touched: more would take the machine's memory.
constexpr int kScryptLogNMax = 18;

// Throttling: failures that are free, then a delay that doubles with each one. What counts is the
// login together with the network (networkKey) that tries it: nobody elsewhere, and nobody with
// another login behind the same proxy, waits for it.
constexpr std::uint32_t kFreeAttempts = 4;
constexpr std::int64_t kFirstDelayMs = 1 * kSecondMs;
constexpr std::int64_t kLoginDelayMaxMs = 1 * kMinuteMs;
// Ceilings that protect the processor: of a network over all logins (an office that comes back from
// a holiday mistypes less), and of a login over all networks. Short delays: a known browser never
// waits for them, but its owner may sit at a new one.
constexpr std::uint32_t kNetworkFreeAttempts = 60;
constexpr std::int64_t kNetworkDelayMaxMs = 1 * kMinuteMs;
constexpr std::uint32_t kLoginFreeAttempts = 1'000;
constexpr std::int64_t kAnywhereDelayMaxMs = 10 * kSecondMs;
// Sign-ins of one network that wait for their scrypt at once; the queue has room for several.
constexpr std::size_t kSignInsOfNetworkMax = 8;
// Wrong enrolment codes of one network. A code has 128 bits: the delay only spares the writer.
constexpr std::uint32_t kEnrolFreeAttempts = 100;
constexpr std::int64_t kEnrolDelayMaxMs = 10 * kSecondMs;
constexpr std::int64_t kAttemptsForgottenMs = 1 * kHourMs;  // without a failure
constexpr std::size_t kAttemptsTracked = 10'000;            // keys of a throttle, 200 bytes each

}  // namespace doorstep::identity
