// SPDX-License-Identifier: Apache-2.0
// Our packs of rules against the published ones, which name what differs from the defaults.
// rule_packs_published PACKS_JSON; 77: the file is not at hand.
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "shared/visits/measure_files/rules_file.h"
#include "shared/visits/measures/rule_packs.h"
#include "shared/visits/measures/rule_parameters.h"

using namespace doorstep;
using nlohmann::json;

namespace {

constexpr int kSkipped = 77;

int differences(const std::string& name, const json& pack) {
  const auto* own = measures::findRulePack(name);
  if (own == nullptr) {
    std::fprintf(stderr, "%s: no such pack\n", name.c_str());
    return 1;
  }
  const json file = {{"schema", "doorstep-rules/1"},
                     {"tz", "Europe/London"},
                     {"contracts",
                      {{{"contract_id", "K"},
                        {"versions",
                         {{{"rule_version", 1},
                           {"effective_from", "2026-01-01"},
                           {"effective_to", nullptr},
                           {"params", pack.at("params")}}}}}}}};
  const auto book = measure_files::readRules(measure_files::asTextFile("packs.json", file.dump()));
  if (!book.ok()) {
    std::fprintf(stderr, "%s: %s\n", name.c_str(), book.error().text.c_str());
    return 1;
  }
  const measures::DayNumber day = 21'000;
  int found = 0;
  for (const auto parameter :
       measures::differingParameters(book->at("K", day)->rules, own->rules)) {
    std::fprintf(stderr, "%s: %s is another\n", name.c_str(), std::string(parameter).c_str());
    ++found;
  }
  const auto shown = pack.at("measures").get<std::vector<std::string>>();
  if (!std::equal(shown.begin(), shown.end(), own->measures.begin(), own->measures.end())) {
    std::fprintf(stderr, "%s: other measures are shown\n", name.c_str());
    ++found;
  }
  return found;
}

}  // namespace

int main(int argc, char** argv) {
  std::ifstream input(argc > 1 ? argv[1] : "");
  if (!input) {
    std::fprintf(stderr, "the published packs are not at hand: skipped\n");
    return kSkipped;
  }
  const json packs = json::parse(input);
  int found = packs.size() == measures::rulePacks().size() ? 0 : 1;
  for (const auto& [name, pack] : packs.items())
    found += differences(name, pack);
  return found == 0 ? 0 : 1;
}
