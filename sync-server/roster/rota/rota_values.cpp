// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/rota_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "shared/core/decimal.h"
#include "shared/visits/measures/rule_packs.h"
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

std::optional<StatedRules> statedRules(RotaTable& table, const RulesColumns& columns) {
  StatedRules stated{
      .lateToleranceMin = table.number(columns.late, 0, kToleranceMinMax),
      .earlyToleranceMin = table.number(columns.early, 0, kToleranceMinMax),
      .timeCriticalToleranceMin = table.number(columns.timeCritical, 0, kToleranceMinMax),
      .missedAfterMin = table.number(columns.missedAfter, 0, kToleranceMinMax)};
  std::vector<std::string> names;
  for (const measures::RulePack& pack : measures::rulePacks())
    names.emplace_back(pack.name);
  const std::string name = oneOf(table, columns.pack, names);
  if (const auto* pack = measures::findRulePack(name)) {
    stated.pack = pack->rules;
    return stated;
  }
  if (stated == StatedRules{})
    return std::nullopt;
  const measures::Rules usual = measures::unstatedRules();
  stated.lateToleranceMin = stated.lateToleranceMin.value_or(usual.lateToleranceMin);
  stated.earlyToleranceMin = stated.earlyToleranceMin.value_or(usual.earlyToleranceMin);
  stated.timeCriticalToleranceMin =
      stated.timeCriticalToleranceMin.value_or(usual.timeCriticalToleranceMin);
  stated.missedAfterMin = stated.missedAfterMin.value_or(usual.missedAfterMin);
  return stated;
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
