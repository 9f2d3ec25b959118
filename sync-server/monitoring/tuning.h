// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace doorstep::monitoring {

// What is known. A phone exchanges every five minutes while it has a network: three missed in a row
// and its silence says nothing about its carer any more.
constexpr std::int64_t kPhoneSilentAfterMin = 15;
// One of two who must work together waits this long for the other before somebody must know.
constexpr std::int64_t kAloneGraceMin = 10;
// A visit that lasts this much longer than planned is worth a look.
constexpr std::int64_t kOverrunGraceMin = 15;
// A problem older than this does not become more urgent, and its row stops changing.
constexpr std::int64_t kProblemMinutesMax = 240;
// From this attention on a row is a problem (board_state.cpp).
constexpr std::uint32_t kProblemAttention = 10;
// A row that differs only by when a phone was heard is published again after this long: a carer's
// phone is heard every few minutes and must not repaint all her rows for all watchers.
constexpr std::int64_t kHeardStepMs = 60'000;

// Today's board goes on with what is not over, whatever its day. What nobody resolved stays this
// long after its latest planned end: a night's problems until somebody has slept on them.
constexpr std::int64_t kCarryOverMs = 12LL * 3'600'000;
// No visit lasts longer than planned than this at the door: how far before a day its carried visits
// may start (a window of some hours, a waking night).
constexpr std::int64_t kCarryOverReachMs = kCarryOverMs + 24LL * 3'600'000;
// What a carer has begun and not ended stays for a weekend: then it is a forgotten check-out.
constexpr std::int64_t kCarryBegunMs = 72LL * 3'600'000;
// Begun visits of other days that a board takes in; beyond it somebody taps without end.
constexpr std::uint32_t kCarryBegunMax = 2'000;

// The live board. Boards that nobody looks at are dropped, the one not asked for longest first.
constexpr std::size_t kLiveBoardsMax = 256;  // a region's providers for a day; 5 MB each
// Changes that a watcher may lag behind before it gets a reset and asks for the board again.
constexpr std::size_t kKeptChangesMax = 2'048;  // minutes of a busy provider
constexpr std::size_t kKeptChangesBytesMax = 4 * 1024 * 1024;
// Commits come up to 5,000 times a second; people do not read faster than this. The first change
// after a quiet time goes out at once.
constexpr std::chrono::milliseconds kPublishInterval{50};
// Rows in one message, so that a burst stays far below gRPC's 4 MiB: a row has 300 bytes.
constexpr std::size_t kRowsPerChangeMax = 2'000;
// How often the clock is compared with the next row that is due.
constexpr std::chrono::milliseconds kTimerStep{200};
constexpr std::chrono::seconds kSignOfLifeInterval{15};  // the contract promises 20
constexpr std::size_t kWatchersMax = 2'000;  // of the process; a watcher holds 20 KB of buffers

// Rows of the roster that are read at a time.
constexpr std::uint32_t kReadPageRows = 500;

constexpr std::uint32_t kPageSizeDefault = 500;
constexpr std::uint32_t kPageSizeMax = 1'000;

}  // namespace doorstep::monitoring
