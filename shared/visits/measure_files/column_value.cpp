// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/column_value.h"

#include <algorithm>

#include "shared/visits/measure_files/limits.h"
#include "shared/visits/measure_files/text_file.h"

namespace doorstep::measure_files {
namespace {

using Fault = std::optional<std::string>;

constexpr int kScoreMax = 2;
constexpr std::string_view kUnstatedFunder = "unstated";

Fault wrong(std::string_view text, std::string_view instead) {
  return shownValue(text) + ": " + std::string(instead);
}

// The part before the next ; and what follows it. False: nothing is left.
bool takePart(std::optional<std::string_view>& left, std::string_view& part) {
  if (!left)
    return false;
  const std::size_t end = left->find(';');
  part = left->substr(0, end);
  left = end == std::string_view::npos ? std::nullopt : std::optional(left->substr(end + 1));
  return true;
}

bool isLower(char c) { return c >= 'a' && c <= 'z'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool isDigit(char c) { return c >= '0' && c <= '9'; }

bool isFunderName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return isLower(c) || isDigit(c) || c == '_'; });
}

bool isGoalName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return isLower(c) || isUpper(c) || isDigit(c) || c == '_' || c == '-';
  });
}

// -2 to 2.
std::optional<int> parseScore(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative)
    text.remove_prefix(1);
  if (text.size() != 1 || text[0] < '0' || text[0] > '0' + kScoreMax || (negative && text == "0"))
    return std::nullopt;
  return negative ? -(text[0] - '0') : text[0] - '0';
}

Fault readFunders(std::string_view text, std::vector<measures::FunderShare>& funders) {
  constexpr std::string_view kInstead =
      "write name=share with ; between, names of a-z 0-9 _ once each, shares that sum to 10000";
  funders.clear();
  if (text.empty()) {
    funders.push_back({std::string(kUnstatedFunder), kFunderShares});
    return std::nullopt;
  }
  std::int64_t sum = 0;
  std::optional<std::string_view> left = text;
  for (std::string_view part; takePart(left, part);) {
    const std::size_t equals = part.find('=');
    const auto share =
        equals == std::string_view::npos ? std::nullopt : parseWhole(part.substr(equals + 1));
    const std::string_view name = part.substr(0, equals);
    // More funders than units of the sum would be a list without an end.
    if (!share || *share > kFunderShares || !isFunderName(name) ||
        static_cast<std::int64_t>(funders.size()) >= kFunderShares)
      return wrong(text, kInstead);
    funders.push_back({std::string(name), *share});
    sum += *share;
  }
  std::vector<std::string_view> names;
  for (const auto& funder : funders)
    names.emplace_back(funder.funder);
  std::sort(names.begin(), names.end());
  if (sum != kFunderShares || std::adjacent_find(names.begin(), names.end()) != names.end())
    return wrong(text, kInstead);
  return std::nullopt;
}

Fault readGoals(std::string_view text, std::vector<measures::GoalScore>& goals) {
  goals.clear();
  std::optional<std::string_view> left;
  if (!text.empty())
    left = text;
  for (std::string_view part; takePart(left, part);) {
    const std::size_t equals = part.find('=');
    const std::size_t slash = part.find('/');
    const bool formed =
        equals != std::string_view::npos && slash != std::string_view::npos && equals < slash;
    const auto score =
        formed ? parseScore(part.substr(equals + 1, slash - equals - 1)) : std::nullopt;
    const auto baseline = formed ? parseScore(part.substr(slash + 1)) : std::nullopt;
    if (!score || !baseline || !isGoalName(part.substr(0, equals)))
      return wrong(text, "write goal=score/baseline with ; between, scores from -2 to 2");
    goals.push_back({std::string(part.substr(0, equals)), *score, *baseline});
  }
  return std::nullopt;
}

Fault readDays(std::string_view text, std::vector<measures::DayNumber>& days) {
  days.clear();
  std::optional<std::string_view> left;
  if (!text.empty())
    left = text;
  for (std::string_view part; takePart(left, part);) {
    const auto day = measures::parseDay(part);
    if (!day)
      return wrong(part, "write days that exist as 2026-03-29, with ; between");
    days.push_back(*day);
  }
  return std::nullopt;
}

Fault readTime(std::string_view text, std::optional<std::int64_t>& time) {
  time = text.empty() ? std::nullopt : measures::parseUtc(text);
  if (text.empty() || time)
    return std::nullopt;
  return wrong(text, "write a time that exists as 2026-03-29T00:45:00.000Z");
}

Fault readNumber(std::string_view text, std::int64_t& number) {
  const auto whole = text.empty() ? std::optional<std::int64_t>(0) : parseWhole(text);
  number = whole.value_or(0);
  if (whole)
    return std::nullopt;
  return wrong(text, "write a whole number from 0, of at most 15 digits");
}

Fault readFlag(std::string_view text, bool& flag) {
  flag = text == "true";
  if (flag || text.empty() || text == "false")
    return std::nullopt;
  return wrong(text, "write true or false");
}

Fault readChoice(std::string_view text, std::span<const std::string_view> choices, int& choice) {
  const auto found = std::find(choices.begin(), choices.end(), text);
  choice = static_cast<int>(found - choices.begin());
  if (found != choices.end())
    return std::nullopt;
  std::string instead = "write one of";
  for (const std::string_view name : choices)
    instead += " " + (name.empty() ? std::string("(nothing)") : std::string(name));
  return wrong(text, instead);
}

Fault readDay(std::string_view text, measures::DayNumber& day) {
  const auto parsed = measures::parseDay(text);
  day = parsed.value_or(0);
  if (parsed)
    return std::nullopt;
  return wrong(text, "write a day that exists as 2026-03-29");
}

}  // namespace

std::optional<std::int64_t> parseWhole(std::string_view text) {
  if (text.empty() || text.size() > kDigitsMax || !std::all_of(text.begin(), text.end(), isDigit))
    return std::nullopt;
  std::int64_t value = 0;
  for (const char digit : text)
    value = value * 10 + (digit - '0');
  return value;
}

Fault readColumnValue(const ColumnSpec& column, std::string_view text, ColumnValue& value) {
  value.text = text;
  switch (column.kind) {
    case ValueKind::Text:
      return std::nullopt;
    case ValueKind::Time:
      return readTime(text, value.time);
    case ValueKind::Number:
      return readNumber(text, value.number);
    case ValueKind::Flag:
      return readFlag(text, value.flag);
    case ValueKind::Choice:
      return readChoice(text, column.choices, value.choice);
    case ValueKind::Day:
      return readDay(text, value.day);
    case ValueKind::Days:
      return readDays(text, value.days);
    case ValueKind::Funders:
      return readFunders(text, value.funders);
    case ValueKind::Goals:
      return readGoals(text, value.goals);
  }
  return std::nullopt;
}

}  // namespace doorstep::measure_files
