// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/county_server.h"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <fstream>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/core/check.h"
#include "shared/core/durations.h"
#include "shared/sql/sqlite.h"
#include "shared/wire/arrival_codec.h"
#include "sync-server/adjustments/schema.h"
#include "sync-server/commissioning/schema.h"
#include "sync-server/config/plan_bindings.h"
#include "sync-server/event_log/contacts.h"
#include "sync-server/event_log/schema.h"
#include "sync-server/identity/schema.h"
#include "sync-server/projections/projection_rebuild.h"
#include "sync-server/records/keeping/decided_changes.h"
#include "sync-server/records/keeping/record_settling.h"
#include "sync-server/records/schema.h"
#include "sync-server/records/tuning.h"
#include "sync-server/roster/default_tasks.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/schema.h"
#include "tests/bench/percentiles.h"

namespace doorstep::bench {
namespace {

constexpr std::int64_t kPhoneBootUnixMs = 1'700'000'000'000;
constexpr const char* kHost = "county.example";

void must(const Status& done) {
  if (done.ok())
    return;
  fmt::print(stderr, "{}: {}\n", done.error().reason, done.error().text);
  std::exit(1);
}
template <typename T>
T must(Result<T> result) {
  if (!result.ok())
    must(Status(result.error()));
  return std::move(result).value();
}

// Ids are places in the generated county, so that a later run finds them again. Visits' grow with
// the weeks, as a server's do.
CarerId carerId(std::size_t provider, std::size_t carer) {
  return CarerId(1'000'000 + provider * 10'000 + carer);
}
PersonId personId(std::size_t provider, std::size_t person) {
  return PersonId(2'000'000 + provider * 10'000 + person);
}
VisitId visitId(int week, std::size_t provider, std::size_t visit) {
  return VisitId((1ULL << 40) + (static_cast<std::uint64_t>(week) * 100 + provider) * 1'000'000 +
                 visit);
}

double cpuSeconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

event_log::LogSigners signersOf(const std::filesystem::path& directory) {
  const auto path = directory / "log.key";
  std::ifstream old(path, std::ios::binary);
  std::string seed((std::istreambuf_iterator<char>(old)), {});
  if (seed.empty()) {
    seed = crypto::Ed25519PrivateKey::generate().raw();
    std::ofstream(path, std::ios::binary) << seed;
  }
  return {kHost, must(crypto::Ed25519PrivateKey::fromRaw(seed))};
}

}  // namespace

CountyServer::CountyServer(const std::filesystem::path& directory)
    : directory_(directory), signers_(signersOf(directory)) {
  storage::StorageOptions options;
  options.path = (directory / "county.db").string();
  options.singleThreaded = true;
  storage_ = must(storage::Storage::open(options));
  auto& writer = storage_->writer();
  must(event_log::migrate(writer));
  must(roster::migrate(writer));
  must(projections::migrate(writer));
  must(identity::migrate(writer));
  must(commissioning::migrate(writer));
  must(adjustments::migrate(writer));
  must(records::migrate(writer));
  log_ = must(event_log::SqlEventLog::open(*storage_, signers_));
  office_.emplace(*storage_, decidedAt_, ids_);
  aliases_ = std::make_unique<roster::VisitAliases>(writer);
  visits_ = must(
      projections::VisitProjection::open(writer, *log_, nullptr, config::resolveWith(*aliases_)));
  known_ = std::make_unique<roster::KnownVisits>(writer);
  intake::CommitPipeline::Parts parts{.log = *log_,
                                      .contacts = must(event_log::ContactWriter::prepare(writer))};
  parts.knowsVisit = [this](ProviderId provider, VisitId visit) {
    return known_->knows(provider, visit);
  };
  parts.projections = {visits_.get()};
  parts.countsEvents = [this](ProviderId provider, VisitId visit,
                              DeviceId device) -> Result<intake::CountedEvents> {
    DOORSTEP_ASSIGN(const auto counts, visits_->eventsOf(provider, visit, device));
    return intake::CountedEvents{counts.all, counts.ofDevice};
  };
  parts.bindings = config::planBindings(writer, *aliases_);
  pipeline_ = std::make_unique<intake::CommitPipeline>(std::move(parts));
  std::ifstream(directory_ / "loaded") >> progress.weeks >> progress.changes >> progress.sendings >>
      progress.events;
}

CountyServer::~CountyServer() { storage_->stop(); }

void CountyServer::save() {
  std::ofstream(directory_ / "loaded") << progress.weeks << " " << progress.changes << " "
                                       << progress.sendings << " " << progress.events << "\n";
}

void CountyServer::ensureProviders(const county::County& county) {
  decidedAt_.nowUnixMs = now() - 7 * kDayMs;
  for (const county::Provider& provider : county.providers) {
    must(office_->decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_ASSIGN(const auto old, roster::providerByName(database, provider.name));
      roster::ContractTerms terms;
      terms.ref = "HC";
      DOORSTEP_ASSIGN(terms.provider,
                      roster::ensureProvider(database, provider.name, decidedAt_, ids_));
      DOORSTEP_ASSIGN(terms.council,
                      roster::ensureCouncil(database, county.council, decidedAt_, ids_));
      terms.lots = provider.lots;
      DOORSTEP_ASSIGN(const auto contract,
                      roster::ensureContract(database, terms, decidedAt_, ids_, act));
      contract_ = contract.id;
      providers_.push_back(terms.provider);
      officer_ = {AccountId(2), identity::Role::Council, ProviderId(), terms.council, "Officer"};
      if (old)
        return kDone;
      DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, terms.provider, act,
                                                             roster::PlanReason::Unknown));
      DOORSTEP_TRY(writer.finish());
      return kDone;
    }));
  }
}

