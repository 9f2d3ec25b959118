// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/decision_words.h"

#include <fmt/format.h>

#include "shared/core/display_text.h"
#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "shared/visits/measures/rule_packs.h"
#include "shared/visits/measures/rule_parameters.h"

namespace doorstep::office {
namespace {

// Noon of a local day has the same date in UTC.
constexpr std::int64_t kNoonMs = kDayMs / 2;

std::string words(const visits::OfficeOpened& opened) {
  return fmt::format("the office's log begins; plan version {} and older are from before it",
                     opened.planVersion);
}

std::string words(const visits::PlanPublished& plan) {
  std::string files;
  for (const visits::PublishedFile& file : plan.files)
    files += fmt::format("{}{} ({})", files.empty() ? ", from " : ", ", loggedText(file.name),
                         file.sha256Hex.empty() ? "not hashed" : file.sha256Hex.substr(0, 16));
  return fmt::format("plan version {}: {} visits new, {} changed, {} cancelled{}", plan.planVersion,
                     plan.visitsNew, plan.visitsChanged, plan.visitsCancelled, files);
}

std::string words(const visits::RulesSet& rules) {
  std::string others;
  const auto usual = measures::rulesOfFourMinutes(
      rules.rules.lateToleranceMin, rules.rules.earlyToleranceMin,
      rules.rules.timeCriticalToleranceMin, rules.rules.missedAfterMin);
  for (const std::string_view name : measures::differingParameters(rules.rules, usual))
    others += fmt::format(" {}", name);
  return fmt::format(
      "rules version {} of contract {}, from {}: late {} min, early {} min, time-critical {} min, "
      "missed after {} min{}{}",
      rules.ruleVersion, loggedText(rules.contractRef),
      rules.fromUnixMs == 0 ? "the beginning" : unixMsToUtc(rules.fromUnixMs),
      rules.rules.lateToleranceMin, rules.rules.earlyToleranceMin,
      rules.rules.timeCriticalToleranceMin, rules.rules.missedAfterMin,
      rules.lastDay ? ", until " + londonDay(londonDayBeginUnixMs(*rules.lastDay)) : "",
      others.empty() ? "" : ", and other than usual:" + others);
}

std::string words(const visits::SlotReassigned& slot) {
  return fmt::format("plan version {}: slot {} of visit {} from carer {} to carer {}",
                     slot.planVersion, slot.slot, slot.visit.value, slot.carerBefore.value,
                     slot.carerAfter.value);
}

std::string words(const visits::DeviceRevoked& revoked) {
  return fmt::format("device {} taken out of use", revoked.device.value);
}

std::string words(const visits::HistoryCorrected& corrected) {
  const std::string from =
      corrected.fromDay == 0 ? "the beginning" : londonDay(corrected.fromDay * kDayMs + kNoonMs);
  if (corrected.person)
    return fmt::format("plan version {}: corrected, person {} is in lot {} from {} on",
                       corrected.planVersion, corrected.person.value, loggedText(corrected.lot),
                       from);
  return fmt::format("plan version {}: corrected, lot {} is contract {}'s from {} on",
                     corrected.planVersion, loggedText(corrected.lot), corrected.contract.value,
                     from);
}

std::string timeWords(const char* which, const std::optional<std::int64_t>& unixMs) {
  return unixMs ? fmt::format(", {} {}", which, unixMsToUtc(*unixMs)) : std::string();
}

const char* noteWords(const std::optional<Hash>& noteHash) {
  return noteHash ? ", with a note" : "";
}

std::string words(const visits::TimeAdjusted& adjusted) {
  const std::string of = fmt::format("slot {} of visit {}, revision {}", adjusted.slot,
                                     adjusted.visit.value, adjusted.revision);
  if (!adjusted.startUnixMs && !adjusted.endUnixMs)
    return of + ": adjusted times withdrawn";
  return fmt::format("{}: adjusted{}{}, reason {}, checked {}{}", of,
                     timeWords("start", adjusted.startUnixMs), timeWords("end", adjusted.endUnixMs),
                     loggedText(adjusted.reasonCode), loggedText(adjusted.actionCode),
                     noteWords(adjusted.noteHash));
}

std::string words(const visits::SlotExplained& explained) {
  const std::string of = fmt::format("slot {} of visit {}, revision {}", explained.slot,
                                     explained.visit.value, explained.revision);
  if (explained.reasonCode.empty())
    return of + ": explanation withdrawn";
  return fmt::format(
      "{}: explained by {}{}{}", of, loggedText(explained.reasonCode),
      explained.responsibility.empty() ? "" : ", " + loggedText(explained.responsibility),
      noteWords(explained.noteHash));
}

std::string words(const visits::MonthFrozen& frozen) {
  return fmt::format("contract {}, {} frozen (freeze {}): {} visits, {} of silent phones",
                     loggedText(frozen.contractRef), loggedText(frozen.month), frozen.freeze,
                     frozen.visits, frozen.visitsSilent);
}

std::string words(const visits::MonthUnfrozen& unfrozen) {
  return fmt::format("contract {}, {} no longer frozen (freeze {})",
                     loggedText(unfrozen.contractRef), loggedText(unfrozen.month), unfrozen.freeze);
}

std::string words(const visits::ExportMade& made) {
  std::string files;
  for (const visits::ExportedFile& file : made.files)
    files += fmt::format("{}{} ({} rows, SHA-256 {})", files.empty() ? ": " : ", ",
                         loggedText(file.format), file.rows, toHex(file.sha256.view()));
  std::string of = made.contract ? "contract " + loggedText(made.contractRef) : "all contracts";
  if (made.provider)
    of += fmt::format(", provider {}", made.provider.value);
  if (!made.lot.empty())
    of += ", lot " + loggedText(made.lot);
  if (!made.punctuality.empty())
    of += ", " + loggedText(made.punctuality);
  const auto day = [](const std::string& text, const char* none) {
    return text.empty() ? std::string(none) : loggedText(text);
  };
  return fmt::format("export {:016x} of {}, {} to {}, as of {}{}", made.id, of,
                     day(made.firstDay, "the beginning"), day(made.lastDay, "the end"),
                     unixMsToUtc(made.asOfUnixMs), files);
}

// The reply's words follow, as the words of other decisions do.
std::string words(const visits::FigureReplied& replied) {
  const std::string of =
      fmt::format("contract {}, reply {}", loggedText(replied.contractRef), replied.reply);
  if (replied.withdraws != 0)
    return fmt::format("{} withdraws reply {}", of, replied.withdraws);
  std::string where;
  for (const visits::FigureChoice& choice : replied.where)
    where += fmt::format(", {} {}", loggedText(choice.dimension), loggedText(choice.value));
  return fmt::format("{} to {} of {} to {}{} ({} of {}), {} visits attached", of,
                     loggedText(replied.measure), measures::dayText(replied.firstDay),
                     measures::dayText(replied.lastDay), where, replied.numerator,
                     replied.denominator, replied.visits.size());
}

std::string words(const visits::CommissionedRows& set) {
  const char* what = "commissioners named";
  switch (set.kind) {
    case visits::CommissionedKind::Package:
      what = "packages set";
      break;
    case visits::CommissionedKind::Rate:
      what = "rates set";
      break;
    case visits::CommissionedKind::Lot:
      what = "lots described";
      break;
    case visits::CommissionedKind::Pause:
      what = "packages paused";
      break;
    case visits::CommissionedKind::Rating:
      what = "provider rated";
      break;
    case visits::CommissionedKind::Commissioner:
      break;
  }
  return fmt::format("commissioning version {}: {}, {} row{}", set.commissioningVersion, what,
                     set.rows, set.rows == 1 ? "" : "s");
}

std::string words(const visits::UnknownDecision&) { return "recorded with a newer release"; }

std::string reasonOf(const visits::OfficeFact& fact) {
  std::string reason;
  switch (fact.reason) {
    case visits::OfficeReason::Import:
      reason = "import of a rota";
      break;
    case visits::OfficeReason::Reassignment:
      reason = "reassignment";
      break;
    case visits::OfficeReason::Revocation:
      reason = "revocation";
      break;
    case visits::OfficeReason::Opening:
      reason = "first decision";
      break;
    case visits::OfficeReason::Correction:
      reason = "correction of what was said of days that had begun";
      break;
    case visits::OfficeReason::Rules:
      reason = "publication of rules";
      break;
    case visits::OfficeReason::Adjustment:
      reason = "what happened at a visit";
      break;
    case visits::OfficeReason::Freeze:
      reason = "closing of a month";
      break;
    case visits::OfficeReason::Export:
      reason = "export of records";
      break;
    case visits::OfficeReason::Reply:
      reason = "reply to a figure";
      break;
    case visits::OfficeReason::Commissioning:
      reason = "commissioning";
      break;
    case visits::OfficeReason::Unspecified:
      reason = "no reason given";
      break;
    default:  // of a newer release
      reason = fmt::format("reason {}", static_cast<int>(fact.reason));
  }
  const auto* replied = std::get_if<visits::FigureReplied>(&fact.decision);
  const std::string& text = replied == nullptr ? fact.reasonText : replied->text;
  return text.empty() ? reason : reason + ": " + loggedText(text);
}

std::string whoOf(const visits::OfficeFact& fact) {
  const std::string name = fact.accountName.empty() ? "" : loggedText(fact.accountName) + ", ";
  return fact.account ? fmt::format("{}account {}", name, fact.account.value)
                      : name + "command line";
}

}  // namespace

std::string describe(const visits::OfficeFact& fact) {
  const std::string what =
      std::visit([](const auto& decision) { return words(decision); }, fact.decision);
  const std::string act =
      fact.act == 0 ? "" : fmt::format("; act {:016x} over several providers", fact.act);
  return fmt::format("{}; {}, {}, {}{}", what, unixMsToUtc(fact.decidedUnixMs), whoOf(fact),
                     reasonOf(fact), act);
}

}  // namespace doorstep::office
