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

// When a device was last heard and what it had then. One row a device; not derived from the log (an
// exchange without entries is a contact too), so `rebuild` leaves it alone.
struct DeviceContact {
  ProviderId provider;
  DeviceId device;
  CarerId carer;
  std::int64_t heardUnixMs = 0;
  std::uint64_t heldN = 0;       // highest n that the server held then
  std::uint64_t planCursor = 0;  // of the plan that the device had applied
  std::int64_t wallAheadMs = 0;  // device's wall clock minus the server's; 0 when it sent none
  // Encoded sync.v1.Formats as it last said; empty: what it said was none. Absent: it has not said
  // (as written: says nothing new).
  std::optional<std::string> formats = std::nullopt;
};

// Told after the commit is durable, on the writer thread: the board turns "silent" into "heard".
class ContactObserver {
 public:
  virtual ~ContactObserver() = default;
  virtual void heard(std::span<const DeviceContact> contacts) = 0;
};

// Used by the commit pipeline alone, in its transaction. Thread: the writer.
class ContactWriter {
 public:
  static Result<ContactWriter> prepare(sql::Database& writer);
  // Whether the device has ever said what it reads, this contact included.
  Result<bool> write(const DeviceContact& contact);

 private:
  explicit ContactWriter(sql::Statement upsert) : upsert_(std::move(upsert)) {}
  sql::Statement upsert_;
};

// Reads from any connection.
Result<std::vector<DeviceContact>> readContacts(sql::Database& database, ProviderId provider);
Result<std::optional<DeviceContact>> readContact(sql::Database& database, ProviderId provider,
                                                 DeviceId device);

}  // namespace doorstep::event_log
