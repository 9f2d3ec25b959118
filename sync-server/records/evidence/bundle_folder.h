// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "doorstep/records/v1/bundle.pb.h"
#include "shared/core/result.h"
#include "shared/crypto/sha256.h"

namespace doorstep::records {

// A message as the bundle's files have it, on one line or on several. Error: INVALID_ARGUMENT
// (TEXT_NOT_UTF8) for a text that JSON cannot say.
enum class JsonLayout { OneLine, Indented };
Result<std::string> bundleJson(const google::protobuf::Message& message, JsonLayout layout);

// The folder of a bundle while it is written: FOLDER.part, which finish() renames, so that FOLDER
// is whole or not there. What was not finished is removed by the destructor; after a crash it
// stays, and create() refuses it by name. Memory: a hash for each file, the text of none. Thread:
// one.
class BundleFolder {
 public:
  // Errors: FAILED_PRECONDITION (FOLDER_EXISTS, FOLDER_FAILED).
  static Result<BundleFolder> create(const std::filesystem::path& folder);
  BundleFolder(BundleFolder&&) = default;
  BundleFolder& operator=(BundleFolder&&) = delete;
  ~BundleFolder();

  // A whole file. name: as in the manifest, at most one folder deep. Error WRITE_FAILED.
  Status add(const std::string& name, std::string_view content);
  // More of a file that is written in pieces.
  Status append(const std::string& name, std::string_view content);
  // Lists the files in the manifest, writes it, and gives the folder its name.
  Status finish(v1::BundleManifest& manifest);

 private:
  // Written in pieces.
  struct Growing {
    std::ofstream file;
    crypto::Sha256 hash;
    std::uint64_t bytes = 0;
  };
  struct Written {
    std::uint64_t bytes = 0;
    Hash hash;
  };

  explicit BundleFolder(std::filesystem::path folder);
  std::filesystem::path part() const;

  std::filesystem::path folder_;  // empty: finished, or moved from
  std::map<std::string, Growing> growing_;
  std::map<std::string, Written> written_;
};

}  // namespace doorstep::records
