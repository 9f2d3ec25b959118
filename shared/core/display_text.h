// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace doorstep {

// Text that people read: names, refs, notes, descriptions. What turns a line round, hides in it or
// steers a terminal is refused where text enters and replaced where it is shown, so that a text
// says to its reader what it says to the program. All texts are UTF-8. Pure. Thread: any.

// One character of a text. Not UTF-8 at this place: codePoint is kNoCodePoint and length 1.
struct TextCharacter {
  std::uint32_t codePoint = 0;
  std::size_t length = 0;  // bytes
};
constexpr std::uint32_t kNoCodePoint = UINT32_MAX;
// The first character of a text that is not empty. Strict: no overlong forms, surrogates or code
// points beyond U+10FFFF (Unicode 15, table 3-7).
TextCharacter firstCharacter(std::string_view text);

bool isUtf8(std::string_view text);

enum class TextFlaw {
  None,
  NotUtf8,
  Control,    // C0, DEL, C1, line and paragraph separators: steers what shows it
  Direction,  // marks, embeddings, overrides and isolates of writing direction: turns text round
  Invisible,  // zero width, soft hyphens, fillers, tags, noncharacters: two texts look like one
};

enum class TextKind {
  Line,   // names, descriptions, logins: joiners only where a script or an emoji needs them
  Lines,  // notes: as Line, with tabs and line ends
  Ref,    // ids that are compared: no joiners and no variation selectors
};

// The first flaw of the text.
TextFlaw textFlaw(std::string_view text, TextKind kind);

// UPPER_SNAKE: NOT_UTF8, CONTROL_CHARACTERS, DIRECTION_CHARACTERS, INVISIBLE_CHARACTERS; "" for
// None.
const char* reasonOf(TextFlaw flaw);

// The text as it may be shown: each character that is a flaw, and each byte that is no UTF-8, as
// U+FFFD.
std::string shownText(std::string_view text, TextKind kind = TextKind::Line);

// The text as it may stand in a line of a log or a terminal: flaws as \u{202e}, bytes that are no
// UTF-8 as \xff.
std::string loggedText(std::string_view text);

// True when nothing of the text can be seen: empty, or blanks and invisible characters alone.
bool isBlankText(std::string_view text);

// Without the blanks and invisible characters at both ends, and with every other blank, such as the
// no-break spaces of a spreadsheet or a web page, as an ordinary one. Line ends stay.
std::string withPlainBlanks(std::string_view text);

}  // namespace doorstep
