// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "shared/core/strong_id.h"
#include "shared/visits/event.h"

namespace doorstep::recording {

// What a carer can record, as values: a screen makes an intent, the worker records it.
struct CheckIn {
  VisitId visit;
  // A tag or code read at the door; without it a fix, if any, supports the place.
  std::optional<visits::PlaceMethod> shown;
};
struct CheckOut {
  VisitId visit;
  std::optional<visits::PlaceMethod> shown;
};
struct RecordTask {
  VisitId visit;
  visits::TaskRecorded task;
};
struct AddNote {
  VisitId visit;
  std::string text;
};
struct ReportNoEntry {
  VisitId visit;
  visits::NoEntryReason reason = visits::NoEntryReason::Unspecified;
};
struct AnnounceDelay {
  VisitId visit;
  std::uint32_t expectedDelayMin = 0;
};
// Withdraws or corrects an earlier event of this phone; the earlier event stays.
struct Amend {
  VisitId visit;
  visits::Amended amended;
};
using Intent =
    std::variant<CheckIn, CheckOut, RecordTask, AddNote, ReportNoEntry, AnnounceDelay, Amend>;

}  // namespace doorstep::recording
