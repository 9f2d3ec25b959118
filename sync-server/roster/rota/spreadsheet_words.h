// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace doorstep::roster {

// What spreadsheets and their users write instead of the required format, and the names of these
// things for users. Pure. Thread: any.

// "an Excel workbook" etc. for first bytes that no CSV file has; otherwise null.
const char* kindOfFile(std::string_view firstBytes);

// "semicolons"; null for commas, the standard separator.
const char* separatorName(char separator);
// "semicolon".
const char* singleSeparatorName(char separator);
// The separator of a line that was read as one value; `used` if it contains no other.
char separatorOf(std::string_view line, char used);

// A column's name in lower case, with underscores for blanks and hyphens.
std::string columnName(std::string_view written);

// yes/no, true/false, 1/0, y/n in either case, and the words of other languages' spreadsheets.
// Empty is no. nullopt: neither.
std::optional<bool> yesOrNo(std::string_view value);

// #REF!, #N/A, ##### and similar.
bool isSpreadsheetError(std::string_view value);
// 1.23E+11, which spreadsheets make of a long number.
bool isScientific(std::string_view value);
// "30" for "30.0" and "30,00".
std::string withoutZeroFraction(const std::string& value);

}  // namespace doorstep::roster
