// SPDX-License-Identifier: Apache-2.0
#include "sync-server/fhir/ndjson_folder.h"

#include <nlohmann/json.hpp>
#include <system_error>

namespace doorstep::fhir {
namespace {

namespace fs = std::filesystem;

Error writeFailed(const fs::path& path) {
  return {ErrorCode::ResourceExhausted, "WRITE_FAILED", path.string() + " cannot be written"};
}

}  // namespace

fs::path NdjsonFolder::pathOf(std::size_t kind) const {
  return part() / (std::string(kKindNames[kind]) + ".ndjson");
}

Result<NdjsonFolder> NdjsonFolder::create(const fs::path& folder) {
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
  NdjsonFolder made(std::move(given));
  for (std::size_t kind = 0; kind < made.files_.size(); ++kind) {
    made.files_[kind].open(made.pathOf(kind), std::ios::binary);
    if (!made.files_[kind])
      return writeFailed(made.pathOf(kind));
  }
  return made;
}

NdjsonFolder::~NdjsonFolder() {
  if (folder_.empty())
    return;
  for (std::ofstream& file : files_)
    file.close();
  std::error_code ignored;
  fs::remove_all(part(), ignored);
}

Status NdjsonFolder::add(Kind kind, const Json& resource) {
  const auto index = static_cast<std::size_t>(kind);
  files_[index] << line(resource);
  ++lines_[index];
  return files_[index] ? Status(kDone) : Status(writeFailed(pathOf(index)));
}

Status NdjsonFolder::finish() {
  for (std::size_t kind = 0; kind < files_.size(); ++kind) {
    files_[kind].close();
    if (!files_[kind])
      return writeFailed(pathOf(kind));
  }
  std::error_code failed;
  fs::rename(part(), folder_, failed);
  if (failed)
    return writeFailed(folder_);
  folder_.clear();
  return kDone;
}

}  // namespace doorstep::fhir
