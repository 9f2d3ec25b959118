// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace doorstep::rpc {

// ImportRota: 16 MiB of files and their frame.
constexpr std::size_t kMessageBytesMax = 17 * 1024 * 1024;
constexpr std::size_t kWatchesMax = 20'000;  // streams; 20 kB each
// Two for each exchange that may wait for the writer.
constexpr std::size_t kTasksQueuedMax = 40'000;

// What people ask. Short: what a page of the dashboard shows, a second at worst. Long: totals,
// lists and exports over more days than kShortRangeMs.
constexpr std::size_t kShortQuestionThreads = 2;
constexpr int kShortQuestionNiceness = 5;
constexpr std::size_t kShortQuestionsQueuedMax = 1'000;
constexpr std::chrono::milliseconds kShortQuestionMax{10'000};
// One thread: of two cores one is always left to phones and to the writer.
constexpr std::size_t kLongQuestionThreads = 1;
constexpr int kLongQuestionNiceness = 10;
constexpr std::size_t kLongQuestionsQueuedMax = 32;
// A year of a large council, five million records, takes four minutes.
constexpr std::chrono::milliseconds kLongQuestionMax{300'000};
// Waiting or being answered; an export counts until its last piece is sent.
constexpr std::size_t kLongQuestionsPerAccountMax = 2;
// Two days of a large council are 28,000 visits: a second.
constexpr std::int64_t kShortRangeMs = 2 * 86'400'000LL;
// A ping more often than this from a phone without data is answered with "enhance your calm".
constexpr int kClientPingIntervalMinMs = 30'000;
// A connection without a call is closed: a phone in the background holds 120 kB of TLS state
// otherwise.
constexpr int kConnectionIdleMaxMs = 15 * 60 * 1000;
// Lines about refusals that the server writes into its log in a minute, and as many about
// quarantine, alarms and libraries each. A person reads some; a hostile device that causes all of
// them for a whole day fills 35 MB of the disk.
constexpr std::uint32_t kLogLinesPerMinuteMax = 60;
// Calls in progress get this long to end when the server stops; then they are cut, and phones
// retry.
constexpr std::chrono::milliseconds kStopGrace{2'000};

}  // namespace doorstep::rpc
