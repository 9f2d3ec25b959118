// SPDX-License-Identifier: Apache-2.0
#include "app/phone_folder.h"

#include <algorithm>
#include <filesystem>
#include <span>
#include <vector>

#include "app/journal/damaged_journal.h"
#include "app/journal/salvage.h"
#include "shared/core/durable_file.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/keys.h"
#include "shared/crypto/sha256.h"
#include "shared/evidence/checkpoint.h"
#include "shared/sql/sqlite.h"

namespace doorstep::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDeviceFile = "device";
constexpr const char* kMeanwhileFile = "meanwhile";
constexpr const char* kApplicantFile = "enrolment-request";
constexpr const char* kJournalFile = "journal.db";
constexpr const char* kAdoptedFile = "adopted";
constexpr const char* kPemBegin = "-----BEGIN";
constexpr const char* kSealContext = "doorstep/device/v1";
constexpr const char* kSetAsidePrefix = "set-aside-";
// Folders examined at each start; each is one damage of this phone's storage.
constexpr std::size_t kSetAsideMax = 100;
// Files and folders whose permissions are checked: those above and a few more each.
constexpr std::size_t kFilesMax = 200;
// The device's files besides its journal; all need the data key.
constexpr const char* kDeviceFiles[] = {kDeviceFile};
constexpr const char* kDeviceAndKeyFiles[] = {"data-key", "data-key.copy", "unlock-attempts",
                                              kMeanwhileFile, kDeviceFile};

// A file that cannot be examined counts as existing: opening it will report the error.
bool isThere(const std::string& path) {
  std::error_code failure;
  return fs::exists(path, failure) || failure;
}

