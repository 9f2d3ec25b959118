// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/bundle_check.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <utility>

#include "shared/crypto/sha256.h"
#include "shared/visits/measure_files/limits.h"
#include "shared/visits/measure_files/visit_columns.h"
#include "tools/verify/bundle.h"
#include "tools/verify/commissioned_rows.h"
#include "tools/verify/decision_files.h"
#include "tools/verify/entry_proofs.h"
#include "tools/verify/freeze_check.h"
#include "tools/verify/office_check.h"
#include "tools/verify/plan_check.h"
#include "tools/verify/prior_check.h"
#include "tools/verify/record_rows.h"
#include "tools/verify/refold.h"
#include "tools/verify/row_check.h"
#include "tools/verify/rules_check.h"
#include "tools/verify/visit_cases.h"

namespace doorstep::verify {
namespace {

// Filled columns that no bundle of this release proves. What the rules make of a visit is not among
// them: doorstep-recompute computes it.
constexpr std::array<std::string_view, 16> kUnproved{"commissioned_start",
                                                     "commissioned_start_latest",
                                                     "commissioned_end",
                                                     "plan_first_published_utc",
                                                     "plan_changes_after_lock",
                                                     "late_changes_office",
                                                     "late_changes_person",
                                                     "late_changes_council",
                                                     "cancelled_by",
                                                     "cancelled_utc",
                                                     "goal_scores",
                                                     "meds_due",
                                                     "late_alert_raised_utc",
                                                     "late_alert_acked_utc",
                                                     "late_alert_cleared_utc",
                                                     "missed_alert_raised_utc"};
constexpr std::array<std::string_view, 1> kPriorColumns{"prior_visit_utc"};

// What one visit's rows have shown so far.
struct Seen {
  const VisitCase* evidence = nullptr;
  Refolded refolded;
  std::uint64_t required = 0;
  std::set<std::uint64_t> slots;
  std::set<std::string> carers;
  bool hasRoom = false;  // a slot that nobody filled
};

// Two names of one thing, each of which may stand for one of the other alone.
class Pairing {
 public:
  bool add(const std::string& a, const std::string& b) {
    return forward_.emplace(a, b).first->second == b && backward_.emplace(b, a).first->second == a;
  }

 private:
  std::map<std::string, std::string> forward_, backward_;
};

// What a bundle shows, with its proofs checked.
struct BundleEvidence {
  const EntryProofs& entries;
  const VisitCases& cases;
  const CommissionedRows& commissioned;
};

class BundleCheck {
 public:
  BundleCheck(const Bundle& bundle, const BundleEvidence& evidence, RulesCheck& rules,
              Verdict& verdict)
      : exported_(bundle.manifest().exported_utc()),
        entries_(evidence.entries),
        cases_(evidence.cases),
        commissioned_(evidence.commissioned),
        rules_(rules),
        verdict_(verdict),
        findings_(verdict.findings) {
    for (const auto& [provider, log] : bundle.logs())
      providers_.emplace(log.provider, provider);
  }

  // A row in a first reading, and in the second one. Returns its case; null: it has none.
  void learn(const RecordRows& row) { priors_.learn(row); }
  const VisitCase* row(RecordRows& row);
  // What the rows have left out.
  void finish();

 private:
  Seen* seenOf(RecordRows& row);
  void checkSlot(Seen& seen, RecordRows& row);
  void checkNames(const VisitCase& visit, RecordRows& row);
  std::string checkProved(Seen& seen, RecordRows& row);
  void checkOffice(const VisitCase& visit, RecordRows& row);
  void checkPriorCarer(const VisitCase& visit, RecordRows& row);
  // Filled ones of these columns are not proved.
  void countUnproved(std::span<const std::string_view> columns, const RecordRows& row);
  void checkLeftOut(const Seen& seen);

