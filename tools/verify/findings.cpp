// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/findings.h"

#include "shared/core/display_text.h"
#include "tools/verify/limits.h"

namespace doorstep::verify {

void Findings::add(const std::function<std::string()>& line) {
  if (++count_ <= kFindingsShown)
    lines_.push_back(oneLine(line()));
}

void Findings::addFile(std::string_view name, std::string_view message) {
  add([&] { return std::string(name) + ":1:1: " + std::string(message); });
}

std::string oneLine(std::string_view text) { return loggedText(text); }

}  // namespace doorstep::verify