std::vector<std::string> setAsideFolders(const std::string& folder) {
  std::vector<std::string> found;
  std::error_code failure;
  fs::directory_iterator at(folder, failure);
  for (; !failure && at != fs::directory_iterator() && found.size() < kSetAsideMax;
       at.increment(failure)) {
    if (at->path().filename().string().starts_with(kSetAsidePrefix))
      found.push_back(at->path().string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

Error journalDamaged(const std::string& why) {
  return {ErrorCode::DataLoss, "JOURNAL_DAMAGED", why};
}

// The key that unseals everything is permanently lost.
bool isKeyLost(const Error& error) {
  return error.reason == "KEY_FILE_DAMAGED" || error.reason == "FILE_MISSING" ||
         error.reason == "SECRET_DAMAGED";
}

bool isLostIdentity(const Error& error) {
  return error.reason == "JOURNAL_DAMAGED" || error.reason == "JOURNAL_OTHER_DEVICE";
}

Status writeSealed(const std::string& file, const crypto::SecretKey& key,
                   const sync::Enrolment& enrolment, platform::Platform& platform) {
  return writeDurably(
      file, crypto::seal(key, kSealContext, sync::encodeEnrolment(enrolment), platform.ids));
}

// A phone that waits for a code verifies no log, but its engine needs a key.
std::string placeholderLogKey() {
  return evidence::NoteSigner("none", crypto::Ed25519PrivateKey::generate()).verifier().vkey();
}

}  // namespace

PhoneFolder::PhoneFolder(std::string folder, platform::Platform& platform, crypto::ScryptCost cost)
    : folder_(std::move(folder)), platform_(platform), cost_(cost), keyFile_(folder_, platform) {
  // If the folder cannot be created, writing the first file will report it.
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
  makeWritable();
}

// Only the app may read its files, and it needs access to all of them. If permissions cannot be
// changed, writing will report it.
void PhoneFolder::makeWritable() {
  constexpr fs::perms kFilePerms = fs::perms::owner_read | fs::perms::owner_write;
  std::error_code ignored;
  fs::permissions(folder_, fs::perms::owner_all, ignored);
  std::size_t seen = 0;
  std::error_code failure;
  for (fs::directory_iterator at(folder_, failure);
       !failure && at != fs::directory_iterator() && seen < kFilesMax;
       at.increment(failure), ++seen) {
    const fs::file_status status = at->symlink_status(ignored);
    const fs::perms needed = fs::is_directory(status) ? fs::perms::owner_all : kFilePerms;
    const bool ours = fs::is_directory(status) || fs::is_regular_file(status);
    if (ours && (status.permissions() & needed) != needed)
      fs::permissions(at->path(), needed, fs::perm_options::add, ignored);
  }
}

Access PhoneFolder::access() const {
  if (isThere(path(kDeviceFile)))
    return Access::Locked;
  return setAsideFolders(folder_).empty() ? Access::NotEnrolled : Access::JournalDamaged;
}

bool PhoneFolder::canRecordMeanwhile() const {
  return access() == Access::JournalDamaged && isThere(path(kMeanwhileFile)) && keyFile_.exists();
}

// Stored as the request followed by the key, which begins at its PEM header.
Result<sync::TlsApplicant> PhoneFolder::applicant() {
  const auto kept = readFile(path(kApplicantFile));
  const auto keyAt = kept.ok() ? kept->find(kPemBegin) : std::string::npos;
  if (keyAt != std::string::npos && keyAt > 0 &&
      crypto::P256PrivateKey::fromPem(kept->substr(keyAt)).ok())
    return sync::TlsApplicant{kept->substr(keyAt), kept->substr(0, keyAt), {}};
  const auto key = crypto::P256PrivateKey::generate();
  sync::TlsApplicant made{key.pem(), crypto::makeCertificateRequest(key), {}};
  DOORSTEP_TRY(writeDurably(path(kApplicantFile), made.requestDer + made.keyPem));
  return made;
}

// An interrupted enrolment left a key that sealed nothing: another PIN may be chosen.
bool PhoneFolder::sealedNothing() const {
  return access() == Access::NotEnrolled && !isThere(path(kMeanwhileFile)) &&
         (!isThere(path(kJournalFile)) || journal::isBlank(path(kJournalFile)));
}

// A lost key file is set aside with what it sealed, and a new one is created.
Result<crypto::SecretKey> PhoneFolder::dataKeyFor(const std::string& pin) {
  if (!keyFile_.exists())
    return keyFile_.create(pin, cost_);
  auto key = keyFile_.unlock(pin);
  if (!key.ok() && key.error().reason == "PIN_WRONG" && sealedNothing()) {
    DOORSTEP_TRY(sql::removeSqlite(path(kJournalFile)));
    DOORSTEP_TRY(keyFile_.remove());
    return keyFile_.create(pin, cost_);
  }
  if (key.ok() || !isKeyLost(key.error()))
    return key;
  if (pin.size() < platform::kPinDigitsMin)
    return Error{ErrorCode::InvalidArgument, "PIN_TOO_SHORT", "at least 4 digits"};
  DOORSTEP_TRY(endIdentity(std::nullopt));
  return keyFile_.create(pin, cost_);
}

Result<PhoneFolder::Unlocked> PhoneFolder::enrol(const std::string& text, const std::string& pin,
                                                 const EnrolCall& call) {
  if (access() == Access::Locked)
    return Error{ErrorCode::AlreadyExists, "ALREADY_ENROLLED", "this folder is a device"};
  DOORSTEP_ASSIGN(const auto offer, wire::parseEnrolmentText(text));
  // Before the code is used up: a refused PIN must not cost it.
  Unlocked unlocked;
  DOORSTEP_ASSIGN(unlocked.dataKey, dataKeyFor(pin));
  DOORSTEP_ASSIGN(unlocked.enrolment, apply(offer, {}, call));
  DOORSTEP_TRY(makeJournal(unlocked));
  DOORSTEP_TRY(makeDevice(unlocked));
  return unlocked;
}

Result<sync::Enrolment> PhoneFolder::apply(const wire::EnrolmentOffer& offer, DeviceId continues,
                                           const EnrolCall& call) {
  DOORSTEP_ASSIGN(auto applying, applicant());
  applying.continues = continues;
  DOORSTEP_ASSIGN(auto enrolment, call(offer, applying));
  // An enrolment that cannot be opened must not make the phone a device.
  if (!enrolment.device || !evidence::NoteVerifier::fromVkey(enrolment.logVerifierKey).ok())
    return Error{ErrorCode::Unavailable, "ANSWER_MALFORMED", "the log's key or the device"};
  if (const auto spki = platform_.signer.publicKeySpki(); spki.ok())
    enrolment.signingKeyHash = std::string(crypto::sha256(*spki).view());
  return enrolment;
}

// From here on the phone is a device.
Status PhoneFolder::makeDevice(const Unlocked& unlocked) {
  DOORSTEP_TRY(writeSealed(path(kDeviceFile), unlocked.dataKey, unlocked.enrolment, platform_));
  std::error_code ignored;
  fs::remove(path(kApplicantFile), ignored);
  fs::remove(path(kMeanwhileFile), ignored);
  return kDone;
}

Result<PhoneFolder::Unlocked> PhoneFolder::enrolAgain(const Unlocked& unlocked,
                                                      const std::string& text,
                                                      const EnrolCall& call) {
  DOORSTEP_ASSIGN(const auto offer, wire::parseEnrolmentText(text));
  Unlocked again{unlocked.dataKey, {}};
  DOORSTEP_ASSIGN(again.enrolment, apply(offer, unlocked.enrolment.device, call));
  // One carer's records must not be sent under another's name, nor wait for her return.
  if (again.enrolment.provider != unlocked.enrolment.provider ||
      again.enrolment.carer != unlocked.enrolment.carer)
    return Error{ErrorCode::FailedPrecondition, "CODE_OTHER_CARER", "the code is another carer's"};
  // If interrupted here, the code is entered again and the server repeats its answer.
  if (again.enrolment.device != unlocked.enrolment.device) {
    DOORSTEP_TRY(endIdentity(unlocked));
    DOORSTEP_TRY(makeJournal(again));
  }
  DOORSTEP_TRY(makeDevice(again));
  return again;
}

// Creates the new device's journal before the device file. An existing journal is another device's.
Status PhoneFolder::makeJournal(const Unlocked& unlocked) {
  DOORSTEP_TRY(finishSettingAside());
  const auto make = [&] {
    return journal::Journal::open(
        path(kJournalFile),
        {unlocked.enrolment.device, unlocked.dataKey, {}, false, unlocked.enrolment.carer},
        platform_);
  };
  auto made = make();
  if (!made.ok() && isLostIdentity(made.error())) {
    DOORSTEP_TRY(journal::setAside(folder_, platform_.clock.wallUnixMs()));
    made = make();
  }
  if (!made.ok())
    return made.error();
  made->reset();
  return syncFolder(folder_);
}

Result<PhoneFolder::Unlocked> PhoneFolder::unlock(const std::string& pin) {
  const bool isDevice = access() == Access::Locked;
  if (!isDevice && !canRecordMeanwhile())
    return Error{ErrorCode::FailedPrecondition, "NOT_ENROLLED", "no device file"};
  Unlocked unlocked;
  const auto sealed = readFile(path(isDevice ? kDeviceFile : kMeanwhileFile));
  auto key = keyFile_.unlock(pin, [&](const crypto::SecretKey& one) {
    return sealed.ok() && crypto::open(one, kSealContext, *sealed).ok();
  });
  if (!key.ok() && isKeyLost(key.error())) {
    DOORSTEP_TRY(endIdentity(std::nullopt));
    return journalDamaged(key.error().reason);
  }
  if (!key.ok())
    return key.error();
  unlocked.dataKey = *key;
  if (!sealed.ok() && sealed.error().reason == "FILE_READ")
    return sealed.error();
  auto plain = sealed.ok() ? crypto::open(unlocked.dataKey, kSealContext, *sealed)
                           : Result<std::string>(sealed.error());
  auto enrolment =
      plain.ok() ? sync::decodeEnrolment(*plain) : Result<sync::Enrolment>(plain.error());
  if (!enrolment.ok() && enrolment.error().reason == "ENROLMENT_NEWER")
    return enrolment.error();
  if (!enrolment.ok()) {
    DOORSTEP_TRY(endIdentity(unlocked));
    return journalDamaged("the device file does not open");
  }
  unlocked.enrolment = std::move(enrolment).value();
  return unlocked;
}

// A signer that does not answer now may do so later; a different key ends the identity.
bool PhoneFolder::signingKeyFits(const sync::Enrolment& enrolment) const {
  if (enrolment.signingKeyHash.empty() || !enrolment.device)
    return true;
  const auto spki = platform_.signer.publicKeySpki();
  return !spki.ok() || crypto::sha256(*spki).view() == enrolment.signingKeyHash;
}

Result<std::unique_ptr<Phone>> PhoneFolder::openPhone(const Unlocked& unlocked,
                                                      sync::SyncEngine::Options engine) {
  const bool isDevice = static_cast<bool>(unlocked.enrolment.device);
  DOORSTEP_TRY(finishSettingAside());
  if (!signingKeyFits(unlocked.enrolment)) {
    DOORSTEP_TRY(endIdentity(unlocked));
    return journalDamaged("the signing key is not the one that was enrolled");
  }
  // No reference to this object, which the phone may outlive.
  const auto keep = [file = path(kDeviceFile), key = unlocked.dataKey,
                     &platform = platform_](const sync::Enrolment& enrolment) {
    return writeSealed(file, key, enrolment, platform);
  };
  const auto open = [&] {
    return Phone::open({folder_, unlocked.dataKey, {}, engine, isDevice, keep}, unlocked.enrolment,
                       platform_);
  };
  auto phone = open();
  if (!phone.ok() && isLostIdentity(phone.error())) {
    const Error damage = phone.error();
    if (isDevice) {
      DOORSTEP_TRY(endIdentity(unlocked));
      return journalDamaged(damage.text);
    }
    DOORSTEP_TRY(journal::setAside(folder_, platform_.clock.wallUnixMs()));
    phone = open();
  }
  // What cannot be taken over now is retried at the next start.
  if (phone.ok() && isDevice)
    adoptSetAside(**phone, unlocked);
  return phone;
}

// Before any journal is created or opened.
Status PhoneFolder::finishSettingAside() {
  // SQLite would delete a write-ahead log beside a new journal.
  const bool logAlone = !isThere(path(kJournalFile)) && isThere(path("journal.db-wal"));
  if (!isThere(path(journal::kUnfinishedFolder)) && !logAlone)
    return kDone;
  DOORSTEP_TRY(journal::setAside(folder_, platform_.clock.wallUnixMs()));
  return kDone;
}

// Without unlocked: the data key is lost too. Steps that need room come first: if there is none,
// the identity is detected as ended again at the next start.
Status PhoneFolder::endIdentity(const std::optional<Unlocked>& unlocked) {
  if (unlocked) {
    Unlocked meanwhile = *unlocked;
    meanwhile.enrolment.device = DeviceId();
    if (!meanwhile.enrolment.carer) {
      DOORSTEP_ASSIGN(meanwhile.enrolment.carer, carerOfEnding(unlocked->dataKey));
    }
    if (meanwhile.enrolment.logVerifierKey.empty())
      meanwhile.enrolment.logVerifierKey = placeholderLogKey();
    DOORSTEP_TRY(
        writeSealed(path(kMeanwhileFile), meanwhile.dataKey, meanwhile.enrolment, platform_));
  }
  const std::span<const char* const> also =
      unlocked ? std::span<const char* const>(kDeviceFiles) : kDeviceAndKeyFiles;
  DOORSTEP_TRY(journal::setAside(folder_, platform_.clock.wallUnixMs(), also));
  return kDone;
}

// The carer of the ending journal, if the device file does not contain her. Absent: nor does the
// journal. If the disk cannot be read now it is an error: what she records meanwhile needs her name
// to be sent later.
Result<CarerId> PhoneFolder::carerOfEnding(const crypto::SecretKey& key) const {
  for (const std::string& folder : {folder_, path(journal::kUnfinishedFolder)}) {
    // Twice: a disk error may be transient.
    auto kept = journal::salvage(folder + "/" + kJournalFile, key);
    if (!kept.ok())
      kept = journal::salvage(folder + "/" + kJournalFile, key);
    if (!kept.ok() && kept.error().reason != "JOURNAL_DAMAGED")
      return kept.error();
    if (kept.ok() && kept->carer)
      return kept->carer;
    if (const auto carer = carerOf(folder, key))
      return *carer;
  }
  return CarerId();
}

std::optional<CarerId> PhoneFolder::carerOf(const std::string& folder,
                                            const crypto::SecretKey& key) const {
  for (const char* name : {"/rescue.db", "/journal.db"}) {
    const auto kept = journal::salvage(folder + name, key);
    if (kept.ok() && kept->carer)
      return kept->carer;
  }
  const auto sealed = readFile(folder + "/" + kDeviceFile);
  const auto plain =
      sealed.ok() ? crypto::open(key, kSealContext, *sealed) : Result<std::string>(sealed.error());
  if (!plain.ok())
    return std::nullopt;
  const auto enrolment = sync::decodeEnrolment(*plain);
  return enrolment.ok() ? std::optional(enrolment->carer) : std::nullopt;
}

// Another carer's facts stay set aside: one carer cannot record for another.
void PhoneFolder::adoptSetAside(Phone& phone, const Unlocked& unlocked) const {
  for (const std::string& folder : setAsideFolders(folder_)) {
    if (isThere(folder + "/" + kAdoptedFile) || folder == path(journal::kUnfinishedFolder) ||
        carerOf(folder, unlocked.dataKey) != unlocked.enrolment.carer)
      continue;
    bool whole = true;
    for (const char* name : {"/rescue.db", "/journal.db"}) {
      const auto kept = journal::salvage(folder + name, unlocked.dataKey);
      if (kept.ok() && kept->device != unlocked.enrolment.device)
        whole = phone.adopt(kept->device, kept->events).ok() && whole;
    }
    if (whole)
      (void)writeDurably(folder + "/" + kAdoptedFile, "");
  }
}

}  // namespace doorstep::app
