// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace doorstep {

// Text that people read: names, refs, notes, descriptions. Characters that reverse text direction,
// are invisible or control a terminal are refused on input and replaced on display, so that the
// text a person sees is the text the program compares. All texts are UTF-8. Pure. Thread: any.

// One character of a text. For bytes that are not UTF-8: codePoint kNoCodePoint, length 1.
struct TextCharacter {
  std::uint32_t codePoint = 0;
  std::size_t length = 0;  // bytes
};
constexpr std::uint32_t kNoCodePoint = UINT32_MAX;
// The first character of a non-empty text. Strict: no overlong forms, surrogates or code points
// above U+10FFFF (Unicode 15, table 3-7).
TextCharacter firstCharacter(std::string_view text);

bool isUtf8(std::string_view text);

enum class TextFlaw {
  None,
  NotUtf8,
  Control,    // C0, DEL, C1, line and paragraph separators: control the display
  Direction,  // marks, embeddings, overrides and isolates of writing direction: reverse text
  Invisible,  // zero width, soft hyphens, fillers, tags, noncharacters: different texts look equal
};

enum class TextKind {
  Line,   // names, descriptions, logins: joiners only where a script or an emoji requires them
  Lines,  // notes: as Line, plus tabs and line ends
  Ref,    // compared ids: no joiners and no variation selectors
};

// The first flaw in the text.
TextFlaw textFlaw(std::string_view text, TextKind kind);

// UPPER_SNAKE: NOT_UTF8, CONTROL_CHARACTERS, DIRECTION_CHARACTERS, INVISIBLE_CHARACTERS; "" for
// None.
const char* reasonOf(TextFlaw flaw);

// The text for display: each flawed character and each byte that is not UTF-8 becomes U+FFFD.
std::string shownText(std::string_view text, TextKind kind = TextKind::Line);

// The text for a log line or a terminal: flawed characters as \u{202e}, bytes that are not UTF-8 as
// \xff.
std::string loggedText(std::string_view text);

// True when the text shows nothing: empty, or only blanks and invisible characters.
bool isBlankText(std::string_view text);

// Removes blanks and invisible characters at both ends and replaces every other blank, such as the
// no-break space of a spreadsheet or a web page, with U+0020. Line ends stay.
std::string withPlainBlanks(std::string_view text);

}  // namespace doorstep
