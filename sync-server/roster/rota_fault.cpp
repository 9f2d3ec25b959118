// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota_fault.h"

#include <algorithm>
#include <utility>

#include "sync-server/roster/limits.h"

namespace doorstep::roster {
namespace {

// Length of the well-formed character that begins here (Unicode 15, table 3-7), 0 when there is
// none.
std::size_t characterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto trail = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned lead = byte(0);
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead <= 0xDF)
    return trail(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned high = lead == 0xED ? 0x9F : 0xBF;
    return trail(1, low, high) && trail(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned high = lead == 0xF4 ? 0x8F : 0xBF;
    return trail(1, low, high) && trail(2) && trail(3) ? 4 : 0;
  }
  return 0;
}

bool isControl(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; }

}  // namespace

void FaultList::add(RotaFault fault) {
  if (listed_.size() < kFaultsListedMax)
    listed_.push_back(std::move(fault));
  else
    ++notListed_;
}

std::string quoteValue(std::string_view value) {
  std::string text = "\"";
  std::size_t kept = 0;
  while (!value.empty()) {
    const std::size_t length = characterLength(value);
    const std::string_view character = length == 0 ? "?" : value.substr(0, length);
    if (kept + character.size() > kQuotedBytesMax) {
      text += "…";
      break;
    }
    if (!isControl(character[0])) {
      text += character;
      kept += character.size();
    }
    value.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text + "\"";
}

bool isUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = characterLength(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
}

bool hasControlBytes(std::string_view text, bool linesAllowed) {
  return std::any_of(text.begin(), text.end(), [&](char byte) {
    return isControl(byte) && !(linesAllowed && (byte == '\n' || byte == '\r' || byte == '\t'));
  });
}

}  // namespace doorstep::roster
