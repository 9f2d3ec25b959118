// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/running_server.h"
#include "sync-server/roster/known_visits.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "shared/core/check.h"
#include "sync-server/config/certificate_care.h"
#include "sync-server/config/decision_services.h"
#include "sync-server/config/derived_keys.h"
#include "sync-server/config/descriptors.h"
#include "sync-server/config/disk_space.h"
#include "sync-server/config/listen_check.h"
#include "sync-server/config/plan_bindings.h"
#include "sync-server/config/record_judging.h"
#include "sync-server/config/web_certificate_watch.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/http/event_log_reader.h"
#include "sync-server/http/http_front.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/identity/sessions.h"
#include "sync-server/intake/group_commit.h"
#include "sync-server/monitoring/live_boards.h"
#include "sync-server/office/office_log.h"
#include "sync-server/projections/visit_projection.h"
#include "sync-server/roster/plan_feed.h"
#include "sync-server/roster/plan_pull.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/rpc/caller_context.h"
#include "sync-server/rpc/device/device_connections.h"
#include "sync-server/rpc/device/device_server.h"
#include "sync-server/rpc/device/enrolment_service.h"
#include "sync-server/rpc/device/sync_service.h"
#include "sync-server/rpc/library_log.h"
#include "sync-server/rpc/limits.h"
#include "sync-server/rpc/people/account_service.h"
#include "sync-server/rpc/people/board_service.h"
#include "sync-server/rpc/people/measures_service.h"
#include "sync-server/rpc/people/office_service.h"
#include "sync-server/rpc/people/people_server.h"
#include "sync-server/rpc/people/records_service.h"
#include "sync-server/rpc/people/session_streams.h"

namespace doorstep::config {
namespace {

// Signatures take most of a core at the target load; one thread per core, and at least two.
std::size_t workerCount() { return std::max(2U, std::thread::hardware_concurrency()); }

http::SiteRules sitesOf(const ServerConfig& config) {
  http::SiteRules sites;
  sites.hosts = config.alsoKnownAs;
  sites.hosts.push_back(config.host);
  sites.origins = config.publicOrigins;
  return sites;
}

}  // namespace

class RunningServer::Impl {
 public:
  Impl(ServerContext taken, const Options& started)
      : context(std::move(taken)),
        options(started),
        signers(context.signers()),
        knownVisits(context.storage->writer()),
        aliases(context.storage->writer()),
        refusals(*context.clock, [](const std::string& line) { spdlog::warn("{}", line); }),
        libraryLog(refusals),
        callers(*context.storage, devices, connections, *context.clock),
        sessionStreams(callers),
        workers(workerCount(), rpc::kTasksQueuedMax),
        shortQuestions(rpc::kShortQuestionThreads, rpc::kShortQuestionsQueuedMax,
                       rpc::kShortQuestionNiceness),
        longQuestions(rpc::kLongQuestionThreads, rpc::kLongQuestionsQueuedMax,
                      rpc::kLongQuestionNiceness),
        judging(*context.storage, *context.clock) {}

  Status start();
  void stop();
  Status tick();
  void tickCare();
  void lookAtWebCertificate(bool now);
  Status lookAtAll();

