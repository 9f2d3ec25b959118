// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/crypto/keys.h"

namespace doorstep::evidence {

// C2SP signed-note v1.0.0 with Ed25519, and tlog-checkpoint v1.0.0. Thread: any.

// Whether the name is valid for a signer: not empty, no blank, no plus.
bool isNoteName(std::string_view name);

// Name and public key of a note's signer: "name+hex key id+base64(0x01 + key)" (vkey).
class NoteVerifier {
 public:
  static Result<NoteVerifier> fromVkey(std::string_view vkey);
  NoteVerifier(std::string name, crypto::Ed25519PublicKey key);

  const std::string& name() const { return name_; }
  std::string keyId() const;  // 4 bytes
  std::string vkey() const;
  bool verify(std::string_view text, std::string_view signature) const {
    return key_.verify(text, signature);
  }

 private:
  std::string name_;
  crypto::Ed25519PublicKey key_;
};

class NoteSigner {
 public:
  NoteSigner(std::string name, crypto::Ed25519PrivateKey key);
  // The 64-byte signature over the text only.
  std::string sign(std::string_view text) const { return key_.sign(text); }
  const NoteVerifier& verifier() const { return verifier_; }

 private:
  crypto::Ed25519PrivateKey key_;
  NoteVerifier verifier_;
};

// Text, blank line, one signature line.
std::string writeNote(std::string_view text, const NoteVerifier& signer,
                      std::string_view signature);
// Returns the text of a note signed by the verifier; signatures of other signers are skipped.
// Errors: NOTE_FORMAT, NOTE_SIGNATURE.
Result<std::string> openNote(std::string_view note, const NoteVerifier& verifier);

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root;

  bool operator==(const Checkpoint&) const = default;
};
std::string checkpointText(const Checkpoint& checkpoint);
// Error CHECKPOINT_FORMAT; extension lines are skipped.
Result<Checkpoint> parseCheckpoint(std::string_view text);

// c2sp.org/tlog-proof@v1.
struct TlogProof {
  std::string extra;  // may be empty
  std::uint64_t position = 0;
  std::vector<Hash> hashes;
  std::string checkpointNote;
};
std::string writeTlogProof(const TlogProof& proof);
// Error TLOG_PROOF_FORMAT.
Result<TlogProof> parseTlogProof(std::string_view text);
// Checks the log's signature and the inclusion of the leaf data in the signed tree.
Status verifyTlogProof(const TlogProof& proof, std::string_view leafData, const NoteVerifier& log);

}  // namespace doorstep::evidence
