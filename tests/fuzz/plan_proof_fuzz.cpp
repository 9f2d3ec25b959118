// SPDX-License-Identifier: Apache-2.0
// The proofs of what a visit is judged by, as a stranger's program reads them: a
// GetPlanProofsResponse with the log's own key in it.
#include "shared/wire/plan_proof.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  records::v1::GetPlanProofsResponse given;
  if (!given.ParseFromArray(bytes, static_cast<int>(size)))
    return 0;
  const auto log = evidence::NoteVerifier::fromVkey(given.log_verifier_key());
  if (!log.ok())
    return 0;
  for (const auto& proof : given.visits()) {
    const auto read = wire::readPlanVisitProof(proof, *log);
    fuzz::require(!read.ok() || read->decision.position < read->decision.logSize);
    fuzz::require(!read.ok() || read->showsCarers || read->visit.slots.empty());
  }
  for (const auto& proof : given.terms()) {
    const auto read = wire::readTermsProof(proof, *log);
    fuzz::require(!read.ok() || read->decision.position < read->decision.logSize);
  }
  const auto rules = wire::readRulesProof(given.rules(), *log);
  fuzz::require(!rules.ok() || rules->decision.position < rules->decision.logSize);
  return 0;
}
