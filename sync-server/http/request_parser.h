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

// Strict parser for the head of an HTTP/1.1 request (RFC 9112): anything that two programs could
// interpret differently is refused (docs/adr/0021). Pure functions; throw only for lack of memory.
// Thread: any.

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
  std::string_view host;  // of the single Host field; never empty
  std::vector<std::pair<std::string_view, std::string_view>> fields;  // trimmed
  Framing framing;
  bool http11 = true;  // false: HTTP/1.0, which has no chunks
  bool keepAlive = true;

  // Value of the first field with that name, case-insensitive; empty if there is none.
  std::string_view field(std::string_view name) const;
};

// Finds the empty line in bytes that arrive in pieces. from: the length that an earlier call has
// searched. Returns the head's length including the empty line; nullopt: more bytes needed. Error
// REQUEST_MALFORMED at the first line end that is not CR LF and at the first control byte, because
// such a head might never end.
Result<std::optional<std::size_t>> findHeadEnd(std::string_view bytes, std::size_t from);

// head: delimited by findHeadEnd. Errors, INVALID_ARGUMENT: REQUEST_MALFORMED, HOST_MISSING,
// HOST_AMBIGUOUS, FRAMING_AMBIGUOUS (both a length and chunks, more than one of either, a length
// that is not a plain number, a coding other than "chunked"), FIELD_REPEATED (for a field that
// affects the decision); RESOURCE_EXHAUSTED: HEADERS_TOO_LARGE.
Result<ParsedHead> parseHead(std::string_view head);

// A field line without its line end; also the syntax of trailers. nullopt for any other text.
std::optional<std::pair<std::string_view, std::string_view>> parseFieldLine(std::string_view line);

// Case-insensitive comparison, ASCII only.
bool sameName(std::string_view left, std::string_view right);

}  // namespace doorstep::http
