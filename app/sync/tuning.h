// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace doorstep::sync {

// Tasks and notes are batched for this long: one radio burst instead of many.
constexpr std::int64_t kGatherMs = 5'000;
// Interval of exchanges when idle: shows that the phone is alive, and pulls the plan if a hint was
// lost. A radio burst costs 10 to 20 s of power.
constexpr std::int64_t kIdleExchangeMs = 5 * 60'000;
// Back-off doubles from the first to the longest; half of it is random, so that phones that lost
// one server together do not return together (600 TLS handshakes a second take one core).
constexpr std::int64_t kFirstRetryMs = 2'000;
constexpr std::int64_t kLongestRetryMs = 5 * 60'000;
// A tap exchanges at once despite the back-off if the last try is at least this old.
constexpr std::int64_t kTapRetryMs = 10'000;
// A watch may have ended because the server restarts: the phones return spread over this time.
constexpr std::int64_t kWatchEndedSpreadMs = 20'000;
// A call's deadline: a 2G network has round trips of 1.4 s and 70 kbit/s, and may need a TLS
// handshake.
constexpr std::int64_t kCallDeadlineMs = 40'000;
// Extension for long requests, at 32 kbit/s; in steps, because a repeated deadline takes one byte
// of compressed header instead of eight.
constexpr std::size_t kDeadlineStepBytes = 16 * 1024;
constexpr std::int64_t kDeadlineStepMs = 4'096;
// How long after its deadline the engine gives up an exchange that the transport did not end.
constexpr std::int64_t kDeadlineGraceMs = 5'000;
// TCP and TLS handshake. Below 20 s a slow network never connects (device_channel.cpp).
constexpr int kConnectTimeoutMs = 20'000;
// Prefix of the held root in each request: enough to distinguish two histories of the same size.
constexpr std::size_t kRootPrefixBytes = 8;
// Entries per request, below the limits of visits/limits.h so that the rest of the message fits and
// the request passes a 2G network within the deadline.
constexpr std::size_t kEntriesMax = 64;
constexpr std::size_t kEntriesBytesMax = 256 * 1024;
// Full copies in a row after which a scope hash that never matches is left until the next idle
// exchange.
constexpr std::uint32_t kScopeRetriesMax = 2;
// Entries that the office could not count for lack of a plan are sent again with the plan objects
// of their visits: this many at a time (the server accepts 32 visits), ...
constexpr std::size_t kToldEntriesMax = 16;
constexpr int kHeldVisitsMax = 32;
// ... when the plan changes, when the phone starts, and this long after the last time.
constexpr std::int64_t kTellAgainMs = 60 * 60'000;
// An entry with a verdict unknown to this release, and in no log, is sent again after this time:
// the office's server may have been repaired, and radio bursts are expensive.
constexpr std::int64_t kUnknownVerdictAgainMs = 60 * 60'000;
// Largest evidence that is sent (sync_service.proto, contradicted_checkpoint).
constexpr std::size_t kContradictedCheckpointBytesMax = 4 * 1024;
// A renewal that was refused, or whose answer did not match, is requested again after a day: years
// are left, ...
constexpr std::int64_t kRenewAgainMs = 24 * 60 * 60'000;
// ... and one that could not be stored, after an hour: there may be room by then.
constexpr std::int64_t kKeepAgainMs = 60 * 60'000;
// A device's certificate and its issuer's together have 1.2 KiB.
constexpr std::size_t kCertificateChainBytesMax = 16 * 1024;
constexpr std::size_t kAuthorityBytesMax = 4 * 1024;
// Larger answers are refused: a plan page is at most 1 MiB.
constexpr std::size_t kResponseBytesMax = 4 * 1024 * 1024;

}  // namespace doorstep::sync
