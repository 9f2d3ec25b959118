// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "shared/core/bytes.h"
#include "shared/core/strong_id.h"

namespace doorstep::evidence {

// Bytes of an entry that are hashed and signed (docs/sync-protocol.md, "Bytes that are hashed").
// Numbers are big-endian, 8 bytes; the header's length is 4 bytes.
//
//   event salt i   = HKDF-SHA-256(entry salt, info "doorstep/event/v1\n" + i), 16 bytes; i from 0
//   event hash     = SHA-256("doorstep/event/v1\n" + event salt + event number + subject id
//                            + boot ms + wall clock ms + encoded Fact)
//   signed message = "doorstep/entry/v2\n" + device id + length of header + header + event hashes
//   entry hash     = SHA-256(signed message)         previous_hash of the next entry
//   arrival salt   = HKDF-SHA-256(entry salt, info "doorstep/arrival/v1\n"), 16 bytes
//   arrival hash   = SHA-256("doorstep/arrival/v1\n" + arrival salt + received ms + clock reading)
//   leaf data      = "doorstep/leaf/v2\n" + entry hash + arrival hash
//
// Each event and the arrival has a separate salt: a leaf reveals nothing without them, and a
// disclosed event reveals nothing about the others. Thread: any.

constexpr std::size_t kSaltBytes = 16;

// Salts derived from an entry's salt; the entry salt itself is never in a proof.
class EntrySalts {
 public:
  // entrySalt: kSaltBytes long.
  explicit EntrySalts(std::string_view entrySalt);
  std::string ofEvent(std::size_t index) const;
  std::string ofArrival() const;

 private:
  Hash key_;  // HKDF's pseudorandom key
};

// Input of an event hash.
struct HashedEvent {
  std::uint64_t number = 0;
  std::uint64_t subjectId = 0;
  std::uint64_t bootMs = 0;
  std::int64_t wallUnixMs = 0;
  std::string_view fact;  // encoded visit.v1.Fact
};
Hash eventHash(std::string_view salt, const HashedEvent& event);

std::string signedMessage(DeviceId device, std::string_view header, std::span<const Hash> events);
// SHA-256 of the signed message.
Hash entryHash(DeviceId device, std::string_view header, std::span<const Hash> events);

// When an entry arrived: the server's clock, and the encoded sync.v1.ClockReading of the exchange
// that delivered it, empty for entries of the office.
struct Arrival {
  std::int64_t receivedUnixMs = 0;
  std::string clock;
  bool operator==(const Arrival&) const = default;
};
Hash arrivalHash(std::string_view salt, const Arrival& arrival);

std::string leafData(const Hash& entryHash, const Hash& arrivalHash);

}  // namespace doorstep::evidence
