// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/identity/caller.h"
#include "sync-server/intake/commit_pipeline.h"
#include "sync-server/projections/visit_projection.h"
#include "sync-server/records/keeping/record_keeper.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/roster/known_visits.h"
#include "sync-server/roster/visit_aliases.h"
#include "sync-server/storage/storage.h"
#include "tests/support/county/county_week.h"
#include "tests/support/signing_phone.h"
#include "tests/support/unlogged_office.h"

namespace doorstep::bench {

struct Pushed {
  std::size_t events = 0;
  double seconds = 0;  // of the writer: verdicts, log, projections, commit
  double cpuSeconds = 0;
};
// How much of the county is in the database; of a week that was broken off, how much of it.
struct Progress {
  int weeks = 0;
  std::size_t changes = 0;
  std::size_t sendings = 0;
  std::uint64_t events = 0;
};
struct Judged {
  std::uint32_t visits = 0;
  std::int64_t rows = 0;  // written
  double seconds = 0;
  double cpuSeconds = 0;
  double writerSeconds = 0;  // of it: writing what the visits were judged as
  double writerCpuSeconds = 0;
};

// A server without network on a SQLite file: plan, intake, log, projections and records, with the
// county's providers in one contract. Signatures are marked as verified; plan versions are written
// to the plan alone, not to the logs. A database that exists is continued, with new phones. Errors
// end the program. Thread: one.
class CountyServer {
 public:
  explicit CountyServer(const std::filesystem::path& directory);
  ~CountyServer();

  // As the last run left it; save() for the next one.
  Progress progress;
  void save();

  // Before everything else.
  void ensureProviders(const county::County& county);
  // Providers, people, carers and visits that are not there yet.
  void publish(const county::Week& week, int number);
  void change(const county::Week& week, std::span<const county::PlanChange> changes, int number);
  // One commit.
  Pushed push(std::span<const county::Sending> sendings, int number);
  // One job of the background settling.
  Judged settleSome(bool& more);
  Judged settleAll();

  void setNow(std::int64_t unixMs) { clock_.nowUnixMs = unixMs; }
  std::int64_t now() const { return clock_.nowUnixMs; }
  std::size_t providers() const { return providers_.size(); }
  ProviderId provider(std::size_t index) const { return providers_[index]; }
  ContractId contract() const { return contract_; }
  sql::Database& database() { return storage_->writer(); }
  // For another thread than this one's.
  sql::Database openReader() const;
  records::Reading reading() { return reading(database()); }
  records::Reading reading(sql::Database& database) { return {database, officer_, now(), key_}; }
  event_log::EventLog& log() { return *log_; }
  std::int64_t number(const char* sql);
  // Seconds of projections and of records.
  std::pair<double, double> rebuild();

 private:
  class SetClock final : public Clock {
   public:
    std::int64_t wallUnixMs() const override { return nowUnixMs; }
    std::uint64_t bootMs() const override { return static_cast<std::uint64_t>(nowUnixMs); }
    std::uint32_t boot() const override { return 1; }
    std::int64_t nowUnixMs = 0;
  };
  void putPeople(const county::Provider& provider, std::size_t index);
  static visits::PlannedVisit planned(const county::Provider& provider, std::size_t index,
                                      const county::Visit& from, VisitId id);
  support::SigningPhone& phone(std::size_t provider, std::size_t carer);
  intake::Submission submission(const county::Sending& sending, int week);

  const std::filesystem::path directory_;
  SetClock clock_;
  SetClock decidedAt_;
  SystemIdSource ids_;
  event_log::LogSigners signers_;
  std::unique_ptr<storage::Storage> storage_;
  std::optional<support::UnloggedOffice> office_;
  std::unique_ptr<event_log::SqlEventLog> log_;
  std::unique_ptr<roster::VisitAliases> aliases_;
  std::unique_ptr<projections::VisitProjection> visits_;
  std::unique_ptr<roster::KnownVisits> known_;
  std::unique_ptr<intake::CommitPipeline> pipeline_;
  std::vector<ProviderId> providers_;
  ContractId contract_;
  identity::AccountCaller officer_;
  crypto::SecretKey key_{};
  std::map<std::pair<std::size_t, std::size_t>, support::SigningPhone> phones_;
};

}  // namespace doorstep::bench
