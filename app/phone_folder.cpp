// SPDX-License-Identifier: Apache-2.0
#include "app/phone_folder.h"

#include <filesystem>

#include "app/journal/damaged_journal.h"
#include "app/platform/durable_file.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/keys.h"

namespace doorstep::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDeviceFile = "device";
constexpr const char* kApplicantFile = "enrolment-request";
constexpr const char* kPemBegin = "-----BEGIN";
constexpr const char* kSealContext = "doorstep/device/v1";
constexpr const char* kSetAsidePrefix = "set-aside-";

bool holdsSetAside(const std::string& folder) {
  std::error_code failure;
  const fs::directory_iterator files(folder, failure);
  if (failure)
    return false;
  for (auto at = begin(files); at != end(files) && !failure; at.increment(failure)) {
    if (at->path().filename().string().starts_with(kSetAsidePrefix))
      return true;
  }
  return false;
}

// What cannot be looked at counts as there: the unlock that follows says what is wrong with it.
bool isThere(const std::string& path) {
  std::error_code failure;
  return fs::exists(path, failure) || failure;
}

}  // namespace

PhoneFolder::PhoneFolder(std::string folder, platform::Platform& platform, crypto::ScryptCost cost)
    : folder_(std::move(folder)), platform_(platform), cost_(cost), keyFile_(folder_, platform) {
  // A folder that cannot be made shows itself at the first file.
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
  fs::permissions(folder_, fs::perms::owner_all, ignored);
}

Access PhoneFolder::access() const {
  if (isThere(path(kDeviceFile)))
    return Access::Locked;
  return holdsSetAside(folder_) ? Access::JournalDamaged : Access::NotEnrolled;
}

// Kept as the request followed by the key, which begins where its PEM begins.
Result<sync::TlsApplicant> PhoneFolder::applicant() {
  const auto kept = platform::readFile(path(kApplicantFile));
  if (!kept.ok() && kept.error().code != ErrorCode::NotFound)
    return kept.error();
  const auto keyAt = kept.ok() ? kept->find(kPemBegin) : std::string::npos;
  if (keyAt != std::string::npos)
    return sync::TlsApplicant{kept->substr(keyAt), kept->substr(0, keyAt)};
  const auto key = crypto::P256PrivateKey::generate();
  sync::TlsApplicant made{key.pem(), crypto::makeCertificateRequest(key)};
  DOORSTEP_TRY(platform::writeDurably(path(kApplicantFile), made.requestDer + made.keyPem));
  return made;
}

Result<PhoneFolder::Unlocked> PhoneFolder::enrol(const std::string& text, const std::string& pin,
                                                 const EnrolCall& call) {
  if (access() == Access::Locked)
    return Error{ErrorCode::AlreadyExists, "ALREADY_ENROLLED", "this folder is a device"};
  DOORSTEP_ASSIGN(const auto offer, wire::parseEnrolmentText(text));
  // Before the code is spent: a PIN that is refused must cost nothing.
  Unlocked unlocked;
  if (keyFile_.exists()) {
    DOORSTEP_ASSIGN(unlocked.dataKey, keyFile_.unlock(pin));
  } else {
    DOORSTEP_ASSIGN(unlocked.dataKey, keyFile_.create(pin, cost_));
  }
  DOORSTEP_ASSIGN(const auto applying, applicant());
  DOORSTEP_ASSIGN(unlocked.enrolment, call(offer, applying));
  DOORSTEP_TRY(platform::writeDurably(
      path(kDeviceFile), crypto::seal(unlocked.dataKey, kSealContext,
                                      sync::encodeEnrolment(unlocked.enrolment), platform_.ids)));
  std::error_code ignored;
  fs::remove(path(kApplicantFile), ignored);
  return unlocked;
}

Result<PhoneFolder::Unlocked> PhoneFolder::unlock(const std::string& pin) {
  if (access() != Access::Locked)
    return Error{ErrorCode::FailedPrecondition, "NOT_ENROLLED", "no device file"};
  Unlocked unlocked;
  DOORSTEP_ASSIGN(unlocked.dataKey, keyFile_.unlock(pin));
  DOORSTEP_ASSIGN(const std::string sealed, platform::readFile(path(kDeviceFile)));
  const auto plain = crypto::open(unlocked.dataKey, kSealContext, sealed);
  if (!plain.ok())
    return Error{ErrorCode::DataLoss, "ENROLMENT_DAMAGED", "the device file does not open"};
  DOORSTEP_ASSIGN(unlocked.enrolment, sync::decodeEnrolment(*plain));
  return unlocked;
}

Result<std::unique_ptr<Phone>> PhoneFolder::openPhone(const Unlocked& unlocked,
                                                      sync::SyncEngine::Options engine) {
  auto phone = Phone::open({folder_, unlocked.dataKey, {}, engine}, unlocked.enrolment, platform_);
  if (phone.ok() || phone.error().reason != "JOURNAL_DAMAGED")
    return phone;
  const Error damage = phone.error();
  DOORSTEP_ASSIGN(const auto aside, journal::setAside(folder_, platform_.clock.wallUnixMs()));
  std::error_code failure;
  fs::rename(path(kDeviceFile), fs::path(aside.folder) / kDeviceFile, failure);
  if (failure)
    return Error{ErrorCode::ResourceExhausted, "FILE_MOVE", failure.message()};
  return damage;
}

}  // namespace doorstep::app
