// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace doorstep::http {

// Request line and headers. Browsers send about 1 KiB.
constexpr std::size_t kHeaderMaxBytes = 16 * 1024;
constexpr std::size_t kHeaderFieldsMax = 100;
// One read of a connection.
constexpr std::size_t kReadBytes = 4096;
// Bytes of each request that do not count against a budget: the limit of connections covers them.
constexpr std::size_t kRequestFreeBytes = 2 * kReadBytes;
// Chunk extensions and trailers of a body, together. They are unused, read and discarded.
constexpr std::size_t kChunkOverheadMaxBytes = 4 * 1024;
// Body of a request without a known session: a sign-in has 200 bytes, a filter of records 2 KiB.
constexpr std::uint64_t kUnknownBodyMaxBytes = 64 * 1024;
// Body of a call; the same as gRPC's message limit.
constexpr std::uint64_t kBodyMaxBytes = 4ULL << 20;
// Body of a call that uploads files: OfficeService.ImportRota takes 16 MiB, a quarter more as
// base64.
constexpr std::uint64_t kUploadMaxBytes = 22ULL << 20;
// The dashboard's files are served from memory.
constexpr std::uint64_t kStaticFilesMaxBytes = 64ULL << 20;

// TLS handshake. A slow phone of a supervisor needs about 2 s on 2G.
constexpr std::chrono::seconds kHandshakeTimeout{10};
// Receiving a body: without a known session, of a call, and of an upload.
constexpr std::chrono::seconds kUnknownBodyTimeout{10};
constexpr std::chrono::seconds kBodyTimeout{30};
constexpr std::chrono::seconds kUploadTimeout{300};
// One write: a browser that does not read for this long is gone.
constexpr std::chrono::seconds kWriteTimeout{30};
// The peer's half of the TLS shutdown, then its closing of the connection.
constexpr std::chrono::seconds kGoodbyeTimeout{2};
// Deadline of a unary call that requests none, and the longest that a caller may request.
constexpr std::chrono::seconds kUnaryDeadline{30};
constexpr std::chrono::hours kDeadlineMax{24};
// Time for calls in flight to end when the front stops.
constexpr std::chrono::seconds kStopGrace{3};
// Queued session checks against the database; at most one per connection.
constexpr std::size_t kSessionChecksMax = 256;
// Queued requests for log files, in total and per address. A tile takes about a millisecond.
constexpr std::size_t kLogReadsMax = 256;
constexpr std::size_t kLogReadsPerAddressMax = 64;
// Pause after an accept that failed for lack of descriptors.
constexpr std::chrono::milliseconds kAcceptPause{100};

// Limits that an operator may want to change, and that tests change.
struct FrontLimits {
  // Open connections in total. At most 64 KiB each, so 512 MiB.
  std::size_t connectionsMax = 8192;
  // Open connections per address: 200 browsers of an office behind one NAT have a few each.
  std::size_t connectionsPerAddressMax = 1024;
  // Open streamed replies, in total and per address: one for each open board.
  std::size_t streamsMax = 4096;
  std::size_t streamsPerAddressMax = 1024;
  // Bytes of requests without a known session, in total and per address: 50 of the largest.
  std::size_t unknownBytesMax = 32 << 20;
  std::size_t unknownBytesPerAddressMax = 4 << 20;
  // Bytes of requests with a valid session: several rotas at once.
  std::size_t knownBytesMax = 192 << 20;
  std::size_t knownBytesPerAddressMax = 64 << 20;
  // From the first byte of a request to the end of its headers: limits a client that sends slowly.
  std::chrono::milliseconds headerTimeout{10'000};
  // Between two requests on one connection.
  std::chrono::milliseconds idleTimeout{60'000};
};

}  // namespace doorstep::http