void CountyServer::putPeople(const county::Provider& provider, std::size_t index) {
  must(office_->decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, providers_[index], act,
                                                           roster::PlanReason::Unknown));
    for (std::size_t i = 0; i < provider.carers.size(); ++i) {
      const county::Carer& carer = provider.carers[i];
      DOORSTEP_TRY(writer.putCarer({carerId(index, i), carer.ref, carer.name}));
    }
    for (std::size_t i = 0; i < provider.people.size(); ++i) {
      const auto id = personId(index, i);
      if (roster::person(database, providers_[index], id).ok())
        continue;
      const county::Person& from = provider.people[i];
      visits::Person person;
      person.id = id;
      person.ref = from.ref;
      person.name = from.name;
      person.accessNote = from.accessNote;
      person.latitudeDeg = from.latitudeDeg;
      person.longitudeDeg = from.longitudeDeg;
      person.lot = from.lot;
      DOORSTEP_TRY(writer.putPerson(person, true));
      DOORSTEP_TRY(roster::putPersonTerms(database, providers_[index], id, {0, from.lot, "", ""}));
    }
    DOORSTEP_TRY(writer.finish());
    return kDone;
  }));
}

visits::PlannedVisit CountyServer::planned(const county::Provider& provider, std::size_t index,
                                           const county::Visit& from, VisitId id) {
  visits::PlannedVisit visit;
  visit.id = id;
  visit.ref = from.ref;
  visit.person = personId(index, from.person);
  visit.service = from.service;
  visit.windowStartUnixMs = from.windowStartUnixMs;
  visit.windowEndUnixMs = from.windowEndUnixMs;
  visit.durationMin = from.durationMin;
  visit.carersRequired = static_cast<std::uint32_t>(from.carers.size());
  visit.timeCritical = from.timeCritical;
  visit.tasks = roster::defaultTasks(from.service, from.durationMin, visit.carersRequired);
  for (std::size_t slot = 0; slot < from.carers.size(); ++slot) {
    visits::CarerSlot& to = visit.slots.emplace_back();
    to.slot = static_cast<std::uint32_t>(slot + 1);
    if (!from.carers[slot])
      continue;
    to.carer = carerId(index, *from.carers[slot]);
    to.carerName = provider.carers[*from.carers[slot]].name;
  }
  return visit;
}

