// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::measure_files {

// A text file, read whole: UTF-8, a byte order mark is passed over.
struct TextFile {
  std::string name;  // as it was given
  std::string text;
  std::size_t begin = 0;  // after the byte order mark
  // The first byte that is no text: NUL, or no UTF-8. Readers report it when they come there, so
  // that an earlier fault is told first; the size of the text when there is none. After a NUL
  // nothing is read.
  std::size_t firstBadByte = 0;
};

// Errors: FILE_READ (a folder, not there, no permission), FILE_TOO_LARGE; told at line 1, column 1.
Result<TextFile> readTextFile(const std::string& path, std::size_t bytesMax);

// The same from memory.
TextFile asTextFile(std::string name, std::string text);

// The error of a place in a file: reason FILE_FAULT, text "file:line:column: message". Lines and
// columns are counted from 1, columns in characters. One line, whatever the names are.
Error faultAt(const TextFile& file, std::size_t offset, std::string_view message);

// Why firstBadByte is no text.
std::string_view badByteMessage(const TextFile& file);

// A value as messages show it: in quotes, on one line, cut when it is long.
std::string shownValue(std::string_view value);

}  // namespace doorstep::measure_files
