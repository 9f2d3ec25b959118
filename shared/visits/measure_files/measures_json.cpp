// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/measures_json.h"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "shared/visits/measure_files/json_text.h"

namespace doorstep::measure_files {
namespace {

using namespace measures;

void appendKey(std::string& out, std::string_view key) {
  appendJsonText(out, key);
  out += ':';
}

void appendCount(std::string& out, std::string_view key, std::int64_t count) {
  appendKey(out, key);
  out += std::to_string(count);
}

// Between the members of an object or an array.
void appendComma(std::string& out) {
  if (out.back() != '{' && out.back() != '[')
    out += ',';
}

// Names of an enum, but the first, with their counts, in order of names.
template <class Names, class Numbers>
void appendByName(std::string& out, const Names& names, const Numbers& numbers, std::size_t from) {
  std::vector<std::size_t> order(names.size() - from);
  std::iota(order.begin(), order.end(), from);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return names[a] < names[b]; });
  out += '{';
  for (const std::size_t i : order) {
    appendComma(out);
    appendCount(out, names[i], numbers[i]);
  }
  out += '}';
}

void appendCounts(std::string& out, const Counts& counts) {
  const auto as = [&](VisitClass visitClass) {
    return counts.reportedAs[static_cast<std::size_t>(visitClass)];
  };
  out += "{\"excluded\":";
  appendByName(out, kExclusions, counts.excluded, 1);
  out += ",\"flags\":";
  appendByName(out, kFlags, counts.flags, 0);
  out += ",\"slots\":{";
  appendCount(out, "attended", counts.slotsAttended);
  out += ',';
  appendCount(out, "length_unknown", counts.lengthsUnknown);
  out += ',';
  appendCount(out, "reported", counts.slotsReported);
  out += "},\"visits\":{";
  appendCount(out, "attended_full", as(VisitClass::AttendedFull));
  out += ',';
  appendCount(out, "attended_part", as(VisitClass::AttendedPart));
  out += ',';
  appendCount(out, "in_file", counts.inFile);
  out += ',';
  appendCount(out, "missed", as(VisitClass::Missed));
  out += ',';
  appendCount(out, "no_entry", as(VisitClass::NoEntry));
  out += ',';
  appendCount(out, "reported", counts.reported());
  out += "}}";
}

Status appendFigure(std::string& out, const NamedFigure& named) {
  const Figure& figure = named.figure;
  if (!isExact(figure))
    return Error{ErrorCode::OutOfRange, "FIGURE_TOO_LARGE",
                 named.id + ": this figure is too large to be computed exactly"};
  appendKey(out, named.id);
  out += "{\"denominator\":" + wideText(figure.denominator);
  out += ",\"numerator\":" + wideText(figure.numerator);
  out += ",\"value\":";
  if (figure.denominator == 0)
    out += "null";
  else
    appendJsonText(out, decimalText(figure));
  out += '}';
  return kDone;
}

void appendGroupKey(std::string& out, const MeasureQuery& query,
                    const std::vector<std::string>& values) {
  std::vector<std::size_t> order(query.by.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return query.by[a]->name < query.by[b]->name; });
  out += '{';
  for (const std::size_t i : order) {
    appendComma(out);
    appendKey(out, query.by[i]->name);
    appendJsonText(out, values[i]);
  }
  out += '}';
}

Status appendGroups(std::string& out, const Recomputation& recomputation,
                    const MeasureQuery& query) {
  out += '[';
  for (const auto& [values, group] : recomputation.groups()) {
    const GroupFigures figures = recomputation.figuresOf(group);
    appendComma(out);
    out += "{\"counts\":";
    appendCounts(out, figures.counts);
    out += ",\"key\":";
    appendGroupKey(out, query, values);
    out += ",\"measures\":{";
    for (const NamedFigure& figure : figures.figures) {
      appendComma(out);
      DOORSTEP_TRY(appendFigure(out, figure));
    }
    out += "}}";
  }
  out += ']';
  return kDone;
}

void appendDay(std::string& out, const std::optional<DayNumber>& day) {
  if (day)
    appendJsonText(out, dayText(*day));
  else
    out += "null";
}

void appendRules(std::string& out, const Recomputation& recomputation) {
  out += '[';
  for (const RuleUse& use : recomputation.rulesInUse()) {
    appendComma(out);
    out += "{\"contract_id\":";
    appendJsonText(out, use.contractId);
    out += ',';
    appendCount(out, "rule_version", use.number);
    out += ',';
    appendCount(out, "visits", use.visits);
    out += '}';
  }
  out += ']';
}

}  // namespace

Result<std::string> measuresJson(const Recomputation& recomputation, const MeasureQuery& query,
                                 const FileCounts& counts) {
  std::string out = "{\"as_of_utc\":";
  if (recomputation.asOfMs())
    appendJsonText(out, utcText(*recomputation.asOfMs()));
  else
    out += "null";
  out += ",\"by\":[";
  for (const Dimension* dimension : query.by) {
    appendComma(out);
    appendJsonText(out, dimension->name);
  }
  out += "],\"file\":{";
  appendCount(out, "duplicate_rows", counts.duplicateRows);
  out += ',';
  appendCount(out, "rows", counts.rows);
  out += ',';
  appendCount(out, "visits", static_cast<std::int64_t>(recomputation.visits().size()));
  out += "},\"groups\":";
  DOORSTEP_TRY(appendGroups(out, recomputation, query));
  out += ",\"period\":{\"from\":";
  appendDay(out, query.from);
  out += ",\"to\":";
  appendDay(out, query.to);
  out += "},\"rules\":";
  appendRules(out, recomputation);
  out += ",\"schema\":\"doorstep-measures/1\"}\n";
  return out;
}

}  // namespace doorstep::measure_files
