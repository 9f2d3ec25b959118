// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/evidence/bundle_folder.h"

#include <google/protobuf/util/json_util.h>

#include <system_error>
#include <utility>

#include "shared/crypto/sha256.h"

namespace doorstep::records {
namespace {

namespace fs = std::filesystem;

Error writeFailed(const fs::path& path) {
  return {ErrorCode::ResourceExhausted, "WRITE_FAILED", path.string() + " cannot be written"};
}

}  // namespace

BundleFolder::BundleFolder(fs::path folder) : folder_(std::move(folder)) {}

fs::path BundleFolder::part() const { return folder_.string() + ".part"; }

Result<BundleFolder> BundleFolder::create(const fs::path& folder) {
  fs::path given = folder.lexically_normal();
  if (!given.has_filename())
    given = given.parent_path();  // it was given with a slash at its end
  std::error_code failed;
  for (const fs::path& path : {given, fs::path(given.string() + ".part")}) {
    if (given.empty() || fs::exists(fs::symlink_status(path, failed)))
      return Error{ErrorCode::FailedPrecondition, "FOLDER_EXISTS",
                   path.string() + " is there already: name a new folder, or remove it"};
  }
  if (!fs::create_directories(given.string() + ".part", failed) || failed)
    return Error{ErrorCode::FailedPrecondition, "FOLDER_FAILED",
                 given.string() + ".part cannot be made: " + failed.message()};
  return BundleFolder(std::move(given));
}

BundleFolder::~BundleFolder() {
  if (folder_.empty())
    return;
  growing_.clear();
  std::error_code ignored;
  fs::remove_all(part(), ignored);
}

Status BundleFolder::add(const std::string& name, std::string_view content) {
  const fs::path path = part() / name;
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  std::ofstream file(path, std::ios::binary);
  file << content;
  file.close();
  if (!file)
    return writeFailed(path);
  written_[name] = {content.size(), crypto::sha256(content)};
  return kDone;
}

Status BundleFolder::append(const std::string& name, std::string_view content) {
  Growing& growing = growing_[name];
  if (!growing.file.is_open())
    growing.file.open(part() / name, std::ios::binary);
  growing.file << content;
  growing.hash.add(content);
  growing.bytes += content.size();
  return growing.file ? Status(kDone) : Status(writeFailed(part() / name));
}

Result<std::string> bundleJson(const google::protobuf::Message& message, JsonLayout layout) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = layout == JsonLayout::Indented;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok())
    return Error{ErrorCode::InvalidArgument, "TEXT_NOT_UTF8",
                 "a text that was asked for or is stored cannot be written as JSON"};
  return json;
}

Status BundleFolder::finish(v1::BundleManifest& manifest) {
  for (auto& [name, growing] : growing_) {
    growing.file.close();
    if (!growing.file)
      return writeFailed(part() / name);
    written_[name] = {growing.bytes, growing.hash.hash()};
  }
  growing_.clear();
  for (const auto& [name, written] : written_) {
    v1::BundledFile& file = *manifest.add_files();
    file.set_name(name);
    file.set_bytes(written.bytes);
    file.set_sha256_hex(toHex(written.hash.view()));
  }
  DOORSTEP_ASSIGN(const std::string json, bundleJson(manifest, JsonLayout::Indented));
  DOORSTEP_TRY(add("manifest.json", json));
  std::error_code failed;
  fs::rename(part(), folder_, failed);
  if (failed)
    return writeFailed(folder_);
  folder_.clear();
  return kDone;
}

}  // namespace doorstep::records