void CountyServer::publish(const county::Week& week, int number) {
  decidedAt_.nowUnixMs = week.beginUnixMs - 3 * kDayMs;
  ensureProviders(week.county);
  for (std::size_t index = 0; index < week.county.providers.size(); ++index) {
    const county::Provider& provider = week.county.providers[index];
    // A provider's week is one transaction.
    if (provider.visits.empty() ||
        roster::visit(database(), providers_[index], visitId(number, index, 0)).ok())
      continue;
    putPeople(provider, index);
    must(office_->decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, providers_[index], act,
                                                             roster::PlanReason::Unknown));
      for (std::size_t i = 0; i < provider.visits.size(); ++i)
        DOORSTEP_TRY(writer.putVisit(
            nullptr, planned(provider, index, provider.visits[i], visitId(number, index, i))));
      DOORSTEP_TRY(writer.finish());
      return kDone;
    }));
  }
}

void CountyServer::change(const county::Week& week, std::span<const county::PlanChange> changes,
                          int number) {
  for (const county::PlanChange& change : changes) {
    decidedAt_.nowUnixMs = change.atUnixMs;
    const ProviderId provider = providers_[change.provider];
    must(office_->decide(
        [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
          DOORSTEP_ASSIGN(
              const auto before,
              roster::visit(database, provider, visitId(number, change.provider, change.visit)));
          visits::PlannedVisit after = before;
          if (change.kind == county::PlanChange::Kind::Moved) {
            after.windowStartUnixMs += change.byMs;
            after.windowEndUnixMs += change.byMs;
          } else if (change.kind == county::PlanChange::Kind::Cancelled) {
            after.state = visits::VisitState::Cancelled;
          } else {
            after.slots.front().carer = carerId(change.provider, change.carer);
            after.slots.front().carerName =
                week.county.providers[change.provider].carers[change.carer].name;
          }
          DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, provider, act,
                                                                 roster::PlanReason::Unknown));
          DOORSTEP_TRY(writer.putVisit(&before, after, change.wantedBy));
          DOORSTEP_TRY(writer.finish());
          return kDone;
        },
        AccountId(1)));
  }
}

support::SigningPhone& CountyServer::phone(std::size_t provider, std::size_t carer) {
  const auto found = phones_.find({provider, carer});
  if (found != phones_.end())
    return found->second;
  const CarerId id = carerId(provider, carer);
  auto& made = phones_
                   .try_emplace({provider, carer}, ids_.newId(decidedAt_),
                                providers_[provider].value, id.value)
                   .first->second;
  identity::Device device;
  device.id = made.device();
  device.provider = providers_[provider];
  device.carer = id;
  device.signingKeySpki = made.key().publicKey().spki();
  device.tlsFingerprint = crypto::sha256(bigEndian64(device.id.value) + "a TLS certificate");
  device.description = "phone of a benchmark";
  must(storage_->write(
      [&](sql::Database& database) { return identity::addDevice(database, device); }));
  return made;
}

