// SPDX-License-Identifier: Apache-2.0
#include "tools/recompute/recompute_options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "shared/core/display_text.h"
#include "shared/visits/measure_files/text_file.h"

namespace doorstep::recompute {
namespace {

using measures::DayNumber;
using measures::Dimension;

Error optionFault(std::string_view option, std::size_t offset, std::string_view message) {
  return {ErrorCode::InvalidArgument, "OPTION_FAULT",
          std::string(option) + ":1:" + std::to_string(offset + 1) + ": " + std::string(message)};
}

std::string dimensionNames() {
  std::string names;
  for (const Dimension& dimension : measures::dimensions())
    names += (names.empty() ? "" : " ") + std::string(dimension.name);
  return names;
}

Result<std::vector<const Dimension*>> readDimensions(std::string_view by) {
  std::vector<const Dimension*> dimensions;
  for (std::size_t at = 0;;) {
    const std::size_t end = std::min(by.find(',', at), by.size());
    const std::string_view name = by.substr(at, end - at);
    const Dimension* dimension = measures::findDimension(name);
    if (!dimension)
      return optionFault(
          "--by", at,
          measure_files::shownValue(name) + " is no dimension; there are " + dimensionNames());
    if (std::find(dimensions.begin(), dimensions.end(), dimension) != dimensions.end())
      return optionFault("--by", at, measure_files::shownValue(name) + " is named twice");
    dimensions.push_back(dimension);
    if (end == by.size())
      return dimensions;
    at = end + 1;
  }
}

Result<std::optional<DayNumber>> readDay(std::string_view option,
                                         const std::optional<std::string>& text) {
  if (!text)
    return std::optional<DayNumber>();
  const auto day = measures::parseDay(*text);
  if (!day)
    return optionFault(
        option, 0, measure_files::shownValue(*text) + ": write a day that exists as 2026-03-29");
  return day;
}

// One line, whatever the library says.
std::string asLine(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return loggedText(text);
}

}  // namespace

Result<Options> readOptions(int argc, const char* const* argv) {
  Options options;
  CLI::App app(
      "Recomputes a council's figures from exported files alone, without a server. Prints one line "
      "of JSON; equal results are equal bytes. Exit code 2: an input is refused, with its place.",
      "doorstep-recompute");
  app.add_option("--visits", options.visits, "visits.csv, schema 2")->required();
  app.add_option("--rules", options.rules, "rules.json")->required();
  app.add_option("--packages", options.packages, "packages.csv: what is commissioned");
  app.add_option("--invoices", options.invoices, "invoices.csv");
  app.add_option("--people", options.people, "people.csv: care plans and reviews");
  app.add_option("--by", options.by, "dimensions with commas between: " + dimensionNames());
  app.add_option("--from", options.from, "first day, 2026-03-01");
  app.add_option("--to", options.to, "last day, inclusive");
  app.add_option("--classes", options.classes, "write the class of every slot to this file");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    options.help = app.help();
  } catch (const CLI::ParseError& error) {
    return optionFault("command line", 0, asLine(error.what()) + "; --help says more");
  }
  return options;
}

Result<measures::MeasureQuery> readQuery(const Options& options) {
  measures::MeasureQuery query;
  if (options.by) {
    DOORSTEP_ASSIGN(query.by, readDimensions(*options.by));
  }
  DOORSTEP_ASSIGN(query.from, readDay("--from", options.from));
  DOORSTEP_ASSIGN(query.to, readDay("--to", options.to));
  if (query.from && query.to && *query.from > *query.to)
    return optionFault("--from", 0, *options.from + " is after --to " + *options.to);
  return query;
}

}  // namespace doorstep::recompute
