// SPDX-License-Identifier: Apache-2.0
#include "shared/core/display_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>

namespace doorstep {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

template <std::size_t N>
bool within(const Range (&ranges)[N], std::uint32_t codePoint) {
  return std::any_of(std::begin(ranges), std::end(ranges), [&](const Range& range) {
    return codePoint >= range.first && codePoint <= range.last;
  });
}

constexpr Range kControl[] = {{0x00, 0x1F}, {0x7F, 0x9F}, {0x2028, 0x2029}};
constexpr Range kDirection[] = {
    {0x061C, 0x061C}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}};
// Default_Ignorable_Code_Point of Unicode 15 except for the ranges above and below, and characters
// that are not text: annotation marks, the object placeholder, noncharacters.
constexpr Range kInvisible[] = {
    {0x00AD, 0x00AD},   {0x034F, 0x034F},   {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F},
    {0x200B, 0x200B},   {0x2060, 0x2065},   {0x206A, 0x206F}, {0x3164, 0x3164}, {0xFDD0, 0xFDEF},
    {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFC}, {0xFFFE, 0xFFFF}, {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};
constexpr Range kVariation[] = {{0xFE00, 0xFE0F}};
constexpr Range kBlanks[] = {{0x09, 0x09},     {0x20, 0x20},     {0xA0, 0xA0},
                             {0x1680, 0x1680}, {0x2000, 0x200A}, {0x202F, 0x202F},
                             {0x205F, 0x205F}, {0x2800, 0x2800}, {0x3000, 0x3000}};
// Scripts whose spelling requires joiners (Arabic to Khmer and Mongolian), and emoji sequences.
constexpr Range kJoined[] = {
    {0x0600, 0x1FFF}, {0x2600, 0x27BF}, {0xA800, 0xABFF}, {0x11000, 0x11FFF}, {0x1F000, 0x1FAFF}};

constexpr std::uint32_t kNonJoiner = 0x200C;
constexpr std::uint32_t kJoiner = 0x200D;
constexpr const char* kReplacement = "\xEF\xBF\xBD";

bool isJoiner(std::uint32_t codePoint) { return codePoint == kNonJoiner || codePoint == kJoiner; }
bool isLineEnd(std::uint32_t codePoint) { return codePoint == '\n' || codePoint == '\r'; }

// Whether a joiner is allowed between two characters; an emoji may be followed by its variation
// selector.
bool joins(std::uint32_t before, std::string_view after) {
  const auto joined = [](std::uint32_t codePoint) {
    return within(kVariation, codePoint) ||
           (within(kJoined, codePoint) && !within(kDirection, codePoint) &&
            !within(kInvisible, codePoint));
  };
  return joined(before) && !after.empty() && joined(firstCharacter(after).codePoint);
}

// `before`: the preceding character, 0 for none; `after`: the text that follows.
TextFlaw flawOf(std::uint32_t codePoint, TextKind kind, std::uint32_t before,
                std::string_view after) {
  if (codePoint == kNoCodePoint)
    return TextFlaw::NotUtf8;
  if (codePoint >= 0x20 && codePoint < 0x7F)
    return TextFlaw::None;
  if (kind == TextKind::Lines && (codePoint == '\t' || isLineEnd(codePoint)))
    return TextFlaw::None;
  if (within(kControl, codePoint))
    return TextFlaw::Control;
  if (within(kDirection, codePoint))
    return TextFlaw::Direction;
  if (isJoiner(codePoint))
    return kind != TextKind::Ref && joins(before, after) ? TextFlaw::None : TextFlaw::Invisible;
  if (kind == TextKind::Ref && within(kVariation, codePoint))
    return TextFlaw::Invisible;
  if (within(kInvisible, codePoint) || (codePoint & 0xFFFE) == 0xFFFE)
    return TextFlaw::Invisible;
  return TextFlaw::None;
}

// Calls each(character's bytes, code point, flaw) until it returns false.
template <typename Each>
void walk(std::string_view text, TextKind kind, Each&& each) {
  std::uint32_t before = 0;
  while (!text.empty()) {
    const TextCharacter character = firstCharacter(text);
    const std::string_view bytes = text.substr(0, character.length);
    text.remove_prefix(character.length);
    if (!each(bytes, character.codePoint, flawOf(character.codePoint, kind, before, text)))
      return;
    before = character.codePoint;
  }
}

bool isUnseen(std::uint32_t codePoint) {
  return within(kBlanks, codePoint) || within(kInvisible, codePoint) ||
         within(kDirection, codePoint) || within(kVariation, codePoint) || isJoiner(codePoint) ||
         isLineEnd(codePoint) || codePoint == 0x85 || codePoint == 0x2028 || codePoint == 0x2029;
}

}  // namespace

