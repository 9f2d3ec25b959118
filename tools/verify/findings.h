// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace doorstep::verify {

// What does not follow, one line each: "file:line:column: what is said: what follows". Bounded:
// beyond kFindingsShown only their number is kept. Thread: one.
class Findings {
 public:
  // line: asked for only when it is kept.
  void add(const std::function<std::string()>& line);
  // Of a whole file.
  void addFile(std::string_view name, std::string_view message);

  std::size_t count() const { return count_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  std::size_t count_ = 0;
  std::vector<std::string> lines_;
};

// One line, whatever is in it.
std::string oneLine(std::string_view text);

}  // namespace doorstep::verify
