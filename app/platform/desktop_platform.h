// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "app/platform/platform.h"

namespace doorstep::platform {

// Desktop replacement for a phone's platform: secrets in files of mode 0600 instead of a key store.
// For developers and headless phones only.

class FileSecretStore final : public SecretStore {
 public:
  FileSecretStore(std::string folder, IdSource& ids) : folder_(std::move(folder)), ids_(ids) {}
  Result<std::string> secret() override;

 private:
  const std::string folder_;
  IdSource& ids_;
};

// Key in a file. Thread: one at a time.
class FileDeviceSigner final : public DeviceSigner {
 public:
  explicit FileDeviceSigner(std::string folder);
  ~FileDeviceSigner() override;
  Result<std::string> publicKeySpki() override;
  Result<std::string> sign(std::string_view message) override;

 private:
  struct Loaded;
  Status load();

  const std::string folder_;
  std::unique_ptr<Loaded> key_;
};

// For devices without a position receiver.
class NoFixSource final : public FixSource {
 public:
  std::optional<Fix> newestFix() override { return std::nullopt; }
};

}  // namespace doorstep::platform
