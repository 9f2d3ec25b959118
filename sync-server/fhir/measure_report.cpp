// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/measure_report.h"

#include <fmt/format.h>

#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

#include "shared/crypto/sha256.h"
#include "shared/visits/measures/wide.h"
#include "sync-server/fhir/measure_kind.h"

namespace doorstep::fhir {
namespace {

namespace pb = doorstep::records::v1;
using measures::Measure;

constexpr const char* kPopulations = "http://terminology.hl7.org/CodeSystem/measure-population";
constexpr const char* kNotations =
    "http://terminology.hl7.org/CodeSystem/measure-improvement-notation";
constexpr std::size_t kIdBytes = 16;  // of a hash: 32 digits

class Reporter {
 public:
  Reporter(const ReportScope& scope, const pb::GetMeasuresResponse& answer)
      : scope_(scope), answer_(answer) {}

  Json of(const Measure& measure, const pb::MeasureFigure& figure) const;
  Json visits(const pb::MeasureCounts& counts) const;
  Json recharge(const std::vector<const pb::MeasureFigure*>& figures) const;

 private:
  Json begun(std::string_view id, const char* status) const;
  Json extensions() const;

  const ReportScope& scope_;
  const pb::GetMeasuresResponse& answer_;
};

Json count(const char* name, std::uint64_t value) {
  return {{"url", name}, {"valueInteger", value}};
}

// What stands beside a figure: the versions of rules, and how much has been heard.
Json Reporter::extensions() const {
  Json list = Json::array();
  for (const pb::RuleUse& use : answer_.rules())
    list.push_back({{"url", urn("extension:rule-use")},
                    {"extension", Json::array({count("version", use.rule_version()),
                                               count("visits", use.visits())})}});
  const pb::Completeness& heard = answer_.completeness();
  list.push_back(
      {{"url", urn("extension:completeness")},
       {"extension", Json::array({count("phones-expected", heard.phones_expected()),
                                  count("phones-heard-since", heard.phones_heard_since())})}});
  return list;
}

// The same scope and days have the same id: a later export takes the place of an earlier one.
Json Reporter::begun(std::string_view id, const char* status) const {
  const std::string name =
      fmt::format("{}/{}/{}/{}/{}", scope_.contract.value,
                  scope_.provider ? std::to_string(scope_.provider->value) : "all", id,
                  scope_.firstDay, scope_.lastDay);
  Json made = {
      {"resourceType", "MeasureReport"},
      {"id", toHex(crypto::sha256(name).view()).substr(0, 2 * kIdBytes)},
      {"extension", extensions()},
      {"identifier", Json::array({identifier(urn("figure"), name)})},
      {"status", status},
      {"type", "summary"},
      {"measure", measureUrl(id) + "|" + kMeasureVersion},
      {"date", instant(answer_.as_of_unix_ms())},
      {"reporter", scope_.provider ? providerReference(*scope_.provider, scope_.providerName)
                                   : councilReference(scope_.council, scope_.councilName)},
      {"period", {{"start", scope_.firstDay}, {"end", scope_.lastDay}}}};
  const Better better = betterOf(id);
  if (better != Better::Unsaid)
    made["improvementNotation"] =
        codeable(kNotations, better == Better::Higher ? "increase" : "decrease");
  return made;
}

// Numerator and denominator as they were computed, not reduced.
Json exact(const pb::MeasureFigure& figure) {
  return Json::array({{{"url", urn("extension:figure")},
                       {"valueRatio",
                        {{"numerator", {{"value", figure.numerator()}}},
                         {"denominator", {{"value", figure.denominator()}}}}}}});
}

// count is an integer of 32 bits.
Json population(const char* code, std::optional<std::int64_t> size) {
  Json made = {{"code", codeable(kPopulations, code)}};
  if (size && *size >= 0 && *size <= std::numeric_limits<std::int32_t>::max())
    made["count"] = *size;
  return made;
}

// Six decimals, as doorstep-recompute prints.
Json score(const pb::MeasureFigure& figure, const char* unit) {
  const std::string text = measures::decimalText(
      {measures::Wide{figure.numerator()}, measures::Wide{figure.denominator()}});
  return quantity(std::strtod(text.c_str(), nullptr), unit);
}

bool hasScore(const pb::MeasureFigure& figure) {
  return !figure.is_too_large() && figure.denominator() > 0;
}

Json Reporter::of(const Measure& measure, const pb::MeasureFigure& figure) const {
  Json made = begun(measure.id, figure.is_too_large() ? "error" : "complete");
  Json group = Json::object();
  if (!figure.is_too_large())
    group["extension"] = exact(figure);
  group["code"] = codeable(urn("measure"), measure.id);
  const Scoring scoring = scoringOf(measure);
  const bool counts =
      !figure.is_too_large() && (scoring == Scoring::Proportion || scoring == Scoring::CountRatio);
  const auto counted = [&](std::int64_t size) {
    return counts ? std::optional(size) : std::nullopt;
  };
  group["population"] = Json::array();
  if (scoring == Scoring::Quantity) {
    group["population"].push_back(population("measure-observation", std::nullopt));
  } else {
    group["population"].push_back(population("numerator", counted(figure.numerator())));
    group["population"].push_back(population("denominator", counted(figure.denominator())));
  }
  if (hasScore(figure))
    group["measureScore"] = score(figure, unitCode(measures::unitOf(measure)));
  made["group"] = Json::array({std::move(group)});
  return made;
}

Json stratum(std::string_view name, std::uint64_t visits) {
  return {{"value", codeable(urn("visit-class"), name)},
          {"population",
           Json::array({population("initial-population", static_cast<std::int64_t>(visits))})}};
}

// Every visit is in exactly one stratum.
Json Reporter::visits(const pb::MeasureCounts& counts) const {
  Json strata = Json::array({stratum("attended_full", counts.attended_full()),
                             stratum("attended_part", counts.attended_part()),
                             stratum("missed", counts.missed())});
  // The door stayed shut, and the contract counts that; else it is among what is excluded.
  strata.push_back(stratum("no_entry_reported", counts.no_entry()));
  for (const pb::NamedCount& excluded : counts.excluded())
    strata.push_back(stratum(excluded.name(), excluded.count()));
  Json made = begun(kVisitsId, "complete");
  made["group"] = Json::array(
      {{{"code", codeable(urn("measure"), kVisitsId)},
        {"population", Json::array({population("initial-population",
                                               static_cast<std::int64_t>(counts.in_file()))})},
        {"stratifier", Json::array({{{"code", Json::array({codeable(urn("stratifier"), "visit")})},
                                     {"stratum", std::move(strata)}}})}}});
  return made;
}

Json Reporter::recharge(const std::vector<const pb::MeasureFigure*>& figures) const {
  Json strata = Json::array();
  bool whole = true;
  for (const pb::MeasureFigure* figure : figures) {
    Json one = Json::object();
    if (!figure->is_too_large())
      one["extension"] = exact(*figure);
    whole = whole && !figure->is_too_large();
    std::string funder = plainText(figure->id().substr(measures::kRechargePrefix.size()));
    one["value"] = {{"text", funder.empty() ? "unstated" : std::move(funder)}};
    if (hasScore(*figure))
      one["measureScore"] = score(*figure, "min");
    strata.push_back(std::move(one));
  }
  Json made = begun(kRechargeId, whole ? "complete" : "error");
  made["group"] = Json::array(
      {{{"code", codeable(urn("measure"), kRechargeId)},
        {"population", Json::array({population("measure-observation", std::nullopt)})},
        {"stratifier", Json::array({{{"code", Json::array({codeable(urn("stratifier"), "funder")})},
                                     {"stratum", std::move(strata)}}})}}});
  return made;
}

}  // namespace

std::vector<Json> measureReports(const ReportScope& scope, const pb::GetMeasuresResponse& answer) {
  std::vector<Json> made;
  if (answer.groups_size() != 1)
    return made;
  const Reporter reporter(scope, answer);
  const pb::MeasureGroup& group = answer.groups(0);
  std::vector<const pb::MeasureFigure*> funders;
  for (const pb::MeasureFigure& figure : group.figures()) {
    if (const Measure* measure = measures::findMeasure(figure.id()))
      made.push_back(reporter.of(*measure, figure));
    else if (figure.id().rfind(measures::kRechargePrefix, 0) == 0)
      funders.push_back(&figure);
  }
  if (!funders.empty())
    made.push_back(reporter.recharge(funders));
  made.push_back(reporter.visits(group.counts()));
  return made;
}

}  // namespace doorstep::fhir
