// SPDX-License-Identifier: Apache-2.0
#include "app/journal/event_row.h"

#include <utility>

#include "shared/core/bytes.h"
#include "shared/wire/entry_codec.h"

namespace doorstep::journal {
namespace {

constexpr std::size_t kSaltBytes = 16;

}  // namespace

std::string rowContext(const char* kind, DeviceId device, std::uint64_t number) {
  return std::string("doorstep/journal/v1/") + kind + bigEndian64(device.value) +
         bigEndian64(number);
}

std::string encodeEventAlone(const visits::RecordedEvent& recorded) {
  visits::Entry entry;
  entry.n = 1;
  entry.salt.assign(kSaltBytes, '\0');
  entry.boot = recorded.boot;
  entry.events.push_back(recorded.event);
  return wire::encodeEntry(entry);
}

Result<visits::RecordedEvent> openEventRow(const crypto::SecretKey& key, DeviceId device,
                                           std::uint64_t number, std::string_view sealed) {
  DOORSTEP_ASSIGN(const std::string plain,
                  crypto::open(key, rowContext("event", device, number), sealed));
  DOORSTEP_ASSIGN(wire::DecodedEntry decoded, wire::decodeEntry(plain));
  if (decoded.entry.events.size() != 1 || decoded.entry.events[0].number != number)
    return Error{ErrorCode::DataLoss, "JOURNAL_DAMAGED", "an event is not what its row says"};
  visits::RecordedEvent recorded;
  recorded.device = device;
  recorded.boot = decoded.entry.boot;
  recorded.event = std::move(decoded.entry.events[0]);
  return recorded;
}

}  // namespace doorstep::journal
