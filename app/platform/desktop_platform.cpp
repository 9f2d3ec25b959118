// SPDX-License-Identifier: Apache-2.0
#include "app/platform/desktop_platform.h"

#include <array>
#include <filesystem>

#include "shared/core/durable_file.h"
#include "shared/crypto/keys.h"

namespace doorstep::platform {
namespace {

constexpr std::size_t kSecretBytes = 32;

bool isMissing(const Error& error) { return error.code == ErrorCode::NotFound; }

}  // namespace

Result<std::string> FileSecretStore::secret() {
  const std::string path = folder_ + "/device-secret";
  auto kept = readFile(path);
  if (kept.ok() && kept->size() != kSecretBytes)
    return Error{ErrorCode::DataLoss, "SECRET_DAMAGED", "device secret has a wrong length"};
  if (kept.ok() || !isMissing(kept.error()))
    return kept;
  // A new secret would open nothing sealed with the old one.
  std::error_code unseen;
  if (std::filesystem::exists(folder_ + "/data-key", unseen))
    return Error{ErrorCode::DataLoss, "SECRET_DAMAGED", "device secret is missing"};
  std::array<std::uint8_t, kSecretBytes> random{};
  ids_.fillRandom(random);
  std::string made(random.begin(), random.end());
  DOORSTEP_TRY(writeDurably(path, made));
  return made;
}

struct FileDeviceSigner::Loaded {
  crypto::P256PrivateKey key;
};

FileDeviceSigner::FileDeviceSigner(std::string folder) : folder_(std::move(folder)) {}
FileDeviceSigner::~FileDeviceSigner() = default;

Status FileDeviceSigner::load() {
  if (key_)
    return kDone;
  const std::string path = folder_ + "/signing-key.pem";
  const auto kept = readFile(path);
  if (kept.ok()) {
    if (auto key = crypto::P256PrivateKey::fromPem(*kept); key.ok()) {
      key_ = std::make_unique<Loaded>(Loaded{std::move(key).value()});
      return kDone;
    }
    // The key is missing. An enrolled phone detects the new one as different (phone_folder.h).
    std::error_code failure;
    std::filesystem::rename(path, path + ".damaged", failure);
    if (failure)
      return writeError(failure);
  } else if (!isMissing(kept.error())) {
    return kept.error();
  }
  auto made = crypto::P256PrivateKey::generate();
  DOORSTEP_TRY(writeDurably(path, made.pem()));
  key_ = std::make_unique<Loaded>(Loaded{std::move(made)});
  return kDone;
}

Result<std::string> FileDeviceSigner::publicKeySpki() {
  DOORSTEP_TRY(load());
  return key_->key.publicKey().spki();
}

Result<std::string> FileDeviceSigner::sign(std::string_view message) {
  DOORSTEP_TRY(load());
  return key_->key.sign(message);
}

}  // namespace doorstep::platform
