// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/contacts.h"

#include "shared/core/time_range.h"

namespace doorstep::event_log {
namespace {

DeviceContact contactOf(const sql::Statement& s) {
  return {.provider = ProviderId(s.columnId(0)),
          .device = DeviceId(s.columnId(1)),
          .carer = CarerId(s.columnId(2)),
          .heardUnixMs = clampUnixMs(s.columnInt(3)),
          .heldN = s.columnId(4),
          .planCursor = s.columnId(5),
          .wallAheadMs = s.columnInt(6),
          .formats = s.columnIsNull(7) ? std::nullopt : std::optional(s.columnBlob(7))};
}

}  // namespace

Result<ContactWriter> ContactWriter::prepare(sql::Database& writer) {
  DOORSTEP_ASSIGN(auto upsert,
                  writer.prepare("INSERT INTO device_contact (provider_id, device_id, carer_id, "
                                 "heard_unix_ms, held_n, plan_cursor, wall_ahead_ms, formats) "
                                 "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                                 "ON CONFLICT (provider_id, device_id) DO UPDATE SET "
                                 "carer_id = excluded.carer_id, "
                                 "heard_unix_ms = excluded.heard_unix_ms, "
                                 "held_n = excluded.held_n, plan_cursor = excluded.plan_cursor, "
                                 "wall_ahead_ms = excluded.wall_ahead_ms, "
                                 "formats = coalesce(excluded.formats, device_contact.formats) "
                                 "RETURNING formats"));
  return ContactWriter(std::move(upsert));
}

Result<bool> ContactWriter::write(const DeviceContact& contact) {
  upsert_.bindId(0, contact.provider.value)
      .bindId(1, contact.device.value)
      .bindId(2, contact.carer.value)
      .bind(3, contact.heardUnixMs)
      .bindId(4, contact.heldN)
      .bindId(5, contact.planCursor)
      .bind(6, contact.wallAheadMs);
  if (contact.formats)
    upsert_.bindBlob(7, *contact.formats);
  const auto row = upsert_.step();
  // Checked here: SQLite 3.40 returns true for `RETURNING formats IS NOT NULL` in any case.
  const bool hasSaid = row.ok() && *row && !upsert_.columnIsNull(0);
  upsert_.reset();
  if (!row.ok())
    return row.error();
  return hasSaid;
}

Result<std::vector<DeviceContact>> readContacts(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(auto s,
                  database.prepare("SELECT provider_id, device_id, carer_id, heard_unix_ms, "
                                   "held_n, plan_cursor, wall_ahead_ms, formats "
                                   "FROM device_contact WHERE provider_id = ? ORDER BY device_id"));
  s.bindId(0, provider.value);
  std::vector<DeviceContact> contacts;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, s.step());
    if (!row)
      return contacts;
    contacts.push_back(contactOf(s));
  }
}

Result<std::optional<DeviceContact>> readContact(sql::Database& database, ProviderId provider,
                                                 DeviceId device) {
  DOORSTEP_ASSIGN(auto s,
                  database.prepare("SELECT provider_id, device_id, carer_id, heard_unix_ms, "
                                   "held_n, plan_cursor, wall_ahead_ms, formats "
                                   "FROM device_contact WHERE provider_id = ? AND device_id = ?"));
  s.bindId(0, provider.value).bindId(1, device.value);
  DOORSTEP_ASSIGN(const bool row, s.step());
  if (!row)
    return std::optional<DeviceContact>();
  return std::optional(contactOf(s));
}

}  // namespace doorstep::event_log
