// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::sync {

// Tasks and notes wait this long for each other: one radio burst in place of many.
constexpr std::int64_t kGatherMs = 5'000;
// Idle: sign of life, and the plan in case a hint was lost. A radio burst costs 10 to 20 s of
// power.
constexpr std::int64_t kIdleExchangeMs = 5 * 60'000;
// Back-off: doubles from the first to the longest; half of it is random, so that phones that lost
// one server together do not come back together (600 TLS handshakes a second are a core).
constexpr std::int64_t kFirstRetryMs = 2'000;
constexpr std::int64_t kLongestRetryMs = 5 * 60'000;
// A tap tries at once in spite of the back-off, if the last try is this old.
constexpr std::int64_t kTapRetryMs = 10'000;
// When a watch ends, the server may have ended for every phone: they come back within this time.
constexpr std::int64_t kWatchEndedSpreadMs = 20'000;
// A call's deadline: a 2G network has 1.4 s round trips and 70 kbit/s, and may need a TLS
// handshake.
constexpr std::int64_t kCallDeadlineMs = 40'000;
// Longer for a long request, at 32 kbit/s; in steps, because a deadline that is the same each time
// is one byte of compressed header in place of eight.
constexpr std::size_t kDeadlineStepBytes = 16 * 1024;
constexpr std::int64_t kDeadlineStepMs = 4'096;
// After a deadline that a transport does not keep, the engine gives the exchange up by itself.
constexpr std::int64_t kDeadlineGraceMs = 5'000;
// To connect and to finish TLS. Below 20 s a slow network never gets there (device_channel.cpp).
constexpr int kConnectTimeoutMs = 20'000;
// Of the root that the phone holds, in each request: enough to tell two histories of one size
// apart.
constexpr std::size_t kRootPrefixBytes = 8;
// Entries of one request, below the limits of visits/limits.h so that the rest of the message fits
// and a request gets through a 2G network within the deadline.
constexpr std::size_t kEntriesMax = 64;
constexpr std::size_t kEntriesBytesMax = 256 * 1024;
// A server whose scope hash never fits is asked for a full copy this often in a row, then left
// until the next idle exchange.
constexpr std::uint32_t kScopeRetriesMax = 2;
// Entries that the office could not count for lack of a plan go up again with their visits' plan
// objects: this many at a time (the server takes 32 visits), ...
constexpr std::size_t kToldEntriesMax = 16;
constexpr int kHeldVisitsMax = 32;
// ... when the plan changes, when the phone starts, and this long after the last time.
constexpr std::int64_t kTellAgainMs = 60 * 60'000;
// An entry whose verdict this release does not know, and which no log has, is sent again after this
// long: the office's server may have been put right, and a burst of radio is dear.
constexpr std::int64_t kUnknownVerdictAgainMs = 60 * 60'000;
// Evidence that is sent along at most (sync_service.proto, contradicted_checkpoint).
constexpr std::size_t kContradictedCheckpointBytesMax = 4 * 1024;
// A certificate that was not renewed (refused, or not what was asked for) is asked for again after
// a day: there are years left, ...
constexpr std::int64_t kRenewAgainMs = 24 * 60 * 60'000;
// ... and one that could not be written, after an hour: somebody may make room.
constexpr std::int64_t kKeepAgainMs = 60 * 60'000;
// A device's certificate and its issuer's are 1.2 KiB.
constexpr std::size_t kCertificateChainBytesMax = 16 * 1024;
constexpr std::size_t kAuthorityBytesMax = 4 * 1024;
// An answer that is larger is none: a plan page is at most 1 MiB.
constexpr std::size_t kResponseBytesMax = 4 * 1024 * 1024;

}  // namespace doorstep::sync
