// SPDX-License-Identifier: Apache-2.0
// Signed notes, checkpoints, keys of logs and .tlog-proof files.
#include "shared/crypto/keys.h"
#include "shared/evidence/checkpoint.h"
#include "shared/evidence/tiles.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  static const evidence::NoteSigner signer("fuzz.example/log/1",
                                           crypto::Ed25519PrivateKey::generate());
  const std::string_view text = fuzz::Input(bytes, size).rest();
  if (const auto verifier = evidence::NoteVerifier::fromVkey(text); verifier.ok())
    fuzz::require(evidence::NoteVerifier::fromVkey(verifier->vkey()).ok());
  fuzz::require(!evidence::openNote(text, signer.verifier()).ok());
  if (const auto checkpoint = evidence::parseCheckpoint(text); checkpoint.ok()) {
    const auto again = evidence::parseCheckpoint(evidence::checkpointText(*checkpoint));
    fuzz::require(again.ok() && *again == *checkpoint);
  }
  if (const auto proof = evidence::parseTlogProof(text); proof.ok()) {
    fuzz::require(!evidence::verifyTlogProof(*proof, "leaf", signer.verifier()).ok());
    fuzz::require(evidence::parseTlogProof(evidence::writeTlogProof(*proof)).ok());
  }
  return 0;
}
