// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/visits/locked_plan.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/identity/caller.h"
#include "sync-server/intake/commit_pipeline.h"
#include "sync-server/projections/visit_projection.h"
#include "sync-server/roster/known_visits.h"
#include "sync-server/roster/plan_feed.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/visit_aliases.h"
#include "sync-server/storage/storage.h"
#include "tests/support/signing_phone.h"
#include "tests/support/test_database.h"
#include "tests/support/unlogged_office.h"

namespace doorstep::support {

// A server without network: plan, intake, log and projections on one test database, and phones that
// record and send. Times are local text, "2026-11-23T08:00:00".
class ProviderDay {
 public:
  struct PlannedCare {
    PersonId person;
    std::vector<CarerId> carers;  // one per slot
    std::string from;             // window
    std::string to;
    std::uint32_t durationMin = 30;
    bool timeCritical = false;
    std::vector<visits::PlannedTask> tasks;
    std::string ref;  // empty: generated
  };
  struct Options {
    bool singleThreaded = true;
    projections::AttendanceObserver* attendances = nullptr;
    event_log::ContactObserver* contacts = nullptr;
    // Allows entries that do not count; otherwise they fail the test.
    bool quarantineToo = false;
    // What the office decides stands in the log, as on a server, so that plans can be proved.
    bool officeInLog = false;
  };

  explicit ProviderDay(const Options& options);
  ProviderDay() : ProviderDay(Options{}) {}
  ~ProviderDay();

  // A provider with a contract of the council over the lots.
  ProviderId addProvider(const std::string& name, const std::string& council,
                         std::vector<std::string> lots,
                         std::optional<roster::StatedRules> rules = {});
  CouncilId council(const std::string& name);
  CarerId addCarer(ProviderId provider, const std::string& name);
  PersonId addPerson(ProviderId provider, const std::string& ref, const std::string& lot);
  VisitId addVisit(ProviderId provider, const PlannedCare& care);
  // Publishes a new version of a visit now.
  void change(ProviderId provider, VisitId visit,
              const std::function<void(visits::PlannedVisit&)>& edit,
              visits::WantedBy wantedBy = visits::WantedBy::Office);

  // Records on a carer's phone, which is offline until send. The phone's clock is right except for
  // wallAheadMs.
  std::uint64_t record(CarerId carer, VisitId visit, visits::Fact fact, const std::string& at,
                       std::int64_t wallAheadMs = 0);
  void checkIn(CarerId carer, VisitId visit, const std::string& at) {
    record(carer, visit, visits::CheckedIn{}, at);
  }
  void checkOut(CarerId carer, VisitId visit, const std::string& at) {
    record(carer, visit, visits::CheckedOut{}, at);
  }
  // Sends all events on the phone as one entry. anchored: true time has two bounds.
  void send(CarerId carer, const std::string& at, bool anchored = true);
  // Sends one entry per event.
  void sendOneByOne(CarerId carer, const std::string& at);
  // An exchange without entries.
  void hear(CarerId carer, const std::string& at, std::uint64_t planCursor = 0);

  // Judges everything that was touched, in jobs of that many visits. Returns how many.
  std::uint32_t judge(std::uint32_t limit = 1'000);
  // Clears the attendance tables and folds the log again, in commits of that size.
  void rebuild(std::size_t entriesPerCommit);
  // All rows of the derived tables, as text.
  std::string derivedRows();

  // Callers of queries.
  identity::AccountCaller supervisor(ProviderId provider) const;
  identity::AccountCaller officer(const std::string& council);
  identity::AccountCaller theOperator() const;

  intake::CommitPipeline& pipeline() { return *pipeline_; }
  storage::Storage& storage() { return *storage_; }
  // Decides as an office, now.
  Status decide(const office::OfficeLog::Job& job, AccountId account = {}) {
    decidedAt_.nowUnixMs = now();
    return decideBy(job, account);
  }
  event_log::SqlEventLog& log() { return *log_; }
  roster::PlanFeed& plans() { return plans_; }
  const event_log::LogSigners& signers() const { return signers_; }
  Clock& clock() { return clock_; }
  IdSource& ids() { return ids_; }
  void setNow(const std::string& at);
  // Publication time of people, carers and visits added later. Initially long before all of them.
  void publishAt(const std::string& at);
  std::int64_t now() const { return clock_.wallUnixMs(); }
  static std::int64_t ms(const std::string& at);

 private:
  class SetClock final : public Clock {
   public:
    std::int64_t wallUnixMs() const override { return nowUnixMs; }
    std::uint64_t bootMs() const override { return static_cast<std::uint64_t>(nowUnixMs); }
    std::uint32_t boot() const override { return 1; }
    std::atomic<std::int64_t> nowUnixMs = 0;
  };
  struct Phone {
    explicit Phone(std::uint64_t device, ProviderId provider, CarerId carer)
        : signing(device, provider.value, carer.value) {}
    SigningPhone signing;
    std::uint64_t nextEvent = 1;
    std::vector<visits::Event> held;
  };
  Status decideBy(const office::OfficeLog::Job& job, AccountId account = {});
  Phone& phone(CarerId carer);
  void commit(Phone& phone, const std::vector<visits::Entry>& entries, std::int64_t receivedUnixMs,
              bool anchored, std::uint64_t planCursor);
  // With that decision time.
  void plan(ProviderId provider, const office::OfficeLog::Job& job, std::int64_t decidedUnixMs,
            AccountId account = {});

  const bool quarantineToo_;
  std::int64_t publishedUnixMs_ = ms("2026-01-01T00:00:00");
  TestDatabase place_;
  SetClock clock_;
  SetClock decidedAt_;  // time of the office's decisions
  SystemIdSource ids_;
  event_log::LogSigners signers_{"test.example", crypto::Ed25519PrivateKey::generate()};
  roster::PlanFeed plans_;
  std::unique_ptr<storage::Storage> storage_;
  std::optional<UnloggedOffice> office_;
  std::optional<office::OfficeLog> loggedOffice_;
  std::unique_ptr<event_log::SqlEventLog> log_;
  std::unique_ptr<projections::VisitProjection> visits_;
  std::unique_ptr<roster::KnownVisits> known_;
  std::unique_ptr<roster::VisitAliases> aliases_;
  std::unique_ptr<intake::CommitPipeline> pipeline_;
  std::map<CarerId, ProviderId> providerOf_;
  std::map<CarerId, std::string> names_;
  std::map<CarerId, Phone> phones_;
};

}  // namespace doorstep::support
