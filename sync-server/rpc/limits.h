// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace doorstep::rpc {

// People: ImportRota has 16 MiB of files plus framing.
constexpr std::size_t kMessageBytesMax = 17 * 1024 * 1024;
// Phones: an exchange has 1 MiB; room for slightly longer ones to be refused with a reason.
constexpr std::size_t kPhoneMessageBytesMax = 1280 * 1024;
// Enrol: a certificate request, two keys and a code have 1 KiB. Sent without a certificate.
constexpr std::size_t kEnrolBytesMax = 16 * 1024;
// A phone sends a path and its version.
constexpr int kPhoneMetadataBytesMax = 8 * 1024;
// Concurrent calls per connection: an exchange, a watch, and both again after a timeout. With the
// longest messages, 5 MiB.
constexpr int kStreamsPerConnectionMax = 4;

// The device port's connections: 120 kB of TLS and gRPC each, 2.4 GB in total. Each uses two
// descriptors.
constexpr std::size_t kDeviceConnectionsMax = 20'000;
// A phone's connection, and half-open ones from changes of network; the newest are kept.
constexpr std::size_t kConnectionsPerDeviceMax = 4;
// Connections without a known device: a handshake takes 2 ms of a core, and seconds on a bad
// network.
constexpr std::size_t kStrangersMax = 512;
// Per address: a mobile network puts thousands of phones behind one.
constexpr std::size_t kStrangersPerShareMax = 96;
// Handshake and first call, as long as a phone itself tries; longer while it sends at least half
// the rate of the slowest network that a phone allows for.
constexpr int kStrangerTimeMs = 20'000;
constexpr std::uint64_t kStrangerBytesPerSecondMin = 2 * 1024;
// A handshake with a certificate (6 KiB), an enrolment, and the 64 KiB of a first exchange that
// HTTP/2 lets a client send before any answer: a device is recognised before its message is read,
// but perhaps not before it was sent. Each call that a stranger starts and cancels costs 20 kB for
// a moment and 50 us, so the limit on bytes bounds both.
constexpr std::uint64_t kStrangerBytesMax = 96 * 1024;
// Of one address, and of all: the number of full first exchanges that arrive at once when a server
// starts; phones that lose retry.
constexpr std::uint64_t kStrangerShareBytesMax = 4 * 1024 * 1024;
constexpr std::uint64_t kStrangersBytesMax = 16 * 1024 * 1024;
// Unread bytes of a connection, so that a budget takes effect in time.
constexpr int kReceiveBufferBytes = 64 * 1024;
// Calls of one connection that ended before their message was complete; a network that fails every
// minute causes 240 in four hours.
constexpr std::size_t kAbandonedCallsMax = 500;
// Interval of checking strangers; ends of connections are noticed at once.
constexpr int kSweepIntervalMs = 50;
// Pause after an accept that failed for lack of memory.
constexpr int kAcceptPauseMs = 100;
// A listening socket that cannot be reopened for this long ends the process.
constexpr std::int64_t kListenerBackMs = 10'000;
// Memory of gRPC for all phones' connections; above it, gRPC closes the largest.
constexpr std::size_t kDeviceBytesMax = 4096UL * 1024 * 1024;

constexpr std::size_t kWatchesMax = 20'000;  // streams of phones; 20 kB each
// Per device: a newer one ends the oldest.
constexpr std::size_t kWatchesPerDeviceMax = 2;
// Boards watched by one session: one per page.
constexpr std::size_t kStreamsPerSessionMax = 32;
// Two for each exchange that may wait for the writer.
constexpr std::size_t kTasksQueuedMax = 40'000;

// Queries of people. Short: a page of the dashboard, at most a second. Long: totals, lists and
// exports over more days than kShortRangeMs.
constexpr std::size_t kShortQuestionThreads = 2;
constexpr int kShortQuestionNiceness = 5;
constexpr std::size_t kShortQuestionsQueuedMax = 1'000;
constexpr std::chrono::milliseconds kShortQuestionMax{10'000};
// One thread: of two cores, one always remains for phones and the writer.
constexpr std::size_t kLongQuestionThreads = 1;
constexpr int kLongQuestionNiceness = 10;
constexpr std::size_t kLongQuestionsQueuedMax = 32;
// A year of a large council, five million records, takes four minutes.
constexpr std::chrono::milliseconds kLongQuestionMax{300'000};
// Judging what waits before records are read; the rest goes on in the background.
constexpr std::chrono::milliseconds kSettlingMax{5'000};
// Queued or running; an export counts until its last part is sent.
constexpr std::size_t kLongQuestionsPerAccountMax = 2;
// A reader of a stream who does not take a piece for this long is cut off; an export goes on by its
// token. A mobile network is away for a minute now and then.
constexpr std::chrono::milliseconds kReaderStallMax{120'000};
// Two days of a large council are 28,000 visits: a second.
constexpr std::int64_t kShortRangeMs = 2 * 86'400'000LL;
// Pings without data more frequent than this from a phone are answered with ENHANCE_YOUR_CALM.
constexpr int kClientPingIntervalMinMs = 30'000;
// Number of such pings that are tolerated.
constexpr int kPingStrikesMax = 2;
// A connection without a call is closed after this; a phone in the background would otherwise hold
// 120 kB of TLS state.
constexpr int kConnectionIdleMaxMs = 15 * 60 * 1000;
// Every connection is closed after this and reopened by the phone if needed, so that a fault of one
// does not last; calls in progress get as long as the longest exchange.
constexpr int kConnectionAgeMaxMs = 4 * 60 * 60 * 1000;
constexpr int kConnectionAgeGraceMs = 310'000;
// For a connection with only a watch: rarely, because it wakes the radio.
constexpr int kKeepaliveIntervalMs = 20 * 60 * 1000;
constexpr int kKeepaliveTimeoutMs = 60'000;
// Log lines per minute for refusals, and as many for quarantine, alarms and libraries each. Enough
// for a person to read; a hostile device that causes all of them for a day fills 35 MB.
constexpr std::uint32_t kLogLinesPerMinuteMax = 60;
// Time for calls in progress to end when the server stops; then they are cancelled, and phones
// retry.
constexpr std::chrono::milliseconds kStopGrace{2'000};

}  // namespace doorstep::rpc
