// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/office_audit.h"

#include <fmt/format.h>

#include <set>

#include "shared/core/display_text.h"
#include "shared/evidence/plan_root.h"
#include "shared/wire/office_fact_codec.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/office/decision_words.h"
#include "sync-server/office/limits.h"
#include "sync-server/roster/plan_evidence.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/visit_lock.h"

namespace doorstep::office {
namespace {

std::string rulesName(const visits::RulesSet& rules) {
  return fmt::format("contract {}, rules version {}", loggedText(rules.contractRef),
                     rules.ruleVersion);
}

bool sameFiles(const std::vector<roster::PlanFile>& rows,
               const std::vector<visits::PublishedFile>& said) {
  std::multiset<std::string> left;
  std::multiset<std::string> right;
  for (const auto& file : rows)
    left.insert(fmt::format("{} {} {}", file.name, file.bytes, file.sha256Hex));
  for (const auto& file : said)
    right.insert(fmt::format("{} {} {}", file.name, file.bytes, file.sha256Hex));
  return left == right;
}

}  // namespace

// A fact with the entry that it was read from.
struct OfficeAudit::Heard {
  const event_log::StoredEntry& stored;
  const std::string& salt;
  const visits::OfficeFact& fact;
  bool isFirst = false;  // first fact of the office

