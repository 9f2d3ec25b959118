// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/core/bytes.h"
#include "shared/core/result.h"
#include "tests/support/replay/replay_rota_api.h"

namespace doorstep::replay {

// Verifies proofs as a council would: from the proof file and the log's verifier key, without trust
// in the server. One log.
class ProofBook {
 public:
  // Errors: PROOF_WRONG, with the mismatch.
  Status add(const doorstep::records::v1::EntryProof& proof, const std::string& logVerifierKey);

  // Number of entries with a verified proof.
  std::uint64_t verified() const { return leaves_.size(); }

  // Size of the log in its signed checkpoint. Reads all its hash tiles, which must give the
  // checkpoint's root and contain each verified entry at its position. A log that was never written
  // is empty. Errors: LOG_WRONG, and the API's.
  Result<std::uint64_t> checkAgainstLog(Api& api, std::uint64_t providerId);

 private:
  Status pinKeys(std::uint64_t device, const std::string& signingKey,
                 const std::string& logVerifierKey);

  std::map<std::uint64_t, Hash> leaves_;              // leaf hash by position
  std::map<std::uint64_t, std::string> signingKeys_;  // by device: the first one seen
  std::string logVerifierKey_;                        // the first one seen
};

}  // namespace doorstep::replay
