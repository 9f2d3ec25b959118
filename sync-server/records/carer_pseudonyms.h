// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>

#include "shared/core/strong_id.h"
#include "shared/crypto/sealing.h"

namespace doorstep::records {

// A carer's pseudonym for a council: stable within a contract, so that continuity can be counted,
// but neither linkable between contracts nor reversible without the server's key. 20 hex digits.
// Thread: its owner's.
class CarerPseudonyms {
 public:
  explicit CarerPseudonyms(const crypto::SecretKey& key) : key_(key) {}

  // Empty without a carer.
  const std::string& of(ContractId contract, CarerId carer);

 private:
  crypto::SecretKey key_;
  std::map<std::pair<ContractId, CarerId>, std::string> known_;
};

}  // namespace doorstep::records
