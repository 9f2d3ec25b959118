// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "doorstep/records/v1/bundle.pb.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/evidence/checkpoint.h"
#include "tools/verify/findings.h"

namespace doorstep::verify {

// A provider's log as the manifest has it, with its checkpoint found to be signed by its key.
struct BundleLog {
  std::string provider;  // as visits.csv names it
  evidence::NoteVerifier verifier;
  evidence::Checkpoint checkpoint;
};

// A bundle's folder. Files are read as they are used, each at most once; what is read is what was
// hashed. Thread: one.
class Bundle {
 public:
  // Reads the manifest and finds files that are missing, changed or not listed. knownKeys: of logs,
  // from elsewhere; empty: the manifest's are taken. Errors: what is no bundle at all, with its
  // place.
  static Result<Bundle> open(const std::filesystem::path& folder,
                             const std::vector<std::string>& knownKeys, Findings& findings);

  const doorstep::records::v1::BundleManifest& manifest() const { return manifest_; }
  const std::map<ProviderId, BundleLog>& logs() const { return logs_; }
  const BundleLog* log(ProviderId provider) const;
  // Listed and there. Sorted.
  const std::vector<std::string>& files() const { return files_; }
  bool has(const std::string& name) const;
  // Error: FILE_READ.
  Result<std::string> read(const std::string& name, std::size_t bytesMax) const;

 private:
  Status openLogs(const std::vector<std::string>& knownKeys, Findings& findings);
  void checkFiles(Findings& findings);
  void findUnlisted(Findings& findings) const;

  std::filesystem::path folder_;
  doorstep::records::v1::BundleManifest manifest_;
  std::map<ProviderId, BundleLog> logs_;
  std::vector<std::string> files_;
};

}  // namespace doorstep::verify
