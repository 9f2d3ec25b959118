// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/case_evidence.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "shared/visits/visit_fold.h"

namespace doorstep::verify {
namespace {

namespace pb = doorstep::records::v1;

Error notProved(const char* text) { return {ErrorCode::InvalidArgument, "EVIDENCE_DIFFERS", text}; }

// The ruled time of the check-in that an entry shows and nothing else.
struct ShownStart {
  VisitId visit;
  std::int64_t unixMs = 0;
};
std::optional<ShownStart> shownStart(const LoggedEntry& entry,
                                     const attendance::EntryArrival& arrival) {
  if (entry.shown.size() != 1 || !entry.shown.front().visit ||
      !std::holds_alternative<visits::CheckedIn>(entry.shown.front().fact))
    return std::nullopt;
  const CarerId anybody(1);
  visits::VisitFold fold;
  fold.apply({entry.device, anybody, entry.header->boot, entry.shown.front()});
  const visits::Attendance* attended = fold.attendanceOf(anybody);
  if (attended == nullptr)
    return std::nullopt;
  const auto record =
      attendance::withTimes(*attended, [&](DeviceId, std::uint64_t) { return arrival; });
  if (!record.checkIn)
    return std::nullopt;
  return ShownStart{entry.shown.front().visit, record.checkIn->time.ruledUnixMs};
}

struct SlotRevision {
  std::uint32_t slot = 0;
  std::uint32_t revision = 0;
  bool isOf(const pb::BundledAdjustment& listed) const {
    return slot == listed.slot() && revision == listed.revision();
  }
};

// What a decision says of which visit's slot; nullopt: nothing of a slot.
std::optional<std::pair<VisitId, SlotRevision>> slotOf(const visits::OfficeFact& fact) {
  if (const auto* times = std::get_if<visits::TimeAdjusted>(&fact.decision))
    return std::pair(times->visit, SlotRevision{times->slot, times->revision});
  if (const auto* explained = std::get_if<visits::SlotExplained>(&fact.decision))
    return std::pair(explained->visit, SlotRevision{explained->slot, explained->revision});
  return std::nullopt;
}

}  // namespace

VisitCase CaseReader::begin(const pb::VisitEvidence& evidence, std::size_t line) {
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
  for (const std::string& file : evidence.decisions())
    decisions_.name(file);
  for (const pb::BundledAdjustment& each : evidence.adjustments())
    decisions_.name(each.decision());
  for (const pb::PriorVisit& prior : evidence.prior_visits())
    for (const std::string& file : {prior.entry(), prior.decision()})
      decisions_.name(file);
  made.planMissing = evidence.plan_missing();
  made.commissionedMissing = evidence.commissioned_missing();
  made.adjustmentsMissing = evidence.adjustments_missing();
  return made;
}

void CaseReader::wrong(VisitCase& made, const std::string& what) {
  made.broken = true;
  findings_.add([&] { return placed(made, what); });
}

void CaseReader::wrongProof(VisitCase& made, const char* of, const Error& error) {
  wrong(made, "the proof of its " + std::string(of) + " does not hold: " + error.text + " (" +
                  error.reason + ")");
}

// Puts the files of decisions back to where the proofs have them.
Status CaseReader::restoreDecisions(pb::VisitEvidence& evidence) {
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
    DOORSTEP_ASSIGN(*places[i]->mutable_tlog_proof(),
                    decisions_.text(evidence.decisions(static_cast<int>(i))));
  }
  return kDone;
}

void CaseReader::readPlan(pb::VisitEvidence& evidence, VisitCase& made) {
  const BundleLog& log = *bundle_.log(made.provider);
  const auto isOffices = [&](const wire::ProvedDecision& decision) {
    return decisions_.isOffices(made.provider, decision);
  };
  const Status restored = restoreDecisions(evidence);
  if (!restored.ok())
    return wrongProof(made, "plan", restored.error());
  for (const pb::PlanVisitProof& proof : evidence.plan().visits()) {
    auto plan = wire::readPlanVisitProof(proof, log.verifier);
    if (!plan.ok())
      wrongProof(made, "plan", plan.error());
    else if (!isOffices(plan->decision) || plan->visit.id != made.visit)
      wrong(made, "the proof of its plan is another office's or another visit's");
    else
      made.plans.push_back(*std::move(plan));
  }
  if (evidence.plan().has_rules()) {
    auto rules = wire::readRulesProof(evidence.plan().rules(), log.verifier);
    if (!rules.ok())
      wrongProof(made, "rules", rules.error());
    else if (!isOffices(rules->decision))
      wrong(made, "the proof of its rules is another office's");
    else
      made.rules = *std::move(rules);
  }
  for (const pb::TermsProof& proof : evidence.plan().terms()) {
    auto terms = wire::readTermsProof(proof, log.verifier);
    if (!terms.ok())
      wrongProof(made, "terms", terms.error());
    else if (!isOffices(terms->decision))
      wrong(made, "the proof of its terms is another office's");
    else
      made.terms.push_back(*std::move(terms));
  }
}

