// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/simulated_phone.h"

#include "shared/sqlite/database.h"

namespace doorstep::simulation {
namespace {

crypto::P256PublicKey publicKeyOf(platform::DeviceSigner& signer) {
  return crypto::P256PublicKey::fromSpki(signer.publicKeySpki().value()).value();
}

}  // namespace

SimulatedPhone::SimulatedPhone(std::uint64_t seed, const TrueTime& time, const Identity& identity,
                               std::int64_t driftPpm)
    : time_(time),
      identity_(identity),
      disk_(seed ^ 0xD15C),
      clock_(time, driftPpm),
      ids_(seed ^ 0x1D5),
      platform_{clock_, ids_, secrets_, signer_, fixes_},
      known_{{identity.device, identity.provider, identity.carer}, publicKeyOf(signer_)} {}

Status SimulatedPhone::start() {
  sync::Enrolment enrolment;
  enrolment.device = identity_.device;
  enrolment.provider = identity_.provider;
  enrolment.carer = identity_.carer;
  enrolment.logVerifierKey = identity_.logVerifierKey;
  if (life_ == 0) {  // the enrolment's answer is the first anchor
    enrolment.serverUnixMs = identity_.enrolledUnixMs;
    enrolment.replyBoot = clock_.boot();
    enrolment.replyBootMs = clock_.bootMs();
  }
  app::Phone::Options options;
  options.folder = "/phone";
  options.dataKey.fill(7);
  options.file.vfs = disk_.vfs();
  ++life_;
  DOORSTEP_ASSIGN(phone_, app::Phone::open(options, enrolment, platform_));
  return kDone;
}

void SimulatedPhone::losePower() {
  disk_.cutPowerNow();
  phone_.reset();
  disk_.recover();
}

void SimulatedPhone::deleteUnsent() {
  kill();
  auto database = sqlite::Database::open("/phone/journal.db", {.vfs = disk_.vfs()});
  DOORSTEP_CHECK(database.ok());
  DOORSTEP_CHECK(database
                     ->execute("DELETE FROM event WHERE number > (SELECT coalesce(max(first_event "
                               "+ event_count - 1), 0) "
                               "FROM entry JOIN receipt USING (n))")
                     .ok());
}

Result<std::uint64_t> SimulatedPhone::tap(const recording::Intent& intent) {
  interruptedTapUnixMs_ = time_.unixMs;
  auto number = phone_->record(intent);
  if (number) {
    interruptedTapUnixMs_.reset();
    if (*number == confirmed_.size() + 1)
      confirmed_.push_back(time_.unixMs);
    else
      return Error{
          ErrorCode::DataLoss, "EVENT_NUMBER",
          "number " + std::to_string(*number) + " after " + std::to_string(confirmed_.size())};
  } else if (!disk_.isOff()) {
    interruptedTapUnixMs_.reset();  // refused, not interrupted
  }
  return number;
}

std::string SimulatedPhone::checkConfirmed() {
  const std::uint64_t held = phone_->journal().lastEvent();
  if (held == confirmed_.size() + 1 && interruptedTapUnixMs_)
    confirmed_.push_back(*interruptedTapUnixMs_);
  interruptedTapUnixMs_.reset();
  if (held != confirmed_.size())
    return "I1: the journal ends with event " + std::to_string(held) +
           ", the carer was told that " + std::to_string(confirmed_.size()) + " are kept";
  return {};
}

}  // namespace doorstep::simulation
