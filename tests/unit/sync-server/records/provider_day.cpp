// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sync-server/records/provider_day.h"

#include <catch2/catch.hpp>
#include <deque>
#include <future>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/core/local_time.h"
#include "shared/wire/arrival_codec.h"
#include "sync-server/adjustments/schema.h"
#include "sync-server/commissioning/schema.h"
#include "sync-server/config/plan_bindings.h"
#include "sync-server/event_log/contacts.h"
#include "sync-server/event_log/schema.h"
#include "sync-server/exports/schema.h"
#include "sync-server/freezes/schema.h"
#include "sync-server/identity/schema.h"
#include "sync-server/records/keeping/record_settling.h"
#include "sync-server/records/schema.h"
#include "sync-server/replies/schema.h"
#include "sync-server/roster/person_terms.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/schema.h"

namespace doorstep::support {
namespace {

constexpr std::int64_t kPhoneBootUnixMs = 1'700'000'000'000;

template <typename T>
T must(Result<T> result) {
  if (!result.ok())
    FAIL(result.error().reason << ": " << result.error().text);
  return std::move(result).value();
}

}  // namespace

ProviderDay::ProviderDay(const Options& options) : quarantineToo_(options.quarantineToo) {
  setNow("2026-11-23T12:00:00");
  storage_ = must(storage::Storage::open(place_.storage(options.singleThreaded)));
  auto& writer = storage_->writer();
  must(event_log::migrate(writer));
  must(roster::migrate(writer));
  must(commissioning::migrate(writer));
  must(projections::migrate(writer));
  must(identity::migrate(writer));
  must(records::migrate(writer));
  must(adjustments::migrate(writer));
  must(exports::migrate(writer));
  must(freezes::migrate(writer));
  must(replies::migrate(writer));
  log_ = must(event_log::SqlEventLog::open(*storage_, signers_));
  office_.emplace(*storage_, decidedAt_, ids_);
  if (options.officeInLog)
    loggedOffice_.emplace(office::OfficeLog::Parts{
        *storage_, *log_, crypto::P256PrivateKey::generate(),
        [this] { return Result<std::int64_t>(decidedAt_.wallUnixMs()); }, decidedAt_, ids_});
  aliases_ = std::make_unique<roster::VisitAliases>(writer);
  visits_ = must(projections::VisitProjection::open(writer, *log_, options.attendances,
                                                    config::resolveWith(*aliases_)));
  known_ = std::make_unique<roster::KnownVisits>(writer);
  pipeline_ = std::make_unique<intake::CommitPipeline>(intake::CommitPipeline::Parts{
      .log = *log_,
      .contacts = must(event_log::ContactWriter::prepare(writer)),
      .knowsVisit = [this](ProviderId provider,
                           VisitId visit) { return known_->knows(provider, visit); },
      .projections = {visits_.get()},
      .contactObservers = options.contacts == nullptr ? std::vector<event_log::ContactObserver*>{}
                                                      : std::vector{options.contacts},
      .countsEvents = [this](ProviderId provider, VisitId visit,
                             DeviceId device) -> Result<intake::CountedEvents> {
        DOORSTEP_ASSIGN(const auto counts, visits_->eventsOf(provider, visit, device));
        return intake::CountedEvents{counts.all, counts.ofDevice};
      },
      .bindings = config::planBindings(writer, *aliases_)});
}

ProviderDay::~ProviderDay() { storage_->stop(); }

std::int64_t ProviderDay::ms(const std::string& at) { return must(londonToUnixMs(at)); }

Status ProviderDay::decideBy(const office::OfficeLog::Job& job, AccountId account) {
  return loggedOffice_ ? loggedOffice_->write({account, "Test"}, job)
                       : office_->decide(job, account);
}

void ProviderDay::publishAt(const std::string& at) { publishedUnixMs_ = ms(at); }

void ProviderDay::setNow(const std::string& at) { clock_.nowUnixMs = ms(at); }

void ProviderDay::plan(ProviderId provider, const office::OfficeLog::Job& job,
                       std::int64_t decidedUnixMs, AccountId account) {
  std::uint64_t newest = 0;
  decidedAt_.nowUnixMs = decidedUnixMs;
  must(decideBy(
      [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
        DOORSTEP_TRY(job(database, act));
        DOORSTEP_ASSIGN(auto head, database.prepare(
                                       "SELECT newest_change FROM provider WHERE provider_id = ?"));
        head.bindId(0, provider.value);
        DOORSTEP_TRY(head.step());
        newest = head.columnId(0);
        return kDone;
      },
      account));
  plans_.publish(provider, newest);
}

ProviderId ProviderDay::addProvider(const std::string& name, const std::string& councilName,
                                    std::vector<std::string> lots,
                                    std::optional<roster::StatedRules> rules) {
  ProviderId provider;
  decidedAt_.nowUnixMs = now();
  must(decideBy([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
    DOORSTEP_ASSIGN(provider, roster::ensureProvider(database, name, clock_, ids_));
    roster::ContractTerms terms;
    terms.ref = name + " for " + councilName;
    DOORSTEP_ASSIGN(terms.council, roster::ensureCouncil(database, councilName, clock_, ids_));
    terms.provider = provider;
    terms.lots = std::move(lots);
    terms.rules = rules;
    DOORSTEP_TRY(roster::ensureContract(database, terms, clock_, ids_, act));
    DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, provider, act,
                                                           roster::PlanReason::Unknown));
    DOORSTEP_TRY(writer.finish());
    return kDone;
  }));
  return provider;
}

