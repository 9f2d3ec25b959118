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

// The files of one phone and the way from nothing to a phone that records:
//   data-key, data-key.copy, unlock-attempts   platform/sealed_key_file.h
//   enrolment-request           sync::TlsApplicant of an enrolment that has no answer yet
//   device                      sync::Enrolment, sealed with the data key: while it is there, the
//                               phone is enrolled
//   meanwhile                   as device, without a device: the phone waits for a new code
//   journal.db, roster.db       journal, roster
//   journal.db-head             journal::JournalHead
//   set-aside-<time>/           the journal and the device file of an identity that ended, never
//                               deleted; `adopted` in it: a later identity took over what was
//                               unsent
//   set-aside-unfinished/       one that was cut off, or that had no room (damaged_journal.h)
//
// Any of them can be missing, empty, cut short, of another phone, or anything else. The rules:
//   roster.db is a copy: what is wrong with it is fetched again.
//   A device has a journal. Missing, empty, damaged, without its newest events, of another
//   device, or beside a signing key that is not the enrolled one: the identity ends, because its
//   numbers must not be given twice. Journal and device file are set aside, what can be read of
//   them is recorded again by the next identity of the same carer, and until then she records into
//   a journal without a device. A file of a newer release, and one that cannot be read now, is left
//   as it is.
//
//   A disk that is full or read-only is told (writeError) and changes nothing that cannot
//   be gone on with when there is room. A file or folder that lost its owner's permissions gets
//   them back.
//
// Crash: `device` is what makes a phone a device, and its journal is there before it. Whatever else
// was cut off is found at the next start: a device without its journal, or a journal that is not
// this device's, which is set aside. Enrolment that was cut off is repeated with the same request,
// which the server answers again. Thread: the journal's worker.
class PhoneFolder {
 public:
  // Asks the server (sync/grpc/enrolment_client.h), or a test.
  using EnrolCall = std::function<Result<sync::Enrolment>(const wire::EnrolmentOffer& offer,
                                                          const sync::TlsApplicant& applicant)>;

  // Makes the folder when it is missing, mode 0700.
  PhoneFolder(std::string folder, platform::Platform& platform, crypto::ScryptCost cost);

  // NotEnrolled, Locked or JournalDamaged.
  Access access() const;
  // With JournalDamaged: unlock() opens a phone that records while it waits for a code.
  bool canRecordMeanwhile() const;
  std::int64_t pinWaitMs() const { return keyFile_.waitMs(); }

  // What an unlocked phone is made of. In memory only.
  struct Unlocked {
    crypto::SecretKey dataKey{};
    sync::Enrolment enrolment;  // without a device: the phone waits for a code
  };
  // Errors: ALREADY_ENROLLED, those of wire::parseEnrolmentText, PIN_TOO_SHORT, those of the call
  // and of SealedKeyFile (after a damaged journal the old PIN still counts), ANSWER_MALFORMED,
  // storage.
  Result<Unlocked> enrol(const std::string& text, const std::string& pin, const EnrolCall& call);
  // A device whose certificate is no good any more takes a new code; its Phone is closed. The same
  // device as before goes on with its journal. Another one (the server has revoked this one, or
  // lost it): the identity ends as after damage, and openPhone() records again what was unsent. The
  // PIN stays. Errors: those of wire::parseEnrolmentText and of the call, ANSWER_MALFORMED and
  // CODE_OTHER_CARER, which change nothing; storage.
  Result<Unlocked> enrolAgain(const Unlocked& unlocked, const std::string& text,
                              const EnrolCall& call);
  // Errors: NOT_ENROLLED, those of SealedKeyFile::unlock, ENROLMENT_NEWER. A device or key file
  // that says nothing ends the identity: error JOURNAL_DAMAGED, then access() says JournalDamaged.
  Result<Unlocked> unlock(const std::string& pin);
  // What ends the identity (see above) is set aside: error JOURNAL_DAMAGED, then access() says
  // JournalDamaged. Other errors (SCHEMA_NEWER, storage) leave everything as it is.
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
