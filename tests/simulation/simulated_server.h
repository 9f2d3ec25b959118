// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "sync-server/event_log/log_signers.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/intake/commit_pipeline.h"
#include "sync-server/office/office_log.h"
#include "sync-server/projections/visit_projection.h"
#include "sync-server/roster/known_visits.h"
#include "sync-server/roster/plan_feed.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/rota/rota.h"
#include "sync-server/roster/visit_aliases.h"
#include "sync-server/rpc/device/exchange_handler.h"
#include "sync-server/storage/storage.h"
#include "tests/simulation/crash_disk.h"
#include "tests/simulation/faults.h"
#include "tests/simulation/virtual_time.h"

namespace doorstep::simulation {

// The released server without threads and sockets: storage, log, intake, projections and plan on a
// crash disk. All except the disk and the log's key is lost when it goes down. Thread: one.
class SimulatedServer {
 public:
  SimulatedServer(std::uint64_t seed, const TrueTime& time, Planted planted);

  CrashDisk& disk() { return disk_; }
  bool isUp() const { return running_ != nullptr; }
  // Opens what is on the disk. Errors: those of a real server's start.
  Status start();
  // The process ends; unsynced writes stay in the machine's cache (kill -9).
  void kill();
  // The machine loses power.
  void losePower();

  ProviderId provider() const { return provider_; }
  std::string logVerifierKey() const { return signers_.verifierKey(provider_); }
  // Returns the cursor to hint.
  Result<std::uint64_t> importRota(const roster::Rota& rota);
  // Of another provider. The first such import joins the first provider's contract, each later one
  // changes the contract's rules for all of its providers; tells which it was.
  enum class Beside { Joined, ChangedRules };
  Result<Beside> importBeside(const std::string& provider, const roster::Rota& rota);
  std::int64_t nowUnixMs() const { return clock_.wallUnixMs(); }
  // Judges the records that wait for it at that time, as a server does in the background.
  Status judgeRecords(std::int64_t nowUnixMs);
  Result<std::uint64_t> reassign(VisitId visit, std::uint32_t slot, CarerId carer);

  struct Request {
    std::size_t phone = 0;
    std::uint64_t exchange = 0;
    std::string bytes;
    const identity::KnownDevice* device = nullptr;
    bool isStolen = false;  // a thief's, with the phone's TLS key
  };
  struct Reply {
    Request request;
    Result<std::string> bytes;
  };
  // One group commit of all requests, then their replies.
  std::vector<Reply> commit(std::vector<Request> requests);

  event_log::EventLog& log();
  const event_log::LogSigners& signers() const { return signers_; }
  const std::string& officeKeySpki() const { return officeKeySpki_; }
  sql::Database& database();
  event_log::Projection& projection();

 private:
  struct Running {
    std::unique_ptr<storage::Storage> storage;
    std::unique_ptr<event_log::SqlEventLog> log;
    std::unique_ptr<projections::VisitProjection> projection;
    std::unique_ptr<roster::KnownVisits> visits;
    std::unique_ptr<roster::VisitAliases> aliases;
    std::unique_ptr<intake::CommitPipeline> pipeline;
    std::unique_ptr<intake::ArrivalClock> arrivals;
    std::unique_ptr<office::OfficeLog> office;
    std::unique_ptr<rpc::ExchangeHandler> handler;
    roster::PlanFeed plans;
  };
  Status open(Running& running);
  Status decide(const office::OfficeLog::Job& job);
  Status guardOpenNumbers(Request& request);
  void dropLaterSubjects(Request& request) const;
  roster::StatedRules nextRules();

  const Planted planted_;
  CrashDisk disk_;
  ServerClock clock_;
  DrawnIds ids_;
  event_log::LogSigners signers_;
  crypto::P256PrivateKey officeKey_;
  const std::string officeKeySpki_;
  ProviderId provider_;
  std::uint32_t imports_ = 0;
  std::unique_ptr<Running> running_;
};

}  // namespace doorstep::simulation
