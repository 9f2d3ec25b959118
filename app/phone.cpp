// SPDX-License-Identifier: Apache-2.0
#include "app/phone.h"

#include <utility>

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
  if (state.replyServerUnixMs != 0 || enrolment.serverUnixMs == 0)
    return kDone;
  state.replyBoot = enrolment.replyBoot;
  state.replyBootMs = enrolment.replyBootMs;
  state.replyServerUnixMs = enrolment.serverUnixMs;
  return journal.recordExchange({}, state);
}

}  // namespace

Result<std::unique_ptr<Phone>> Phone::open(const Options& options, const sync::Enrolment& enrolment,
                                           platform::Platform& platform) {
  DOORSTEP_ASSIGN(auto log, evidence::NoteVerifier::fromVkey(enrolment.logVerifierKey));
  std::unique_ptr<Phone> phone(new Phone(platform));
  DOORSTEP_ASSIGN(
      phone->journal_,
      journal::Journal::open(options.folder + "/journal.db",
                             {enrolment.device, options.dataKey, options.file}, platform));
  DOORSTEP_TRY(keepFirstAnchor(*phone->journal_, enrolment));
  DOORSTEP_ASSIGN(const auto events, phone->journal_->readEvents());
  for (const visits::RecordedEvent& event : events)
    phone->records_.apply(event);
  DOORSTEP_ASSIGN(phone->roster_,
                  roster::RosterStore::open(options.folder + "/roster.db", options.dataKey,
                                            platform.ids, options.file));
  phone->recorder_ = std::make_unique<recording::VisitRecorder>(*phone->journal_, *phone->roster_,
                                                                phone->records_, platform);
  phone->screens_ = std::make_unique<projections::ScreenBuilder>(
      *phone->journal_, *phone->roster_, phone->records_, enrolment.carer, enrolment.carerName);
  phone->engine_ = std::make_unique<sync::SyncEngine>(*phone->journal_, *phone->roster_,
                                                      std::move(log), platform, options.engine);
  return phone;
}

Result<std::uint64_t> Phone::record(const recording::Intent& intent) {
  return recorder_->record(intent);
}

sync::Actions Phone::afterRecording(const recording::Intent& intent) {
  // A signing key that is not there leaves the events as they are, durable, until it is.
  if (endsVisit(intent))
    (void)journal_->seal(roster_->planVersion());
  return engine_->recorded(urgencyOf(intent));
}

projections::RoundScreen Phone::round() const {
  return screens_->round(platform_.clock.wallUnixMs());
}

std::optional<projections::VisitScreen> Phone::visit(VisitId visit) const {
  return screens_->visit(visit);
}

projections::OfficeScreen Phone::office() const {
  return screens_->office(
      {engine_->state() == sync::State::Exchanging, engine_->lastFailureReason()});
}

}  // namespace doorstep::app