  const std::string exported_;
  const EntryProofs& entries_;
  const VisitCases& cases_;
  const CommissionedRows& commissioned_;
  PriorCheck priors_;
  RulesCheck& rules_;
  Verdict& verdict_;
  Findings& findings_;
  std::multimap<std::string, ProviderId> providers_;
  std::map<std::pair<ProviderId, std::string>, Seen> seen_;
  Pairing people_;  // by pseudonym
  Pairing refs_;    // and by the council's number
  std::map<std::string, std::string> carerOfPhone_;
};

Seen* BundleCheck::seenOf(RecordRows& row) {
  const auto [first, last] = providers_.equal_range(std::string(row.text("provider")));
  for (auto at = first; at != last; ++at) {
    const VisitCase* evidence = cases_.find(at->second, std::string(row.text("visit_id")));
    if (evidence == nullptr)
      continue;
    const auto [known, isNew] = seen_.try_emplace({evidence->provider, evidence->ref});
    if (isNew) {
      known->second.evidence = evidence;
      known->second.refolded = refold(*evidence, entries_, findings_);
      known->second.required = row.number("carers_required");
    }
    return &known->second;
  }
  row.differ("visit_id", "the bundle has no evidence of this visit: the row was added", findings_);
  return nullptr;
}

void BundleCheck::checkSlot(Seen& seen, RecordRows& row) {
  const std::uint64_t slot = row.number("carer_slot");
  if (slot == 0 || slot > seen.required)
    row.differ("carer_slot", "the visit has " + std::to_string(seen.required) + " slots",
               findings_);
  else if (!seen.slots.insert(slot).second)
    row.differ("carer_slot", "this slot stands above already: the row was added", findings_);
  const std::string carer(row.text("carer_pseudonym"));
  if (!carer.empty() && !seen.carers.insert(carer).second)
    row.differ("carer_pseudonym", "one carer fills two slots of a visit", findings_);
  const auto recorded = seen.refolded.carers.find(carer);
  seen.hasRoom = seen.hasRoom || recorded == seen.refolded.carers.end() ||
                 !attendance::wasThere(recorded->second);
}

// A phone and the carer that its entries name, in one contract.
std::string phoneKey(const VisitCase& visit, const RecordRows& row, DeviceId device,
                     CarerId carer) {
  return std::to_string(visit.provider.value) + "\n" + std::string(row.text("contract_id")) + "\n" +
         std::to_string(device.value) + "\n" + std::to_string(carer.value);
}

// A person has one pseudonym in a contract, and a phone's entries of one carer are one carer's.
void BundleCheck::checkNames(const VisitCase& visit, RecordRows& row) {
  const std::string contract(row.text("contract_id"));
  const std::string scope = std::to_string(visit.provider.value) + "\n" + contract + "\n";
  if (!visit.plans.empty() &&
      !people_.add(scope + std::to_string(visit.plans.front().visit.person.value),
                   scope + std::string(row.text("person_pseudonym"))))
    row.differ("person_pseudonym",
               "the same person has another pseudonym above, or another person "
               "this one",
               findings_);
  if (!visit.plans.empty() && !refs_.add(std::to_string(visit.provider.value) + "\n" +
                                             std::to_string(visit.plans.front().visit.person.value),
                                         std::to_string(visit.provider.value) + "\n" +
                                             std::string(row.text("person_la_id"))))
    row.differ("person_la_id",
               "the same person has another number above, or another person this one", findings_);
  for (const auto& [position, carer] : visit.carerOf) {
    const LoggedEntry* entry = entries_.at(visit.provider, position);
    if (entry == nullptr || !entry->header)
      continue;
    const std::string phone = phoneKey(visit, row, entry->device, entry->header->carer);
    if (carerOfPhone_.emplace(phone, carer).first->second != carer)
      row.differ("carer_pseudonym", "entries of one phone are said to be of two carers", findings_);
  }
}

// Returns what is not proved of the row.
std::string BundleCheck::checkProved(Seen& seen, RecordRows& row) {
  const VisitCase& visit = *seen.evidence;
  if (visit.broken || seen.refolded.broken)
    return "a proof of the visit does not hold";
  if (!seen.refolded.missing.empty())
    return seen.refolded.missing;
  const auto* newest = visit.newest();
  checkRecorded(seen.refolded, newest == nullptr ? nullptr : &newest->visit, row, findings_);
  if (newest == nullptr)
    return "no proof of the plan" +
           (visit.planMissing.empty() ? std::string() : ": " + oneLine(visit.planMissing));
  const std::string plan = checkPlan(visit, row, findings_);
  const std::string rules = rules_.check(visit, row, findings_);
  return plan.empty() ? rules : plan;
}

void BundleCheck::countUnproved(std::span<const std::string_view> columns, const RecordRows& row) {
  for (const std::string_view column : columns) {
    const std::string_view text = row.text(column);
    if (!text.empty() && text != "0" && text != "false")
      ++verdict_.unproved[std::string(column)];
  }
}

void BundleCheck::checkOffice(const VisitCase& visit, RecordRows& row) {
  // A bundle of a release that showed nothing of this has no such file.
  const bool isShown = commissioned_.isInBundle() && !visit.broken;
  const bool isPlanned = isShown && !visit.plans.empty();
  if (!isPlanned || !checkCommissioned(visit, commissioned_, row, findings_))
    countUnproved(kCommissionedColumns, row);
  if (!isShown || !checkAdjustments(visit, row, findings_))
    countUnproved(kAdjustedColumns, row);
  checkPriorCarer(visit, row);
  if (!isShown || !priors_.check(visit, row, findings_))
    countUnproved(kPriorColumns, row);
}

// The phone that shows an earlier start is the same carer's in all that it recorded.
void BundleCheck::checkPriorCarer(const VisitCase& visit, RecordRows& row) {
  const std::string carer(row.text("carer_pseudonym"));
  for (const PriorStart& prior : visit.priors) {
    if (prior.slot != row.number("carer_slot") || !prior.missing.empty())
      continue;
    const std::string phone = phoneKey(visit, row, prior.device, prior.carer);
    if (carerOfPhone_.emplace(phone, carer).first->second != carer)
      row.differ("prior_visit_utc", "the start that is shown is of another carer's phone",
                 findings_);
  }
}

const VisitCase* BundleCheck::row(RecordRows& row) {
  ++verdict_.rows;
  countUnproved(kUnproved, row);
  row.expect("exported_utc", exported_, findings_);
  std::string missing;
  Seen* seen = seenOf(row);
  if (seen != nullptr) {
    checkSlot(*seen, row);
    checkNames(*seen->evidence, row);
    missing = checkProved(*seen, row);
    checkOffice(*seen->evidence, row);
  }
  if (row.differs())
    ++verdict_.differ;
  else if (!missing.empty())
    ++verdict_.unchecked[missing];
  else
    ++verdict_.follow;
  return seen == nullptr ? nullptr : seen->evidence;
}

// Who was there fills a slot that nobody else who was there fills.
void BundleCheck::checkLeftOut(const Seen& seen) {
  const VisitCase& visit = *seen.evidence;
  if (seen.slots.size() < seen.required)
    findings_.add([&] {
      return placed(visit, "visits.csv has rows for " + std::to_string(seen.slots.size()) + " of " +
                               std::to_string(seen.required) + " carers: a row was left out");
    });
  for (const auto& [carer, record] : seen.refolded.carers) {
    if (!seen.hasRoom || seen.carers.contains(carer) || !attendance::wasThere(record))
      continue;
    findings_.add([&] {
      return placed(visit, "a carer was there, " + oneLine(carer) +
                               ", and has no row although a slot is free");
    });
  }
}

void BundleCheck::finish() {
  for (const auto& [key, visit] : cases_.all()) {
    const auto seen = seen_.find(key);
    if (seen == seen_.end())
      findings_.add([&, &visit = visit] {
        return placed(visit, "visits.csv has no row of it: a row was left out");
      });
    else
      checkLeftOut(seen->second);
  }
  for (const auto& [provider, visit] : entries_.visits()) {
    if (cases_.named(provider, visit) != nullptr)
      continue;
    const std::uint64_t position = *entries_.about(provider, visit).begin();
    findings_.addFile(entries_.at(provider, position)->file,
                      "it speaks of visit " + std::to_string(visit.value) +
                          ", of which the bundle has no evidence: a visit was left out");
  }
}

std::string shortHash(const std::string& bytes) {
  return toHex(crypto::sha256(bytes).view()).substr(0, 16);
}

void describe(const Bundle& bundle, const BundleEvidence& evidence, const DecisionFiles& decisions,
              Verdict& verdict) {
  for (const auto& [provider, log] : bundle.logs()) {
    const auto office = decisions.offices().find(provider);
    verdict.about.push_back(
        "log of " + oneLine(log.provider) + ": " + oneLine(log.verifier.vkey()) + ", " +
        std::to_string(log.checkpoint.size) + " entries; office's key " +
        (office == decisions.offices().end() ? "none" : "SHA-256 " + shortHash(office->second)));
  }
  const EntryProofs& entries = evidence.entries;
  verdict.about.push_back("proved: " + std::to_string(entries.size()) + " entries, " +
                          std::to_string(decisions.count()) + " decisions and " +
                          std::to_string(evidence.commissioned.size()) +
                          " rows of what is commissioned");
  verdict.about.push_back("not shown: " + std::to_string(entries.hidden()) +
                          " events of these entries, " + std::to_string(entries.between()) +
                          " entries of the same phones in between, " +
                          std::to_string(decisions.between()) + " entries of the offices");
  verdict.about.push_back(
      "not proved: that nothing was decided after the last adjustment, package, plan or freeze "
      "that "
      "is shown, and that no visit was left out with everything that speaks of it");
}

// Every row twice: which starts there are, and whether each follows.
Status checkRows(const measure_files::TextFile& file, BundleCheck& check, FreezeCheck& freezes,
                 Findings& findings) {
  for (const bool isFirst : {true, false}) {
    DOORSTEP_ASSIGN(auto rows, RecordRows::open(file));
    while (true) {
      const auto any = rows.next();
      if (!any.ok() && !isFirst)  // what cannot be read is named beside what was found until there
        findings.add([&] { return any.error().text; });
      if (!any.ok() || !*any)
        break;
      if (isFirst)
        check.learn(rows);
      else
        freezes.take(check.row(rows), rows);
    }
  }
  return kDone;
}

}  // namespace

Result<Verdict> checkBundle(const std::filesystem::path& folder,
                            const std::vector<std::string>& logKeys) {
  Verdict verdict;
  Findings& findings = verdict.findings;
  DOORSTEP_ASSIGN(const Bundle bundle, Bundle::open(folder, logKeys, findings));
  DOORSTEP_ASSIGN(std::string csv, bundle.read("visits.csv", measure_files::kFileBytesMax));
  DOORSTEP_ASSIGN(std::string json, bundle.read("rules.json", measure_files::kRulesBytesMax));
  const auto visits = measure_files::asTextFile("visits.csv", std::move(csv));
  DOORSTEP_ASSIGN(auto rules,
                  RulesCheck::read(measure_files::asTextFile("rules.json", std::move(json))));
  DecisionFiles decisions(bundle);
  const EntryProofs entries(bundle, findings);
  DOORSTEP_ASSIGN(const auto cases, VisitCases::read(bundle, entries, decisions, findings));
  DOORSTEP_ASSIGN(const auto commissioned, CommissionedRows::read(bundle, decisions, findings));
  DOORSTEP_ASSIGN(auto freezes, FreezeCheck::read(bundle, decisions, findings));
  const BundleEvidence evidence{entries, cases, commissioned};
  BundleCheck check(bundle, evidence, rules, verdict);
  DOORSTEP_TRY(checkRows(visits, check, freezes, findings));
  check.finish();
  for (const std::string& file : decisions.unnamed())
    findings.addFile(file, "nothing of the evidence names this file: something was left out");
  describe(bundle, evidence, decisions, verdict);
  for (std::string& line : freezes.about())
    verdict.about.push_back(std::move(line));
  return verdict;
}

std::string verdictText(const Verdict& verdict) {
  std::string text;
  const auto add = [&](const std::string& line) { text += line + "\n"; };
  for (const std::string& line : verdict.findings.lines())
    add(line);
  if (verdict.findings.count() > verdict.findings.lines().size())
    add("and " + std::to_string(verdict.findings.count() - verdict.findings.lines().size()) +
        " findings more");
  std::uint64_t unchecked = 0;
  for (const auto& [why, rows] : verdict.unchecked)
    unchecked += rows;
  add("rows: " + std::to_string(verdict.rows) + "; follow: " + std::to_string(verdict.follow) +
      "; do not follow: " + std::to_string(verdict.differ) +
      "; cannot be checked: " + std::to_string(unchecked));
  for (const auto& [why, rows] : verdict.unchecked)
    add("cannot be checked: " + std::to_string(rows) + " (" + why + ")");
  for (const auto& [column, rows] : verdict.unproved)
    add("not proved by a bundle: " + column + " in " + std::to_string(rows) + " rows");
  for (const std::string& line : verdict.about)
    add(line);
  add("status, punctuality, late_ms and every figure: doorstep-recompute computes them");
  return text;
}

}  // namespace doorstep::verify
