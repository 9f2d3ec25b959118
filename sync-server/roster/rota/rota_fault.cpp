// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/rota_fault.h"

#include <algorithm>
#include <utility>

#include "sync-server/roster/limits.h"

namespace doorstep::roster {
namespace {

bool isControl(char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F; }

}  // namespace

void FaultList::add(RotaFault fault) {
  std::uint64_t& seen = seen_[{fault.file, fault.reason}];
  ++seen;
  if (seen <= kFaultsListedMax && listed_.size() < kFaultsInAllMax)
    listed_.push_back(std::move(fault));
  else
    ++notListed_;
}

std::vector<MoreFaults> FaultList::more() const {
  std::map<std::pair<std::string, std::string>, std::uint64_t> left = seen_;
  for (const RotaFault& fault : listed_)
    --left[{fault.file, fault.reason}];
  std::vector<MoreFaults> more;
  for (const auto& [key, count] : left)
    if (count > 0)
      more.push_back({key.first, key.second, count});
  return more;
}

std::string quoteValue(std::string_view value) {
  std::string text = "\"";
  std::size_t kept = 0;
  while (!value.empty()) {
    const TextCharacter character = firstCharacter(value);
    const std::string_view bytes =
        character.codePoint == kNoCodePoint ? "?" : value.substr(0, character.length);
    if (kept + bytes.size() > kQuotedBytesMax) {
      text += "…";
      break;
    }
    if (textFlaw(bytes, TextKind::Ref) == TextFlaw::None) {
      text += bytes;
      kept += bytes.size();
    }
    value.remove_prefix(character.length);
  }
  return text + "\"";
}

bool hasControlBytes(std::string_view text, bool linesAllowed) {
  return std::any_of(text.begin(), text.end(), [&](char byte) {
    return isControl(byte) && !(linesAllowed && (byte == '\n' || byte == '\r' || byte == '\t'));
  });
}

}  // namespace doorstep::roster
