// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/checkpoint.h"

#include <algorithm>
#include <optional>

#include "shared/core/decimal.h"
#include "shared/crypto/sha256.h"
#include "shared/evidence/merkle_tree.h"

namespace doorstep::evidence {
namespace {

constexpr std::string_view kSignatureLead = "\xE2\x80\x94 ";  // em dash, space
constexpr char kEd25519Type = '\x01';
constexpr std::string_view kProofLine = "c2sp.org/tlog-proof@v1\n";
constexpr std::size_t kNoteBytesMax = 64 * 1024;
constexpr int kSignaturesMax = 64;
constexpr std::size_t kProofHashesMax = 63;

Error formatError(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}

std::string keyIdOf(std::string_view name, std::string_view typedKey) {
  return std::string(crypto::sha256({name, "\n", typedKey}).view().substr(0, 4));
}

// The next line without its LF; nullopt when there is no LF left.
std::optional<std::string_view> takeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos)
    return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

}  // namespace

bool isNoteName(std::string_view name) {
  return !name.empty() && name.find_first_of(" \t\r\n+") == std::string_view::npos;
}

NoteVerifier::NoteVerifier(std::string name, crypto::Ed25519PublicKey key)
    : name_(std::move(name)), key_(std::move(key)) {
  DOORSTEP_CHECK(isNoteName(name_));
}

Result<NoteVerifier> NoteVerifier::fromVkey(std::string_view vkey) {
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos || !isNoteName(vkey.substr(0, first)))
    return formatError("VKEY_FORMAT", "a verifier key is name+key id+key");
  const auto typedKey = fromBase64(vkey.substr(second + 1));
  if (!typedKey || typedKey->size() != 33 || typedKey->front() != kEd25519Type)
    return formatError("VKEY_FORMAT", "the key is no Ed25519 key");
  const std::string_view name = vkey.substr(0, first);
  if (toHex(keyIdOf(name, *typedKey)) != vkey.substr(first + 1, second - first - 1))
    return formatError("VKEY_FORMAT", "the key id does not belong to name and key");
  DOORSTEP_ASSIGN(auto key, crypto::Ed25519PublicKey::fromRaw(typedKey->substr(1)));
  return NoteVerifier(std::string(name), std::move(key));
}

std::string NoteVerifier::keyId() const { return keyIdOf(name_, kEd25519Type + key_.raw()); }

std::string NoteVerifier::vkey() const {
  return name_ + "+" + toHex(keyId()) + "+" + toBase64(kEd25519Type + key_.raw());
}

NoteSigner::NoteSigner(std::string name, crypto::Ed25519PrivateKey key)
    : key_(std::move(key)), verifier_(std::move(name), key_.publicKey()) {}

std::string writeNote(std::string_view text, const NoteVerifier& signer,
                      std::string_view signature) {
  std::string note(text);
  note += "\n";
  note += kSignatureLead;
  note += signer.name() + " " + toBase64(signer.keyId() + std::string(signature)) + "\n";
  return note;
}

Result<std::string> openNote(std::string_view note, const NoteVerifier& verifier) {
  if (note.size() > kNoteBytesMax)
    return formatError("NOTE_FORMAT", "the note is too long");
  if (std::any_of(note.begin(), note.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; }))
    return formatError("NOTE_FORMAT", "the note has control characters");
  const std::size_t blank = note.rfind("\n\n");
  if (blank == std::string_view::npos)
    return formatError("NOTE_FORMAT", "no blank line ends the text");
  const std::string_view text = note.substr(0, blank + 1);
  std::string_view lines = note.substr(blank + 2);
  bool verified = false;
  int count = 0;
  while (!lines.empty()) {
    const auto line = takeLine(lines);
    if (!line || !line->starts_with(kSignatureLead) || ++count > kSignaturesMax)
      return formatError("NOTE_FORMAT", "a signature line is not written as one");
    const std::string_view rest = line->substr(kSignatureLead.size());
    const std::size_t space = rest.find(' ');
    if (space == std::string_view::npos || !isNoteName(rest.substr(0, space)))
      return formatError("NOTE_FORMAT", "a signature line has no name");
    const auto bytes = fromBase64(rest.substr(space + 1));
    if (!bytes || bytes->size() < 5)
      return formatError("NOTE_FORMAT", "a signature is not base64");
    if (rest.substr(0, space) != verifier.name() || bytes->substr(0, 4) != verifier.keyId())
      continue;
    if (!verifier.verify(text, bytes->substr(4)))
      return formatError("NOTE_SIGNATURE", "the signature does not fit the text");
    verified = true;
  }
  if (!verified)
    return formatError("NOTE_SIGNATURE", "the expected signer did not sign");
  return std::string(text);
}

