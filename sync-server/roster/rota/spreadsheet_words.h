// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace doorstep::roster {

// What spreadsheets and their users write in place of what a rota asks for, and what each thing is
// called by the person who made the file. Pure. Thread: any.

// "an Excel workbook" and so on for bytes that no CSV file begins with; null for any others.
const char* kindOfFile(std::string_view firstBytes);

// "semicolons"; null for commas, which are what a CSV file has.
const char* separatorName(char separator);
// "semicolon".
const char* singleSeparatorName(char separator);
// The separator of a line that was read as one value; the one that was used when it has no other.
char separatorOf(std::string_view line, char used);

// A column's name in small letters, with underscores for blanks and hyphens.
std::string columnName(std::string_view written);

// yes/no, true/false, 1/0, y/n in either case, and the words of other languages' spreadsheets.
// Empty is no. None: neither.
std::optional<bool> yesOrNo(std::string_view value);

// #REF!, #N/A, ##### and their like.
bool isSpreadsheetError(std::string_view value);
// 1.23E+11, what becomes of a long number.
bool isScientific(std::string_view value);
// "30" for "30.0" and "30,00".
std::string withoutZeroFraction(const std::string& value);

}  // namespace doorstep::roster
