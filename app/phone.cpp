// SPDX-License-Identifier: Apache-2.0
#include "app/phone.h"

#include <map>
#include <utility>
#include <vector>

#include "app/projections/trusted_now.h"
#include "shared/core/bytes.h"
#include "shared/evidence/checkpoint.h"

namespace doorstep::app {
namespace {

sync::Urgency urgencyOf(const recording::Intent& intent) {
  const bool waits = std::holds_alternative<recording::RecordTask>(intent) ||
                     std::holds_alternative<recording::AddNote>(intent);
  return waits ? sync::Urgency::Gathered : sync::Urgency::Now;
}

bool endsVisit(const recording::Intent& intent) {
  return std::holds_alternative<recording::CheckOut>(intent) ||
         std::holds_alternative<recording::ReportNoEntry>(intent);
}

// The enrolment's answer was the first contact with the server: the first bound of trusted time.
Status keepFirstAnchor(journal::Journal& journal, const sync::Enrolment& enrolment) {
  journal::SyncState state = journal.syncState();
  if (state.replyServerUnixMs != 0 || enrolment.serverUnixMs == 0 || !enrolment.device)
    return kDone;
  state.replyBoot = enrolment.replyBoot;
  state.replyBootMs = enrolment.replyBootMs;
  state.replyServerUnixMs = enrolment.serverUnixMs;
  return journal.recordExchange({}, state);
}

// The plan is sealed for one carer of one provider: the next carer on this phone cannot read it.
crypto::SecretKey rosterKey(const crypto::SecretKey& dataKey, const sync::Enrolment& enrolment) {
  return crypto::deriveKey(
      {std::string_view(reinterpret_cast<const char*>(dataKey.data()), dataKey.size()),
       bigEndian64(enrolment.provider.value), bigEndian64(enrolment.carer.value)},
      "doorstep/roster/v2");
}

// Keeps in the journal the plans of visits with records, and no others.
Status keepBegun(journal::Journal& journal, const roster::RosterStore& roster,
                 const projections::VisitRecords& records) {
  std::vector<VisitId> settled;
  for (const auto& [visit, plan] : journal.keptPlans()) {
    if (records.record(visit) == nullptr)
      settled.push_back(visit);
  }
  for (const VisitId visit : settled)
    DOORSTEP_TRY(journal.dropPlan(visit));
  std::map<VisitId, journal::KeptPlan> missing;
  for (const auto& [visit, record] : records.all()) {
    auto planned = roster.encoded(visit);
    if (planned && !journal.keptPlans().contains(visit))
      missing[visit] = {std::move(planned->visit), std::move(planned->person)};
  }
  return journal.keepPlans(missing);
}

}  // namespace

Result<std::unique_ptr<Phone>> Phone::open(const Options& options, const sync::Enrolment& enrolment,
                                           platform::Platform& platform) {
  DOORSTEP_ASSIGN(auto log, evidence::NoteVerifier::fromVkey(enrolment.logVerifierKey));
  std::unique_ptr<Phone> phone(new Phone(platform, !enrolment.device));
  DOORSTEP_ASSIGN(phone->journal_,
                  journal::Journal::open(options.folder + "/journal.db",
                                         {enrolment.device, options.dataKey, options.file,
                                          options.journalMustExist, enrolment.carer},
                                         platform));
  // If there is no room it is stored later.
  (void)keepFirstAnchor(*phone->journal_, enrolment);
  DOORSTEP_ASSIGN(const auto events, phone->journal_->readEvents());
  for (const visits::RecordedEvent& event : events)
    phone->records_.apply(event);
  DOORSTEP_ASSIGN(phone->roster_, roster::RosterStore::open(options.folder + "/roster.db",
                                                            rosterKey(options.dataKey, enrolment),
                                                            platform.ids, options.file));
  // Only a copy: a full disk must not prevent the phone from opening.
  (void)keepBegun(*phone->journal_, *phone->roster_, phone->records_).ok();
  phone->recorder_ = std::make_unique<recording::VisitRecorder>(*phone->journal_, *phone->roster_,
                                                                phone->records_, platform);
  phone->screens_ = std::make_unique<projections::ScreenBuilder>(
      *phone->journal_, *phone->roster_, phone->records_, enrolment.carer, enrolment.carerName);
  const auto now = [&platform, journal = phone->journal_.get()] {
    return projections::trustedNow(platform.clock, journal->syncState()).unixMs;
  };
  phone->renewal_ = std::make_unique<sync::CertificateRenewal>(
      enrolment, sync::CertificateRenewal::Parts{platform, now, options.keepEnrolment});
  sync::SyncEngine::Options engine = options.engine;
  engine.renewal = phone->renewal_.get();
  phone->engine_ = std::make_unique<sync::SyncEngine>(*phone->journal_, *phone->roster_,
                                                      std::move(log), platform, engine);
  return phone;
}

Result<std::uint64_t> Phone::record(const recording::Intent& intent) {
  return recorder_->record(intent);
}

Status Phone::adopt(DeviceId from, std::span<const visits::RecordedEvent> events) {
  DOORSTEP_ASSIGN(const auto taken, journal_->adopt(from, events));
  for (const visits::RecordedEvent& event : taken)
    records_.apply(event);
  return kDone;
}

sync::Actions Phone::afterRecording(const recording::Intent& intent) {
  if (awaitsCode_)
    return {sync::ScreensChanged{}};
  // Without the signing key the events stay unsealed, but durable.
  if (endsVisit(intent))
    (void)journal_->seal(roster_->planVersion());
  return engine_->recorded(urgencyOf(intent));
}

// The phone's own time may be wrong: recent contact with the office overrides it.
projections::NeedsCode Phone::needsCode() const {
  const std::string& failure = engine_->lastFailureReason();
  if (awaitsCode_)
    return projections::NeedsCode::No;  // shown by awaitsCode
  if (engine_->state() == sync::State::Refused)
    return projections::NeedsCode::Refused;
  return renewal_->certificateEnded() && !failure.empty() ? projections::NeedsCode::CertificateEnded
                                                          : projections::NeedsCode::No;
}

projections::RoundScreen Phone::round() const {
  const auto now = projections::trustedNow(platform_.clock, journal_->syncState());
  projections::RoundScreen screen = screens_->round(now.unixMs);
  screen.awaitsCode = awaitsCode_;
  screen.needsCode = needsCode();
  screen.clockFault = now.fault;
  return screen;
}

std::optional<projections::VisitScreen> Phone::visit(VisitId visit) const {
  return screens_->visit(visit);
}

projections::OfficeScreen Phone::office() const {
  return screens_->office(
      {engine_->state() == sync::State::Exchanging, engine_->lastFailureReason()});
}

}  // namespace doorstep::app
