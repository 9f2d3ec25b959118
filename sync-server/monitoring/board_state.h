// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "shared/visits/contract_rules.h"
#include "shared/visits/plan.h"

namespace doorstep::monitoring {

// State of a visit on the board. Numbers and meaning are those of monitoring.v1.BoardState, where
// each comment says what is happening and who ends it.
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

// Known facts about one carer slot. Times are ruled times (timing::TrustedTime).
struct SlotKnowledge {
  bool assigned = false;
  std::optional<std::int64_t> startUnixMs;
  std::optional<std::int64_t> endUnixMs;
  std::optional<std::int64_t> noEntryUnixMs;
  std::int64_t phoneHeardUnixMs = 0;  // server time; 0: never
};

struct VisitKnowledge {
  // One for each required carer, followed by one for each additional carer who came.
  std::span<const SlotKnowledge> slots;
  std::uint32_t announcedDelayMin = 0;
  bool criticalTaskNotDone = false;
};

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

struct BoardJudgement {
  BoardState state = BoardState::Upcoming;
  // Urgency for a supervisor: higher comes first. Formula: attention() in the source; reasons:
  // docs/architecture.md, "What comes first".
  std::uint32_t attention = 0;
  // Whole minutes after the window's end, of the latest start, or of the present time for a carer
  // who has not started. Negative: nothing is late. At most kProblemMinutesMax while nobody starts.
  std::int32_t lateMin = -1;
  // When time alone may change the judgement. kNever: never. It does not change before, so a board
  // judges a row only when this is due.
  std::int64_t nextChangeUnixMs = kNever;

  bool operator==(const BoardJudgement&) const = default;
};

// Pure. Unplanned carers fill the visit's slots.
BoardJudgement judgeBoardState(const visits::PlannedVisit& visit, const VisitKnowledge& known,
                               const measures::Rules& rules, std::int64_t nowUnixMs);

// Whether the phone has been silent for longer than kPhoneSilentAfterMin.
bool phoneIsSilent(std::int64_t heardUnixMs, std::int64_t nowUnixMs);
// When it becomes silent without further contact.
std::int64_t phoneSilentFromUnixMs(std::int64_t heardUnixMs);

}  // namespace doorstep::monitoring