intake::Submission CountyServer::submission(const county::Sending& sending, int week) {
  support::SigningPhone& by = phone(sending.provider, sending.carer);
  intake::Submission made;
  made.provider = providers_[sending.provider];
  made.device = by.device();
  made.carer = by.known().caller.carer;
  made.receivedUnixMs = sending.sentUnixMs;
  sync::v1::ClockReading clock;
  clock.set_boot(1);
  clock.set_sent_boot_ms(static_cast<std::uint64_t>(sending.sentUnixMs - kPhoneBootUnixMs));
  clock.set_reply_age_ms(300'000);
  clock.set_reply_server_unix_ms(sending.sentUnixMs - 300'000);
  made.clock = clock.SerializeAsString();
  made.anchor = wire::anchorOf({made.receivedUnixMs, made.clock});
  visits::Entry entry = by.next(VisitId());
  const std::uint64_t first = entry.events.front().number;
  entry.events.clear();
  for (const auto& [at, fact] : sending.events) {
    visits::Event& event = entry.events.emplace_back();
    event.number = first + entry.events.size() - 1;
    event.visit = visitId(week, sending.provider, sending.visit);
    event.bootMs = static_cast<std::uint64_t>(at - kPhoneBootUnixMs);
    event.wallUnixMs = at;
    event.fact = fact;
  }
  const auto sealed = by.seal(entry);
  intake::SubmittedEntry& submitted = made.entries.emplace_back();
  submitted.bytes = sealed.bytes;
  submitted.hash = sealed.hash;
  submitted.signatureRight = true;
  submitted.arrivalSalt = must(wire::openEntry(sealed.bytes)).evidence.arrivalSalt;
  submitted.entry = std::move(entry);
  return made;
}

Pushed CountyServer::push(std::span<const county::Sending> sendings, int number) {
  Pushed pushed;
  std::vector<intake::Submission> submissions;
  for (const county::Sending& sending : sendings) {
    pushed.events += sending.events.size();
    submissions.push_back(submission(sending, number));
  }
  const Stopwatch watch;
  const double cpu = cpuSeconds();
  const auto outcomes = pipeline_->commit(submissions);
  pushed.seconds = watch.seconds();
  pushed.cpuSeconds = cpuSeconds() - cpu;
  for (const intake::Outcome& outcome : outcomes) {
    must(outcome.status);
    for (const intake::EntryOutcome& entry : outcome.entries)
      DOORSTEP_CHECK(entry.verdict == intake::Verdict::Accepted);
  }
  progress.events += pushed.events;
  return pushed;
}

sql::Database CountyServer::openReader() const {
  return must(sql::openSqlite((directory_ / "county.db").string()));
}

Judged CountyServer::settleSome(bool& more) {
  Judged judged;
  const std::int64_t before = number("SELECT total_changes()");
  const Stopwatch watch;
  const double cpu = cpuSeconds();
  records::Settlement settlement;
  {
    const auto lease = storage_->read();
    if (must(records::isDecidedAnew(lease)))
      must(storage_->write(records::touchDecided));
    const auto snapshot = must(sql::Transaction::begin(lease, sql::TransactionKind::Snapshot));
    auto keeper = must(records::RecordKeeper::open(lease, now()));
    settlement = must(keeper.settle(records::kSettledPerJob));
  }
  judged.visits = settlement.visits;
  more = settlement.more;
  const Stopwatch writing;
  const double writingCpu = cpuSeconds();
  must(storage_->write([&](sql::Database& database) -> Status {
    DOORSTEP_ASSIGN(const bool written, records::writeSettlement(database, settlement));
    DOORSTEP_CHECK(written);
    return kDone;
  }));
  judged.writerSeconds = writing.seconds();
  judged.writerCpuSeconds = cpuSeconds() - writingCpu;
  judged.seconds = watch.seconds();
  judged.cpuSeconds = cpuSeconds() - cpu;
  judged.rows = number("SELECT total_changes()") - before;
  return judged;
}

Judged CountyServer::settleAll() {
  Judged all;
  for (bool more = true; more;) {
    const Judged some = settleSome(more);
    all.visits += some.visits;
    all.rows += some.rows;
    all.seconds += some.seconds;
    all.cpuSeconds += some.cpuSeconds;
    all.writerSeconds += some.writerSeconds;
    all.writerCpuSeconds += some.writerCpuSeconds;
  }
  return all;
}

std::int64_t CountyServer::number(const char* sql) {
  auto row = must(database().prepare(sql));
  DOORSTEP_CHECK(must(row.step()));
  return row.columnInt(0);
}

std::pair<double, double> CountyServer::rebuild() {
  const Stopwatch folded;
  must(projections::rebuildProjections(*storage_, *log_, {visits_.get()},
                                       [](std::uint64_t, std::uint64_t) {}));
  const double projections = folded.seconds();
  const Stopwatch judged;
  must(storage_->write(records::clearRecords));
  must(records::settleAll(*storage_, clock_, [] { return Status(kDone); }));
  return {projections, judged.seconds()};
}

}  // namespace doorstep::bench