  ServerContext context;
  const Options options;
  SystemClock certificateClock;
  // One per thread that makes ids.
  SystemIdSource boardIds, accountIds, officeIds, lookIds;
  event_log::LogSigners signers;
  std::unique_ptr<event_log::SqlEventLog> log;
  SystemIdSource writerIds;
  std::optional<office::OfficeLog> officeLog;
  identity::DeviceRegistry devices;
  roster::PlanFeed plans;
  roster::KnownVisits knownVisits;  // used by the writer
  roster::VisitAliases aliases;     // used by the writer
  std::unique_ptr<monitoring::LiveBoards> boards;
  std::unique_ptr<projections::VisitProjection> visits;
  std::unique_ptr<intake::CommitPipeline> pipeline;
  std::unique_ptr<intake::GroupCommit> commits;
  rpc::RefusalLog refusals;
  rpc::LibraryLog libraryLog;
  rpc::DeviceConnections connections;
  rpc::CallerContext callers;
  rpc::SessionStreams sessionStreams;
  rpc::WorkerPool workers;                        // phones: signature checks and pulls
  rpc::WorkerPool shortQuestions, longQuestions;  // people
  std::optional<intake::ArrivalClock> arrivals;
  std::unique_ptr<rpc::ExchangeHandler> exchanges;
  std::unique_ptr<rpc::SyncService> sync;
  std::unique_ptr<rpc::EnrolmentService> enrolment;
  std::unique_ptr<rpc::AccountService> accounts;
  std::unique_ptr<rpc::OfficeService> office;
  std::unique_ptr<rpc::BoardService> board;
  std::unique_ptr<rpc::RecordsService> records;
  std::unique_ptr<rpc::MeasuresService> measures;
  std::unique_ptr<DecisionServices> decisions;
  RecordJudging judging;
  std::unique_ptr<rpc::DeviceServer> phones;
  std::unique_ptr<rpc::PeopleServer> people;
  std::unique_ptr<http::EventLogReader> logReader;
  std::unique_ptr<http::HttpFront> front;
  std::optional<WebCertificateWatch> webCertificate;

