// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "shared/core/strong_id.h"
#include "shared/crypto/sealing.h"

namespace doorstep::records {

// Pseudonyms of carers and of people who are cared for, for a council: stable within a contract, so
// that continuity can be counted, but neither linkable between contracts nor reversible without the
// server's key. 20 hex digits. Thread: its owner's.
class Pseudonyms {
 public:
  explicit Pseudonyms(const crypto::SecretKey& key) : key_(key) {}

  // Empty without a carer.
  const std::string& of(ContractId contract, CarerId carer);
  const std::string& of(ContractId contract, PersonId person);

 private:
  std::string make(ContractId contract, std::uint64_t id, std::string_view purpose) const;

  crypto::SecretKey key_;
  std::map<std::pair<ContractId, CarerId>, std::string> carers_;
  std::map<std::pair<ContractId, PersonId>, std::string> people_;
};

}  // namespace doorstep::records
