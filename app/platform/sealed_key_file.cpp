// SPDX-License-Identifier: Apache-2.0
#include "app/platform/sealed_key_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "shared/core/durable_file.h"
#include "shared/crypto/sha256.h"

namespace doorstep::platform {
namespace {

// Key file: "DSK2", log N of scrypt (1 byte), salt (16 bytes), sealed data key, first 8 bytes of
// the SHA-256 of the preceding bytes, which distinguishes a damaged file from a wrong PIN. "DSK1",
// of release 0.1.0, lacks the digest.
constexpr std::string_view kMagic = "DSK2";
constexpr std::string_view kOldMagic = "DSK1";
constexpr std::size_t kDigestBytes = 8;
constexpr std::size_t kSaltBytes = 16;
constexpr std::size_t kHeaderBytes = kMagic.size() + 1 + kSaltBytes;
constexpr std::string_view kSealContext = "doorstep/data-key/v1";
// A larger value means a damaged file and would exhaust the phone's memory: 2^17 takes 128 MiB.
constexpr int kScryptLogNMax = 17;
// Three numbers; less than any sector.
constexpr std::size_t kAttemptsBytes = 64;

std::string_view asBytes(const crypto::SecretKey& key) {
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

std::string digestOf(std::string_view bytes) {
  return std::string(crypto::sha256(bytes).view().substr(0, kDigestBytes));
}

// Complete, of this release or of 0.1.0, whose files have no digest.
bool isKeyFile(std::string_view content) {
  if (content.size() < kHeaderBytes + kDigestBytes)
    return false;
  return content.starts_with(kOldMagic) ||
         (content.starts_with(kMagic) &&
          content.ends_with(digestOf(content.substr(0, content.size() - kDigestBytes))));
}

Error damaged() { return {ErrorCode::DataLoss, "KEY_FILE_DAMAGED", "data-key is no key file"}; }

std::int64_t waitAfter(std::uint32_t failed) {
  if (failed < kFreeAttempts)
    return 0;
  const std::uint32_t doublings = std::min<std::uint32_t>(failed - kFreeAttempts, 20);
  return std::min(kFirstWaitMs << doublings, kLongestWaitMs);
}

}  // namespace

SealedKeyFile::SealedKeyFile(const std::string& folder, Platform& platform)
    : keyPath_(folder + "/data-key"),
      copyPath_(folder + "/data-key.copy"),
      attemptsPath_(folder + "/unlock-attempts"),
      platform_(platform) {}

// A file that cannot be examined counts as existing: nothing may overwrite it.
bool SealedKeyFile::exists() const {
  std::error_code failure;
  return std::filesystem::exists(keyPath_, failure) || failure ||
         std::filesystem::exists(copyPath_, failure) || failure;
}

Result<crypto::SecretKey> SealedKeyFile::wrappingKey(std::string_view pin, std::string_view salt,
                                                     crypto::ScryptCost cost) {
  DOORSTEP_ASSIGN(const auto deviceSecret, platform_.secrets.secret());
  const auto stretched = crypto::scrypt(pin, salt, cost);
  return crypto::deriveKey({asBytes(stretched), deviceSecret}, "doorstep/data-key-wrap/v1");
}

Result<crypto::SecretKey> SealedKeyFile::create(std::string_view pin, crypto::ScryptCost cost) {
  if (exists())
    return Error{ErrorCode::AlreadyExists, "ALREADY_EXISTS", "there is a data key"};
  if (pin.size() < kPinDigitsMin)
    return Error{ErrorCode::InvalidArgument, "PIN_TOO_SHORT", "at least 4 digits"};
  std::array<std::uint8_t, kSaltBytes> random{};
  platform_.ids.fillRandom(random);
  const std::string salt(random.begin(), random.end());
  crypto::SecretKey dataKey{};
  platform_.ids.fillRandom(dataKey);
  DOORSTEP_ASSIGN(const auto wrap, wrappingKey(pin, salt, cost));
  std::string content(kMagic);
  content += static_cast<char>(cost.logN);
  content += salt;
  content += crypto::seal(wrap, kSealContext, asBytes(dataKey), platform_.ids);
  content += digestOf(content);
  DOORSTEP_TRY(writeAttempts({}));
  DOORSTEP_TRY(writeDurably(keyPath_, content));
  DOORSTEP_TRY(writeDurably(copyPath_, content));
  return dataKey;
}

// Contents of the two files without the digest: header and sealed key. A damaged or missing file is
// restored from the other.
Result<std::vector<std::string>> SealedKeyFile::readKeys() {
  const auto main = readFile(keyPath_);
  const auto copy = readFile(copyPath_);
  std::vector<std::string> found;
  for (const auto* one : {&main, &copy}) {
    if (!one->ok() || !isKeyFile(one->value()))
      continue;
    const std::string& content = one->value();
    const bool old = content.starts_with(kOldMagic);
    found.push_back(old ? content : content.substr(0, content.size() - kDigestBytes));
    // If it cannot be written now, the next call retries.
    const bool other =
        one == &main ? !copy.ok() || !isKeyFile(*copy) : !main.ok() || !isKeyFile(*main);
    if (other)
      (void)writeDurably(one == &main ? copyPath_ : keyPath_, content);
  }
  if (!found.empty())
    return found;
  const bool missing = !main.ok() && main.error().code == ErrorCode::NotFound && !copy.ok() &&
                       copy.error().code == ErrorCode::NotFound;
  const bool unread = !main.ok() && main.error().reason == "FILE_READ";
  return missing || unread ? main.error() : damaged();
}

Result<crypto::SecretKey> SealedKeyFile::unlock(std::string_view pin, const Fits& fits) {
  DOORSTEP_ASSIGN(const auto contents, readKeys());
  if (waitMs() > 0)
    return Error{ErrorCode::ResourceExhausted, "PIN_WAIT", "too many wrong attempts"};

  Attempts attempts = readAttempts();
  attempts.failed += 1;  // counted before the PIN is tried
  attempts.boot = platform_.clock.boot();
  attempts.bootMs = platform_.clock.bootMs();
  DOORSTEP_TRY(writeAttempts(attempts));
  std::optional<crypto::SecretKey> opened;
  for (const std::string& content : contents) {
    DOORSTEP_ASSIGN(const auto key, openKey(content, pin));
    if (key && (!opened || (fits && !fits(*opened))))
      opened = key;
  }
  if (!opened)
    return Error{ErrorCode::PermissionDenied, "PIN_WRONG", "the PIN does not open the data key"};
  (void)writeAttempts({});  // a write error does not keep a carer with the right PIN out
  return *opened;
}

Result<std::optional<crypto::SecretKey>> SealedKeyFile::openKey(std::string_view content,
                                                                std::string_view pin) {
  const crypto::ScryptCost cost{static_cast<unsigned char>(content[kMagic.size()])};
  if (cost.logN < 1 || cost.logN > kScryptLogNMax)
    return damaged();
  DOORSTEP_ASSIGN(const auto wrap,
                  wrappingKey(pin, content.substr(kMagic.size() + 1, kSaltBytes), cost));
  const auto opened = crypto::open(wrap, kSealContext, content.substr(kHeaderBytes));
  crypto::SecretKey dataKey{};
  if (!opened.ok() || opened->size() != dataKey.size())
    return std::optional<crypto::SecretKey>();
  std::copy(opened->begin(), opened->end(), dataKey.begin());
  return std::optional(dataKey);
}

Status SealedKeyFile::remove() {
  for (const std::string& path : {copyPath_, keyPath_}) {
    std::error_code failure;
    std::filesystem::remove(path, failure);
    if (failure)
      return writeError(failure);
  }
  return kDone;
}

std::int64_t SealedKeyFile::waitMs() const {
  const Attempts attempts = readAttempts();
  const std::int64_t wait = waitAfter(attempts.failed);
  const std::uint64_t now = platform_.clock.bootMs();
  // After a reboot the time while off is unknown; the time since the boot is certain.
  const bool sameBoot = attempts.boot == platform_.clock.boot() && now >= attempts.bootMs;
  const std::uint64_t passed = sameBoot ? now - attempts.bootMs : now;
  return std::max<std::int64_t>(
      0, wait - static_cast<std::int64_t>(std::min<std::uint64_t>(passed, kLongestWaitMs)));
}

SealedKeyFile::Attempts SealedKeyFile::readAttempts() const {
  Attempts attempts;
  const auto content = readFile(attemptsPath_);
  if (!content.ok())
    return attempts;
  const char* at = content->data();
  const char* const end = at + content->size();
  const auto readNumber = [&](auto& number) {
    while (at != end && *at == ' ')
      ++at;
    at = std::from_chars(at, end, number).ptr;
  };
  readNumber(attempts.failed);
  readNumber(attempts.boot);
  readNumber(attempts.bootMs);
  return attempts;
}

// On a full disk the file is overwritten in place: the right PIN still unlocks, and filling the
// disk gives no free attempt.
Status SealedKeyFile::writeAttempts(const Attempts& attempts) {
  std::string content = std::to_string(attempts.failed) + " " + std::to_string(attempts.boot) +
                        " " + std::to_string(attempts.bootMs);
  content.resize(kAttemptsBytes - 1, ' ');
  content += '\n';
  const Status written = writeDurably(attemptsPath_, content);
  return !written.ok() && overwriteDurably(attemptsPath_, content).ok() ? kDone : written;
}

}  // namespace doorstep::platform