CouncilId ProviderDay::council(const std::string& name) {
  CouncilId id;
  must(storage_->write([&](sql::Database& database) -> Status {
    DOORSTEP_ASSIGN(id, roster::ensureCouncil(database, name, clock_, ids_));
    return kDone;
  }));
  return id;
}

CarerId ProviderDay::addCarer(ProviderId provider, const std::string& name) {
  const CarerId carer(ids_.newId(clock_));
  plan(
      provider,
      [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
        DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, provider, act,
                                                               roster::PlanReason::Unknown));
        DOORSTEP_TRY(writer.putCarer({carer, "ref-" + name, name}));
        DOORSTEP_TRY(writer.finish());
        return kDone;
      },
      publishedUnixMs_);
  providerOf_[carer] = provider;
  names_[carer] = name;
  return carer;
}

PersonId ProviderDay::addPerson(ProviderId provider, const std::string& ref,
                                const std::string& lot) {
  visits::Person person;
  person.id = PersonId(ids_.newId(clock_));
  person.ref = ref;
  person.name = "Person " + ref;
  person.accessNote = "Key safe by the door";
  person.lot = lot;
  plan(
      provider,
      [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
        DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, provider, act,
                                                               roster::PlanReason::Unknown));
        DOORSTEP_TRY(writer.putPerson(person, true));
        DOORSTEP_TRY(roster::putPersonTerms(database, provider, person.id, {0, lot, "", ""}));
        DOORSTEP_TRY(writer.finish());
        return kDone;
      },
      publishedUnixMs_);
  return person.id;
}

VisitId ProviderDay::addVisit(ProviderId provider, const PlannedCare& care) {
  visits::PlannedVisit visit;
  visit.id = VisitId(ids_.newId(clock_));
  visit.ref = care.ref.empty() ? "v" + std::to_string(visit.id.value) : care.ref;
  visit.person = care.person;
  visit.service = "personal-care";
  visit.windowStartUnixMs = ms(care.from);
  visit.windowEndUnixMs = ms(care.to);
  visit.durationMin = care.durationMin;
  visit.carersRequired = static_cast<std::uint32_t>(care.carers.size());
  for (std::size_t index = 0; index < care.carers.size(); ++index)
    visit.slots.push_back(
        {static_cast<std::uint32_t>(index + 1), care.carers[index], names_[care.carers[index]]});
  visit.tasks = care.tasks;
  visit.timeCritical = care.timeCritical;
  plan(
      provider,
      [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
        DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, provider, act,
                                                               roster::PlanReason::Unknown));
        DOORSTEP_TRY(writer.putVisit(nullptr, visit));
        DOORSTEP_TRY(writer.finish());
        return kDone;
      },
      publishedUnixMs_);
  return visit.id;
}

