// SPDX-License-Identifier: Apache-2.0
#include "app/journal/salvage.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "app/journal/event_row.h"
#include "shared/sql/sqlite.h"

namespace doorstep::journal {
namespace {

// Calls `take` with each row until one cannot be read, then from the other end.
template <typename Take>
void readableRows(sql::Database& database, const std::string& select, const char* order,
                  Take take) {
  for (const char* direction : {" ASC", " DESC"}) {
    auto rows = database.prepare(select + " ORDER BY " + order + direction);
    if (!rows.ok())
      return;
    auto row = rows->step();
    while (row.ok() && *row) {
      take(*rows);
      row = rows->step();
    }
    if (row.ok())
      return;
  }
}

Status readOwner(sql::Database& database, Salvaged& salvaged) {
  DOORSTEP_ASSIGN(auto device, database.prepare("SELECT device_id FROM device WHERE id = 1"));
  DOORSTEP_ASSIGN(const bool known, device.step());
  if (!known)
    return Error{ErrorCode::DataLoss, "JOURNAL_DAMAGED", "it does not say whose it is"};
  salvaged.device = DeviceId(device.columnId(0));
  if (auto owner = database.prepare("SELECT carer_id FROM owner WHERE id = 1"); owner.ok()) {
    const auto row = owner->step();
    if (row.ok() && *row)
      salvaged.carer = CarerId(owner->columnId(0));
  }
  return kDone;
}

// Numbers of the events at the office.
std::set<std::uint64_t> receivedEvents(sql::Database& database) {
  std::set<std::uint64_t> received;
  readableRows(database,
               "SELECT first_event, event_count FROM entry JOIN receipt USING (n)"
               " WHERE position IS NOT NULL AND quarantine_reason = 0",
               "n", [&](sql::Statement& row) {
                 const std::uint64_t count = std::min<std::uint64_t>(row.columnId(1), 1000);
                 for (std::uint64_t i = 0; i < count; ++i)
                   received.insert(row.columnId(0) + i);
               });
  return received;
}

// Even reading creates a file beside it: errors of the disk, rather than of the journal, are kept.
Error asDamage(const Error& error) {
  const bool mayPass = error.reason == "SQLITE_FULL" || error.reason == "SQLITE_READONLY" ||
                       error.reason == "SQLITE_CANTOPEN" || error.reason == "SQLITE_BUSY" ||
                       error.reason == "SQLITE_NOMEM";
  return mayPass ? error : Error{ErrorCode::DataLoss, "JOURNAL_DAMAGED", error.reason};
}

}  // namespace

Result<Salvaged> salvage(const std::string& journalFile, const crypto::SecretKey& key) {
  std::error_code unseen;
  if (!std::filesystem::exists(journalFile, unseen))
    return Error{ErrorCode::DataLoss, "JOURNAL_DAMAGED", "the file is missing"};
  auto database = sql::openSqlite(journalFile, {.readOnly = true});
  if (!database.ok())
    return asDamage(database.error());
  Salvaged salvaged;
  if (auto owner = readOwner(*database, salvaged); !owner.ok())
    return asDamage(owner.error());
  std::map<std::uint64_t, visits::RecordedEvent> events;
  readableRows(*database, "SELECT number, content FROM event", "number", [&](sql::Statement& row) {
    auto event = openEventRow(key, salvaged.device, row.columnId(0), row.columnBlob(1));
    if (event.ok())
      events.emplace(row.columnId(0), std::move(event).value());
  });
  const auto received = receivedEvents(*database);
  std::set<std::uint64_t> wanted;
  for (const auto& [number, recorded] : events) {
    if (received.contains(number))
      continue;
    wanted.insert(number);
    if (const auto* amended = std::get_if<visits::Amended>(&recorded.event.fact))
      wanted.insert(amended->eventNumber);
  }
  for (auto& [number, recorded] : events) {
    if (wanted.contains(number))
      salvaged.events.push_back(std::move(recorded));
  }
  return salvaged;
}

bool isBlank(const std::string& journalFile) {
  auto database = sql::openSqlite(journalFile, {.readOnly = true});
  if (!database.ok())
    return false;
  auto events = database->prepare("SELECT count(*) FROM event");
  if (!events.ok())
    return events.error().reason == "SCHEMA_DAMAGED";  // interrupted before its tables were created
  const auto row = events->step();
  return row.ok() && *row && events->columnInt(0) == 0;
}

}  // namespace doorstep::journal
