// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/visit_cases.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <string_view>

#include "tools/verify/limits.h"

namespace doorstep::verify {
namespace {

namespace pb = doorstep::records::v1;

constexpr const char* kEvidence = "evidence.jsonl";

std::string placed(std::size_t line, const std::string& message) {
  return std::string(kEvidence) + ":" + std::to_string(line) + ":1: " + message;
}

// Puts the files of decisions back to where the proofs have them.
Status restoreDecisions(const Bundle& bundle, pb::VisitEvidence& evidence) {
  std::vector<pb::EntryProof*> places;
  for (pb::PlanVisitProof& proof : *evidence.mutable_plan()->mutable_visits())
    places.push_back(proof.mutable_decision());
  if (evidence.plan().has_rules())
    places.push_back(evidence.mutable_plan()->mutable_rules()->mutable_decision());
  for (pb::TermsProof& proof : *evidence.mutable_plan()->mutable_terms())
    places.push_back(proof.mutable_decision());
  if (places.size() != static_cast<std::size_t>(evidence.decisions_size()))
    return Error{ErrorCode::InvalidArgument, "DECISIONS_COUNT",
                 "as many decisions are named as the plan has not"};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string& name = evidence.decisions(static_cast<int>(i));
    if (!bundle.has(name))
      return Error{ErrorCode::InvalidArgument, "FILE_MISSING", oneLine(name) + " is not there"};
    DOORSTEP_ASSIGN(*places[i]->mutable_tlog_proof(), bundle.read(name, kProofBytesMax));
  }
  return kDone;
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

Result<VisitCases> VisitCases::read(const Bundle& bundle, Findings& findings) {
  VisitCases cases;
  DOORSTEP_ASSIGN(const std::string text, bundle.read(kEvidence, kEvidenceBytesMax));
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line(text.data() + at, end - at);
    at = end + 1;
    ++number;
    pb::VisitEvidence evidence;
    if (line.size() > kEvidenceLineBytesMax ||
        !google::protobuf::util::JsonStringToMessage({line.data(), line.size()}, &evidence, options)
             .ok())
      return Error{ErrorCode::InvalidArgument, "FILE_FAULT",
                   placed(number, "this is no evidence of a visit")};
    cases.add(bundle, evidence, number, findings);
  }
  for (const auto& [key, made] : cases.cases_)
    for (const VisitId name : made.names)
      if (!cases.named_.emplace(std::pair(made.provider, name), &made).second)
        findings.add([&] { return placed(made.line, "an id of it is another visit's too"); });
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

void VisitCases::add(const Bundle& bundle, pb::VisitEvidence& evidence, std::size_t line,
                     Findings& findings) {
  VisitCase made;
  made.line = line;
  made.provider = ProviderId(evidence.provider_id());
  made.visit = VisitId(evidence.visit_id());
  made.ref = evidence.visit_ref();
  made.names.push_back(made.visit);
  for (const std::uint64_t name : evidence.also_known_as())
    made.names.push_back(VisitId(name));
  for (const pb::BundledEntry& entry : evidence.entries())
    made.carerOf.emplace(entry.position(), entry.carer_pseudonym());
  made.planMissing = evidence.plan_missing();
  if (bundle.log(made.provider) == nullptr) {
    made.broken = true;
    findings.add([&] { return placed(line, "the manifest has no log of this provider"); });
  } else if (made.planMissing.empty()) {
    readPlan(bundle, evidence, made, findings);
  }
  const std::pair key(made.provider, made.ref);
  if (!cases_.emplace(key, std::move(made)).second)
    findings.add([&] { return placed(line, "a visit of this name stands above already"); });
}

bool VisitCases::isOffices(const VisitCase& made, const wire::ProvedDecision& decision,
                           const BundleLog& log) {
  const auto [office, isNew] = offices_.emplace(made.provider, decision.officeKeySpki);
  return decision.provider == made.provider && decision.logSize == log.checkpoint.size &&
         office->second == decision.officeKeySpki;
}

void VisitCases::readPlan(const Bundle& bundle, pb::VisitEvidence& evidence, VisitCase& made,
                          Findings& findings) {
  const BundleLog& log = *bundle.log(made.provider);
  const auto wrong = [&](const std::string& what) {
    made.broken = true;
    findings.add([&] { return placed(made.line, "visit " + oneLine(made.ref) + ": " + what); });
  };
  const auto wrongProof = [&](const char* of, const Error& error) {
    wrong("the proof of its " + std::string(of) + " does not hold: " + error.text + " (" +
          error.reason + ")");
  };
  const Status restored = restoreDecisions(bundle, evidence);
  if (!restored.ok())
    return wrongProof("plan", restored.error());
  decisions_.insert(evidence.decisions().begin(), evidence.decisions().end());
  for (const pb::PlanVisitProof& proof : evidence.plan().visits()) {
    auto plan = wire::readPlanVisitProof(proof, log.verifier);
    if (!plan.ok())
      wrongProof("plan", plan.error());
    else if (!isOffices(made, plan->decision, log) || plan->visit.id != made.visit)
      wrong("the proof of its plan is another office's or another visit's");
    else
      made.plans.push_back(*std::move(plan));
  }
  if (evidence.plan().has_rules()) {
    auto rules = wire::readRulesProof(evidence.plan().rules(), log.verifier);
    if (!rules.ok())
      wrongProof("rules", rules.error());
    else if (!isOffices(made, rules->decision, log))
      wrong("the proof of its rules is another office's");
    else
      made.rules = *std::move(rules);
  }
  for (const pb::TermsProof& proof : evidence.plan().terms()) {
    auto terms = wire::readTermsProof(proof, log.verifier);
    if (!terms.ok())
      wrongProof("terms", terms.error());
    else if (!isOffices(made, terms->decision, log))
      wrong("the proof of its terms is another office's");
    else
      made.terms.push_back(*std::move(terms));
  }
}

}  // namespace doorstep::verify
