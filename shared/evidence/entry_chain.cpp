// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/entry_chain.h"

#include "shared/crypto/sha256.h"

namespace doorstep::evidence {
namespace {

constexpr std::string_view kEntryDomain = "doorstep/entry/v1\n";
constexpr std::string_view kLeafDomain = "doorstep/leaf/v1\n";

}  // namespace

std::string signedMessage(DeviceId device, std::string_view entry) {
  std::string message(kEntryDomain);
  message += bigEndian64(device.value);
  message += entry;
  return message;
}

Hash entryHash(DeviceId device, std::string_view entry) {
  return crypto::sha256({kEntryDomain, bigEndian64(device.value), entry});
}

std::string leafData(const Hash& entryHash) {
  std::string data(kLeafDomain);
  data += entryHash.view();
  return data;
}

}  // namespace doorstep::evidence
