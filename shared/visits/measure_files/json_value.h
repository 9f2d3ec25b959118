// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/visits/measure_files/text_file.h"

namespace doorstep::measure_files {

// A JSON value that knows where it stands, so that what is wrong with it can be told there.
struct JsonValue {
  enum class Kind { Null, Flag, Whole, OtherNumber, Text, Array, Object };

  Kind kind = Kind::Null;
  std::size_t offset = 0;  // of its first byte in the file
  bool flag = false;
  std::string text;                // a text, or a number as it is written
  std::vector<std::string> names;  // of an object's members, as items
  std::vector<JsonValue> items;

  // nullptr: it is no object or has no such member.
  const JsonValue* member(std::string_view name) const;
};

// Reads a whole file (RFC 8259). Refused, beyond what is no JSON: a key that stands twice in an
// object, as two readers may take either; more than kJsonDepthMax levels or kJsonValuesMax values.
// A number is Whole when it is written with digits only. Error: FILE_FAULT.
Result<JsonValue> readJson(const TextFile& file);

}  // namespace doorstep::measure_files
