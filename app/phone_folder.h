// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/access.h"
#include "app/phone.h"
#include "app/platform/platform.h"
#include "app/platform/sealed_key_file.h"
#include "app/sync/enrolment.h"
#include "shared/wire/enrolment_text.h"

namespace doorstep::app {

// The files of one phone and the way from nothing to a phone that records:
//   data-key, unlock-attempts   platform/sealed_key_file.h
//   enrolment-request           sync::TlsApplicant of an enrolment that has no answer yet
//   device                      sync::Enrolment, sealed with the data key: while it is there, the
//                               phone is enrolled
//   journal.db, roster.db       journal, roster
//   set-aside-<time>/           a damaged journal, never deleted
//
// Crash: enrolment ends with the writing of `device`; cut off before, it is repeated with the same
// request, which the server answers again. Thread: the journal's worker.
class PhoneFolder {
 public:
  // Asks the server (sync/grpc/enrolment_client.h), or a test.
  using EnrolCall = std::function<Result<sync::Enrolment>(const wire::EnrolmentOffer& offer,
                                                          const sync::TlsApplicant& applicant)>;

  // Makes the folder when it is missing, mode 0700.
  PhoneFolder(std::string folder, platform::Platform& platform, crypto::ScryptCost cost);

  // NotEnrolled, Locked or JournalDamaged.
  Access access() const;
  std::int64_t pinWaitMs() const { return keyFile_.waitMs(); }

  // What an unlocked phone is made of. In memory only.
  struct Unlocked {
    crypto::SecretKey dataKey{};
    sync::Enrolment enrolment;
  };
  // Errors: ALREADY_ENROLLED, ENROLMENT_TEXT_INVALID, PIN_TOO_SHORT, those of the call and of
  // SealedKeyFile (after a damaged journal the old PIN still counts).
  Result<Unlocked> enrol(const std::string& text, const std::string& pin, const EnrolCall& call);
  // Errors: NOT_ENROLLED, those of SealedKeyFile::unlock, ENROLMENT_DAMAGED.
  Result<Unlocked> unlock(const std::string& pin);
  // A damaged journal is set aside and the enrolment with it: error JOURNAL_DAMAGED, then access()
  // says JournalDamaged.
  Result<std::unique_ptr<Phone>> openPhone(const Unlocked& unlocked,
                                           sync::SyncEngine::Options engine);

 private:
  Result<sync::TlsApplicant> applicant();
  std::string path(const char* name) const { return folder_ + "/" + name; }

  const std::string folder_;
  platform::Platform& platform_;
  const crypto::ScryptCost cost_;
  platform::SealedKeyFile keyFile_;
};

}  // namespace doorstep::app
