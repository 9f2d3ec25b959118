// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/rota_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "shared/core/decimal.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/rota/spreadsheet_words.h"

namespace doorstep::roster {

std::string oneOf(RotaTable& table, std::size_t column, const std::vector<std::string>& list) {
  std::string value = columnName(table.raw(column));
  if (value.empty() || std::find(list.begin(), list.end(), value) != list.end())
    return value;
  table.fault(
      column, "NOT_IN_LIST",
      fmt::format("{} is none of {}.", quoteValue(table.raw(column)), fmt::join(list, ", ")));
  return {};
}

bool isFunderSplit(const std::string& value) {
  std::set<std::string> names;
  std::uint64_t sum = 0;
  std::size_t at = 0;
  while (at <= value.size()) {
    const std::size_t end = std::min(value.find(';', at), value.size());
    const std::string part = value.substr(at, end - at);
    at = end + 1;
    const std::size_t sign = part.find('=');
    if (sign == 0 || sign == std::string::npos ||
        part.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != sign)
      return false;
    const auto share = parseDecimal(part.substr(sign + 1));
    if (!share || *share > kFunderShares || !names.insert(part.substr(0, sign)).second)
      return false;
    sum += *share;
  }
  return sum == kFunderShares;
}

visits::WantedBy wantedBy(const std::string& cancelledBy) {
  return cancelledBy == "person"    ? visits::WantedBy::Person
         : cancelledBy == "council" ? visits::WantedBy::Council
                                    : visits::WantedBy::Office;
}

std::string readCorrection(RotaTable& table, std::size_t from, std::size_t reason) {
  std::string text = table.text(reason, kCorrectionBytesMax, false);
  if (!text.empty() && table.raw(from).empty())
    table.fault(from, "EMPTY", "A correction needs the day from which it was so.");
  return text;
}

}  // namespace doorstep::roster