  template <typename Decision>
  Said<Decision> said(const Decision& decision) const {
    return {stored.position, salt, fact, decision};
  }
};

void OfficeAudit::Office::addFinding(std::string text) {
  ++report.findings;
  if (report.texts.size() < kFindingsListed)
    report.texts.push_back(std::move(text));
}

void OfficeAudit::Office::addFindingAt(std::uint64_t position, std::string_view what) {
  addFinding(fmt::format("position {}: {}", position, what));
}

Result<OfficeAudit> OfficeAudit::begin(sql::Database& database, std::string officeKeySpki) {
  OfficeAudit audit(database, std::move(officeKeySpki));
  DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
  for (const roster::Provider& provider : providers) {
    Office& office = audit.offices_[provider.id];
    DOORSTEP_ASSIGN(const auto device, identity::officeDevice(database, provider.id));
    if (device && device->signingKeySpki == audit.officeKeySpki_)
      office.device = device->id;
    else if (device)
      office.addFinding("the database says of another device that it is the office");
    DOORSTEP_ASSIGN(const auto newest, roster::planVersions(database, provider.id, 0, 1));
    office.newestVersion = newest.empty() ? 0 : newest.front().version;
    DOORSTEP_ASSIGN(office.rules, roster::rulesVersions(database, provider.id));
    DOORSTEP_ASSIGN(office.commissioned, CommissionedAudit::begin(database, provider.id));
    DOORSTEP_ASSIGN(office.revoked, identity::revokedDevices(database, provider.id));
    DOORSTEP_TRY(office.adjustments.begin(database, provider.id));
    DOORSTEP_TRY(office.freezes.begin(database, provider.id));
    DOORSTEP_TRY(office.exports.begin(database, provider.id));
    DOORSTEP_TRY(office.replies.begin(database, provider.id));
  }
  return audit;
}

bool OfficeAudit::isOffices(DeviceId device) {
  const auto [known, fresh] = hasOfficeKey_.try_emplace(device, false);
  if (fresh) {
    const auto row = identity::device(database_, device);
    known->second = row.ok() && row->signingKeySpki == officeKeySpki_;
  }
  return known->second;
}

void OfficeAudit::see(const event_log::StoredEntry& stored, const wire::OpenedEntry& opened) {
  const auto found = offices_.find(stored.provider);
  if (found == offices_.end() || !isOffices(stored.device))
    return;
  Office& office = found->second;
  if (stored.device != office.device)
    office.addFindingAt(stored.position,
                        "the office signed it, and the database says of its device that "
                        "it is no office");
  const visits::Entry& entry = opened.decoded.entry;
  for (std::size_t i = 0; i < entry.events.size(); ++i) {
    const auto* bytes = std::get_if<visits::UnknownFact>(&entry.events[i].fact);
    if (entry.events[i].subjectKind != visits::SubjectKind::Office || bytes == nullptr) {
      office.addFindingAt(stored.position,
                          "the office's device signed what is no decision of an office");
      continue;
    }
    const auto fact = wire::decodeOfficeFact(bytes->bytes);
    if (!fact.ok()) {
      office.addFindingAt(stored.position, "a decision of the office cannot be read");
      continue;
    }
    take(office, {stored, entry.salt, *fact, entry.n == 1 && i == 0});
  }
}

void OfficeAudit::take(Office& office, const Heard& heard) {
  const visits::OfficeFact& fact = heard.fact;
  const std::uint64_t position = heard.stored.position;
  office.report.decisions.push_back(describe(fact));
  const std::int64_t age = heard.stored.receivedUnixMs - fact.decidedUnixMs;
  if (age < 0 || age > kDecidedBeforeArrivalMsMax)
    office.addFindingAt(position,
                        "it was not decided when it says: it came into the log at another time");
  const auto* first = std::get_if<visits::OfficeOpened>(&fact.decision);
  if ((first != nullptr) != heard.isFirst)
    office.addFindingAt(position, "the office's log does not begin with what there was before it");
  if (first != nullptr && heard.isFirst)
    office.opened = heard.said(*first);
  if (const auto* plan = std::get_if<visits::PlanPublished>(&fact.decision))
    takeVersion(office, heard, *plan);
  if (const auto* rules = std::get_if<visits::RulesSet>(&fact.decision)) {
    const RulesKey key{rules->contract, rules->ruleVersion};
    const auto newer = office.rulesSaid.lower_bound(key);
    if (newer != office.rulesSaid.end() && newer->first.first == key.first)
      office.addFindingAt(position, rulesName(*rules) + ", was put in later");
    office.rulesSaid.emplace(key, heard.said(*rules));
  }
  if (const auto* rows = std::get_if<visits::CommissionedRows>(&fact.decision))
    office.commissioned.see(position, heard.salt, fact, *rows);
  if (const auto* revoked = std::get_if<visits::DeviceRevoked>(&fact.decision))
    office.revocations.emplace(revoked->device, heard.said(*revoked));
  const auto addFinding = [&](const std::string& text) { office.addFindingAt(position, text); };
  office.adjustments.take(fact, heard.salt, addFinding);
  office.freezes.take(fact, addFinding);
  office.exports.take(fact, addFinding);
  office.replies.take(fact, addFinding);
  if (std::holds_alternative<visits::UnknownDecision>(fact.decision))
    ++office.report.unknown;
}

void OfficeAudit::takeVersion(Office& office, const Heard& heard,
                              const visits::PlanPublished& plan) {
  const std::uint64_t before = !office.plans.empty() ? office.plans.rbegin()->first
                               : office.opened       ? office.opened->decision.planVersion
                                                     : plan.planVersion - 1;
  if (plan.planVersion <= before)
    office.addFindingAt(heard.stored.position,
                        fmt::format("plan version {} was put in later", plan.planVersion));
  else if (plan.planVersion != before + 1)
    office.addFindingAt(heard.stored.position,
                        fmt::format("between plan versions {} and {} some were left out of the log",
                                    before, plan.planVersion));
  office.plans.emplace(plan.planVersion, heard.said(plan));
}

Result<OfficeReport> OfficeAudit::report(ProviderId provider) {
  Office& office = offices_[provider];
  office.report.provider = provider;
  DOORSTEP_TRY(checkVersions(office, provider));
  DOORSTEP_TRY(checkVisits(office, provider));
  DOORSTEP_TRY(checkLocks(office, provider));
  DOORSTEP_TRY(checkTerms(office, provider, roster::TermsKind::Persons));
  DOORSTEP_TRY(checkTerms(office, provider, roster::TermsKind::Lots));
  DOORSTEP_TRY(checkRules(office, provider));
  DOORSTEP_TRY(checkCommissioned(office));
  DOORSTEP_TRY(checkRevocations(office, provider));
  const auto addFinding = [&](std::string text) { office.addFinding(std::move(text)); };
  DOORSTEP_TRY(office.adjustments.check(database_, provider, addFinding));
  DOORSTEP_TRY(office.freezes.check(database_, provider, addFinding));
  DOORSTEP_TRY(office.exports.check(database_, provider, addFinding));
  DOORSTEP_TRY(office.replies.check(database_, provider, addFinding));
  return std::move(office.report);
}

void OfficeAudit::compareVersion(Office& office, const roster::PlanVersion& row) {
  const auto said = office.plans.find(row.version);
  if (said == office.plans.end()) {
    const bool before = !office.opened || row.version <= office.opened->decision.planVersion;
    if (before)
      ++office.report.versionsBefore;
    else if (row.version <= office.newestVersion)
      office.addFinding(
          fmt::format("plan version {}: no decision of the log made it", row.version));
    return;
  }
  const visits::OfficeFact& fact = said->second.fact;
  const visits::PlanPublished& plan = said->second.decision;
  const auto differs = [&](const char* what) {
    office.addFinding(fmt::format("plan version {}: {} in the database is not what the log says",
                                  row.version, what));
  };
  if (row.madeUnixMs != fact.decidedUnixMs)
    differs("when it was made");
  if (row.account != fact.account)
    differs("who made it");
  if (static_cast<int>(row.reason) != static_cast<int>(fact.reason))
    differs("why it was made");
  if (row.visitsNew != plan.visitsNew || row.visitsChanged != plan.visitsChanged ||
      row.visitsCancelled != plan.visitsCancelled)
    differs("how many visits it changed");
  if (!sameFiles(row.files, plan.files))
    differs("from which files it was made");
}

Status OfficeAudit::checkVersions(Office& office, ProviderId provider) {
  std::set<std::uint64_t> missing;
  for (const auto& [version, said] : office.plans)
    missing.insert(version);
  std::uint64_t before = 0;
  while (true) {
    DOORSTEP_ASSIGN(const auto rows,
                    roster::planVersions(database_, provider, before, kVersionsPerRead));
    for (const roster::PlanVersion& row : rows) {
      missing.erase(row.version);
      compareVersion(office, row);
    }
    if (rows.size() < kVersionsPerRead)
      break;
    before = rows.back().version;
  }
  for (const std::uint64_t version : missing)
    office.addFinding(
        fmt::format("plan version {}: it is in the log and not in the database", version));
  return kDone;
}

Status OfficeAudit::checkVisits(Office& office, ProviderId provider) {
  std::map<std::uint64_t, std::pair<evidence::PlanVisits, evidence::VisitsRoot>> roots;
  for (const auto& [version, said] : office.plans)
    roots.try_emplace(version, evidence::PlanVisits(said.salt), evidence::VisitsRoot());
  const std::uint64_t openedAt = office.opened ? office.opened->decision.planVersion : 0;
  const evidence::PlanVisits hashesBefore(office.opened ? office.opened->salt : std::string());
  evidence::VisitsRoot rootBefore;
  std::set<std::uint64_t> unsaid;
  DOORSTEP_TRY(roster::forEachVisitVersion(
      database_, provider, [&](const roster::VisitVersion& row) -> Status {
        const auto found = roots.find(row.planVersion);
        if (found != roots.end())
          found->second.second.add(
              found->second.first.hashOf(row.visit, row.planVersion, row.wantedBy, row.bytes));
        else if (office.opened && row.planVersion > openedAt)
          unsaid.insert(row.planVersion);
        else if (office.opened)
          rootBefore.add(hashesBefore.hashOf(row.visit, row.planVersion, row.wantedBy, row.bytes));
        return kDone;
      }));
  for (const auto& [version, hashed] : roots) {
    if (hashed.second.root() != office.plans.at(version).decision.visitsRoot)
      office.addFinding(fmt::format(
          "plan version {}: its visits in the database are not those that were published",
          version));
  }
  if (office.opened && rootBefore.root() != office.opened->decision.visitsRoot)
    office.addFinding(fmt::format(
        "plan version {} and older: their visits are not those with which the office's log began",
        openedAt));
  for (const std::uint64_t version : unsaid) {
    DOORSTEP_ASSIGN(const auto row, roster::planVersions(database_, provider, version + 1, 1));
    if (row.empty() || row.front().version != version)
      office.addFinding(
          fmt::format("plan version {}: there are visits of it, and nobody made it", version));
  }
  return kDone;
}

Status OfficeAudit::checkLocks(Office& office, ProviderId provider) {
  return roster::forEachWrongLock(
      database_, provider, [&](VisitId visit, const std::string& columns) {
        office.addFinding(
            fmt::format("visit {}: {} in the database is not what its plan "
                        "versions come to",
                        visit.value, columns));
      });
}

// A plan version commits to the rows that it wrote and to those that it replaced; the office's
// first fact commits to all older rows.
Status OfficeAudit::checkTerms(Office& office, ProviderId provider, roster::TermsKind kind) {
  if (!office.opened)
    return kDone;
  const bool persons = kind == roster::TermsKind::Persons;
  const char* what = persons ? "lots, tiers or funders of persons" : "lots of contracts";
  const visits::OfficeOpened& opened = office.opened->decision;
  std::map<std::uint64_t, roster::TermsRoot> roots;
  for (const auto& [version, said] : office.plans)
    roots.try_emplace(version, said.salt);
  roster::TermsRoot before(office.opened->salt);
  std::set<std::uint64_t> unsaid;
  DOORSTEP_TRY(roster::forEachTermsRow(database_, provider, kind,
                                       [&](const evidence::TermsLeaf& row) -> Status {
                                         before.addBefore(opened.planVersion, row);
                                         std::set<std::uint64_t> versions{row.madeVersion};
                                         if (row.replacedVersion != 0)
                                           versions.insert(row.replacedVersion);
                                         for (const std::uint64_t version : versions) {
                                           const auto root = roots.find(version);
                                           if (root != roots.end())
                                             root->second.addOf(version, row);
                                           else if (version > opened.planVersion)
                                             unsaid.insert(version);
                                         }
                                         return kDone;
                                       }));
  for (const auto& [version, root] : roots) {
    const visits::PlanPublished& plan = office.plans.at(version).decision;
    if (root.root() != (persons ? plan.termsRoot : plan.lotsRoot))
      office.addFinding(fmt::format(
          "plan version {}: {} in the database are not those that were set", version, what));
  }
  DOORSTEP_ASSIGN(const auto newest, roster::planVersions(database_, provider, 0, 1));
  for (const std::uint64_t version : unsaid) {
    // Made during the audit, after the log was read.
    if (version > office.newestVersion && !newest.empty() && version <= newest.front().version)
      continue;
    office.addFinding(fmt::format(
        "plan version {}: there are {} of it, and the log has no such version", version, what));
  }
  const auto& saidBefore = persons ? opened.termsRoot : opened.lotsRoot;
  if (saidBefore && before.root().value_or(evidence::VisitsRoot().root()) != *saidBefore)
    office.addFinding(
        fmt::format("plan version {} and older: {} are not those with which the office's log began",
                    opened.planVersion, what));
  return kDone;
}

// Versions of rules without a fact are older than the office's log and are committed to by one
// hash. If it differs, a version was altered, removed or added; which one cannot be determined.
void OfficeAudit::checkRulesBefore(Office& office) {
  std::vector<visits::RulesSet> before;
  for (const visits::RulesSet& rules : office.rules) {
    const RulesKey key{rules.contract, rules.ruleVersion};
    if (office.rulesSaid.contains(key))
      continue;
    const auto newer = office.rulesSaid.lower_bound({rules.contract, 0});
    if (newer != office.rulesSaid.end() && newer->first < key &&
        newer->first.first == rules.contract)
      office.addFinding(rulesName(rules) + ": no decision of the log made it");
    else
      before.push_back(rules);
  }
  office.report.rulesBefore = before.size();
  if (!office.opened || roster::hashOfRules(before) == office.opened->decision.rulesHash)
    return;
  std::string names;
  for (const visits::RulesSet& rules : before)
    names += (names.empty() ? ": " : "; ") + rulesName(rules);
  office.addFinding("rules without a decision in the log are not those with which it began" +
                    names);
}

Status OfficeAudit::checkRules(Office& office, ProviderId provider) {
  checkRulesBefore(office);
  DOORSTEP_ASSIGN(const auto rows, roster::rulesVersions(database_, provider));
  std::map<RulesKey, visits::RulesSet> stored;
  for (const visits::RulesSet& rules : rows)
    stored.emplace(RulesKey{rules.contract, rules.ruleVersion}, rules);
  for (const auto& [key, said] : office.rulesSaid) {
    const auto found = stored.find(key);
    if (found == stored.end()) {
      office.addFinding(rulesName(said.decision) + ": it is in the log and not in the database");
      continue;
    }
    visits::RulesSet row = found->second;
    row.contractRef = said.decision.contractRef;
    if (row != said.decision)
      office.addFinding(rulesName(said.decision) +
                        ": what it says in the database is not what was set");
  }
  return kDone;
}

Status OfficeAudit::checkCommissioned(Office& office) {
  DOORSTEP_ASSIGN(auto texts, office.commissioned.findings(database_));
  for (std::string& text : texts)
    office.addFinding(std::move(text));
  return kDone;
}

Status OfficeAudit::checkRevocations(Office& office, ProviderId provider) {
  for (const auto& [device, revokedUnixMs] : office.revoked) {
    if (office.revocations.contains(device))
      continue;
    if (office.opened && revokedUnixMs >= office.opened->fact.decidedUnixMs)
      office.addFinding(
          fmt::format("device {}: no decision of the log took it out of use", device.value));
    else
      ++office.report.revocationsBefore;
  }
  DOORSTEP_ASSIGN(const auto rows, identity::revokedDevices(database_, provider));
  for (const auto& [device, said] : office.revocations) {
    const auto row = rows.find(device);
    if (row == rows.end())
      office.addFinding(
          fmt::format("device {}: the log says that it was taken out of use, the database "
                      "that it was not",
                      device.value));
    else if (row->second != said.fact.decidedUnixMs)
      office.addFinding(fmt::format(
          "device {}: when it was taken out of use is not what the log says", device.value));
  }
  return kDone;
}

}  // namespace doorstep::office
