// SPDX-License-Identifier: Apache-2.0
#include "shared/core/display_text.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace doorstep {
namespace {

std::string utf8(char32_t c) {
  std::string out;
  if (c < 0x80)
    return {static_cast<char>(c)};
  if (c < 0x800)
    return {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  if (c < 0x10000)
    return {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
            static_cast<char>(0x80 | (c & 0x3F))};
  return {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
          static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
}

TEST_CASE("control characters of ASCII and of Latin-1 are a flaw, line ends only of a line") {
  for (const char32_t c : {0x01, 0x07, 0x1B, 0x7F, 0x80, 0x85, 0x9B, 0x2028, 0x2029})
    for (const TextKind kind : {TextKind::Line, TextKind::Lines, TextKind::Ref})
      CHECK(textFlaw("a" + utf8(c) + "b", kind) == TextFlaw::Control);
  CHECK(textFlaw(std::string("a\0b", 3), TextKind::Lines) == TextFlaw::Control);
  CHECK(textFlaw("a\tb\r\nc", TextKind::Lines) == TextFlaw::None);
  CHECK(textFlaw("a\nb", TextKind::Line) == TextFlaw::Control);
}

TEST_CASE("everything that steers the direction of writing is a flaw") {
  for (const char32_t c : {0x061C, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066,
                           0x2067, 0x2068, 0x2069})
    CHECK(textFlaw("Ann" + utf8(c), TextKind::Lines) == TextFlaw::Direction);
}

TEST_CASE("what cannot be seen is a flaw") {
  for (const char32_t c : {0x00AD, 0x034F, 0x115F, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0x3164,
                           0xFEFF, 0xFFA0, 0xFFF9, 0xFFFE, 0xFDD0, 0x1FFFF, 0xE0001, 0xE0041})
    CHECK(textFlaw("A" + utf8(c) + "B", TextKind::Line) == TextFlaw::Invisible);
}

TEST_CASE("names of every script are no flaw, joiners stand where a script needs them") {
  for (const char* name :
       {"Zoë Ó Súilleabháin", "Łucja Źdźbło", "محمد", "דוד", "李 小龍", "Nguyễn", "मुख्य",
        "O’Brien-Smith", "د. می‌خواهم", "ශ්‍රී", "👩‍⚕️"})
    CHECK(textFlaw(name, TextKind::Line) == TextFlaw::None);
  CHECK(textFlaw("ශ්‍රී", TextKind::Ref) == TextFlaw::Invisible);
  CHECK(textFlaw("A\xE2\x80\x8D", TextKind::Line) == TextFlaw::Invisible);
}

TEST_CASE("bytes that are no UTF-8 are a flaw") {
  for (const char* bytes : {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\xE2\x80"})
    CHECK(textFlaw(bytes, TextKind::Line) == TextFlaw::NotUtf8);
}

TEST_CASE("a stored text is shown without its flaws and logged with their numbers") {
  const std::string text = "Ann\xE2\x80\xAE\x1B[2J\xFF";
  CHECK(shownText(text) == "Ann\xEF\xBF\xBD\xEF\xBF\xBD[2J\xEF\xBF\xBD");
  CHECK(loggedText(text) == "Ann\\u{202e}\\u{1b}[2J\\xff");
  CHECK(shownText("two\nlines", TextKind::Lines) == "two\nlines");
  CHECK(textFlaw(shownText(text), TextKind::Line) == TextFlaw::None);
  // A joiner before what is replaced joins nothing.
  CHECK(textFlaw(shownText("\xEF\xB8\x8F\xE2\x80\x8D\xD8\x9C"), TextKind::Line) == TextFlaw::None);
}

TEST_CASE("a text of blanks and of what cannot be seen is blank") {
  for (const char* blank : {"", " ", "\t\n", "\xC2\xA0", "\xE3\x80\x80", "\xE2\x80\x8B",
                            "\xEF\xBB\xBF ", "\xE2\xA0\x80", "\xE3\x85\xA4"})
    CHECK(isBlankText(blank));
  CHECK_FALSE(isBlankText(" a"));
  CHECK_FALSE(isBlankText("\xFF"));
}

TEST_CASE("blanks of every kind become ordinary ones and none stands at an end") {
  CHECK(withPlainBlanks("\xC2\xA0"
                        "C1\xC2\xA0 ") == "C1");
  CHECK(withPlainBlanks("\xEF\xBB\xBF"
                        "V 1") == "V 1");
  CHECK(withPlainBlanks("V\xC2\xA0"
                        "1") == "V 1");
  CHECK(withPlainBlanks("  two\nlines\r\n") == "two\nlines");
  CHECK(withPlainBlanks(" \xE2\x80\x8B ").empty());
  CHECK(withPlainBlanks("").empty());
}

TEST_CASE("a direction mark at an end is not taken for a blank") {
  CHECK(textFlaw(withPlainBlanks("Ann\xE2\x80\xAE"), TextKind::Line) == TextFlaw::Direction);
}

}  // namespace
}  // namespace doorstep
