// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/pseudonyms.h"

#include <string_view>

#include "shared/core/bytes.h"

namespace doorstep::records {
namespace {

constexpr std::size_t kPseudonymBytes = 10;  // no collisions in practice

}  // namespace

std::string Pseudonyms::make(ContractId contract, std::uint64_t id,
                             std::string_view purpose) const {
  const std::string_view key(reinterpret_cast<const char*>(key_.data()), key_.size());
  const crypto::SecretKey derived =
      crypto::deriveKey({key, bigEndian64(contract.value), bigEndian64(id)}, purpose);
  return toHex({reinterpret_cast<const char*>(derived.data()), kPseudonymBytes});
}

const std::string& Pseudonyms::of(ContractId contract, CarerId carer) {
  std::string& pseudonym = carers_[{contract, carer}];
  if (pseudonym.empty() && carer)
    pseudonym = make(contract, carer.value, "doorstep/carer-pseudonym/v1");
  return pseudonym;
}

const std::string& Pseudonyms::of(ContractId contract, PersonId person) {
  std::string& pseudonym = people_[{contract, person}];
  if (pseudonym.empty() && person)
    pseudonym = make(contract, person.value, "doorstep/person-pseudonym/v1");
  return pseudonym;
}

}  // namespace doorstep::records
