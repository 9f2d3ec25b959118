// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace doorstep::rpc {

// People: ImportRota, 16 MiB of files and their frame.
constexpr std::size_t kMessageBytesMax = 17 * 1024 * 1024;
// Phones: an exchange of 1 MiB, so that what is a little longer is answered with its reason.
constexpr std::size_t kPhoneMessageBytesMax = 1280 * 1024;
// Enrol: a certificate request, two keys and a code are 1 KiB. What comes without a certificate.
constexpr std::size_t kEnrolBytesMax = 16 * 1024;
// A phone sends a path, its version and no more.
constexpr int kPhoneMetadataBytesMax = 8 * 1024;
// Calls at once of one connection: an exchange, a watch, and both again after a timeout. With the
// longest message each, 5 MiB.
constexpr int kStreamsPerConnectionMax = 4;

// The device port's connections: one holds 120 kB of TLS and gRPC, 2.4 GB in all. Each uses two
// descriptors.
constexpr std::size_t kDeviceConnectionsMax = 20'000;
// A phone's, and what it left half-open when it changed networks; the newest stay.
constexpr std::size_t kConnectionsPerDeviceMax = 4;
// Not known as a device yet: a handshake takes 2 ms of a core and some seconds of a bad network.
constexpr std::size_t kStrangersMax = 512;
// Of one address: a mobile network puts thousands of phones behind one.
constexpr std::size_t kStrangersPerShareMax = 96;
// Handshake and first call of a phone, as long as it tries itself; and longer while it sends, at
// half the rate of the slowest network that a phone allows for.
constexpr int kStrangerTimeMs = 20'000;
constexpr std::uint64_t kStrangerBytesPerSecondMin = 2 * 1024;
// A handshake with a certificate, 6 KiB, an enrolment, and the 64 KiB that HTTP/2 lets a client
// send of a first exchange before anybody answers: a device is recognised before its message is
// taken, but perhaps not before it was sent. Each call that a stranger begins and takes back costs
// 20 kB for a moment and 50 us, so that bytes bound both.
constexpr std::uint64_t kStrangerBytesMax = 96 * 1024;
// Those of one address, and all of them: as many full first exchanges as come in at once when a
// server starts; who loses tries again.
constexpr std::uint64_t kStrangerShareBytesMax = 4 * 1024 * 1024;
constexpr std::uint64_t kStrangersBytesMax = 16 * 1024 * 1024;
// What a connection may have sent that was not read yet, so that a budget stops what it is for.
constexpr int kReceiveBufferBytes = 64 * 1024;
// Calls of one connection that ended before their message was whole: in four hours on a network
// that gives up every minute, 240.
constexpr std::size_t kAbandonedCallsMax = 500;
// Strangers are looked at this often; ends of connections at once.
constexpr int kSweepIntervalMs = 50;
// After an accept that failed for want of memory.
constexpr int kAcceptPauseMs = 100;
// A listening socket that cannot be opened again for so long ends the process.
constexpr std::int64_t kListenerBackMs = 10'000;
// Bytes that gRPC may hold for all phones' connections; beyond it, it cuts what holds most.
constexpr std::size_t kDeviceBytesMax = 4096UL * 1024 * 1024;

constexpr std::size_t kWatchesMax = 20'000;  // streams of phones; 20 kB each
// Of one device: a newer one ends the oldest.
constexpr std::size_t kWatchesPerDeviceMax = 2;
// Boards that one session watches: a page each.
constexpr std::size_t kStreamsPerSessionMax = 32;
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
// So many are forgiven.
constexpr int kPingStrikesMax = 2;
// A connection without a call is closed: a phone in the background holds 120 kB of TLS state
// otherwise.
constexpr int kConnectionIdleMaxMs = 15 * 60 * 1000;
// Any connection is closed after this and opened again by a phone that needs it, so that nothing
// that went wrong with one lasts; calls in progress get as long as the longest exchange.
constexpr int kConnectionAgeMaxMs = 4 * 60 * 60 * 1000;
constexpr int kConnectionAgeGraceMs = 310'000;
// Of a connection with a watch and nothing else: seldom, because it wakes the radio.
constexpr int kKeepaliveIntervalMs = 20 * 60 * 1000;
constexpr int kKeepaliveTimeoutMs = 60'000;
// Lines about refusals that the server writes into its log in a minute, and as many about
// quarantine, alarms and libraries each. A person reads some; a hostile device that causes all of
// them for a whole day fills 35 MB of the disk.
constexpr std::uint32_t kLogLinesPerMinuteMax = 60;
// Calls in progress get this long to end when the server stops; then they are cut, and phones
// retry.
constexpr std::chrono::milliseconds kStopGrace{2'000};

}  // namespace doorstep::rpc
