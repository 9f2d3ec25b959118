// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "app/access.h"
#include "app/phone.h"
#include "app/platform/platform.h"
#include "app/platform/sealed_key_file.h"
#include "app/sync/enrolment.h"
#include "shared/wire/enrolment_text.h"

namespace doorstep::app {

// The files of one phone, and its path from an empty folder to a phone that records:
//   data-key, data-key.copy, unlock-attempts   platform/sealed_key_file.h
//   enrolment-request           sync::TlsApplicant of an enrolment without an answer yet
//   device                      sync::Enrolment, sealed with the data key: the phone is enrolled
//                               while this file exists
//   meanwhile                   like device, but without a device: the phone waits for a new code
//   journal.db, roster.db       journal, roster
//   journal.db-head             journal::JournalHead
//   set-aside-<time>/           journal and device file of an ended identity, never deleted;
//                               contains `adopted` once a later identity has recorded the unsent
//                               part again
//   set-aside-unfinished/       interrupted, or out of room (damaged_journal.h)
//
// Each of them can be missing, empty, truncated, another phone's or arbitrary bytes. The rules:
//   roster.db is a cache: when faulty it is fetched again.
//   A device must have its journal. If that is missing, empty, damaged, without its newest events,
//   of another device, or if the signing key is not the enrolled one, the identity ends, because
//   its numbers must not be used twice. Journal and device file are set aside, the readable part is
//   recorded again by the next identity of the same carer, and until then she records into a
//   journal without a device. A file of a newer release, or one that cannot be read now, is left
//   unchanged.
//
//   A full or read-only disk is reported (writeError) and leaves a state from which the phone
//   continues once there is room. A file or folder without its owner's permissions gets them back.
//
// Crash: the phone is a device once `device` exists, and its journal is created before that. Other
// interrupted steps are detected at the next start: a device without its journal, or with another
// device's, is set aside. An interrupted enrolment is repeated with the same request, which the
// server answers again. Thread: the journal's worker.
class PhoneFolder {
 public:
  // Sends the request to the server (sync/grpc/enrolment_client.h), or to a test.
  using EnrolCall = std::function<Result<sync::Enrolment>(const wire::EnrolmentOffer& offer,
                                                          const sync::TlsApplicant& applicant)>;

  // Creates the folder if missing, mode 0700.
  PhoneFolder(std::string folder, platform::Platform& platform, crypto::ScryptCost cost);

  // NotEnrolled, Locked or JournalDamaged.
  Access access() const;
  // With JournalDamaged: unlock() opens a phone that records while it waits for a code.
  bool canRecordMeanwhile() const;
  std::int64_t pinWaitMs() const { return keyFile_.waitMs(); }

  // The secrets and identity of an unlocked phone. Never stored in this form.
  struct Unlocked {
    crypto::SecretKey dataKey{};
    sync::Enrolment enrolment;  // without a device: the phone waits for a code
  };
  // Errors: ALREADY_ENROLLED, those of wire::parseEnrolmentText, PIN_TOO_SHORT, those of the call
  // and of SealedKeyFile (after a damaged journal the old PIN is still required), ANSWER_MALFORMED,
  // storage.
  Result<Unlocked> enrol(const std::string& text, const std::string& pin, const EnrolCall& call);
  // Enrols again a device whose certificate is not accepted any more; its Phone must be closed. The
  // same device keeps its journal. A different one (the server has revoked or lost this one) ends
  // the identity as after damage, and openPhone() records the unsent events again. The PIN stays
  // the same. Errors: those of wire::parseEnrolmentText and of the call, ANSWER_MALFORMED and
  // CODE_OTHER_CARER, which change nothing; storage.
  Result<Unlocked> enrolAgain(const Unlocked& unlocked, const std::string& text,
                              const EnrolCall& call);
  // Errors: NOT_ENROLLED, those of SealedKeyFile::unlock, ENROLMENT_NEWER. An unreadable device or
  // key file ends the identity: error JOURNAL_DAMAGED, and access() becomes JournalDamaged.
  Result<Unlocked> unlock(const std::string& pin);
  // When the identity must end (see above), sets it aside: error JOURNAL_DAMAGED, and access()
  // becomes JournalDamaged. Other errors (SCHEMA_NEWER, storage) change nothing.
  Result<std::unique_ptr<Phone>> openPhone(const Unlocked& unlocked,
                                           sync::SyncEngine::Options engine);

 private:
  Result<sync::TlsApplicant> applicant();
  Result<crypto::SecretKey> dataKeyFor(const std::string& pin);
  Result<sync::Enrolment> apply(const wire::EnrolmentOffer& offer, DeviceId continues,
                                const EnrolCall& call);
  Status makeDevice(const Unlocked& unlocked);
  Status makeJournal(const Unlocked& unlocked);
  bool signingKeyFits(const sync::Enrolment& enrolment) const;
  Status endIdentity(const std::optional<Unlocked>& unlocked);
  bool sealedNothing() const;
  Status finishSettingAside();
  void makeWritable();
  void adoptSetAside(Phone& phone, const Unlocked& unlocked) const;
  Result<CarerId> carerOfEnding(const crypto::SecretKey& key) const;
  std::optional<CarerId> carerOf(const std::string& folder, const crypto::SecretKey& key) const;
  std::string path(const char* name) const { return folder_ + "/" + name; }

  const std::string folder_;
  platform::Platform& platform_;
  const crypto::ScryptCost cost_;
  platform::SealedKeyFile keyFile_;
};

}  // namespace doorstep::app
