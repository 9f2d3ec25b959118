// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::http {

// Incremental decoder of a chunked body (RFC 9112 §7.1). Keeps only the body's bytes: sizes,
// extensions and trailers are checked, counted against kChunkOverheadMaxBytes and discarded. Strict
// like request_parser.h: only CR LF ends a line, a size has one to eight hexadecimal digits.
// Thread: one.
class ChunkedBody {
 public:
  // Appends the piece's part of the body, up to bodyMaxBytes in total. Returns the number of bytes
  // consumed: fewer than the piece has at the end of the body, where the rest belongs to the next
  // request, and when bodyMaxBytes would be exceeded, see full(). Errors: INVALID_ARGUMENT
  // (CHUNK_MALFORMED), RESOURCE_EXHAUSTED (CHUNK_OVERHEAD).
  Result<std::size_t> take(std::string_view piece, std::string& body, std::uint64_t bodyMaxBytes);

  bool done() const { return state_ == State::Done; }
  // The last take() stopped because the body would exceed its limit; it can continue with a larger
  // one.
  bool full() const { return full_; }

 private:
  enum class State {
    Size,       // digits; ends with ';' or CR
    Extension,  // after ';'; ends with CR
    SizeEnd,    // LF after a size line
    Data,       // leftBytes_ of the chunk are missing
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
