// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/simulated_phone.h"

#include "shared/sql/sqlite.h"

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
      driftPpm_(driftPpm),
      disk_(seed ^ 0xD15C),
      clock_(time, driftPpm),
      ids_(seed ^ 0x1D5),
      platform_{clock_, ids_, secrets_, signer_, fixes_},
      known_{{identity.device, identity.provider, identity.carer}, publicKeyOf(signer_)},
      life_(identity.earlierLives) {}

Status SimulatedPhone::start() {
  sync::Enrolment enrolment;
  enrolment.device = identity_.device;
  enrolment.provider = identity_.provider;
  enrolment.carer = identity_.carer;
  enrolment.logVerifierKey = identity_.logVerifierKey;
  if (!enrolled_) {  // the enrolment's answer is the first anchor
    enrolment.serverUnixMs = identity_.enrolledUnixMs;
    enrolment.replyBoot = clock_.boot();
    enrolment.replyBootMs = clock_.bootMs();
  }
  app::Phone::Options options;
  options.folder = "/phone";
  options.dataKey.fill(7);
  options.file.vfs = disk_.vfs();
  options.journalMustExist = enrolled_ && planted_ != Planted::PhoneTakesEmptyJournal;
  ++life_;
  // Of a real file system the journal asks this itself.
  if (options.journalMustExist && !disk_.holds("/phone/journal.db"))
    return Error{ErrorCode::DataLoss, "JOURNAL_DAMAGED", "it is not there"};
  if (enrolled_ && planted_ == Planted::PhoneNeedsPlanCopy)
    DOORSTEP_TRY(openPlanCopy());
  DOORSTEP_ASSIGN(phone_, app::Phone::open(options, enrolment, platform_));
  enrolled_ = true;
  return kDone;
}

void SimulatedPhone::plant(Planted planted) {
  planted_ = planted;
  disk_.lieAboutSyncs(planted == Planted::PhoneDiskLies);
}

// Plants a bug: a copy of the plan that does not open keeps the phone from opening.
Status SimulatedPhone::openPlanCopy() {
  DOORSTEP_ASSIGN(auto copy, sql::openSqlite("/phone/roster.db", {.vfs = disk_.vfs()}));
  DOORSTEP_ASSIGN(auto rows, copy.prepare("SELECT count(*) FROM object"));
  return rows.step().ok() ? kDone : Status(Error{ErrorCode::DataLoss, "PLAN_DAMAGED", ""});
}

void SimulatedPhone::losePower() {
  disk_.cutPowerNow();
  phone_.reset();
  disk_.recover();
}

void SimulatedPhone::deleteUnsent() {
  kill();
  auto database = sql::openSqlite("/phone/journal.db", {.vfs = disk_.vfs()});
  DOORSTEP_CHECK(database.ok());
  DOORSTEP_CHECK(database
                     ->execute("DELETE FROM event WHERE number > (SELECT coalesce(max(first_event "
                               "+ event_count - 1), 0) "
                               "FROM entry JOIN receipt USING (n))")
                     .ok());
}

Result<std::uint64_t> SimulatedPhone::tap(const recording::Intent& intent) {
  interruptedTap_ = {time_.unixMs, intent};
  return told(phone_->record(intent), intent);
}

Result<std::uint64_t> SimulatedPhone::tapLater(VisitId visit) {
  // Field 40 of a Fact; the screens of today's app learn of it at the
  // next start, so the doors do not know it.
  const visits::UnknownFact fact{std::string("\xC2\x02\x03\x0A\x01x", 6)};
  interruptedTap_ = {time_.unixMs, std::nullopt};
  const auto recorded = phone_->journal().append(visit, fact);
  return told(recorded ? Result<std::uint64_t>(recorded->event.number)
                       : Result<std::uint64_t>(recorded.error()),
              std::nullopt);
}

Result<std::uint64_t> SimulatedPhone::told(const Result<std::uint64_t>& number,
                                           const std::optional<recording::Intent>& intent) {
  if (number) {
    interruptedTap_.reset();
    if (*number == confirmed_.size() + 1)
      confirm(time_.unixMs, intent);
    else
      return Error{
          ErrorCode::DataLoss, "EVENT_NUMBER",
          "number " + std::to_string(*number) + " after " + std::to_string(confirmed_.size())};
  } else if (!disk_.isOff()) {
    interruptedTap_.reset();  // refused, not interrupted
  }
  return number;
}

void SimulatedPhone::confirm(std::int64_t trueUnixMs,
                             const std::optional<recording::Intent>& intent) {
  confirmed_.push_back(trueUnixMs);
  if (intent)
    doors_.add(identity_.device, factOf(confirmed_.size(), *intent));
}

std::string SimulatedPhone::checkConfirmed() {
  const std::uint64_t held = phone_->journal().lastEvent();
  if (held == confirmed_.size() + 1 && interruptedTap_)
    confirm(interruptedTap_->first, interruptedTap_->second);
  interruptedTap_.reset();
  if (held != confirmed_.size())
    return "I1: the journal ends with event " + std::to_string(held) +
           ", the carer was told that " + std::to_string(confirmed_.size()) + " are kept";
  return {};
}

}  // namespace doorstep::simulation
