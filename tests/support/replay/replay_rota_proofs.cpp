// SPDX-License-Identifier: Apache-2.0
#include "tests/support/replay/replay_rota_proofs.h"

#include "shared/evidence/checkpoint.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/evidence/tiles.h"
#include "shared/wire/proof_extra.h"

namespace doorstep::replay {
namespace {

namespace records = doorstep::records::v1;

Error wrong(const std::string& what) { return {ErrorCode::DataLoss, "PROOF_WRONG", what}; }
Error logWrong(const std::string& what) { return {ErrorCode::DataLoss, "LOG_WRONG", what}; }

}  // namespace

Status ProofBook::pinKeys(std::uint64_t device, const std::string& signingKey,
                          const std::string& logVerifierKey) {
  if (logVerifierKey_.empty())
    logVerifierKey_ = logVerifierKey;
  const auto [pinned, isNew] = signingKeys_.emplace(device, signingKey);
  if (pinned->second != signingKey || logVerifierKey_ != logVerifierKey)
    return wrong("a key changed between two proofs");
  return kDone;
}

Status ProofBook::add(const records::EntryProof& entry, const std::string& logVerifierKey) {
  DOORSTEP_ASSIGN(const auto proof, evidence::parseTlogProof(entry.tlog_proof()));
  DOORSTEP_ASSIGN(const auto shown, wire::readProofExtra(proof.extra));
  if (shown.device.value != entry.device_id() || !shown.entry || shown.entry->n != entry.n())
    return wrong("the extra line does not hold the device's entry");
  if (proof.position != entry.position())
    return wrong("the position in the file is another");
  DOORSTEP_TRY(pinKeys(shown.device.value, shown.signingKeySpki, logVerifierKey));
  DOORSTEP_ASSIGN(const auto log, evidence::NoteVerifier::fromVkey(logVerifierKey));
  DOORSTEP_TRY(evidence::verifyTlogProof(proof, shown.leafData, log));
  const Hash hash = evidence::leafHash(shown.leafData);
  const auto [known, isNew] = leaves_.emplace(proof.position, hash);
  if (known->second != hash)
    return wrong("two entries at one position");
  return kDone;
}

Result<std::uint64_t> ProofBook::checkAgainstLog(Api& api, std::uint64_t providerId) {
  const std::string prefix = "/log/" + std::to_string(providerId) + "/";
  const auto note = api.get(prefix + "checkpoint");
  if (!note.ok() && note.error().code == ErrorCode::NotFound && leaves_.empty())
    return std::uint64_t{0};
  if (!note.ok())
    return note.error();
  if (logVerifierKey_.empty())
    return leaves_.empty() ? Result<std::uint64_t>(std::uint64_t{0}) : logWrong("no verifier key");
  DOORSTEP_ASSIGN(const auto verifier, evidence::NoteVerifier::fromVkey(logVerifierKey_));
  DOORSTEP_ASSIGN(const std::string text, evidence::openNote(*note, verifier));
  DOORSTEP_ASSIGN(const auto checkpoint, evidence::parseCheckpoint(text));
  evidence::Frontier frontier;
  while (frontier.size() < checkpoint.size) {
    evidence::TilePath path;
    path.index = frontier.size() / evidence::kTileWidth;
    path.width = static_cast<std::uint32_t>(
        std::min<std::uint64_t>(evidence::kTileWidth, checkpoint.size - frontier.size()));
    DOORSTEP_ASSIGN(const std::string tile, api.get(prefix + evidence::writeTilePath(path)));
    if (tile.size() != path.width * sizeof(Hash))
      return logWrong("a tile has another width than its name");
    for (std::size_t at = 0; at < tile.size(); at += sizeof(Hash)) {
      DOORSTEP_ASSIGN(const Hash leaf,
                      hashFromBytes(std::string_view(tile).substr(at, sizeof(Hash))));
      const auto proved = leaves_.find(frontier.size());
      if (proved != leaves_.end() && proved->second != leaf)
        return logWrong("a tile holds another leaf than a proof");
      frontier.append(leaf);
    }
  }
  if (frontier.root() != checkpoint.root)
    return logWrong("the tiles do not give the checkpoint's root");
  return checkpoint.size;
}

}  // namespace doorstep::replay
