// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/visit_cases.h"

#include <algorithm>

#include "tools/verify/case_evidence.h"
#include "tools/verify/json_lines.h"
#include "tools/verify/limits.h"

namespace doorstep::verify {
namespace {

namespace pb = doorstep::records::v1;

constexpr const char* kEvidence = "evidence.jsonl";

std::string placedAt(std::size_t line, const std::string& message) {
  return std::string(kEvidence) + ":" + std::to_string(line) + ":1: " + message;
}

}  // namespace

const wire::ProvedPlanVisit* VisitCase::version(std::uint64_t number) const {
  for (const wire::ProvedPlanVisit& plan : plans)
    if (plan.planVersion == number)
      return &plan;
  return nullptr;
}

const wire::ProvedPlanVisit* VisitCase::newest() const {
  const auto found = std::max_element(plans.begin(), plans.end(), [](const auto& a, const auto& b) {
    return a.planVersion < b.planVersion;
  });
  return found == plans.end() ? nullptr : &*found;
}

std::string placed(const VisitCase& visit, const std::string& message) {
  return placedAt(visit.line, "visit " + oneLine(visit.ref) + ": " + message);
}

Result<VisitCases> VisitCases::read(const Bundle& bundle, const EntryProofs& entries,
                                    DecisionFiles& decisions, Findings& findings) {
  VisitCases cases;
  CaseReader reader(bundle, entries, decisions, findings);
  DOORSTEP_ASSIGN(const std::string text, bundle.read(kEvidence, kEvidenceBytesMax));
  const auto take = [&](pb::VisitEvidence& evidence, std::size_t number) {
    VisitCase made = reader.begin(evidence, number);
    if (bundle.log(made.provider) == nullptr) {
      made.broken = true;
      findings.add([&] { return placedAt(number, "the manifest has no log of this provider"); });
    } else {
      if (made.planMissing.empty())
        reader.readPlan(evidence, made);
      reader.readAdjustments(evidence, made);
      reader.readPriors(evidence, made);
    }
    const std::pair key(made.provider, made.ref);
    if (!cases.cases_.emplace(key, std::move(made)).second)
      findings.add([&] { return placedAt(number, "a visit of this name stands above already"); });
  };
  DOORSTEP_TRY(forEachLine<pb::VisitEvidence>(kEvidence, text, "evidence of a visit", take));
  for (const auto& [key, made] : cases.cases_)
    for (const VisitId name : made.names)
      if (!cases.named_.emplace(std::pair(made.provider, name), &made).second)
        findings.add([&] { return placedAt(made.line, "an id of it is another visit's too"); });
  return cases;
}

const VisitCase* VisitCases::find(ProviderId provider, const std::string& ref) const {
  const auto found = cases_.find({provider, ref});
  return found == cases_.end() ? nullptr : &found->second;
}

const VisitCase* VisitCases::named(ProviderId provider, VisitId visit) const {
  const auto found = named_.find({provider, visit});
  return found == named_.end() ? nullptr : found->second;
}

}  // namespace doorstep::verify
