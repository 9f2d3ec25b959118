// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/spreadsheet_words.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "shared/core/display_text.h"

namespace doorstep::roster {
namespace {

constexpr std::string_view kDigits = "0123456789";

std::string lowered(std::string_view text) {
  std::string low(text);
  for (char& byte : low)
    if (byte >= 'A' && byte <= 'Z')
      byte = static_cast<char>(byte - 'A' + 'a');
  return low;
}

template <std::size_t N>
bool isOneOf(std::string_view text, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

// English, Welsh, German, French, Spanish, Italian, Portuguese, Dutch, Polish: how spreadsheets
// export a truth value in these languages, and how people write it.
constexpr std::string_view kYes[] = {
    "yes",       "y",    "true", "t",    "1",         "1.0",       "1,0",  "gwir",
    "ja",        "wahr", "oui",  "vrai", "verdadero", "si",        "vero", "s\xC3\xAD",
    "s\xC3\xAC", "sim",  "waar", "tak",  "prawda",    "verdadeiro"};
constexpr std::string_view kNo[] = {"no",     "n",    "false",        "f",           "0",
                                    "0.0",    "0,0",  "anwir",        "nein",        "falsch",
                                    "non",    "faux", "falso",        "n\xC3\xA3o",  "nee",
                                    "onwaar", "nie",  "fa\xC5\x82sz", "fa\xC5\x81sz"};

}  // namespace

const char* kindOfFile(std::string_view firstBytes) {
  if (firstBytes.starts_with("PK\x03\x04"))
    return "a spreadsheet workbook (such as .xlsx or .ods) or another archive";
  if (firstBytes.starts_with("\xD0\xCF\x11\xE0"))
    return "an old spreadsheet workbook (.xls)";
  if (firstBytes.starts_with("%PDF"))
    return "a PDF";
  if (firstBytes.starts_with("{\\rtf"))
    return "a text document (.rtf)";
  const std::string low = lowered(firstBytes);
  if (low.starts_with("<!doctype") || low.starts_with("<html") || low.starts_with("<table"))
    return "a web page";
  if (low.starts_with("<?xml"))
    return "XML";
  return nullptr;
}

const char* separatorName(char separator) {
  switch (separator) {
    case ',':
      return nullptr;
    case ';':
      return "semicolons";
    case '\t':
      return "tabs";
    case '|':
      return "vertical bars";
    case ' ':
      return "blanks";
    default:
      return "the sign that its line \"sep=\" names";
  }
}

const char* singleSeparatorName(char separator) {
  switch (separator) {
    case ',':
      return "comma";
    case ';':
      return "semicolon";
    case '\t':
      return "tab";
    case '|':
      return "vertical bar";
    default:
      return "separator";
  }
}

char separatorOf(std::string_view line, char used) {
  for (const char separator : {';', '\t', '|', ','})
    if (separator != used && std::count(line.begin(), line.end(), separator) > 1)
      return separator;
  return ',';
}

std::string columnName(std::string_view written) {
  std::string name;
  for (const char byte : lowered(withPlainBlanks(written))) {
    const bool gap = byte == ' ' || byte == '-' || byte == '_' || byte == '\n' || byte == '\r';
    if (!gap)
      name.push_back(byte);
    else if (!name.empty() && name.back() != '_')
      name.push_back('_');
  }
  return name;
}

std::optional<bool> yesOrNo(std::string_view value) {
  const std::string low = lowered(value);
  if (low.empty() || isOneOf(low, kNo))
    return false;
  if (isOneOf(low, kYes))
    return true;
  return std::nullopt;
}

bool isSpreadsheetError(std::string_view value) {
  constexpr std::string_view kErrors[] = {"#REF!",  "#N/A",  "#NAME?",  "#VALUE!", "#DIV/0!",
                                          "#NULL!", "#NUM!", "#SPILL!", "#CALC!"};
  if (value.size() < 3 || value.front() != '#')
    return false;
  return isOneOf(value, kErrors) || value.find_first_not_of('#') == std::string_view::npos;
}

bool isScientific(std::string_view value) {
  const std::size_t whole = value.find_first_not_of(kDigits);
  if (whole != 1 || (value[1] != '.' && value[1] != ',' && value[1] != 'E' && value[1] != 'e'))
    return false;
  const std::size_t e = value.find_first_of("eE");
  if (e == std::string_view::npos || e + 2 >= value.size() || value[e + 1] != '+')
    return false;
  const std::string_view fraction = value.substr(2, e < 2 ? 0 : e - 2);
  return fraction.find_first_not_of(kDigits) == std::string_view::npos &&
         value.substr(e + 2).find_first_not_of(kDigits) == std::string_view::npos;
}

std::string withoutZeroFraction(const std::string& value) {
  const std::size_t point = value.find_first_of(".,");
  const bool zeros = point != std::string::npos && point > 0 && point + 1 < value.size() &&
                     value.find_first_not_of('0', point + 1) == std::string::npos;
  // Three zeros may be a thousands group.
  return zeros && value.size() - point != 4 ? value.substr(0, point) : value;
}

}  // namespace doorstep::roster
