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
// Folders that are looked through at each start; each is one damage of this phone's storage.
constexpr std::size_t kSetAsideMax = 100;
// Files and folders whose permissions are looked at: those above and a few more each.
constexpr std::size_t kFilesMax = 200;
// What a device is made of, beside its journal; without its key nothing else opens.
constexpr const char* kDeviceFiles[] = {kDeviceFile};
constexpr const char* kDeviceAndKeyFiles[] = {"data-key", "data-key.copy", "unlock-attempts",
                                              kMeanwhileFile, kDeviceFile};

// What cannot be looked at counts as there: whoever opens it says what is wrong.
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

// The key that unsealed everything is no more, for good.
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

// A phone that waits for a code verifies no log, but its engine is made of a key.
std::string placeholderLogKey() {
  return evidence::NoteSigner("none", crypto::Ed25519PrivateKey::generate()).verifier().vkey();
}

}  // namespace

PhoneFolder::PhoneFolder(std::string folder, platform::Platform& platform, crypto::ScryptCost cost)
    : folder_(std::move(folder)), platform_(platform), cost_(cost), keyFile_(folder_, platform) {
  // A folder that cannot be made shows itself at the first file.
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
  makeWritable();
}

// Nobody but the app may read its files, and the app all of them. What cannot be changed shows
// itself when it is written.
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

// Kept as the request followed by the key, which begins where its PEM begins.
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

// A setting up that was cut off left a key which sealed nothing: another PIN may be chosen.
bool PhoneFolder::sealedNothing() const {
  return access() == Access::NotEnrolled && !isThere(path(kMeanwhileFile)) &&
         (!isThere(path(kJournalFile)) || journal::isBlank(path(kJournalFile)));
}

// A key file that is lost goes aside with what it sealed, and a new one is made.
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
  // Before the code is spent: a PIN that is refused must cost nothing.
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
  // What a phone could not be opened with must not make it a device.
  if (!enrolment.device || !evidence::NoteVerifier::fromVkey(enrolment.logVerifierKey).ok())
    return Error{ErrorCode::Unavailable, "ANSWER_MALFORMED", "the log's key or the device"};
  if (const auto spki = platform_.signer.publicKeySpki(); spki.ok())
    enrolment.signingKeyHash = std::string(crypto::sha256(*spki).view());
  return enrolment;
}

// From here on it is one.
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
  // Nobody's records are sent as somebody else's, nor wait for her to come back.
  if (again.enrolment.provider != unlocked.enrolment.provider ||
      again.enrolment.carer != unlocked.enrolment.carer)
    return Error{ErrorCode::FailedPrecondition, "CODE_OTHER_CARER", "the code is another carer's"};
  // Cut off in between: the code is asked for again, and answered again.
  if (again.enrolment.device != unlocked.enrolment.device) {
    DOORSTEP_TRY(endIdentity(unlocked));
    DOORSTEP_TRY(makeJournal(again));
  }
  DOORSTEP_TRY(makeDevice(again));
  return again;
}

// The new device's journal, before the device is one. What lies in its place is another's.
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

// A signer that does not answer now may be there later; another key is the end.
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
  // The phone may outlive this object.
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
  // What cannot be taken over now is tried again at the next start.
  if (phone.ok() && isDevice)
    adoptSetAside(**phone, unlocked);
  return phone;
}

// Before any journal is made or opened.
Status PhoneFolder::finishSettingAside() {
  // SQLite would delete a write-ahead log that lies beside a new journal.
  const bool logAlone = !isThere(path(kJournalFile)) && isThere(path("journal.db-wal"));
  if (!isThere(path(journal::kUnfinishedFolder)) && !logAlone)
    return kDone;
  DOORSTEP_TRY(journal::setAside(folder_, platform_.clock.wallUnixMs()));
  return kDone;
}

// Without unlocked: the data key is lost too. What needs room comes first: an identity that cannot
// end for lack of it goes on being found as it was.
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

// Whose journal it is that ends, when the device file does not say. None: the journal does not say
// either. A disk that does not let it be read now is an error: what she records meanwhile has to
// bear her name to be sent later.
Result<CarerId> PhoneFolder::carerOfEnding(const crypto::SecretKey& key) const {
  for (const std::string& folder : {folder_, path(journal::kUnfinishedFolder)}) {
    // Twice: an error of the disk may have been of that moment.
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

// Another carer's facts stay where they are: nobody records for somebody else.
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