void ProviderDay::change(ProviderId provider, VisitId id,
                         const std::function<void(visits::PlannedVisit&)>& edit,
                         visits::WantedBy wantedBy) {
  plan(
      provider,
      [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
        DOORSTEP_ASSIGN(const auto before, roster::visit(database, provider, id));
        visits::PlannedVisit after = before;
        edit(after);
        DOORSTEP_ASSIGN(auto writer, roster::PlanWriter::begin(database, provider, act,
                                                               roster::PlanReason::Unknown));
        DOORSTEP_TRY(writer.putVisit(&before, after, wantedBy));
        DOORSTEP_TRY(writer.finish());
        return kDone;
      },
      now(), AccountId(1));
}

ProviderDay::Phone& ProviderDay::phone(CarerId carer) {
  const auto found = phones_.find(carer);
  if (found != phones_.end())
    return found->second;
  const ProviderId provider = providerOf_.at(carer);
  Phone& made = phones_.try_emplace(carer, ids_.newId(clock_), provider, carer).first->second;
  identity::Device device;
  device.id = made.signing.device();
  device.provider = provider;
  device.carer = carer;
  device.signingKeySpki = made.signing.key().publicKey().spki();
  device.tlsFingerprint = crypto::sha256(bigEndian64(device.id.value) + "a TLS certificate");
  device.description = "test phone";
  must(storage_->write(
      [&](sql::Database& database) { return identity::addDevice(database, device); }));
  return made;
}

std::uint64_t ProviderDay::record(CarerId carer, VisitId visit, visits::Fact fact,
                                  const std::string& at, std::int64_t wallAheadMs) {
  Phone& by = phone(carer);
  visits::Event event;
  event.number = by.nextEvent++;
  event.visit = visit;
  event.bootMs = static_cast<std::uint64_t>(ms(at) - kPhoneBootUnixMs);
  event.wallUnixMs = ms(at) + wallAheadMs;
  event.fact = std::move(fact);
  by.held.push_back(event);
  return event.number;
}

void ProviderDay::send(CarerId carer, const std::string& at, bool anchored) {
  Phone& by = phone(carer);
  visits::Entry entry = by.signing.next(VisitId());
  entry.events = std::move(by.held);
  by.held.clear();
  commit(by, {entry}, ms(at), anchored, 0);
}

void ProviderDay::sendOneByOne(CarerId carer, const std::string& at) {
  Phone& by = phone(carer);
  const std::vector<visits::Event> events = std::move(by.held);
  by.held.clear();
  for (const visits::Event& event : events) {
    visits::Entry entry = by.signing.next(VisitId());
    entry.events = {event};
    commit(by, {entry}, ms(at), true, 0);
  }
}

void ProviderDay::hear(CarerId carer, const std::string& at, std::uint64_t planCursor) {
  commit(phone(carer), {}, ms(at), true, planCursor);
}