std::string checkpointText(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" +
         toBase64(checkpoint.root.view()) + "\n";
}

Result<Checkpoint> parseCheckpoint(std::string_view text) {
  const auto origin = takeLine(text);
  const auto size = takeLine(text);
  const auto root = takeLine(text);
  if (!origin || origin->empty() || !size || !root)
    return formatError("CHECKPOINT_FORMAT", "a checkpoint has three lines");
  const auto number = parseDecimal(*size);
  if (!number)
    return formatError("CHECKPOINT_FORMAT", "the size is no plain number");
  const auto bytes = fromBase64(*root);
  if (!bytes)
    return formatError("CHECKPOINT_FORMAT", "the root is not base64");
  const auto hash = hashFromBytes(*bytes);
  if (!hash)
    return formatError("CHECKPOINT_FORMAT", "the root is no hash");
  return Checkpoint{std::string(*origin), *number, *hash};
}

std::string writeTlogProof(const TlogProof& proof) {
  std::string text(kProofLine);
  if (!proof.extra.empty())
    text += "extra " + toBase64(proof.extra) + "\n";
  text += "index " + std::to_string(proof.position) + "\n";
  for (const Hash& hash : proof.hashes)
    text += toBase64(hash.view()) + "\n";
  return text + "\n" + proof.checkpointNote;
}

Result<TlogProof> parseTlogProof(std::string_view text) {
  const auto error = [](const char* what) { return formatError("TLOG_PROOF_FORMAT", what); };
  if (!text.starts_with(kProofLine))
    return error("the first line is not that of a proof");
  text.remove_prefix(kProofLine.size());
  TlogProof proof;
  auto line = takeLine(text);
  if (line && line->starts_with("extra ")) {
    auto extra = fromBase64(line->substr(6));
    if (!extra)
      return error("the extra line is not base64");
    proof.extra = std::move(extra).value();
    line = takeLine(text);
  }
  if (!line || !line->starts_with("index "))
    return error("the index line is missing");
  const auto position = parseDecimal(line->substr(6));
  if (!position)
    return error("the index is no plain number");
  proof.position = *position;
  for (line = takeLine(text); line && !line->empty(); line = takeLine(text)) {
    const auto bytes = fromBase64(*line);
    if (!bytes || proof.hashes.size() == kProofHashesMax)
      return error("a hash line is not base64, or there are too many");
    const auto hash = hashFromBytes(*bytes);
    if (!hash)
      return error("a hash has not 32 bytes");
    proof.hashes.push_back(*hash);
  }
  if (!line)
    return error("no empty line ends the hashes");
  proof.checkpointNote = text;
  return proof;
}

Status verifyTlogProof(const TlogProof& proof, std::string_view leafData, const NoteVerifier& log) {
  DOORSTEP_ASSIGN(const std::string text, openNote(proof.checkpointNote, log));
  DOORSTEP_ASSIGN(const Checkpoint checkpoint, parseCheckpoint(text));
  if (checkpoint.origin != log.name())
    return formatError("CHECKPOINT_FORMAT", "the checkpoint is of another log");
  return verifyInclusion(leafHash(leafData), proof.position, checkpoint.size, proof.hashes,
                         checkpoint.root);
}

}  // namespace doorstep::evidence
