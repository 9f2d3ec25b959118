// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::event_log {

// A device's last contact and its state then. One row per device. Not derived from the log, since
// an exchange without entries is a contact too, so `rebuild` leaves it unchanged.
struct DeviceContact {
  ProviderId provider;
  DeviceId device;
  CarerId carer;
  std::int64_t heardUnixMs = 0;
  std::uint64_t heldN = 0;       // highest n held by the server then
  std::uint64_t planCursor = 0;  // of the plan applied by the device
  std::int64_t wallAheadMs = 0;  // device's wall clock minus the server's; 0 when it sent none
  // Encoded sync.v1.Formats, as last received; may be empty. Absent: never received (when writing:
  // no change).
  std::optional<std::string> formats = std::nullopt;
};

// Called after the commit is durable, on the writer thread: the board clears "silent".
class ContactObserver {
 public:
  virtual ~ContactObserver() = default;
  virtual void heard(std::span<const DeviceContact> contacts) = 0;
};

// Used only by the commit pipeline, in its transaction. Thread: the writer.
class ContactWriter {
 public:
  static Result<ContactWriter> prepare(sql::Database& writer);
  // Returns whether the device has ever sent its formats, including in this contact.
  Result<bool> write(const DeviceContact& contact);

 private:
  explicit ContactWriter(sql::Statement upsert) : upsert_(std::move(upsert)) {}
  sql::Statement upsert_;
};

// Reads; any connection. Thread: the connection's.
Result<std::vector<DeviceContact>> readContacts(sql::Database& database, ProviderId provider);
Result<std::optional<DeviceContact>> readContact(sql::Database& database, ProviderId provider,
                                                 DeviceId device);

}  // namespace doorstep::event_log
