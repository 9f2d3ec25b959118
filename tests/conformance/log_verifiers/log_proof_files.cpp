// SPDX-License-Identifier: Apache-2.0
// log_proof_files write FOLDER: proofs as our logs give them, for another implementation to read.
// log_proof_files read FOLDER: accepts the proofs that another implementation wrote, refuses
// altered ones.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "shared/crypto/sha256.h"
#include "shared/evidence/checkpoint.h"
#include "shared/evidence/entry_chain.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/evidence/tiles.h"

namespace {

using namespace doorstep;
using namespace doorstep::evidence;
namespace fs = std::filesystem;

constexpr std::uint64_t kLogSize = 1000;
constexpr std::uint64_t kPositions[] = {0, 1, 2, 254, 255, 256, 511, 512, 777, 998, 999};
constexpr std::uint64_t kOldSizes[] = {1, 2, 3, 255, 256, 257, 512, 767, 768, 900, 999, 1000};

std::string leafOf(std::uint64_t position) {
  return leafData(entryHash(DeviceId{7}, "header " + std::to_string(position), {}),
                  arrivalHash(std::string(kSaltBytes, 's'), {1'000, "clock"}));
}

Result<Hash> subtreeHash(const Subtree& subtree) {
  if (subtree.level == 0)
    return leafHash(leafOf(subtree.index));
  DOORSTEP_ASSIGN(const Hash left, subtreeHash({subtree.level - 1, subtree.index * 2}));
  DOORSTEP_ASSIGN(const Hash right, subtreeHash({subtree.level - 1, subtree.index * 2 + 1}));
  return nodeHash(left, right);
}

std::string signedCheckpoint(const NoteSigner& log, std::uint64_t size) {
  Frontier frontier;
  for (std::uint64_t position = 0; position < size; ++position)
    frontier.append(leafHash(leafOf(position)));
  const std::string text = checkpointText({log.verifier().name(), size, frontier.root()});
  return writeNote(text, log.verifier(), log.sign(text));
}

void writeFile(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::string readFile(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

void writeAll(const fs::path& folder) {
  const NoteSigner log("care.example/log/7", crypto::Ed25519PrivateKey::generate());
  writeFile(folder / "vkey", log.verifier().vkey());
  const std::string head = signedCheckpoint(log, kLogSize);
  for (const std::uint64_t position : kPositions) {
    TlogProof proof;
    proof.extra = position % 2 == 0 ? "" : "what belongs to it";
    proof.position = position;
    proof.hashes = inclusionProof(position, kLogSize, subtreeHash).value();
    proof.checkpointNote = head;
    writeFile(folder / (std::to_string(position) + ".tlog-proof"), writeTlogProof(proof));
    writeFile(folder / (std::to_string(position) + ".leaf"), leafOf(position));
  }
  for (const std::uint64_t oldSize : kOldSizes) {
    std::string text = signedCheckpoint(log, oldSize) + '\0' + head + '\0';
    const std::vector<Hash> proof = consistencyProof(oldSize, kLogSize, subtreeHash).value();
    for (const Hash& hash : proof)
      text += toBase64(hash.view()) + "\n";
    writeFile(folder / (std::to_string(oldSize) + ".consistency"), text);
  }
  std::string paths;
  for (const TilePath& tile :
       {TilePath{false, 0, 0, 256}, TilePath{false, 0, 273, 112}, TilePath{false, 1, 1, 17},
        TilePath{false, 2, 0, 1}, TilePath{false, 0, 999, 256}, TilePath{false, 0, 1000, 256},
        TilePath{false, 3, 1'234'067, 255}})
    paths += std::to_string(tile.level) + " " + std::to_string(tile.index) + " " +
             std::to_string(tile.width) + " " + writeTilePath(tile) + "\n";
  writeFile(folder / "tile-paths", paths);
}

int readAll(const fs::path& folder) {
  const auto log = NoteVerifier::fromVkey(readFile(folder / "vkey"));
  int accepted = 0;
  int wrong = log.ok() ? 0 : 1;
  for (const fs::directory_entry& file : fs::directory_iterator(folder)) {
    if (!log.ok() || file.path().extension() != ".tlog-proof")
      continue;
    const auto proof = parseTlogProof(readFile(file.path()));
    const std::string leaf = readFile(fs::path(file.path()).replace_extension(".leaf"));
    if (!proof.ok() || !verifyTlogProof(*proof, leaf, *log).ok() ||
        verifyTlogProof(*proof, leaf + "x", *log).ok()) {
      std::fprintf(stderr, "log_proof_files: %s\n", file.path().filename().c_str());
      ++wrong;
    } else {
      ++accepted;
    }
  }
  std::printf("%d proofs of another implementation accepted, altered records refused\n", accepted);
  return accepted > 0 && wrong == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view command = argc == 3 ? argv[1] : "";
  if (command == "read")
    return readAll(argv[2]);
  if (command != "write")
    return 2;
  writeAll(argv[2]);
  return 0;
}
