// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::http {

// The head of an HTTP/1.1 request (RFC 9112), read strictly: whatever two programs in a row could
// read in two ways is refused (docs/adr/0021). Pure functions that never throw but for want of
// memory. Thread: any.

// How the body is framed.
struct Framing {
  enum class Kind {
    None,     // no body
    Length,   // lengthBytes follow
    Chunked,  // chunks follow (chunked_body.h)
  };
  Kind kind = Kind::None;
  std::uint64_t lengthBytes = 0;
};

// Views into the head's bytes.
struct ParsedHead {
  std::string_view method;
  std::string_view target;
  std::string_view host;  // of the one Host field; never empty
  std::vector<std::pair<std::string_view, std::string_view>> fields;  // without outer blanks
  Framing framing;
  bool http11 = true;  // false: HTTP/1.0, which knows no chunks
  bool keepAlive = true;

  // Value of the first field of that name, in any case; empty when there is none.
  std::string_view field(std::string_view name) const;
};

// Looks for the empty line in bytes that arrive piece by piece. from: what an earlier call has
// seen. Returns the head's length with the empty line; nothing when more must come. Error
// REQUEST_MALFORMED at the first line end that is not CR LF, and the first control byte: such a
// head would never end.
Result<std::optional<std::size_t>> findHeadEnd(std::string_view bytes, std::size_t from);

// head: as findHeadEnd found it. Errors, INVALID_ARGUMENT: REQUEST_MALFORMED, HOST_MISSING,
// HOST_AMBIGUOUS, FRAMING_AMBIGUOUS (a length and chunks, more than one of either, a length that is
// no plain number, a coding other than "chunked"), FIELD_REPEATED (of a field that decides
// something); RESOURCE_EXHAUSTED: HEADERS_TOO_LARGE.
Result<ParsedHead> parseHead(std::string_view head);

// A field line without its line end; what trailers must be too. Nothing for any other text.
std::optional<std::pair<std::string_view, std::string_view>> parseFieldLine(std::string_view line);

// True for the same name in upper or lower case. ASCII alone.
bool sameName(std::string_view left, std::string_view right);

}  // namespace doorstep::http
