// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/simulated_server.h"

#include <algorithm>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/config/plan_bindings.h"
#include "sync-server/event_log/schema.h"
#include "sync-server/identity/schema.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/roster/plan_pull.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/rota_import.h"
#include "sync-server/roster/schema.h"
#include "tests/support/unlogged_office.h"

namespace doorstep::simulation {

SimulatedServer::SimulatedServer(std::uint64_t seed, const TrueTime& time, Planted planted)
    : planted_(planted),
      disk_(seed ^ 0x5E4E4),
      clock_(time),
      ids_(seed ^ 0x1D5),
      signers_("simulated.example", crypto::Ed25519PrivateKey::generate()),
      officeKey_(crypto::P256PrivateKey::generate()) {}

Status SimulatedServer::open(Running& running) {
  DOORSTEP_ASSIGN(
      running.storage,
      storage::Storage::open({.path = "/server.db", .vfs = disk_.vfs(), .singleThreaded = true}));
  sql::Database& writer = running.storage->writer();
  DOORSTEP_TRY(event_log::migrate(writer));
  DOORSTEP_TRY(roster::migrate(writer));
  DOORSTEP_TRY(identity::migrate(writer));
  DOORSTEP_TRY(projections::migrate(writer));
  DOORSTEP_ASSIGN(running.log, event_log::SqlEventLog::open(*running.storage, signers_));
  running.aliases = std::make_unique<roster::VisitAliases>(writer);
  DOORSTEP_ASSIGN(running.projection,
                  projections::VisitProjection::open(writer, *running.log, nullptr,
                                                     config::resolveWith(*running.aliases)));
  running.visits = std::make_unique<roster::KnownVisits>(writer);
  DOORSTEP_ASSIGN(auto contacts, event_log::ContactWriter::prepare(writer));
  running.pipeline = std::make_unique<intake::CommitPipeline>(intake::CommitPipeline::Parts{
      .log = *running.log,
      .contacts = std::move(contacts),
      .knowsVisit = [visits = running.visits.get()](
                        ProviderId provider,
                        VisitId visit) { return visits->knows(provider, visit); },
      .projections = {running.projection.get()},
      .contactObservers = {},
      .countsEvents = [projection = running.projection.get()](
                          ProviderId provider, VisitId visit,
                          DeviceId device) -> Result<intake::CountedEvents> {
        DOORSTEP_ASSIGN(const auto counts, projection->eventsOf(provider, visit, device));
        return intake::CountedEvents{counts.all, counts.ofDevice};
      },
      .bindings = planted_ == Planted::ServerLeavesAside
                      ? intake::PlanBindings{}
                      : config::planBindings(writer, *running.aliases)});
  std::int64_t arrived = 0;
  if (provider_) {
    DOORSTEP_ASSIGN(arrived, intake::newestArrivalUnixMs(*running.log, std::span(&provider_, 1)));
  }
  running.arrivals = std::make_unique<intake::ArrivalClock>(clock_, arrived);
  running.office = std::make_unique<office::OfficeLog>(office::OfficeLog::Parts{
      *running.storage, *running.log, officeKey_,
      [arrivals = running.arrivals.get()] { return arrivals->stamp(); }, clock_, ids_});
  running.handler = std::make_unique<rpc::ExchangeHandler>(rpc::ExchangeHandler::Parts{
      *running.log, *running.storage, running.plans, clock_, *running.arrivals});
  if (provider_) {
    DOORSTEP_ASSIGN(const std::uint64_t newest, roster::newestPlanChange(writer, provider_));
    running.plans.publish(provider_, newest);
  }
  return kDone;
}

Status SimulatedServer::start() {
  auto running = std::make_unique<Running>();
  DOORSTEP_TRY(open(*running));
  running_ = std::move(running);
  return kDone;
}

void SimulatedServer::kill() { running_.reset(); }

void SimulatedServer::losePower() {
  disk_.cutPowerNow();
  running_.reset();
  disk_.recover();
}

Status SimulatedServer::decide(const office::OfficeLog::Job& job) {
  if (planted_ == Planted::OfficeSaysNothing && provider_)
    return support::UnloggedOffice(*running_->storage, clock_, ids_, officeKey_).decide(job);
  return running_->office->write({}, job);
}

Result<std::uint64_t> SimulatedServer::importRota(const roster::Rota& rota) {
  roster::ImportSummary summary;
  ++imports_;
  DOORSTEP_TRY(decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_ASSIGN(provider_, roster::ensureProvider(database, "Simulated Care", clock_, ids_));
    DOORSTEP_ASSIGN(const CouncilId council,
                    roster::ensureCouncil(database, "Simulated Council", clock_, ids_));
    roster::FaultList faults;
    // The council's rules change with each import, too.
    visits::ContractRules rules;
    rules.lateToleranceMin = 5 + 10 * (imports_ % 3);
    DOORSTEP_ASSIGN(summary, roster::importRota(database, rota, {provider_, council, rules}, clock_,
                                                ids_, act, faults));
    return kDone;
  }));
  running_->plans.publish(provider_, summary.commit);
  return roster::hintCursor(summary.commit.newestChange, clock_.wallUnixMs());
}

// Plants a bug: what is to be taken at a number that holds something unsigned is not.
Status SimulatedServer::guardOpenNumbers(Request& request) {
  doorstep::sync::v1::ExchangeRequest message;
  if (!message.ParseFromString(request.bytes))
    return kDone;
  DOORSTEP_ASSIGN(const auto open, running_->log->openNs(provider_, request.device->caller.device));
  auto& entries = *message.mutable_entries();
  const auto isGuarded = [&](const std::string& entry) {
    const auto decoded = wire::decodeEntry(entry);
    return decoded.ok() && open.contains(decoded->entry.n);
  };
  entries.erase(std::remove_if(entries.begin(), entries.end(), isGuarded), entries.end());
  request.bytes = message.SerializeAsString();
  return kDone;
}

Result<std::uint64_t> SimulatedServer::reassign(VisitId visit, std::uint32_t slot, CarerId carer) {
  roster::PlanCommit commit;
  DOORSTEP_TRY(decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_ASSIGN(commit, roster::reassignVisit(database, provider_, visit, slot, carer, act));
    return kDone;
  }));
  running_->plans.publish(provider_, commit);
  return roster::hintCursor(commit.newestChange, clock_.wallUnixMs());
}

std::vector<SimulatedServer::Reply> SimulatedServer::commit(std::vector<Request> requests) {
  std::vector<Reply> replies;
  std::vector<intake::Submission> submissions;
  std::vector<std::size_t> replyOf;
  for (Request& request : requests) {
    if (planted_ == Planted::ServerGuardsOpenNumbers)
      (void)guardOpenNumbers(request).ok();
    auto submission = running_->handler->read(request.bytes, *request.device);
    replies.push_back({std::move(request), Error{ErrorCode::Unavailable, "NOT_COMMITTED", ""}});
    if (!submission) {
      replies.back().bytes = submission.error();
      continue;
    }
    replyOf.push_back(replies.size() - 1);
    submissions.push_back(std::move(submission).value());
  }
  const auto outcomes = running_->pipeline->commit(submissions);
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    replies[replyOf[i]].bytes = running_->handler->answer(submissions[i], outcomes[i]);
  return replies;
}

event_log::EventLog& SimulatedServer::log() { return *running_->log; }
sql::Database& SimulatedServer::database() { return running_->storage->writer(); }
event_log::Projection& SimulatedServer::projection() { return *running_->projection; }

}  // namespace doorstep::simulation
