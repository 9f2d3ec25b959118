// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/carer_pseudonyms.h"

#include <string_view>

#include "shared/core/bytes.h"

namespace doorstep::records {
namespace {

constexpr std::size_t kPseudonymBytes = 10;  // no collisions in practice

}  // namespace

const std::string& CarerPseudonyms::of(ContractId contract, CarerId carer) {
  std::string& pseudonym = known_[{contract, carer}];
  if (pseudonym.empty() && carer) {
    const std::string_view key(reinterpret_cast<const char*>(key_.data()), key_.size());
    const crypto::SecretKey derived =
        crypto::deriveKey({key, bigEndian64(contract.value), bigEndian64(carer.value)},
                          "doorstep/carer-pseudonym/v1");
    pseudonym = toHex({reinterpret_cast<const char*>(derived.data()), kPseudonymBytes});
  }
  return pseudonym;
}

}  // namespace doorstep::records
