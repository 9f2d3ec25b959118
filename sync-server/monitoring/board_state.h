// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "shared/visits/contract_rules.h"
#include "shared/visits/plan.h"

namespace doorstep::monitoring {

// What the board says of one visit. Numbers and meaning are those of monitoring.v1.BoardState; each
// comment there says what is happening and who ends it.
enum class BoardState {
  Upcoming = 1,
  Due = 2,
  Late = 3,
  OverdueSilent = 4,
  AloneOfTwo = 5,
  InProgress = 6,
  Overrunning = 7,
  Done = 8,
  NoEntry = 9,
  MissedSuspected = 10,
  Cancelled = 11,
  CancelledAttended = 12,
};

// What the server knows of one carer slot. Times are ruled times (timing::TrustedTime).
struct SlotKnowledge {
  bool assigned = false;
  std::optional<std::int64_t> startUnixMs;
  std::optional<std::int64_t> endUnixMs;
  std::optional<std::int64_t> noEntryUnixMs;
  std::int64_t phoneHeardUnixMs = 0;  // server time; 0: never
};

struct VisitKnowledge {
  // One for each carer that the visit needs, and after them one for each who came besides.
  std::span<const SlotKnowledge> slots;
  std::uint32_t announcedDelayMin = 0;
  bool criticalTaskNotDone = false;
};

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

struct BoardJudgement {
  BoardState state = BoardState::Upcoming;
  // How much it needs a supervisor: higher comes first. See attention() in the source for the
  // formula; docs/architecture.md, "What comes first", for the reasons.
  std::uint32_t attention = 0;
  // Whole minutes after the window's end: of the latest start, or of now for who has not started.
  // Negative: nothing is late. Stops at kProblemMinutesMax while nobody starts.
  std::int32_t lateMin = -1;
  // From this moment on the judgement may differ though nothing new is known. kNever: it will not.
  // Until then it does not differ: a board works on a row only when this is due.
  std::int64_t nextChangeUnixMs = kNever;

  bool operator==(const BoardJudgement&) const = default;
};

// Pure. The visit may have been recorded by carers who were not planned; they fill its slots.
BoardJudgement judgeBoardState(const visits::PlannedVisit& visit, const VisitKnowledge& known,
                               const visits::ContractRules& rules, std::int64_t nowUnixMs);

// True when nothing was heard from the phone for longer than kPhoneSilentAfterMin.
bool phoneIsSilent(std::int64_t heardUnixMs, std::int64_t nowUnixMs);
// First moment at which it is silent when nothing more is heard.
std::int64_t phoneSilentFromUnixMs(std::int64_t heardUnixMs);

}  // namespace doorstep::monitoring