// What was said of a slot is counted in the decisions themselves, so that none is missing between
// the first and the last that are shown.
void CaseReader::readAdjustments(const pb::VisitEvidence& evidence, VisitCase& made) {
  SlotRevision last;
  for (const pb::BundledAdjustment& listed : evidence.adjustments()) {
    auto decision = decisions_.decision(made.provider, listed.decision());
    if (!decision.ok()) {
      wrongProof(made, "adjustment", decision.error());
      continue;
    }
    const auto said = slotOf(decision->fact);
    if (!said || said->first != made.visit || !said->second.isOf(listed))
      wrong(made, oneLine(listed.decision()) + " says something else than revision " +
                      std::to_string(listed.revision()) + " of slot " +
                      std::to_string(listed.slot()));
    const std::uint32_t expected = listed.slot() == last.slot ? last.revision + 1 : 1;
    if (listed.slot() < last.slot || listed.revision() != expected)
      wrong(made, "of slot " + std::to_string(listed.slot()) + " revision " +
                      std::to_string(expected) + " is missing: an adjustment was left out");
    last = {listed.slot(), listed.revision()};
    made.adjustments.push_back({listed.slot(), std::move(decision->fact)});
  }
}

Status CaseReader::readPrior(pb::PriorVisit& prior, const VisitCase& made, PriorStart& start) {
  const BundleLog& log = *bundle_.log(made.provider);
  DOORSTEP_ASSIGN(const std::string text, decisions_.text(prior.entry()));
  DOORSTEP_ASSIGN(const LoggedEntry entry,
                  readEntryProof(prior.entry(), text, prior.position(), log));
  if (!entry.header || !entry.arrival)
    return notProved("the bytes of the entry were erased");
  attendance::EntryArrival arrival = entries_.arrival(made.provider, entry);
  const auto bounded = shownStart(entry, arrival);
  arrival.anchor.notBeforeUnixMs = 0;
  const auto unbounded = shownStart(entry, arrival);
  if (!bounded || !unbounded || bounded->visit != VisitId(prior.known_as()))
    return notProved("the entry shows no start at that visit");
  pb::EntryProof& decision = *prior.mutable_plan()->mutable_decision();
  DOORSTEP_ASSIGN(*decision.mutable_tlog_proof(), decisions_.text(prior.decision()));
  DOORSTEP_ASSIGN(const auto plan, wire::readPlanVisitProof(prior.plan(), log.verifier));
  const wire::ProvedPlanVisit* own = made.newest();
  if (!decisions_.isOffices(made.provider, plan.decision) ||
      plan.visit.id != VisitId(prior.visit_id()) || plan.visit.id == made.visit)
    return notProved("the plan is another office's, or of another visit");
  if (own != nullptr && plan.visit.person != own->visit.person)
    return notProved("that visit is another person's");
  start.device = entry.device;
  start.carer = entry.header->carer;
  start.boundedUnixMs = bounded->unixMs;
  start.unboundedUnixMs = unbounded->unixMs;
  return kDone;
}

void CaseReader::readPriors(pb::VisitEvidence& evidence, VisitCase& made) {
  for (pb::PriorVisit& prior : *evidence.mutable_prior_visits()) {
    PriorStart start;
    start.slot = prior.slot();
    start.missing = prior.missing();
    const Status read = start.missing.empty() ? readPrior(prior, made, start) : Status(kDone);
    if (read.ok())
      made.priors.push_back(std::move(start));
    else
      wrongProof(made, "earlier start", read.error());
  }
}

}  // namespace doorstep::verify
