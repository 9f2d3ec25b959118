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

// What the screens show: values, made on the phone's worker from journal and roster, handed to the
// GUI thread whole. Nothing here names a widget, a query or a message.

// How far what was recorded about a visit has come. Derived from receipts only.
enum class OfficeState {
  NothingRecorded,  // no event yet
  OnThisPhone,      // ○ at least one event has no receipt yet
  AtTheOffice,      // ✓ a verified receipt covers every event
  OfficeMustLook,   // the office knows of it but does not count it (quarantined)
};

enum class VisitProgress { ToDo, CheckedIn, CheckedOut, NoEntry, Cancelled };

struct Colleague {
  std::uint32_t slot = 0;
  std::string name;
};

// A visit of the round, as a row.
struct RoundVisit {
  VisitId visit;
  std::string personName;
  std::string service;
  std::int64_t windowStartUnixMs = 0;
  std::int64_t windowEndUnixMs = 0;
  std::uint32_t durationMin = 0;
  std::vector<Colleague> colleagues;  // who else is needed there
  VisitProgress progress = VisitProgress::ToDo;
  OfficeState office = OfficeState::NothingRecorded;
  bool isNext = false;  // the first that is not begun, or the one that is in progress
};

// What is known of the phone's wall clock (trusted_now.h).
enum class ClockFault {
  None,
  Time,  // it is off, on the right day
  Date,  // it shows another day
};

// A device that the office can only take again with a new code.
enum class NeedsCode {
  No,
  CertificateEnded,  // it was too long without the office
  Refused,           // the office does not know it, or took it out of use
};

struct RoundScreen {
  std::string day;  // local, "2026-11-23"
  std::string carerName;
  std::vector<RoundVisit> visits;       // by window start; yesterday's unfinished ones first
  std::uint32_t eventsOnThisPhone = 0;  // without a receipt
  std::optional<std::int64_t> lastContactUnixMs;
  std::uint64_t planVersion = 0;
  // The phone was damaged and is no device any more: what is recorded waits for a new code.
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
  std::uint32_t newerAppEvents = 0;  // of kinds that this release does not know
  // What the carer may do now. Nothing about network, position or time blocks any of them.
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
  // Why the last exchange failed, UPPER_SNAKE; empty after a success.
  std::string lastFailureReason;
  // The log at the office did not extend what this phone had verified.
  bool logContradicted = false;
};

}  // namespace doorstep::projections
