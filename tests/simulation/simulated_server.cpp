// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/simulated_server.h"

#include <algorithm>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/adjustments/schema.h"
#include "sync-server/commissioning/schema.h"
#include "sync-server/config/plan_bindings.h"
#include "sync-server/event_log/schema.h"
#include "sync-server/exports/schema.h"
#include "sync-server/freezes/schema.h"
#include "sync-server/identity/schema.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/records/keeping/record_settling.h"
#include "sync-server/records/schema.h"
#include "sync-server/replies/schema.h"
#include "sync-server/roster/plan_pull.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/rota_import.h"
#include "sync-server/roster/schema.h"
#include "tests/support/unlogged_office.h"

namespace doorstep::simulation {
namespace {

// Few, so that jobs end in between.
constexpr std::uint32_t kJudgedAtOnce = 7;
constexpr const char* kFirstProvider = "Simulated Care";
constexpr const char* kFirstCouncil = "Simulated Council";

}  // namespace

SimulatedServer::SimulatedServer(std::uint64_t seed, const TrueTime& time, Planted planted)
    : planted_(planted),
      disk_(seed ^ 0x5E4E4),
      clock_(time),
      ids_(seed ^ 0x1D5),
      signers_("simulated.example", crypto::Ed25519PrivateKey::generate()),
      officeKey_(crypto::P256PrivateKey::generate()),
      officeKeySpki_(officeKey_.publicKey().spki()) {}

Status SimulatedServer::open(Running& running) {
  DOORSTEP_ASSIGN(
      running.storage,
      storage::Storage::open({.path = "/server.db", .vfs = disk_.vfs(), .singleThreaded = true}));
  sql::Database& writer = running.storage->writer();
  DOORSTEP_TRY(event_log::migrate(writer));
  DOORSTEP_TRY(roster::migrate(writer));
  DOORSTEP_TRY(commissioning::migrate(writer));
  DOORSTEP_TRY(identity::migrate(writer));
  DOORSTEP_TRY(adjustments::migrate(writer));
  DOORSTEP_TRY(exports::migrate(writer));
  DOORSTEP_TRY(freezes::migrate(writer));
  DOORSTEP_TRY(replies::migrate(writer));
  DOORSTEP_TRY(records::migrate(writer));
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
  std::vector<ProviderId> providers;
  DOORSTEP_ASSIGN(const auto known, roster::providers(writer));
  for (const roster::Provider& provider : known)
    providers.push_back(provider.id);
  std::int64_t arrived = 0;
  if (!providers.empty()) {
    DOORSTEP_ASSIGN(arrived, intake::newestArrivalUnixMs(*running.log, providers));
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

// The council's rules change with each import, too.
roster::StatedRules SimulatedServer::nextRules() {
  roster::StatedRules rules;
  rules.lateToleranceMin = 5 + 10 * (++imports_ % 3);
  return rules;
}

Result<std::uint64_t> SimulatedServer::importRota(const roster::Rota& rota) {
  roster::ImportSummary summary;
  const roster::StatedRules rules = nextRules();
  DOORSTEP_TRY(decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_ASSIGN(provider_, roster::ensureProvider(database, kFirstProvider, clock_, ids_));
    DOORSTEP_ASSIGN(const CouncilId council,
                    roster::ensureCouncil(database, kFirstCouncil, clock_, ids_));
    roster::FaultList faults;
    DOORSTEP_ASSIGN(summary, roster::importRota(database, rota, {provider_, council, rules}, clock_,
                                                ids_, act, faults));
    return kDone;
  }));
  running_->plans.publish(provider_, summary.commit);
  return roster::hintCursor(summary.commit.newestChange, clock_.wallUnixMs());
}

namespace {

// Plants a bug: while the rules change, the contract seems to be the importing provider's alone.
Status hideParty(sql::Database& database, ProviderId party) {
  DOORSTEP_ASSIGN(auto hide, database.prepare("UPDATE contract_party SET contract_id = "
                                              "-contract_id WHERE provider_id = ?"));
  return hide.bindId(0, party.value).run();
}
Status showParties(sql::Database& database) {
  return database.execute(
      "UPDATE contract_party SET contract_id = -contract_id WHERE contract_id < 0");
}

}  // namespace

Status SimulatedServer::judgeRecords(std::int64_t nowUnixMs) {
  if (planted_ == Planted::RecordsStayAsJudged)
    DOORSTEP_TRY(running_->storage->writer().execute("DELETE FROM touched_visit"));
  while (true) {
    DOORSTEP_ASSIGN(const auto settled,
                    records::settleSome(*running_->storage, nowUnixMs, kJudgedAtOnce));
    if (!settled.more)
      return kDone;
  }
}

Result<SimulatedServer::Beside> SimulatedServer::importBeside(const std::string& name,
                                                              const roster::Rota& rota) {
  const roster::StatedRules rules = nextRules();
  Beside done = Beside::Joined;
  const auto job = [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_ASSIGN(const ProviderId provider,
                    roster::ensureProvider(database, name, clock_, ids_));
    DOORSTEP_ASSIGN(const CouncilId council,
                    roster::ensureCouncil(database, kFirstCouncil, clock_, ids_));
    roster::ImportTarget target{.provider = provider, .council = council};
    // Whoever joins takes the rules that there are.
    DOORSTEP_ASSIGN(const auto own, roster::contractsOfProvider(database, provider));
    done = own.empty() ? Beside::Joined : Beside::ChangedRules;
    if (done == Beside::ChangedRules)
      target.rules = rules;
    const bool hides = planted_ == Planted::RulesInOneLog && target.rules.has_value();
    if (hides)
      DOORSTEP_TRY(hideParty(database, provider_));
    roster::FaultList faults;
    DOORSTEP_TRY(roster::importRota(database, rota, target, clock_, ids_, act, faults));
    return hides ? showParties(database) : kDone;
  };
  DOORSTEP_TRY(decide(job));
  return done;
}

// Plants a bug: entries of which the server does not know what they are about are thrown away.
void SimulatedServer::dropLaterSubjects(Request& request) const {
  doorstep::sync::v1::ExchangeRequest message;
  if (!message.ParseFromString(request.bytes))
    return;
  auto& entries = *message.mutable_entries();
  const auto isLater = [](const std::string& entry) {
    const auto decoded = wire::decodeEntry(entry);
    return decoded.ok() && decoded->entry.events.front().subjectKind > visits::SubjectKind::Office;
  };
  entries.erase(std::remove_if(entries.begin(), entries.end(), isLater), entries.end());
  request.bytes = message.SerializeAsString();
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
    if (planted_ == Planted::ServerDropsLaterSubjects)
      dropLaterSubjects(request);
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
