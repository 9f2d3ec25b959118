// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/request_parser.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "sync-server/http/limits.h"

namespace doorstep::http {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

// Fields that a proxy and we could interpret differently if repeated.
constexpr std::array<std::string_view, 11> kSingleFields{
    "Host",           "Content-Length",     "Transfer-Encoding", "Origin",
    "Sec-Fetch-Site", "Content-Type",       "Content-Encoding",  "Connect-Content-Encoding",
    "Expect",         "Connect-Timeout-Ms", "Grpc-Timeout"};

Error malformed(std::string_view what) {
  return Error{ErrorCode::InvalidArgument, "REQUEST_MALFORMED", std::string(what)};
}

Error ambiguous(std::string_view what) {
  return Error{ErrorCode::InvalidArgument, "FRAMING_AMBIGUOUS", std::string(what)};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool isAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

bool isTokenByte(char c) {
  return isAlphanumeric(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), isTokenByte);
}

// Blanks, tabs, visible characters, and bytes above ASCII.
bool isValueByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

bool isVisible(char c) { return c > 0x20 && c < 0x7f; }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Removes a line and its end from the text. The caller has checked that there is one.
std::string_view takeLine(std::string_view& text) {
  const auto end = text.find(kLineEnd);
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), line.size() + kLineEnd.size()));
  return line;
}

Status readRequestLine(std::string_view line, ParsedHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return malformed("not a request line");
  }
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  head.http11 = version == "HTTP/1.1";
  const bool visible = std::all_of(head.target.begin(), head.target.end(), isVisible);
  if (!isToken(head.method) || head.target.empty() || !visible ||
      (!head.http11 && version != "HTTP/1.0")) {
    return malformed("not a request line of HTTP/1.1");
  }
  return kDone;
}

// A name or an address, with or without port.
bool isHost(std::string_view host) {
  const bool bracketed = host.starts_with('[');
  const auto end = bracketed ? host.find(']') : std::min(host.find(':'), host.size());
  if (end == std::string_view::npos || end == (bracketed ? 1 : 0)) {
    return false;
  }
  const std::string_view name = host.substr(0, end);
  const std::string_view port = host.substr(bracketed ? end + 1 : end);
  const std::string_view others = bracketed ? "[:.%" : "-._";
  const bool nameFits = std::all_of(name.begin(), name.end(), [&](char c) {
    return isAlphanumeric(c) || others.find(c) != std::string_view::npos;
  });
  const bool portFits = port.empty() || (port[0] == ':' && port.size() >= 2 && port.size() <= 6 &&
                                         port.find_first_not_of("0123456789", 1) == port.npos);
  return nameFits && portFits;
}

std::size_t countOf(const ParsedHead& head, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(head.fields.begin(), head.fields.end(),
                    [&](const auto& field) { return sameName(field.first, name); }));
}

Result<Framing> framingOf(const ParsedHead& head) {
  const auto lengths = countOf(head, "Content-Length");
  const auto codings = countOf(head, "Transfer-Encoding");
  if (lengths + codings > 1) {
    return ambiguous("more than one framing of the body");
  }
  if (codings == 1) {
    if (!head.http11 || !sameName(head.field("Transfer-Encoding"), "chunked")) {
      return ambiguous("no transfer coding but chunked is taken");
    }
    return Framing{Framing::Kind::Chunked, 0};
  }
  if (lengths == 0) {
    return Framing{};
  }
  const std::string_view text = head.field("Content-Length");
  std::uint64_t bytes = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  const bool plain = error == std::errc{} && end == text.data() + text.size() &&
                     (text.size() == 1 || text.front() != '0');
  if (!plain) {
    return ambiguous("the length is no plain number");
  }
  return bytes == 0 ? Framing{} : Framing{Framing::Kind::Length, bytes};
}

bool asksToClose(std::string_view connection) {
  while (!connection.empty()) {
    const auto comma = std::min(connection.find(','), connection.size());
    if (sameName(trimmed(connection.substr(0, comma)), "close")) {
      return true;
    }
    connection.remove_prefix(std::min(connection.size(), comma + 1));
  }
  return false;
}

Status checkFields(const ParsedHead& head) {
  const auto hosts = countOf(head, "Host");
  if (hosts != 1) {
    return Error{ErrorCode::InvalidArgument, hosts == 0 ? "HOST_MISSING" : "HOST_AMBIGUOUS",
                 "a request names one host"};
  }
  if (!isHost(head.field("Host"))) {
    return Error{ErrorCode::InvalidArgument, "HOST_AMBIGUOUS", "Host is no name or address"};
  }
  for (const std::string_view name : kSingleFields) {
    if (countOf(head, name) > 1) {
      const bool frames = name == "Content-Length" || name == "Transfer-Encoding";
      return frames ? ambiguous("more than one framing of the body")
                    : Error{ErrorCode::InvalidArgument, "FIELD_REPEATED",
                            "a field stands twice that may stand once"};
    }
  }
  return kDone;
}

}  // namespace

std::string_view ParsedHead::field(std::string_view name) const {
  for (const auto& [known, value] : fields) {
    if (sameName(known, name)) {
      return value;
    }
  }
  return {};
}

bool sameName(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

Result<std::optional<std::size_t>> findHeadEnd(std::string_view bytes, std::size_t from) {
  // A carriage return at the end of the searched bytes is checked with the byte after it.
  for (std::size_t i = from > 0 ? from - 1 : 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\r') {
      if (i + 1 == bytes.size()) {
        return std::optional<std::size_t>();
      }
      if (bytes[i + 1] != '\n') {
        return malformed("a carriage return without a line feed");
      }
      const std::string_view line = bytes.substr(0, i);
      if (line.empty()) {
        return malformed("an empty line before the request");
      }
      if (line.ends_with(kLineEnd)) {
        return std::optional<std::size_t>(i + 2);
      }
      ++i;
    } else if (bytes[i] == '\n' && i > 0 && bytes[i - 1] == '\r') {
      continue;
    } else if (!isValueByte(bytes[i])) {
      return malformed("a byte that no head has");
    }
  }
  return std::optional<std::size_t>();
}

std::optional<std::pair<std::string_view, std::string_view>> parseFieldLine(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !isToken(line.substr(0, colon))) {
    return std::nullopt;
  }
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (!std::all_of(value.begin(), value.end(), isValueByte)) {
    return std::nullopt;
  }
  return std::pair(line.substr(0, colon), value);
}

Result<ParsedHead> parseHead(std::string_view text) {
  if (text.size() > kHeaderMaxBytes) {
    return Error{ErrorCode::ResourceExhausted, "HEADERS_TOO_LARGE", "the head is too large"};
  }
  ParsedHead head;
  DOORSTEP_TRY(readRequestLine(takeLine(text), head));
  // A line that begins with a blank (a folded field) has no token before its colon.
  for (std::string_view line = takeLine(text); !line.empty(); line = takeLine(text)) {
    const auto field = parseFieldLine(line);
    if (!field) {
      return malformed("not a header field");
    }
    if (head.fields.size() == kHeaderFieldsMax) {
      return Error{ErrorCode::ResourceExhausted, "HEADERS_TOO_LARGE", "too many header fields"};
    }
    head.fields.push_back(*field);
  }
  DOORSTEP_TRY(checkFields(head));
  DOORSTEP_ASSIGN(head.framing, framingOf(head));
  head.host = head.field("Host");
  head.keepAlive = head.http11;
  for (const auto& [name, value] : head.fields) {
    if (sameName(name, "Connection") && asksToClose(value)) {
      head.keepAlive = false;
    }
  }
  return head;
}

}  // namespace doorstep::http
