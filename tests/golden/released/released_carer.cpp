// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/released/released_carer.h"

#include "app/sync/grpc/enrolment_client.h"
#include "tests/support/phone/headless_phone.h"

namespace doorstep::released {
namespace {

constexpr const char* kPin = "123456";
constexpr int kScryptLogN = 4;  // the folder's key is no secret
constexpr int kTimeoutMs = 60'000;

}  // namespace

Carer::Carer(const std::string& folder)
    : secrets_(folder, ids_),
      signer_(folder),
      platform_{clock_, ids_, secrets_, signer_, fixes_},
      folder_(folder, platform_, crypto::ScryptCost{kScryptLogN}) {}

Carer::~Carer() = default;

Status Carer::enrol(const std::string& text) {
  const auto call = [this](const wire::EnrolmentOffer& offer, const sync::TlsApplicant& applicant) {
    return sync::enrol(offer, applicant, "released", platform_);
  };
  DOORSTEP_TRY(folder_.enrol(text, kPin, call));
  return open();
}

Status Carer::open() {
  DOORSTEP_ASSIGN(unlocked_, folder_.unlock(kPin));
  sync::SyncEngine::Options engine;
  engine.watch = false;
  DOORSTEP_ASSIGN(phone_, folder_.openPhone(unlocked_, engine));
  return kDone;
}

bool Carer::exchange(std::uint16_t port) {
  sync::Enrolment here = unlocked_.enrolment;
  here.port = port;
  support::HeadlessPhone headless(*phone_, here, clock_);
  headless.carryOut(phone_->engine().stop());
  headless.start();
  return headless.drain(kTimeoutMs, false);
}

Status Carer::record(const recording::Intent& intent) {
  DOORSTEP_TRY(phone_->record(intent));
  (void)phone_->afterRecording(intent);
  return kDone;
}

}  // namespace doorstep::released
