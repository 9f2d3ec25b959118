// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace doorstep::records {

// One field of a CSV file, quoted where RFC 4180 requires it. For text written by people use
// csvText: what a spreadsheet would run as a formula gets a leading apostrophe, characters that
// turn or hide text are replaced. Pure. Thread: any.
std::string csvField(std::string_view value);
// Text as the file has it, before it is quoted: other files name things by it.
std::string guardedText(std::string_view value);
std::string csvText(std::string_view value);

// The fields of a line, one after another. Thread: one.
class CsvLine {
 public:
  void text(std::string_view value) { fields_.push_back(csvText(value)); }
  void plain(std::string_view value) { fields_.push_back(csvField(value)); }
  void number(std::int64_t value) { fields_.push_back(std::to_string(value)); }
  // Of an absent time an empty field.
  void utc(std::optional<std::int64_t> unixMs);
  void empty(std::size_t count) { fields_.insert(fields_.end(), count, ""); }

  std::size_t size() const { return fields_.size(); }
  // With CR LF.
  std::string finish() const;

 private:
  std::vector<std::string> fields_;
};

}  // namespace doorstep::records
