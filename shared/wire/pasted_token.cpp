// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/pasted_token.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "shared/core/display_text.h"

namespace doorstep::wire {
namespace {

// The role of one pasted character for a token.
enum class Kind {
  Token,      // of base64url or of the prefix
  Invisible,  // skipped: soft hyphens, zero widths, marks of direction
  Blank,      // skipped, and a token may end before it
  LineEnd,    // as a blank, and quote marks may follow
  Other,      // ends a token
};

struct Character {
  Kind kind = Kind::Other;
  char token = 0;  // for Token
  std::size_t length = 1;
};

bool isBase64Url(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

bool isHyphen(std::uint32_t c) {
  return (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == 0xFE58 || c == 0xFE63 || c == 0xFF0D;
}
bool isColon(std::uint32_t c) { return c == 0xFF1A || c == 0xFE55 || c == 0xA789 || c == 0x2236; }
bool isBlank(std::uint32_t c) {
  return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}
bool isInvisible(std::uint32_t c) {
  return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         c == 0xFFFC || (c >= 0xFE00 && c <= 0xFE0F);
}

Character readAscii(char c) {
  if (isBase64Url(c) || c == ':')
    return {Kind::Token, c, 1};
  switch (c) {
    case '+':  // the other alphabet of base64
      return {Kind::Token, '-', 1};
    case '/':
      return {Kind::Token, '_', 1};
    case '\n':
    case '\r':
      return {Kind::LineEnd, 0, 1};
    case ' ':
    case '\t':
    case '\v':
    case '\f':
      return {Kind::Blank, 0, 1};
    case '\\':  // a chat's escape of "_"
    case '\0':
      return {Kind::Invisible, 0, 1};
    default:
      return {Kind::Other, 0, 1};
  }
}

// HTML entities, from a page that was copied as source.
std::optional<Character> readEntity(std::string_view text) {
  constexpr std::pair<std::string_view, Kind> kEntities[] = {
      {"&nbsp;", Kind::Blank},      {"&#160;", Kind::Blank},     {"&shy;", Kind::Invisible},
      {"&#173;", Kind::Invisible},  {"&zwnj;", Kind::Invisible}, {"&#8203;", Kind::Invisible},
      {"<wbr>", Kind::Invisible},   {"<wbr/>", Kind::Invisible}, {"<wbr />", Kind::Invisible},
      {"<br>", Kind::LineEnd},      {"<br/>", Kind::LineEnd},    {"<br />", Kind::LineEnd},
      {"&#x200B;", Kind::Invisible}};
  for (const auto& [entity, kind] : kEntities) {
    if (text.starts_with(entity))
      return Character{kind, 0, entity.size()};
  }
  return std::nullopt;
}

Character read(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first == '&' || first == '<') {
    if (const auto entity = readEntity(text))
      return *entity;
  }
  if (first < 0x80)
    return readAscii(text[0]);
  const TextCharacter character = firstCharacter(text);
  const std::uint32_t c = character.codePoint;
  if (c == kNoCodePoint)  // 0xA0 and 0xAD of a text in Latin-1
    return {first == 0xA0 ? Kind::Blank : first == 0xAD ? Kind::Invisible : Kind::Other, 0, 1};
  if (isHyphen(c))
    return {Kind::Token, '-', character.length};
  if (isColon(c))
    return {Kind::Token, ':', character.length};
  if (isBlank(c))
    return {Kind::Blank, 0, character.length};
  if (isInvisible(c))
    return {Kind::Invisible, 0, character.length};
  if (c == 0x85 || c == 0x2028 || c == 0x2029)
    return {Kind::LineEnd, 0, character.length};
  return {Kind::Other, 0, character.length};
}

// Quote marks at the beginning of a line, "> > " and "| ", with the blanks between them.
std::size_t quoteMarks(std::string_view text) {
  std::size_t at = 0;
  std::size_t marksEnd = 0;
  while (at < text.size()) {
    const Character character = read(text.substr(at));
    const bool entity = text.substr(at).starts_with("&gt;");
    if (text[at] == '>' || text[at] == '|' || entity)
      marksEnd = at += entity ? 4 : 1;
    else if (character.kind == Kind::Blank || character.kind == Kind::Invisible)
      at += character.length;
    else
      break;
  }
  return marksEnd;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Iterates over the characters of a token.
class Walk {
 public:
  Walk(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  struct Step {
    char token = 0;  // 0: the token ends here
    bool afterBlank = false;
  };
  Step next() {
    Step step;
    while (at_ < text_.size()) {
      const Character character = read(text_.substr(at_));
      if (character.kind == Kind::Other)
        return step;
      at_ += character.length;
      if (character.kind == Kind::LineEnd)
        at_ += quoteMarks(text_.substr(at_));
      step.afterBlank =
          step.afterBlank || character.kind == Kind::Blank || character.kind == Kind::LineEnd;
      step.token = character.token;
      if (step.token != 0)
        return step;
    }
    return step;
  }
  std::size_t at() const { return at_; }

 private:
  const std::string_view text_;
  std::size_t at_;
};

// The position after the prefix, if it is found here.
std::optional<std::size_t> prefixEnd(std::string_view text, std::size_t at,
                                     std::string_view prefix) {
  if (lower(text[at]) != prefix[0])
    return std::nullopt;
  Walk walk(text, at);
  for (const char expected : prefix) {
    if (lower(walk.next().token) != expected)
      return std::nullopt;
  }
  return walk.at();
}

PastedToken payloadFrom(std::string_view text, std::size_t at, std::size_t payloadMax) {
  PastedToken token;
  Walk walk(text, at);
  for (;;) {
    const Walk::Step step = walk.next();
    const bool goesOn = step.token != 0 && step.token != ':' && token.payload.size() < payloadMax;
    if ((step.afterBlank || !goesOn) && !token.payload.empty())
      token.ends.push_back(token.payload.size());
    if (!goesOn)
      return token;
    token.payload += step.token;
  }
}

int hexValue(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace

std::vector<PastedToken> pastedTokens(std::string_view text, std::string_view prefix,
                                      std::size_t payloadMax) {
  text = text.substr(0, kPasteBytesMax);
  std::vector<PastedToken> tokens;
  for (std::size_t at = 0; at < text.size() && tokens.size() < kPastedTokensMax; ++at) {
    if (const auto end = prefixEnd(text, at, prefix))
      tokens.push_back(payloadFrom(text, *end, payloadMax));
  }
  return tokens;
}

std::string withoutQuotedPrintable(std::string_view text) {
  text = text.substr(0, kPasteBytesMax);
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view left = text.substr(at);
    if (left[0] != '=') {
      plain += left[0];
      continue;
    }
    const auto lineEnd = left.find_first_not_of(" \t", 1);
    if (lineEnd != std::string_view::npos && (left[lineEnd] == '\n' || left[lineEnd] == '\r')) {
      at += lineEnd;
      if (left[lineEnd] == '\r' && left.substr(lineEnd).starts_with("\r\n"))
        ++at;
      at += quoteMarks(text.substr(at + 1));
    } else if (left.size() > 2 && hexValue(left[1]) >= 0 && hexValue(left[2]) >= 0) {
      plain += static_cast<char>(hexValue(left[1]) * 16 + hexValue(left[2]));
      at += 2;
    } else {
      plain += left[0];
    }
  }
  return plain;
}

}  // namespace doorstep::wire