TextCharacter firstCharacter(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
  };
  const auto trail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80)
    return {lead, 1};
  if (lead >= 0xC2 && lead <= 0xDF && trail(1))
    return {(lead & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (lead >= 0xE0 && lead <= 0xEF &&
      trail(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) && trail(2))
    return {(lead & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F), 3};
  if (lead >= 0xF0 && lead <= 0xF4 &&
      trail(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) && trail(2) && trail(3))
    return {(lead & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F),
            4};
  return {kNoCodePoint, 1};
}

bool isUtf8(std::string_view text) {
  while (!text.empty()) {
    const TextCharacter character = firstCharacter(text);
    if (character.codePoint == kNoCodePoint)
      return false;
    text.remove_prefix(character.length);
  }
  return true;
}

TextFlaw textFlaw(std::string_view text, TextKind kind) {
  TextFlaw first = TextFlaw::None;
  walk(text, kind, [&](std::string_view, std::uint32_t, TextFlaw flaw) {
    first = flaw;
    return flaw == TextFlaw::None;
  });
  return first;
}

const char* reasonOf(TextFlaw flaw) {
  switch (flaw) {
    case TextFlaw::None:
      return "";
    case TextFlaw::NotUtf8:
      return "NOT_UTF8";
    case TextFlaw::Control:
      return "CONTROL_CHARACTERS";
    case TextFlaw::Direction:
      return "DIRECTION_CHARACTERS";
    case TextFlaw::Invisible:
      return "INVISIBLE_CHARACTERS";
  }
  return "";
}

std::string shownText(std::string_view text, TextKind kind) {
  std::string shown;
  shown.reserve(text.size());
  walk(text, kind, [&](std::string_view bytes, std::uint32_t, TextFlaw flaw) {
    shown += flaw == TextFlaw::None ? bytes : std::string_view(kReplacement);
    return true;
  });
  return shown;
}

std::string loggedText(std::string_view text) {
  std::string logged;
  logged.reserve(text.size());
  walk(text, TextKind::Ref, [&](std::string_view bytes, std::uint32_t codePoint, TextFlaw flaw) {
    std::array<char, 16> escape{};
    if (flaw == TextFlaw::NotUtf8)
      std::snprintf(escape.data(), escape.size(), "\\x%02x", static_cast<unsigned char>(bytes[0]));
    else if (flaw != TextFlaw::None)
      std::snprintf(escape.data(), escape.size(), "\\u{%x}", codePoint);
    logged += flaw == TextFlaw::None ? bytes : std::string_view(escape.data());
    return true;
  });
  return logged;
}

bool isBlankText(std::string_view text) {
  bool blank = true;
  walk(text, TextKind::Lines, [&](std::string_view, std::uint32_t codePoint, TextFlaw) {
    blank = isUnseen(codePoint);
    return blank;
  });
  return blank;
}

std::string withPlainBlanks(std::string_view text) {
  std::string plain;
  std::size_t end = 0;  // after the last visible character
  walk(text, TextKind::Lines, [&](std::string_view bytes, std::uint32_t codePoint, TextFlaw) {
    const bool unseen = isUnseen(codePoint);
    if (plain.empty() && unseen && codePoint != kJoiner && codePoint != kNonJoiner)
      return true;
    plain += within(kBlanks, codePoint) ? std::string_view(" ") : bytes;
    // A direction mark at an end is not a blank: it stays, to be refused.
    if (!unseen || within(kDirection, codePoint) || within(kVariation, codePoint))
      end = plain.size();
    return true;
  });
  plain.resize(end);
  return plain;
}

}  // namespace doorstep
