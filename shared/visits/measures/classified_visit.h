// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "shared/visits/measures/rules.h"
#include "shared/visits/measures/visit_facts.h"

namespace doorstep::measures {

// What the rules make of a visit. Names as in the file that --classes writes.

enum class SlotClass { None, Attended, Missed, NoEntry, Open, Cancelled, Suspended, Unplanned };
inline constexpr std::array<std::string_view, 8> kSlotClasses{
    "", "attended", "missed", "no_entry", "open", "cancelled", "suspended", "unplanned"};

enum class VisitClass {
  None,  // not looked at: a slot's row is absent, or there are no rules
  AttendedFull,
  AttendedPart,
  Missed,
  NoEntry,
  Open,
  Cancelled,
  Suspended,
  Unplanned,
};
inline constexpr std::array<std::string_view, 9> kVisitClasses{
    "",     "attended_full", "attended_part", "missed",   "no_entry",
    "open", "cancelled",     "suspended",     "unplanned"};

// Why a slot is missed. Of a visit's slots the first in this order names the visit's cause.
enum class Cause {
  None,
  Merged,     // one stay was recorded for several calls and satisfies another of them
  AfterNext,  // came when the person's next call was due
  AfterCutoff,
  TooLate,  // came long after the planned end
  Aborted,  // stayed too short to count
  ProviderCancelled,
  NeverStarted,
};
inline constexpr std::array<std::string_view, 8> kCauses{
    "",         "merged",  "after_next",         "after_cutoff",
    "too_late", "aborted", "provider_cancelled", "never_started"};

// Why a visit is not reported; the first that fits.
enum class Exclusion {
  None,
  Incomplete,
  NoRules,
  Unplanned,
  Suspended,
  Cancelled,
  Open,
  Exempt,
  NoEntry
};
inline constexpr std::array<std::string_view, 9> kExclusions{"",          "incomplete", "no_rules",
                                                             "unplanned", "suspended",  "cancelled",
                                                             "open",      "exempt",     "no_entry"};

enum class Punctuality { None, OnTime, Early, Late, NotTogether };
inline constexpr std::array<std::string_view, 5> kPunctualities{"", "on_time", "early", "late",
                                                                "not_together"};

struct ClassifiedSlot {
  const SlotFacts* facts = nullptr;
  std::optional<std::int64_t> startMs;  // adjusted, else ruled
  std::optional<std::int64_t> endMs;
  std::optional<std::int64_t> lengthMs;  // absent: unknown
  SlotClass slotClass = SlotClass::None;
  Cause cause = Cause::None;
  bool noEnd = false;
  bool endBeforeStart = false;
  bool endWithoutStart = false;
  bool tooLong = false;

  bool attended() const { return slotClass == SlotClass::Attended; }
  bool adjusted() const { return facts->start.adjustedMs || facts->end.adjustedMs; }
};

// Points into the facts and the rule book that it was made from; they must outlive it.
struct ClassifiedVisit {
  const VisitFacts* facts = nullptr;
  const RuleVersion* version = nullptr;  // nullptr: no rules
  const Rules* rules = nullptr;          // of the version, else the defaults; never null

  // Plans that count. Locked and final are absent when the plan was written afterwards.
  std::optional<Plan> locked;
  std::optional<Plan> final;
  std::optional<Plan> basis;  // what the visit is judged by; absent: unplanned
  std::int64_t anchorMs = 0;  // decides version, day, week and month
  DayNumber day = 0;
  DayNumber week = 0;
  DayNumber basisDay = 0;
  int person = -1;  // numbers people by (contract, pseudonym) in order; -1: unknown

  VisitClass visitClass = VisitClass::None;
  Cause cause = Cause::None;
  Exclusion exclusion = Exclusion::None;
  Punctuality punctuality = Punctuality::None;
  std::optional<std::int64_t> startMs;   // the start that punctuality judges
  std::optional<std::int64_t> nextMs;    // the person's next planned call of the day
  std::optional<std::int64_t> cutoffMs;  // where the day's cut-off applies
  // Of visits that need more carers and were attended in full.
  std::int64_t gapMs = 0;
  std::int64_t overlapMs = 0;

  bool plannedAfterStart = false;
  bool basisFallback = false;
  bool cancelledAfterStart = false;
  bool attendedThoughCancelled = false;
  bool ruleAmbiguous = false;

  std::vector<ClassifiedSlot> slots;

  bool lookedAt() const {
    return exclusion != Exclusion::Incomplete && exclusion != Exclusion::NoRules;
  }
  bool isCall() const {
    const ServiceKind kind = facts->serviceKind;
    return kind == ServiceKind::Day || kind == ServiceKind::RovingNight ||
           kind == ServiceKind::Reablement;
  }
  std::int64_t planMs() const { return basis->lengthMs(); }
  bool isAttended() const {
    return visitClass == VisitClass::AttendedFull || visitClass == VisitClass::AttendedPart;
  }
  // The sets that measures are defined over: reported, attended in it, missed in it.
  bool reported() const { return exclusion == Exclusion::None; }
  bool attended() const { return reported() && isAttended(); }
  bool missed() const { return reported() && visitClass == VisitClass::Missed; }
  bool doubleHanded() const { return reported() && facts->carersRequired >= 2; }
};

// Against another plan than the basis: as punctuality, for a start.
bool isLate(std::int64_t startMs, const Plan& plan, const ClassifiedVisit& visit);
bool isEarly(std::int64_t startMs, const Plan& plan, const ClassifiedVisit& visit);

// The order in which visits come: anchor, provider, visit id.
bool comesBefore(const ClassifiedVisit& a, const ClassifiedVisit& b);

}  // namespace doorstep::measures