 private:
  Status noticeOthers();
  Status startArrivals();
  Status buildIntake();
  void buildPhoneServices();
  Status buildPeopleServices();
  Result<std::uint16_t> choosePort() const;
  Status listen();
  Status publishPlans(sql::Database& database);
  Result<bool> knowsSession(const std::string& token);
  // Logs warnings for the operator: at start, then once a day.
  Status careForCertificates();
  void tellDiskSpace();
  std::uint64_t planWatch = 0;
  bool stopped_ = false;
  std::int64_t certificatesToldUnixMs_ = 0;
  std::int64_t diskLookedUnixMs_ = 0;
  std::int64_t diskToldUnixMs_ = 0;
};

Status RunningServer::Impl::start() {
  DOORSTEP_TRY(careForCertificates());
  tellDiskSpace();
  DOORSTEP_CHECK(context.lock.has_value());
  context.directory.removePorts();  // left by a killed server
  DOORSTEP_ASSIGN(log, event_log::SqlEventLog::open(*context.storage, signers));
  {
    auto lease = context.storage->read();
    DOORSTEP_TRY(publishPlans(*lease));
  }
  DOORSTEP_TRY(startArrivals());
  DOORSTEP_TRY(buildIntake());
  buildPhoneServices();
  DOORSTEP_TRY(buildPeopleServices());
  DOORSTEP_TRY(listen());
  return context.directory.writePorts({phones->port(), front->port()});
}

Status RunningServer::Impl::publishPlans(sql::Database& database) {
  DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
  for (const auto& provider : providers) {
    DOORSTEP_ASSIGN(const std::uint64_t change, roster::newestPlanChange(database, provider.id));
    if (change > plans.newest(provider.id))
      plans.publish(provider.id, change);
  }
  return kDone;
}

// A wrong arrival time is permanent: better not to start.
Status RunningServer::Impl::startArrivals() {
  std::int64_t newest = 0;
  if (!options.clockIsRight) {
    auto lease = context.storage->read();
    DOORSTEP_ASSIGN(const auto found, roster::providers(*lease));
    std::vector<ProviderId> providers;
    for (const auto& provider : found)
      providers.push_back(provider.id);
    DOORSTEP_ASSIGN(newest, intake::newestArrivalUnixMs(*log, providers));
    DOORSTEP_TRY(intake::checkServerClock(context.clock->wallUnixMs(), newest));
  }
  arrivals.emplace(*context.clock, newest);
  officeLog.emplace(office::OfficeLog::Parts{*context.storage, *log, *context.officeKey,
                                             [this] { return arrivals->stamp(); }, *context.clock,
                                             writerIds});
  return kDone;
}

Status RunningServer::Impl::buildIntake() {
  boards =
      std::make_unique<monitoring::LiveBoards>(*context.storage, plans, *context.clock, boardIds);
  DOORSTEP_ASSIGN(visits, projections::VisitProjection::open(context.storage->writer(), *log,
                                                             boards.get(), resolveWith(aliases)));
  DOORSTEP_ASSIGN(auto contacts, event_log::ContactWriter::prepare(context.storage->writer()));
  pipeline = std::make_unique<intake::CommitPipeline>(intake::CommitPipeline::Parts{
      .log = *log,
      .contacts = std::move(contacts),
      .knowsVisit = [this](ProviderId provider,
                           VisitId visit) { return knownVisits.knows(provider, visit); },
      .projections = {visits.get()},
      .contactObservers = {boards.get()},
      .countsEvents = [this](ProviderId provider, VisitId visit,
                             DeviceId device) -> Result<intake::CountedEvents> {
        DOORSTEP_ASSIGN(const auto counts, visits->eventsOf(provider, visit, device));
        return intake::CountedEvents{counts.all, counts.ofDevice};
      },
      .bindings = planBindings(context.storage->writer(), aliases)});
  // Entries that wait for a plan are counted when it arrives, not only when a phone calls.
  planWatch =
      plans.watch([this](ProviderId provider, std::uint64_t, const roster::ConcernedCarers&) {
        context.storage->postToWriter([this, provider] { (void)pipeline->countWaiting(provider); });
      });
  commits = std::make_unique<intake::GroupCommit>(*context.storage, *pipeline);
  return kDone;
}

void RunningServer::Impl::buildPhoneServices() {
  const auto& keys = context.directory.keys();
  exchanges = std::make_unique<rpc::ExchangeHandler>(rpc::ExchangeHandler::Parts{
      *log, *context.storage, plans, *context.clock, *arrivals,
      identity::DeviceIssuer{keys.authorities.back().certificate, keys.authorities.back().key,
                             certificateClock}});
  if (keys.authorities.size() > 1)
    devices.setNewestAuthority(keys.authorities.back().certificate.pem);
  sync = std::make_unique<rpc::SyncService>(rpc::SyncService::Parts{.exchanges = *exchanges,
                                                                    .callers = callers,
                                                                    .commits = *commits,
                                                                    .workers = workers,
                                                                    .refusals = refusals,
                                                                    .plans = plans,
                                                                    .storage = *context.storage,
                                                                    .clock = *context.clock});
  devices.setForgetWatcher(
      [this](std::optional<DeviceId> revoked) { sync->devicesChanged(revoked); });
  enrolment = std::make_unique<rpc::EnrolmentService>(rpc::EnrolmentService::Parts{
      .storage = *context.storage,
      .callers = callers,
      .issuer = {keys.authority, keys.authorityKey, certificateClock},
      .logVerifierKey = [this](ProviderId provider) { return signers.verifierKey(provider); },
      .workers = workers,
      .refusals = refusals,
      .clock = *context.clock,
      .ids = *context.ids});
}

Status RunningServer::Impl::buildPeopleServices() {
  const auto& config = context.directory.config();
  const auto& keys = context.directory.keys();
  const crypto::SecretKey pages = pageKey(keys);
  accounts = std::make_unique<rpc::AccountService>(
      rpc::AccountService::Parts{*context.storage, callers, shortQuestions, refusals,
                                 sessionStreams, *context.clock, accountIds});
  DOORSTEP_ASSIGN(auto authorityDer, crypto::certificateDer(keys.authority.pem));
  office = std::make_unique<rpc::OfficeService>(
      rpc::OfficeService::Parts{.storage = *context.storage,
                                .log = *log,
                                .office = *officeLog,
                                .callers = callers,
                                .devices = devices,
                                .plans = plans,
                                .workers = shortQuestions,
                                .refusals = refusals,
                                .clock = *context.clock,
                                .ids = officeIds,
                                .host = config.host,
                                .devicePort =
                                    [this, advertised = config.advertisedDevicePort] {
                                      return advertised != 0 ? advertised : phones->port();
                                    },
                                .authorityDer = std::move(authorityDer),
                                .pageKey = pages});
  board = std::make_unique<rpc::BoardService>(
      rpc::BoardService::Parts{*boards, *context.storage, *log, callers, shortQuestions, refusals,
                               sessionStreams, *context.clock, lookIds, pages});
  records = std::make_unique<rpc::RecordsService>(rpc::RecordsService::Parts{
      *context.storage, *log, *officeLog, signers, callers, shortQuestions, longQuestions, refusals,
      *context.clock, lookIds, pages, pseudonymKey(keys)});
  measures = std::make_unique<rpc::MeasuresService>(
      rpc::MeasuresService::Parts{*context.storage, callers, shortQuestions, longQuestions,
                                  refusals, *context.clock, lookIds, pages, pseudonymKey(keys)});
  decisions = std::make_unique<DecisionServices>(rpc::AdjustmentService::Parts{
      *context.storage, *officeLog, callers, shortQuestions, longQuestions, refusals,
      *context.clock, lookIds, pages, pseudonymKey(keys)});
  return kDone;
}

Status RunningServer::Impl::careForCertificates() {
  certificatesToldUnixMs_ = certificateClock.wallUnixMs();
  DOORSTEP_ASSIGN(const auto states, certificateStates(context.directory, certificatesToldUnixMs_));
  for (const auto& state : states)
    for (const auto& warning : state.warnings)
      spdlog::warn("{}", warning);
  const auto standing = devices.standing();
  if (context.directory.keys().authorities.size() > 1 && standing.devices > 0)
    spdlog::info(
        "{} of the {} phones that called since the start have no certificate of the "
        "newest authority yet",
        standing.ofOlderAuthority, standing.devices);
  return options.evenIfExpired ? Status(kDone) : refuseExpired(states);
}

void RunningServer::Impl::tellDiskSpace() {
  diskLookedUnixMs_ = certificateClock.wallUnixMs();
  const auto warning = diskSpaceWarning(context.directory.path().string());
  if (!warning || diskLookedUnixMs_ - diskToldUnixMs_ < kDiskToldEveryMs)
    return;
  diskToldUnixMs_ = diskLookedUnixMs_;
  spdlog::warn("{}", *warning);
}

void RunningServer::Impl::lookAtWebCertificate(bool now) {
  if (!webCertificate)
    return;
  const std::int64_t nowUnixMs = certificateClock.wallUnixMs();
  if (now ? webCertificate->takeNow(nowUnixMs) : webCertificate->tick(nowUnixMs))
    (void)careForCertificates();  // its names, and how long it lasts
}

void RunningServer::Impl::tickCare() {
  lookAtWebCertificate(false);
  const std::int64_t now = certificateClock.wallUnixMs();
  if (now - certificatesToldUnixMs_ >= kCertificateToldEveryMs)
    (void)careForCertificates();  // a running server continues: the warning was logged
  if (now - diskLookedUnixMs_ >= kDiskLookedEveryMs)
    tellDiskSpace();
}

// For port 0 in config.toml: the port that phones know, while it is free.
Result<std::uint16_t> RunningServer::Impl::choosePort() const {
  const auto& config = context.directory.config();
  DOORSTEP_TRY(checkListen(config.webAddress, config.webPort));
  if (config.devicePort != 0) {
    DOORSTEP_TRY(checkListen(config.deviceAddress, config.devicePort));
    return config.devicePort;
  }
  const std::uint16_t kept = context.directory.keptDevicePort();
  if (checkListen(config.deviceAddress, kept).ok())
    return kept;
  spdlog::warn("port {} is taken: phones that were enrolled with it do not find this server", kept);
  return std::uint16_t{0};
}

Status RunningServer::Impl::listen() {
  const auto& config = context.directory.config();
  const auto& keys = context.directory.keys();
  const std::string chain = keys.server.pem + keys.authority.pem;
  ServerDirectory::WebCertificate web{chain, keys.serverKey.pem()};
  if (!config.webCertificate.empty()) {
    DOORSTEP_ASSIGN(web, context.directory.readWebCertificate());
  }
  DOORSTEP_ASSIGN(const std::uint16_t devicePort, choosePort());
  const DescriptorShares shares = shareDescriptors(raiseDescriptorLimit());
  connections.setLimits(shares.devices);
  DOORSTEP_ASSIGN(phones,
                  rpc::DeviceServer::start({.address = config.deviceAddress,
                                            .port = devicePort,
                                            .serverCertificatePem = chain,
                                            .serverKeyPem = keys.serverKey.pem(),
                                            .authorityPem = keys.authoritiesPem(),
                                            .services = {&sync->service(), &enrolment->service()},
                                            .connections = connections,
                                            .refusals = refusals,
                                            .clock = certificateClock}));
  auto services = decisions->services();
  services.insert(services.end(), {&accounts->service(), &office->service(), &board->service(),
                                   &records->service(), &measures->service()});
  DOORSTEP_ASSIGN(people, rpc::PeopleServer::start(services));
  logReader = std::make_unique<http::EventLogReader>(*log);
  DOORSTEP_ASSIGN(
      front, http::HttpFront::start(
                 {.listenAddress = config.webAddress,
                  .port = config.webPort,
                  .certificateChainPem = web.chainPem,
                  .privateKeyPem = web.keyPem,
                  .dashboardFolder = config.dashboardDirectory,
                  .limits = shares.front,
                  .sites = sitesOf(config),
                  .knowsSession = [this](const std::string& token) { return knowsSession(token); },
                  .tellRefusal =
                      [this](const http::Refusal& refusal) {
                        refusals.refused(refusal.method, refusal.error);
                      }},
                 people->server(), *logReader));
  if (!config.webCertificate.empty())
    webCertificate.emplace(context.directory, web,
                           [this](const ServerDirectory::WebCertificate& next) {
                             return front->useCertificate(next.chainPem, next.keyPem);
                           });
  return config.devicePort == 0 ? context.directory.keepDevicePort(phones->port()) : Status(kDone);
}

// Validity only: the service checks permissions.
Result<bool> RunningServer::Impl::knowsSession(const std::string& token) {
  const auto lease = context.storage->read();
  const auto session = identity::resolveSession(lease, token, context.clock->wallUnixMs());
  if (!session.ok() && session.error().code != ErrorCode::Unauthenticated)
    return session.error();
  return session.ok();
}

void RunningServer::Impl::stop() {
  if (std::exchange(stopped_, true))
    return;
  if (front)
    front->stop();
  if (sync)
    sync->stop();
  if (planWatch != 0)
    plans.unwatch(planWatch);
  if (boards)
    boards->stop();
  if (accounts)
    accounts->stop();
  if (office)
    office->stop();
  if (commits)
    commits->stop();
  if (phones)
    phones->stop();
  if (people)
    people->stop();
  shortQuestions.stop();
  longQuestions.stop();
  workers.stop();
  judging.stop();
  context.storage->stop();
  refusals.tellUnwritten();
  context.directory.removePorts();
}

Status RunningServer::Impl::noticeOthers() {
  bool changed = false;
  DOORSTEP_TRY(context.storage->write([&](sql::Database&) -> Status {
    DOORSTEP_ASSIGN(changed, context.storage->changedElsewhere());
    return kDone;
  }));
  return changed ? lookAtAll() : kDone;
}

Status RunningServer::Impl::lookAtAll() {
  devices.forgetAll();
  sessionStreams.lookAtAll();
  auto lease = context.storage->read();
  return publishPlans(*lease);
}

Status RunningServer::Impl::tick() {
  refusals.tick();
  sessionStreams.tick(context.clock->wallUnixMs());
  tickCare();
  if (const Status noticed = noticeOthers(); !noticed.ok())
    spdlog::warn("cannot see what other processes wrote: {}", noticed.error().reason);
  judging.kick();
  return phones->failure();
}

RunningServer::RunningServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunningServer::~RunningServer() { impl_->stop(); }

Result<std::unique_ptr<RunningServer>> RunningServer::start(ServerContext context,
                                                            Options options) {
  std::unique_ptr<RunningServer> server(
      new RunningServer(std::make_unique<Impl>(std::move(context), options)));
  DOORSTEP_TRY(server->impl_->start());
  return server;
}

ListeningPorts RunningServer::ports() const {
  return {impl_->phones->port(), impl_->front->port()};
}

Status RunningServer::tick() { return impl_->tick(); }

const ServerContext& RunningServer::context() const { return impl_->context; }
office::OfficeLog& RunningServer::office() { return *impl_->officeLog; }

void RunningServer::commandDone() {
  if (const Status looked = impl_->lookAtAll(); !looked.ok())
    spdlog::warn("cannot see what a command wrote: {}", looked.error().reason);
}

void RunningServer::reload() { impl_->lookAtWebCertificate(true); }

void RunningServer::stop() { impl_->stop(); }

}  // namespace doorstep::config
