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
// Of each request this much is not counted against a budget: the bound on connections bounds it.
constexpr std::size_t kRequestFreeBytes = 2 * kReadBytes;
// Chunk extensions and trailers of a body, together. Nobody needs them; they are read and dropped.
constexpr std::size_t kChunkOverheadMaxBytes = 4 * 1024;
// Body of a request before its session is known: a sign-in has 200 bytes, a filter of records 2
// KiB.
constexpr std::uint64_t kUnknownBodyMaxBytes = 64 * 1024;
// Body of a call; gRPC's own limit for a message is the same.
constexpr std::uint64_t kBodyMaxBytes = 4ULL << 20;
// Body of a call that uploads files: OfficeService.ImportRota takes 16 MiB, a quarter more as
// base64.
constexpr std::uint64_t kUploadMaxBytes = 22ULL << 20;
// The dashboard's files are served from memory.
constexpr std::uint64_t kStaticFilesMaxBytes = 64ULL << 20;

// TLS handshake. Slow phones of supervisors need about 2 s on 2G.
constexpr std::chrono::seconds kHandshakeTimeout{10};
// The body of whoever calls, of a call, and of an upload.
constexpr std::chrono::seconds kUnknownBodyTimeout{10};
constexpr std::chrono::seconds kBodyTimeout{30};
constexpr std::chrono::seconds kUploadTimeout{300};
// One write: a browser that does not read for so long has gone.
constexpr std::chrono::seconds kWriteTimeout{30};
// The peer's half of the TLS shutdown, and then its own end of the connection.
constexpr std::chrono::seconds kGoodbyeTimeout{2};
// Deadline of a unary call whose caller names none, and the longest that a caller may name.
constexpr std::chrono::seconds kUnaryDeadline{30};
constexpr std::chrono::hours kDeadlineMax{24};
// How long calls in flight may take to end when the front stops.
constexpr std::chrono::seconds kStopGrace{3};
// Questions for a session that wait for the database; each belongs to a connection.
constexpr std::size_t kSessionChecksMax = 256;
// Requests for files of the logs that wait for the database, in all and of one address. A tile
// takes about a millisecond.
constexpr std::size_t kLogReadsMax = 256;
constexpr std::size_t kLogReadsPerAddressMax = 64;
// After an accept that failed for want of descriptors.
constexpr std::chrono::milliseconds kAcceptPause{100};

// What an operator may want to set, and tests do.
struct FrontLimits {
  // Open connections in all. 64 KiB each at most, so 512 MiB.
  std::size_t connectionsMax = 8192;
  // Open connections of one address: an office behind one NAT with 200 browsers has a few each.
  std::size_t connectionsPerAddressMax = 1024;
  // Open streamed replies, in all and of one address: one for each board that is watched.
  std::size_t streamsMax = 4096;
  std::size_t streamsPerAddressMax = 1024;
  // Bytes of requests whose sender is not known, in all and of one address: 50 full bodies.
  std::size_t unknownBytesMax = 32 << 20;
  std::size_t unknownBytesPerAddressMax = 4 << 20;
  // Bytes of requests with a good session: some rotas at once.
  std::size_t knownBytesMax = 192 << 20;
  std::size_t knownBytesPerAddressMax = 64 << 20;
  // From the first byte of a request to the end of its headers: ends a client that drips.
  std::chrono::milliseconds headerTimeout{10'000};
  // Between two requests on one connection.
  std::chrono::milliseconds idleTimeout{60'000};
};

}  // namespace doorstep::http
