// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/bundle.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include "shared/crypto/sha256.h"
#include "shared/visits/measure_files/text_file.h"
#include "tools/verify/limits.h"

namespace doorstep::verify {
namespace {

namespace fs = std::filesystem;
namespace pb = doorstep::records::v1;

constexpr const char* kManifest = "manifest.json";
constexpr const char* kSchema = "doorstep-bundle/1";
constexpr std::size_t kChunkBytes = 1024 * 1024;

Error manifestFault(const std::string& message) {
  return {ErrorCode::InvalidArgument, "FILE_FAULT", std::string(kManifest) + ":1:1: " + message};
}

// Of names that a bundle has: nothing that could lead out of its folder.
bool isFileName(const std::string& name) {
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '/';
  });
  return plain && !name.empty() && name.size() <= kFileNameBytesMax && name.front() != '/' &&
         name.back() != '/' && name.find("..") == std::string::npos &&
         name.find("//") == std::string::npos && name.find("/.") == std::string::npos;
}

// nullopt: it is not there or cannot be read.
std::optional<std::pair<std::uint64_t, std::string>> hashOf(const fs::path& path) {
  std::error_code failed;
  if (!fs::is_regular_file(path, failed))
    return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  crypto::Sha256 hash;
  std::uint64_t bytes = 0;
  std::string chunk(kChunkBytes, '\0');
  while (file) {
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    hash.add(std::string_view(chunk).substr(0, static_cast<std::size_t>(file.gcount())));
    bytes += static_cast<std::uint64_t>(file.gcount());
  }
  if (!file.eof())
    return std::nullopt;
  return std::pair(bytes, toHex(hash.hash().view()));
}

}  // namespace

Result<Bundle> Bundle::open(const fs::path& folder, const std::vector<std::string>& knownKeys,
                            Findings& findings) {
  Bundle bundle;
  bundle.folder_ = folder;
  DOORSTEP_ASSIGN(const std::string json, bundle.read(kManifest, kManifestBytesMax));
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &bundle.manifest_, options);
  if (!parsed.ok())
    return manifestFault("no manifest of a bundle");
  if (bundle.manifest_.schema() != kSchema)
    return manifestFault("schema: this program reads \"doorstep-bundle/1\"");
  DOORSTEP_TRY(bundle.openLogs(knownKeys, findings));
  bundle.checkFiles(findings);
  bundle.findUnlisted(findings);
  return bundle;
}

const BundleLog* Bundle::log(ProviderId provider) const {
  const auto found = logs_.find(provider);
  return found == logs_.end() ? nullptr : &found->second;
}

bool Bundle::has(const std::string& name) const {
  return std::binary_search(files_.begin(), files_.end(), name);
}

Result<std::string> Bundle::read(const std::string& name, std::size_t bytesMax) const {
  auto file = measure_files::readTextFile((folder_ / name).string(), bytesMax);
  if (!file.ok())
    return file.error();
  return std::move(file->text);
}

Status Bundle::openLogs(const std::vector<std::string>& knownKeys, Findings& findings) {
  for (const pb::BundledLog& listed : manifest_.logs()) {
    const ProviderId provider(listed.provider_id());
    auto verifier = evidence::NoteVerifier::fromVkey(listed.verifier_key());
    if (!verifier.ok())
      return manifestFault("verifier_key: no key of a log");
    if (!knownKeys.empty() &&
        std::find(knownKeys.begin(), knownKeys.end(), listed.verifier_key()) == knownKeys.end())
      findings.addFile(kManifest, "verifier_key: " + listed.verifier_key() +
                                      " is none of the keys that were given with --log-key");
    const auto note = evidence::openNote(listed.checkpoint(), *verifier);
    if (!note.ok()) {
      findings.addFile(kManifest, "checkpoint: the log's key did not sign it");
      continue;
    }
    const auto checkpoint = evidence::parseCheckpoint(*note);
    if (!checkpoint.ok() || checkpoint->origin != verifier->name()) {
      findings.addFile(kManifest, "checkpoint: it is no checkpoint of this log");
      continue;
    }
    if (!logs_.emplace(provider, BundleLog{listed.provider(), *verifier, *checkpoint}).second)
      return manifestFault("logs: a provider stands twice");
  }
  return kDone;
}

void Bundle::checkFiles(Findings& findings) {
  for (const pb::BundledFile& file : manifest_.files()) {
    if (!isFileName(file.name())) {
      findings.addFile(kManifest, "files: " + measure_files::shownValue(file.name()) +
                                      " is no name of a bundle's file");
      continue;
    }
    const auto found = hashOf(folder_ / file.name());
    if (!found) {
      findings.addFile(file.name(), "the manifest lists this file, and it is not there");
      continue;
    }
    files_.push_back(file.name());
    if (found->first != file.bytes() || found->second != file.sha256_hex())
      findings.addFile(file.name(), "the file is not the one that the manifest lists: SHA-256 " +
                                        measure_files::shownValue(file.sha256_hex()) +
                                        " is said, the file's is " + found->second);
  }
  std::sort(files_.begin(), files_.end());
  if (std::adjacent_find(files_.begin(), files_.end()) != files_.end())
    findings.addFile(kManifest, "files: a file stands twice");
}

void Bundle::findUnlisted(Findings& findings) const {
  std::error_code failed;
  for (fs::recursive_directory_iterator at(folder_, failed), end; !failed && at != end;
       at.increment(failed)) {
    if (at->is_directory(failed))
      continue;
    const std::string name = at->path().lexically_relative(folder_).generic_string();
    if (name != kManifest && !has(name))
      findings.addFile(name, "the manifest does not list this file: nothing of it was used");
  }
}

}  // namespace doorstep::verify
