// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/freeze_check.h"

#include <utility>
#include <variant>

#include "shared/core/local_time.h"
#include "shared/evidence/merkle_tree.h"
#include "tools/verify/json_lines.h"

namespace doorstep::verify {
namespace {

namespace pb = doorstep::records::v1;

constexpr const char* kFile = "freezes.jsonl";
constexpr int kConsistencyMax = 130;  // two paths of 64, and one

Error wrong(std::string text) {
  return {ErrorCode::InvalidArgument, "FREEZE_DIFFERS", std::move(text)};
}

// The log of the manifest begins with what was frozen of it.
Status checkGrown(const BundleLog& log, const visits::MonthFrozen& frozen,
                  const wire::ProvedDecision& decision, const pb::BundledFreeze& line) {
  if (line.consistency_size() > kConsistencyMax)
    return wrong("a proof of consistency has at most 130 hashes");
  std::vector<Hash> hashes;
  for (const std::string& each : line.consistency()) {
    DOORSTEP_ASSIGN(hashes.emplace_back(), hashFromBytes(each));
  }
  for (const visits::FrozenLog& each : frozen.logs) {
    if (each.provider != decision.provider)
      continue;
    if (each.size > decision.position)
      return wrong("it says that the log was longer then than where it stands itself");
    if (each.size == 0)
      return kDone;
    const Status grown = evidence::verifyConsistency(each.size, each.root, log.checkpoint.size,
                                                     log.checkpoint.root, hashes);
    return grown.ok() ? grown : Status(wrong("the log does not begin with what was frozen of it"));
  }
  return wrong("it says nothing of this log");
}

// Whether the file may have every row of the days.
bool isWhole(const Bundle& bundle, const visits::MonthFrozen& frozen, std::int64_t firstDay,
             std::int64_t endDay) {
  const pb::BundleManifest& asked = bundle.manifest();
  const auto first = measures::parseDay(asked.first_day());
  const auto last = measures::parseDay(asked.last_day());
  return asked.lot().empty() && (asked.provider().empty() || frozen.logs.size() == 1) &&
         (asked.contract().empty() || asked.contract() == frozen.contractRef) &&
         (asked.first_day().empty() || (first && *first <= firstDay)) &&
         (asked.last_day().empty() || (last && *last >= endDay));
}

}  // namespace

Result<FreezeCheck> FreezeCheck::read(const Bundle& bundle, DecisionFiles& decisions,
                                      Findings& findings) {
  FreezeCheck made;
  if (!bundle.has(kFile))
    return made;  // of a release that showed none
  DOORSTEP_ASSIGN(const std::string text, bundle.read(kFile, kEvidenceBytesMax));
  const auto take = [&](pb::BundledFreeze& line, std::size_t number) {
    decisions.name(line.decision());
    decisions.name(line.unfrozen());
    const Status read = made.readLine(bundle, decisions, line);
    if (read.ok())
      return;
    findings.add([&] {
      return std::string(kFile) + ":" + std::to_string(number) + ":1: freeze " +
             std::to_string(line.freeze()) + " of " + oneLine(line.month()) + ": " +
             read.error().text + " (" + read.error().reason + ")";
    });
  };
  DOORSTEP_TRY(forEachLine<pb::BundledFreeze>(kFile, text, "freeze of a month", take));
  return made;
}

Status FreezeCheck::readLine(const Bundle& bundle, DecisionFiles& decisions,
                             const pb::BundledFreeze& line) {
  const ProviderId provider(line.provider_id());
  Shown& shown = shown_[{provider, ContractId(line.contract_id()), line.month()}];
  const Shown before = std::exchange(shown, Shown{line.freeze(), !line.unfrozen().empty()});
  if (line.freeze() != before.freeze + 1)
    return wrong("freeze " + std::to_string(before.freeze + 1) + " is missing: it was left out");
  if (before.freeze != 0 && !before.isOpened)
    return wrong("the month was not opened after the freeze above");
  if (!line.missing().empty()) {
    shown.isOpened = true;  // not known
    return kDone;
  }
  const BundleLog* log = bundle.log(provider);
  if (log == nullptr)
    return wrong("the manifest has no log of this provider");
  DOORSTEP_ASSIGN(auto decision, decisions.decision(provider, line.decision()));
  const auto* frozen = std::get_if<visits::MonthFrozen>(&decision.fact.decision);
  const auto isNamed = [&](const auto& fact) {
    return fact.contract == ContractId(line.contract_id()) && fact.month == line.month() &&
           fact.freeze == line.freeze();
  };
  if (frozen == nullptr || !isNamed(*frozen))
    return wrong("the decision says something else");
  DOORSTEP_TRY(checkGrown(*log, *frozen, decision, line));
  Month month;
  month.frozen = *frozen;
  month.fact = decision.fact;
  if (!line.unfrozen().empty()) {
    DOORSTEP_ASSIGN(const auto opened, decisions.decision(provider, line.unfrozen()));
    const auto* said = std::get_if<visits::MonthUnfrozen>(&opened.fact.decision);
    if (said == nullptr || !isNamed(*said))
      return wrong("the decision to open it says something else");
    month.isOpened = true;
  }
  return addFreeze(bundle, std::move(month));
}

Status FreezeCheck::addFreeze(const Bundle& bundle, Month month) {
  const auto first = measures::parseDay(month.frozen.month + "-01");
  if (!first)
    return wrong("the decision names no month");
  month.firstDay = *first;
  month.endDay = *first;
  while (measures::dayText(month.endDay).starts_with(month.frozen.month))
    ++month.endDay;
  month.isWhole = isWhole(bundle, month.frozen, month.firstDay, month.endDay);
  const std::pair key(month.frozen.contractRef, month.frozen.month);
  const auto found = months_.find(key);
  if (found != months_.end() && found->second.frozen.freeze == month.frozen.freeze &&
      found->second.frozen != month.frozen)
    return wrong("another log says other things of this freeze");
  months_.insert_or_assign(key, std::move(month));
  return kDone;
}

void FreezeCheck::take(const VisitCase* visit, const RecordRows& row) {
  if (months_.empty())
    return;
  for (auto& [key, month] : months_) {
    if (!month.isWhole || row.text("contract_id") != key.first)
      continue;
    if (visit == nullptr || visit->plans.empty()) {
      month.isWhole = false;  // its day is not known
      continue;
    }
    const auto day = londonDayNumber(visit->plans.front().visit.windowStartUnixMs);
    if (!std::exchange(month.isBegun, true))
      month.file.add(row.head());
    if (day >= month.firstDay && day <= month.endDay)
      month.file.add(row.lineWith("exported_utc", unixMsToUtc(month.frozen.asOfUnixMs)));
  }
}

std::vector<std::string> FreezeCheck::about() {
  std::vector<std::string> lines;
  for (auto& [key, month] : months_) {
    std::string said = "month " + oneLine(key.second) + " of " + oneLine(key.first) + ": freeze " +
                       std::to_string(month.frozen.freeze) + " of " +
                       unixMsToUtc(month.fact.decidedUnixMs) + ", ";
    if (month.isOpened)
      said += "opened again since";
    else if (!month.isWhole)
      said += "of which the bundle has a part";
    else
      said += month.file.hash() == month.frozen.visitsSha256
                  ? "whose rows are these"
                  : "whose rows were other ones: what came later is an addendum";
    lines.push_back(std::move(said));
  }
  return lines;
}

}  // namespace doorstep::verify
