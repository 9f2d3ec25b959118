// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/enrolment_text.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "shared/wire/pasted_token.h"

using namespace doorstep;
using namespace doorstep::wire;

namespace {

// As large as a real one: the authority's certificate has some 400 bytes.
EnrolmentOffer offer() {
  EnrolmentOffer made{"care.example.org", 7443, "K7QF-2M9X", ""};
  for (int i = 0; i < 420; ++i)
    made.authorityDer += static_cast<char>(i * 37 + (i >> 3));
  return made;
}

std::string wrapped(const std::string& text, std::size_t width, const std::string& between) {
  std::string made;
  for (std::size_t at = 0; at < text.size(); at += width)
    made += (at == 0 ? "" : between) + text.substr(at, width);
  return made;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

void checkFound(const std::string& pasted) {
  INFO(pasted.substr(0, 400));
  const auto found = parseEnrolmentText(pasted);
  REQUIRE(found.ok());
  CHECK(*found == offer());
}

std::string reasonOfPaste(const std::string& pasted) {
  INFO(pasted.substr(0, 400));
  const auto found = parseEnrolmentText(pasted);
  return found.ok() ? "found" : found.error().reason;
}

}  // namespace

TEST_CASE("an enrolment text is found however a mail program wrapped it") {
  const std::string text = writeEnrolmentText(offer());
  for (const std::size_t width : {1, 5, 16, 17, 60, 72, 76, 78, 100}) {
    for (const char* between :
         {"\n", "\r\n", "\r", "\n> ", "\r\n> > ", "\n>> ", "\n | ", " \n", "\n  ", "\n>\n> ", " ",
          "\t", "\u00a0", "\u2003", "<br>\n", "&nbsp;", "\n&gt; ", "\u2028"})
      checkFound(wrapped(text, width, between));
  }
}

TEST_CASE("an enrolment text is found whatever stands around it") {
  const std::string text = writeEnrolmentText(offer());
  const std::pair<const char*, const char*> around[] = {
      {"", "."},       {"\"", "\""},   {"'", "'"},
      {"<", ">"},      {"‹", "›"},     {"«", "»"},
      {"“", "”"},      {"„", "“"},     {"(", ")"},
      {"[", "]"},      {"*", "*"},     {"`", "`"},
      {"> ", "\n> "},  {"{", "},"},    {"\xEF\xBB\xBF", "\n"},
      {"Code: ", "!"}, {"code=", ";"}, {"\u200e", "\u200f"},
      {"<p>", "</p>"}, {"…", "…"},     {"enrol code is ", " ok"}};
  for (const auto& [before, behind] : around)
    checkFound(before + text + behind);
  checkFound("Hello Ana,\n\nhere is your code:\n\n" + wrapped(text, 72, "\n") +
             "\n\nRegards\nThe office\n-- \nhttps://example.org/a=b");
  checkFound("From: office@example.org\r\nDate: Mon, 23 Nov 2026\r\n\r\n> " +
             wrapped(text, 70, "\r\n> ") + "\r\n> \r\n> Best wishes");
  checkFound(text + "\n" + text);
  checkFound(text + text);
  checkFound("doorstep-enrol:1:cut\n\n" + text);
  checkFound(std::string(200'000, 'x') + " " + text + " " + std::string(900'000, 'y'));
}

TEST_CASE("an enrolment text is found with characters inside that cannot be seen") {
  const std::string text = writeEnrolmentText(offer());
  for (const char* hidden : {"\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u200e",
                             "\u202c", "\u2066", "&shy;", "<wbr>", "\\"})
    checkFound(wrapped(text, 7, hidden));
  checkFound(wrapped(text, 9, "\u00ad\n"));
  checkFound(wrapped(text, 9, "\xAD"));  // Latin-1
}

TEST_CASE("smart punctuation and changed case of the prefix are undone") {
  const std::string text = writeEnrolmentText(offer());
  for (const char* hyphen : {"\u2010", "\u2011", "\u2012", "\u2013", "\u2212", "\uff0d"})
    checkFound(replaced(text, "-", hyphen));
  checkFound(replaced(text, ":", "\uff1a"));
  checkFound("Doorstep-Enrol:1:" + text.substr(17));
  checkFound("DOORSTEP-ENROL:1:" + text.substr(17));
  checkFound("doorstep-enrol: 1: " + text.substr(17));
  checkFound(replaced(replaced("doorstep-enrol:1:" + text.substr(17), "_", "/"), "\n", ""));
  checkFound(text + "==");
}

TEST_CASE("quoted-printable is undone") {
  const std::string text = writeEnrolmentText(offer());
  for (const char* soft : {"=\n", "=\r\n", "= \n", "=\n> "})
    checkFound(wrapped(text, 75, soft));
  checkFound("Subject: code=3D\n\n" + wrapped(text, 75, "=\n") + "=20\nRegards=2E");
  checkFound(replaced(wrapped(text, 75, "=\r\n"), "-", "=2D"));
  checkFound(replaced(wrapped(text, 75, "=\r\n"), ":", "=3A"));
  checkFound(wrapped(text, 20, "=C2=AD"));
}

TEST_CASE("what is wrong with a paste is said") {
  const std::string text = writeEnrolmentText(offer());
  for (std::size_t length = 15; length < text.size(); ++length)
    CHECK(reasonOfPaste(text.substr(0, length)) == "ENROLMENT_TEXT_PARTIAL");
  CHECK(reasonOfPaste(text.substr(30)) == "ENROLMENT_TEXT_PARTIAL");
  std::string capitals = text;
  std::string small = text;
  for (std::size_t i = 0; i < text.size(); ++i) {
    capitals[i] = static_cast<char>(std::toupper(text[i]));
    small[i] = static_cast<char>(std::tolower(text[i]));
  }
  CHECK(reasonOfPaste(capitals) == "ENROLMENT_TEXT_CASE");
  CHECK(reasonOfPaste(small) == "ENROLMENT_TEXT_CASE");
  CHECK(reasonOfPaste("doorstep-enrol:2:" + text.substr(17)) == "ENROLMENT_TEXT_NEWER");
  CHECK(reasonOfPaste("otpauth://totp/office?secret=ABC") == "ENROLMENT_TEXT_OTHER_APP");
  CHECK(reasonOfPaste("https://example.org/enrol") == "ENROLMENT_TEXT_OTHER_APP");
  for (const char* wrong : {"", "hello", "doorstep-enrol:1:AAAA", "4711", "doorstep", "\xFF\xFE"})
    CHECK(reasonOfPaste(wrong) == "ENROLMENT_TEXT_INVALID");
  CHECK(reasonOfPaste(writeEnrolmentText({"a/b", 1, "C", "x"})) == "ENROLMENT_TEXT_INVALID");
  CHECK(reasonOfPaste(writeEnrolmentText({"unix:/x", 1, "C", "x"})) == "ENROLMENT_TEXT_INVALID");
}

TEST_CASE("a paste of any size costs little") {
  const std::size_t size = 10 * 1024 * 1024;
  CHECK(reasonOfPaste(std::string(size, 'd')) == "ENROLMENT_TEXT_TOO_LONG");
  CHECK(reasonOfPaste(std::string(size, ' ')) == "ENROLMENT_TEXT_TOO_LONG");
  CHECK(reasonOfPaste(std::string(size, '=')) == "ENROLMENT_TEXT_TOO_LONG");
  std::string many;
  while (many.size() < size)
    many += "doorstep-enrol:1:C\nD \n> E\u00ad";
  CHECK_FALSE(parseEnrolmentText(many).ok());
  std::string spread = "doorstep-enrol:1:C";
  while (spread.size() < size)
    spread += " D";
  CHECK_FALSE(parseEnrolmentText(spread).ok());
}

TEST_CASE("any bytes are taken for what they are") {
  const bool held = rc::check([] {
    const auto noise = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    const auto picked = *rc::gen::container<std::string>(
        rc::gen::element('d', 'o', ':', '1', '-', '=', '\n', '>', ' ', 'C', 'g', '\xC2', '\xAD'));
    (void)parseEnrolmentText(noise);
    (void)parseEnrolmentText(picked);
    (void)parseEnrolmentText("doorstep-enrol:1:" + noise + picked);
    (void)parseEnrolmentText("doorstep-enrol:1:" + picked + "=" + noise);
  });
  CHECK(held);
}
