// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/checkpoint.h"

#include <catch2/catch.hpp>

#include "shared/evidence/merkle_tree.h"
#include "tests/unit/shared/evidence/whole_tree.h"

using namespace doorstep;
using namespace doorstep::evidence;
using doorstep::tests::WholeTree;

namespace {

const NoteSigner& signer() {
  static const NoteSigner made("care.example/log/7", crypto::Ed25519PrivateKey::generate());
  return made;
}

std::string signedNote(std::string_view text) {
  return writeNote(text, signer().verifier(), signer().sign(text));
}

}  // namespace

TEST_CASE("a verifier key is written and read back, and a wrong key id is refused") {
  const std::string vkey = signer().verifier().vkey();
  const auto read = NoteVerifier::fromVkey(vkey);
  REQUIRE(read.ok());
  CHECK(read->vkey() == vkey);
  std::string altered = vkey;
  altered[vkey.find('+') + 1] = altered[vkey.find('+') + 1] == '0' ? '1' : '0';
  CHECK(NoteVerifier::fromVkey(altered).error().reason == "VKEY_FORMAT");
  CHECK_FALSE(NoteVerifier::fromVkey("PeterNeumann").ok());
}

TEST_CASE("the published verifier key of the Go checksum database is read") {
  CHECK(
      NoteVerifier::fromVkey("sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
          .ok());
}

TEST_CASE("a note opens for its signer and for nobody else") {
  const std::string text =
      "If you think cryptography is the answer to your problem,\nthen you do not know it.\n";
  const std::string note = signedNote(text);
  CHECK(*openNote(note, signer().verifier()) == text);
  std::string altered = note;
  altered[3] ^= 1;
  CHECK(openNote(altered, signer().verifier()).error().reason == "NOTE_SIGNATURE");
  const NoteSigner stranger("care.example/log/7", crypto::Ed25519PrivateKey::generate());
  CHECK(openNote(note, stranger.verifier()).error().reason == "NOTE_SIGNATURE");
}

TEST_CASE("lines of unknown signers are skipped") {
  const NoteSigner witness("witness.example", crypto::Ed25519PrivateKey::generate());
  const std::string text = "text\n";
  std::string note = signedNote(text);
  const std::string other = writeNote(text, witness.verifier(), witness.sign(text));
  note += other.substr(other.rfind("\n\n") + 2);
  CHECK(openNote(note, signer().verifier()).ok());
  CHECK(openNote(note, witness.verifier()).ok());
}

TEST_CASE("what is not a note is refused") {
  for (const char* bad : {"", "text", "text\n", "text\n\n", "te\x01xt\n\n\xE2\x80\x94 a aaaaaaaa\n",
                          "text\n\n- a b\n"})
    CHECK_FALSE(openNote(bad, signer().verifier()).ok());
}

TEST_CASE("a checkpoint is written as the format has it") {
  const Checkpoint checkpoint{"example.com/behind-the-sofa", 20852163, emptyRoot()};
  const std::string text = checkpointText(checkpoint);
  CHECK(text ==
        "example.com/behind-the-sofa\n20852163\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  CHECK(*parseCheckpoint(text) == checkpoint);
  CHECK(parseCheckpoint(text + "an extension\n").ok());
  CHECK(parseCheckpoint("a\n020\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n").error().reason ==
        "CHECKPOINT_FORMAT");
  CHECK_FALSE(parseCheckpoint("a\n20\nAAAA\n").ok());
}

TEST_CASE("a proof file is written, read back, verified, and refused for an altered record") {
  const WholeTree tree(20);
  TlogProof proof;
  proof.extra = "what belongs to it";
  proof.position = 13;
  proof.hashes = *inclusionProof(13, 20, tree.hashes());
  proof.checkpointNote = signedNote(checkpointText({"care.example/log/7", 20, tree.root(20)}));
  const auto read = parseTlogProof(writeTlogProof(proof));
  REQUIRE(read.ok());
  CHECK(read->extra == proof.extra);
  CHECK(read->hashes == proof.hashes);
  CHECK(verifyTlogProof(*read, "history13", signer().verifier()).ok());
  CHECK(verifyTlogProof(*read, "history14", signer().verifier()).error().reason == "PROOF_ROOT");
  const std::string written = writeTlogProof(proof);
  CHECK(parseTlogProof(written.substr(1)).error().reason == "TLOG_PROOF_FORMAT");
}
