// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace doorstep::monitoring {

// A phone exchanges every five minutes while it has a network; after three missed exchanges its
// silence carries no information about its carer.
constexpr std::int64_t kPhoneSilentAfterMin = 15;
// How long one of two carers waits for the other before the board reports it.
constexpr std::int64_t kAloneGraceMin = 10;
// A visit that lasts this much longer than planned is shown as overrunning.
constexpr std::int64_t kOverrunGraceMin = 15;
// A problem older than this does not become more urgent, and its row stops changing.
constexpr std::int64_t kProblemMinutesMax = 240;
// A row with at least this attention is a problem (board_state.cpp).
constexpr std::uint32_t kProblemAttention = 10;
// A row that changes only in its phone's last contact is published again after this time: contacts
// every few minutes must not redraw all of a carer's rows for all watchers.
constexpr std::int64_t kHeardStepMs = 60'000;

// Today's board includes unfinished visits of other days. Unresolved ones stay this long after
// their latest planned end: a night's problems remain visible the next morning.
constexpr std::int64_t kCarryOverMs = 12LL * 3'600'000;
// How far before a day its carried visits may start: kCarryOverMs plus the longest time from a
// window's start to the planned end (a window of some hours, a waking night).
constexpr std::int64_t kCarryOverReachMs = kCarryOverMs + 24LL * 3'600'000;
// A visit begun and not ended stays for a weekend; after that it is a forgotten check-out.
constexpr std::int64_t kCarryBegunMs = 72LL * 3'600'000;
// Begun visits of other days on one board; more are the taps of a faulty phone.
constexpr std::uint32_t kCarryBegunMax = 2'000;

// Boards in memory; the least recently used one that is not held is dropped.
constexpr std::size_t kLiveBoardsMax = 256;  // a region's providers for a day; 5 MB each
// Changes that a watcher may fall behind before it gets a reset and requests the board again.
constexpr std::size_t kKeptChangesMax = 2'048;  // minutes of a busy provider
constexpr std::size_t kKeptChangesBytesMax = 4 * 1024 * 1024;
// Commits arrive up to 5,000 times a second; people cannot read faster than this. The first change
// after a quiet time is sent at once.
constexpr std::chrono::milliseconds kPublishInterval{50};
// Rows in one message, so that bursts stay far below gRPC's 4 MiB: a row has 300 bytes.
constexpr std::size_t kRowsPerChangeMax = 2'000;
// How often the clock is compared with the next row that is due.
constexpr std::chrono::milliseconds kTimerStep{200};
constexpr std::chrono::seconds kSignOfLifeInterval{15};  // the contract promises 20
constexpr std::size_t kWatchersMax = 2'000;  // in the process; each has 20 KB of buffers

// Rows of the roster read at a time.
constexpr std::uint32_t kReadPageRows = 500;

constexpr std::uint32_t kPageSizeDefault = 500;
constexpr std::uint32_t kPageSizeMax = 1'000;

}  // namespace doorstep::monitoring
