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
          .wallAheadMs = s.columnInt(6)};
}

}  // namespace

Result<ContactWriter> ContactWriter::prepare(sql::Database& writer) {
  DOORSTEP_ASSIGN(auto upsert,
                  writer.prepare("INSERT INTO device_contact (provider_id, device_id, carer_id, "
                                 "heard_unix_ms, held_n, plan_cursor, wall_ahead_ms) "
                                 "VALUES (?, ?, ?, ?, ?, ?, ?) "
                                 "ON CONFLICT (provider_id, device_id) DO UPDATE SET "
                                 "carer_id = excluded.carer_id, "
                                 "heard_unix_ms = excluded.heard_unix_ms, "
                                 "held_n = excluded.held_n, plan_cursor = excluded.plan_cursor, "
                                 "wall_ahead_ms = excluded.wall_ahead_ms"));
  return ContactWriter(std::move(upsert));
}

Status ContactWriter::write(const DeviceContact& contact) {
  return upsert_.bindId(0, contact.provider.value)
      .bindId(1, contact.device.value)
      .bindId(2, contact.carer.value)
      .bind(3, contact.heardUnixMs)
      .bindId(4, contact.heldN)
      .bindId(5, contact.planCursor)
      .bind(6, contact.wallAheadMs)
      .run();
}

Result<std::vector<DeviceContact>> readContacts(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(auto s,
                  database.prepare("SELECT provider_id, device_id, carer_id, heard_unix_ms, "
                                   "held_n, plan_cursor, wall_ahead_ms "
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
                                   "held_n, plan_cursor, wall_ahead_ms "
                                   "FROM device_contact WHERE provider_id = ? AND device_id = ?"));
  s.bindId(0, provider.value).bindId(1, device.value);
  DOORSTEP_ASSIGN(const bool row, s.step());
  if (!row)
    return std::optional<DeviceContact>();
  return std::optional(contactOf(s));
}

}  // namespace doorstep::event_log
