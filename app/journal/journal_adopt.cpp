// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <optional>

#include "app/journal/event_row.h"
#include "app/journal/journal.h"

// Records again what an ended identity recorded.
namespace doorstep::journal {
namespace {

// The amendment with the number that its event has here. Without the event: the fact in it, if any;
// a time or a withdrawal has none.
std::optional<visits::Fact> amendmentHere(const visits::Amended& amended,
                                          std::optional<std::uint64_t> ownNumber) {
  if (ownNumber) {
    visits::Amended here = amended;
    here.eventNumber = *ownNumber;
    return visits::Fact(here);
  }
  if (const auto* task = std::get_if<visits::TaskRecorded>(&amended.replacement))
    return visits::Fact(*task);
  if (const auto* note = std::get_if<visits::NoteAdded>(&amended.replacement))
    return visits::Fact(*note);
  return std::nullopt;
}

}  // namespace

Result<std::vector<visits::RecordedEvent>> Journal::adopt(
    DeviceId from, std::span<const visits::RecordedEvent> events) {
  std::vector<visits::RecordedEvent> taken;
  std::map<std::uint64_t, std::uint64_t> ownNumbers;
  DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(database_));
  // Clocks are part of the key: journals without a device all number from 1.
  DOORSTEP_ASSIGN(auto find, database_.prepare(
                                 "SELECT own_number FROM adopted WHERE device_id = ? AND number = ?"
                                 " AND wall_unix_ms = ? AND boot = ? AND boot_ms = ?"));
  DOORSTEP_ASSIGN(auto keep, database_.prepare("INSERT INTO adopted (device_id, number,"
                                               " wall_unix_ms, boot, boot_ms, own_number)"
                                               " VALUES (?, ?, ?, ?, ?, ?)"));
  for (const visits::RecordedEvent& event : events) {
    const auto bindKey = [&](sql::Statement& statement) {
      statement.bindId(0, from.value)
          .bindId(1, event.event.number)
          .bind(2, event.event.wallUnixMs)
          .bind(3, event.boot)
          .bindId(4, event.event.bootMs);
    };
    bindKey(find);
    DOORSTEP_ASSIGN(const bool known, find.step());
    const std::uint64_t knownNumber = known ? find.columnId(0) : 0;
    find.reset();
    if (known) {
      ownNumbers.emplace(event.event.number, knownNumber);
      continue;
    }
    visits::RecordedEvent here = event;
    here.device = options_.device;
    here.event.number = lastEvent_ + taken.size() + 1;
    if (const auto* amended = std::get_if<visits::Amended>(&event.event.fact)) {
      const auto own = ownNumbers.find(amended->eventNumber);
      auto fact = amendmentHere(
          *amended, own == ownNumbers.end() ? std::nullopt : std::optional(own->second));
      if (!fact)
        continue;
      here.event.fact = std::move(*fact);
    }
    DOORSTEP_TRY(insert(here));
    bindKey(keep);
    DOORSTEP_TRY(keep.bindId(5, here.event.number).run());
    ownNumbers.emplace(event.event.number, here.event.number);
    taken.push_back(std::move(here));
  }
  DOORSTEP_TRY(transaction.commit());
  if (!taken.empty()) {
    lastEvent_ = taken.back().event.number;
    lastBoot_ = taken.back().boot;
    lastBootMs_ = taken.back().event.bootMs;
    writeHead();
  }
  return taken;
}

}  // namespace doorstep::journal
