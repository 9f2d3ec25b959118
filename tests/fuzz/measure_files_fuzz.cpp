// SPDX-License-Identifier: Apache-2.0
// Any bytes as the files that a council's figures are recomputed from; what is taken is computed.
#include "shared/visits/measure_files/classes_csv.h"
#include "shared/visits/measure_files/measures_json.h"
#include "shared/visits/measure_files/rules_file.h"
#include "shared/visits/measure_files/visits_file.h"
#include "shared/visits/measure_files/week_files.h"
#include "tests/fuzz/input.h"

namespace {

using namespace doorstep;

void requirePlace(const Error& error) {
  fuzz::require(error.reason == "FILE_FAULT" && error.text.rfind("f:", 0) == 0);
  fuzz::require(error.text.find('\n') == std::string::npos);
}

// False: the file is refused.
template <class Rows, class Read>
bool take(const std::string& text, Rows& rows, Read read) {
  const auto file = measure_files::asTextFile("f", text);
  auto result = read(file);
  if (!result) {
    requirePlace(result.error());
    return false;
  }
  rows = *std::move(result);
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto parts = fuzz::Input(bytes, size).parts(4);
  measures::MeasureInput input;
  measure_files::VisitsFile visits;
  const bool rules = take(parts[1], input.rules, measure_files::readRules);
  const bool packages = take(parts[2], input.packages.emplace(), measure_files::readPackages);
  const bool people = take(parts[3], input.people.emplace(), measure_files::readPeople);
  if (!take(parts[0], visits, measure_files::readVisits) || !rules)
    return 0;
  if (!packages)
    input.packages.reset();
  if (!people)
    input.people.reset();
  input.visits = std::move(visits.visits);
  const measures::MeasureQuery query;
  const measures::Recomputation recomputation(input, query);
  const auto json = measure_files::measuresJson(recomputation, query, {});
  fuzz::require(json || json.error().reason == "FIGURE_TOO_LARGE");
  fuzz::require(!measure_files::classesCsv(recomputation).empty());
  return 0;
}
