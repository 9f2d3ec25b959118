// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::http {

// Reads a body of chunks (RFC 9112 §7.1) from pieces as they arrive. It keeps the body's own bytes
// and nothing else: sizes, extensions and trailers are checked, counted against
// kChunkOverheadMaxBytes, and dropped. Strict as request_parser.h: CR LF alone ends a line, a size
// is one to eight hexadecimal digits. Thread: one.
class ChunkedBody {
 public:
  // Appends to the body what the piece holds of it, at most up to bodyMaxBytes in all. Returns how
  // many bytes were taken: fewer than the piece has at the end of the body, the rest is the next
  // request's, and when bodyMaxBytes would be exceeded, see full(). Errors: INVALID_ARGUMENT
  // (CHUNK_MALFORMED), RESOURCE_EXHAUSTED (CHUNK_OVERHEAD).
  Result<std::size_t> take(std::string_view piece, std::string& body, std::uint64_t bodyMaxBytes);

  bool done() const { return state_ == State::Done; }
  // The last take stopped because the body would have become larger than allowed; it can go on with
  // a larger bound.
  bool full() const { return full_; }

 private:
  enum class State {
    Size,       // digits; ends with ';' or CR
    Extension,  // after ';'; ends with CR
    SizeEnd,    // LF after a size line
    Data,       // leftBytes_ of the chunk are to come
    DataCr,     // CR after the chunk
    DataLf,     // LF after it
    Trailer,    // a line of the trailer; ends with CR
    TrailerLf,  // LF after it; an empty line ends the body
    Done,
  };
  Status step(char c);
  Status sizeByte(char c);
  Status trailerByte(char c);
  Status endTrailerLine();
  Status countOverhead();

  State state_ = State::Size;
  std::uint64_t leftBytes_ = 0;
  int sizeDigits_ = 0;
  std::size_t overheadBytes_ = 0;
  std::string trailerLine_;  // bounded by the overhead
  bool full_ = false;
};

}  // namespace doorstep::http
