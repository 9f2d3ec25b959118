// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/strong_id.h"
#include "shared/visits/event.h"
#include "shared/visits/plan.h"

namespace doorstep::projections {

// What the screens show: values built on the phone's worker from journal and roster and passed to
// the GUI thread as a whole. Independent of widgets, queries and messages.

// How far the records of a visit have come. Derived from receipts only.
enum class OfficeState {
  NothingRecorded,  // no event yet
  OnThisPhone,      // ○ at least one event has no receipt yet
  AtTheOffice,      // ✓ a verified receipt covers every event
  OfficeMustLook,   // received but not counted (quarantined)
};

enum class VisitProgress { ToDo, CheckedIn, CheckedOut, NoEntry, Cancelled };

struct Colleague {
  std::uint32_t slot = 0;
  std::string name;
};

// A visit of the round, shown as a row.
struct RoundVisit {
  VisitId visit;
  std::string personName;
  std::string service;
  std::int64_t windowStartUnixMs = 0;
  std::int64_t windowEndUnixMs = 0;
  std::uint32_t durationMin = 0;
  std::vector<Colleague> colleagues;  // the other carers of the visit
  VisitProgress progress = VisitProgress::ToDo;
  OfficeState office = OfficeState::NothingRecorded;
  bool isNext = false;  // in progress, or else the first not begun
};

// Known faults of the phone's wall clock (trusted_now.h).
enum class ClockFault {
  None,
  Time,  // wrong time of the right day
  Date,  // wrong day
};

// Why the office accepts the device only with a new code.
enum class NeedsCode {
  No,
  CertificateEnded,  // too long without contact to the office
  Refused,           // unknown to the office, or revoked
};

struct RoundScreen {
  std::string day;  // local, "2026-11-23"
  std::string carerName;
  std::vector<RoundVisit> visits;       // by window start; yesterday's unfinished ones first
  std::uint32_t eventsOnThisPhone = 0;  // without a receipt
  std::optional<std::int64_t> lastContactUnixMs;
  std::uint64_t planVersion = 0;
  // The phone was damaged and is not a device any more: records wait for a new code.
  bool awaitsCode = false;
  NeedsCode needsCode = NeedsCode::No;
  ClockFault clockFault = ClockFault::None;
};

struct TaskState {
  visits::PlannedTask task;
  std::optional<visits::TaskRecorded> recorded;  // the newest, amendments applied
};

struct RecordedNote {
  std::string text;
  std::int64_t wallUnixMs = 0;
};

struct VisitScreen {
  RoundVisit row;
  std::string personRef;
  std::string accessNote;
  std::optional<std::int64_t> checkedInUnixMs;
  std::optional<std::int64_t> checkedOutUnixMs;
  std::optional<visits::NoEntryReason> noEntry;
  std::vector<TaskState> tasks;
  std::vector<RecordedNote> notes;
  std::uint32_t announcedDelayMin = 0;
  std::uint32_t newerAppEvents = 0;  // of kinds unknown to this release
  // What the carer may do now. Network, position and time never block any of them.
  bool canCheckIn = false;
  bool canRecord = false;  // tasks and notes
  bool canCheckOut = false;
  bool canReportNoEntry = false;
};

// "What the office has".
struct OfficeRow {
  VisitId visit;
  std::string personName;
  std::int64_t windowStartUnixMs = 0;
  std::uint32_t eventsOnThisPhone = 0;
  std::uint32_t eventsAtTheOffice = 0;
  OfficeState office = OfficeState::NothingRecorded;
};

struct OfficeScreen {
  std::vector<OfficeRow> visits;  // only those with something recorded, newest first
  std::uint32_t eventsOnThisPhone = 0;
  std::uint32_t entriesQuarantined = 0;
  std::optional<std::int64_t> lastContactUnixMs;
  std::uint64_t planVersion = 0;
  bool exchanging = false;
  // Reason of the last exchange's failure, UPPER_SNAKE; empty after a success.
  std::string lastFailureReason;
  // The office's log did not extend the log that this phone verified.
  bool logContradicted = false;
};

}  // namespace doorstep::projections