void ProviderDay::commit(Phone& by, const std::vector<visits::Entry>& entries,
                         std::int64_t receivedUnixMs, bool anchored, std::uint64_t planCursor) {
  intake::Submission submission;
  submission.provider = by.signing.known().caller.provider;
  submission.device = by.signing.device();
  submission.carer = by.signing.known().caller.carer;
  submission.receivedUnixMs = receivedUnixMs;
  submission.planCursor = planCursor;
  doorstep::sync::v1::ClockReading clock;
  clock.set_boot(1);
  clock.set_sent_boot_ms(static_cast<std::uint64_t>(receivedUnixMs - kPhoneBootUnixMs));
  if (anchored) {
    // The phone had an answer five minutes before it sent this.
    clock.set_reply_age_ms(300'000);
    clock.set_reply_server_unix_ms(receivedUnixMs - 300'000);
  }
  submission.clock = clock.SerializeAsString();
  submission.anchor = wire::anchorOf({receivedUnixMs, submission.clock});
  for (const visits::Entry& entry : entries) {
    const SigningPhone::Signed sealed = by.signing.seal(entry);
    auto opened = must(wire::openEntry(sealed.bytes));
    intake::SubmittedEntry submitted;
    submitted.bytes = sealed.bytes;
    submitted.hash = sealed.hash;
    submitted.signatureRight = true;
    submitted.entry = entry;
    submitted.arrivalSalt = opened.evidence.arrivalSalt;
    submission.entries.push_back(std::move(submitted));
  }
  intake::Outcome outcome;
  const auto run = [&] { outcome = std::move(pipeline_->commit({&submission, 1}).front()); };
  std::promise<void> done;
  storage_->postToWriter([&] {
    run();
    done.set_value();
  });
  done.get_future().get();
  must(outcome.status);
  for (const intake::EntryOutcome& entry : outcome.entries)
    REQUIRE((quarantineToo_ || entry.verdict == intake::Verdict::Accepted));
}

void ProviderDay::rebuild(std::size_t entriesPerCommit) {
  must(storage_->write([&](sql::Database& database) -> Status {
    DOORSTEP_ASSIGN(const auto fresh,
                    projections::VisitProjection::open(database, *log_, nullptr,
                                                       config::resolveWith(*aliases_)));
    DOORSTEP_TRY(fresh->clear());
    DOORSTEP_ASSIGN(const auto providers, roster::providers(database));
    for (const roster::Provider& provider : providers) {
      for (std::uint64_t from = 0;; from += entriesPerCommit) {
        DOORSTEP_ASSIGN(const auto entries, log_->entries(provider.id, from, entriesPerCommit));
        if (entries.empty())
          break;
        std::deque<visits::Entry> decoded;
        std::vector<event_log::CommittedEntry> committed;
        for (const event_log::StoredEntry& stored : entries) {
          DOORSTEP_ASSIGN(auto entry, wire::decodeEntry(stored.entry));
          committed.push_back({stored, decoded.emplace_back(std::move(entry.entry))});
        }
        DOORSTEP_TRY(fresh->apply(committed));
        fresh->committed();
      }
    }
    return kDone;
  }));
}

std::uint32_t ProviderDay::judge(std::uint32_t limit) {
  std::uint32_t visits = 0;
  for (bool more = true; more;) {
    const records::Settled settled = must(records::settleSome(*storage_, now(), limit));
    visits += settled.visits;
    more = settled.more;
  }
  return visits;
}

std::string ProviderDay::derivedRows() {
  const auto lease = storage_->read();
  std::string rows;
  for (const char* sql : {"SELECT * FROM attendance ORDER BY 1, 2, 3",
                          "SELECT * FROM visit_entry ORDER BY 1, 2, 3"}) {
    auto statement = must(lease->prepare(sql));
    const int columns = std::string_view(sql).find("attendance") == std::string_view::npos ? 3 : 49;
    while (must(statement.step())) {
      for (int column = 0; column < columns; ++column)
        rows +=
            statement.columnIsNull(column) ? "null|" : toHex(statement.columnBlob(column)) + "|";
      rows += "\n";
    }
  }
  return rows;
}

identity::AccountCaller ProviderDay::supervisor(ProviderId provider) const {
  return {AccountId(1), identity::Role::Supervisor, provider, CouncilId(), "Sue"};
}

identity::AccountCaller ProviderDay::officer(const std::string& name) {
  return {AccountId(2), identity::Role::Council, ProviderId(), council(name), "Olu"};
}

identity::AccountCaller ProviderDay::theOperator() const {
  return {AccountId(3), identity::Role::Operator, ProviderId(), CouncilId(), "Op"};
}

}  // namespace doorstep::support
