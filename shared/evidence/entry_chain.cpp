// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/entry_chain.h"

#include "shared/crypto/sha256.h"

namespace doorstep::evidence {
namespace {

constexpr std::string_view kEvent = "doorstep/event/v1\n";
constexpr std::string_view kEntry = "doorstep/entry/v2\n";
constexpr std::string_view kArrival = "doorstep/arrival/v1\n";
constexpr std::string_view kLeaf = "doorstep/leaf/v2\n";

std::string bigEndian32(std::size_t value) { return bigEndian64(value).substr(4); }

}  // namespace

// RFC 5869 with a salt of zeros; one block of output is enough.
EntrySalts::EntrySalts(std::string_view entrySalt)
    : key_(crypto::hmacSha256(std::string(sizeof(Hash::bytes), '\0'), {entrySalt})) {}

std::string EntrySalts::ofEvent(std::size_t index) const {
  const Hash block = crypto::hmacSha256(key_.view(), {kEvent, bigEndian64(index), "\x01"});
  return std::string(block.view().substr(0, kSaltBytes));
}

std::string EntrySalts::ofArrival() const {
  const Hash block = crypto::hmacSha256(key_.view(), {kArrival, "\x01"});
  return std::string(block.view().substr(0, kSaltBytes));
}

Hash eventHash(std::string_view salt, const HashedEvent& event) {
  return crypto::sha256({kEvent, salt, bigEndian64(event.number), bigEndian64(event.subjectId),
                         bigEndian64(event.bootMs),
                         bigEndian64(static_cast<std::uint64_t>(event.wallUnixMs)), event.fact});
}

std::string signedMessage(DeviceId device, std::string_view header, std::span<const Hash> events) {
  std::string message(kEntry);
  message.reserve(kEntry.size() + 12 + header.size() + events.size() * sizeof(Hash::bytes));
  message += bigEndian64(device.value);
  message += bigEndian32(header.size());
  message += header;
  for (const Hash& event : events)
    message += event.view();
  return message;
}

Hash entryHash(DeviceId device, std::string_view header, std::span<const Hash> events) {
  return crypto::sha256(signedMessage(device, header, events));
}

Hash arrivalHash(std::string_view salt, const Arrival& arrival) {
  return crypto::sha256({kArrival, salt,
                         bigEndian64(static_cast<std::uint64_t>(arrival.receivedUnixMs)),
                         arrival.clock});
}

std::string leafData(const Hash& entryHash, const Hash& arrivalHash) {
  return std::string(kLeaf).append(entryHash.view()).append(arrivalHash.view());
}

}  // namespace doorstep::evidence
