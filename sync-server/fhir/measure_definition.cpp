// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/measure_definition.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sync-server/fhir/measure_kind.h"
#include "sync-server/fhir/measure_words.h"

namespace doorstep::fhir {
namespace {

constexpr const char* kPopulations = "http://terminology.hl7.org/CodeSystem/measure-population";
constexpr const char* kScorings = "http://terminology.hl7.org/CodeSystem/measure-scoring";
constexpr const char* kNotations =
    "http://terminology.hl7.org/CodeSystem/measure-improvement-notation";

const MeasureWords* wordsOf(std::string_view id) {
  for (const MeasureWords& words : measureWords()) {
    if (words.id == id)
      return &words;
  }
  return nullptr;
}

// "PunctualityOnTimeOfAttended": a name that programs can use.
std::string computerName(std::string_view id) {
  std::string name;
  bool begins = true;
  for (const char c : id) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter)
      name += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = !letter;
  }
  return name;
}

Json population(std::string_view id, const char* code) {
  return {
      {"code", codeable(kPopulations, code)},
      {"criteria",
       {{"language", "text/plain"}, {"expression", std::string(code) + " of " + std::string(id)}}}};
}

Json begun(std::string_view id, const char* scoring, std::string_view title,
           std::string_view description) {
  return {{"resourceType", "Measure"},
          {"id", measureResourceId(id)},
          {"url", measureUrl(id)},
          {"identifier", Json::array({identifier(urn("measure"), id)})},
          {"version", kMeasureVersion},
          {"name", computerName(id)},
          {"title", title},
          {"status", "active"},
          {"description", description},
          {"scoring", codeable(kScorings, scoring)}};
}

Json definition(const measures::Measure& measure) {
  const MeasureWords* words = wordsOf(measure.id);
  const Scoring scoring = scoringOf(measure);
  const char* code = scoring == Scoring::Proportion ? "proportion"
                     : scoring == Scoring::Quantity ? "continuous-variable"
                                                    : "ratio";
  Json made = begun(measure.id, code, words == nullptr ? measure.id : words->name,
                    words == nullptr ? measure.id : words->definition);
  if (const Better better = betterOf(measure.id); better != Better::Unsaid)
    made["improvementNotation"] =
        codeable(kNotations, better == Better::Higher ? "increase" : "decrease");
  Json populations = Json::array();
  if (scoring == Scoring::Quantity) {
    populations.push_back(population(measure.id, "measure-observation"));
  } else {
    populations.push_back(population(measure.id, "numerator"));
    populations.push_back(population(measure.id, "denominator"));
  }
  made["group"] = Json::array(
      {{{"code", codeable(urn("measure"), measure.id)}, {"population", std::move(populations)}}});
  return made;
}

Json stratifier(std::string_view id, const char* code, const char* by) {
  return {
      {"code", codeable(urn("stratifier"), code)},
      {"criteria",
       {{"language", "text/plain"}, {"expression", std::string(by) + " of " + std::string(id)}}}};
}

Json visitsDefinition() {
  Json made = begun(kVisitsId, "cohort", "Visits",
                    "The visits that were looked at, by what became of them or why they are not "
                    "reported.");
  made["group"] =
      Json::array({{{"code", codeable(urn("measure"), kVisitsId)},
                    {"population", Json::array({population(kVisitsId, "initial-population")})},
                    {"stratifier", Json::array({stratifier(kVisitsId, "visit", "class")})}}});
  return made;
}

Json rechargeDefinition() {
  const MeasureWords* words = wordsOf("recharge");
  Json made =
      begun(kRechargeId, "continuous-variable", words == nullptr ? kRechargeId : words->name,
            words == nullptr ? kRechargeId : words->definition);
  made["group"] =
      Json::array({{{"code", codeable(urn("measure"), kRechargeId)},
                    {"population", Json::array({population(kRechargeId, "measure-observation")})},
                    {"stratifier", Json::array({stratifier(kRechargeId, "funder", "funder")})}}});
  return made;
}

}  // namespace

std::vector<Json> measureDefinitions() {
  std::vector<Json> made{visitsDefinition(), rechargeDefinition()};
  for (const measures::Measure& measure : measures::measureTable())
    made.push_back(definition(measure));
  std::sort(made.begin(), made.end(), [](const Json& a, const Json& b) {
    return a["id"].get_ref<const std::string&>() < b["id"].get_ref<const std::string&>();
  });
  return made;
}

}  // namespace doorstep::fhir
