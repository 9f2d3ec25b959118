// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/intake/read_request.h"
#include "sync-server/projections/attendance_store.h"
#include "tests/unit/sync-server/records/provider_day.h"

// What was set aside for lack of a plan is counted when the plan is back.
namespace doorstep::intake {
namespace {

using support::ProviderDay;

template <typename Change>
void changeVisit(doorstep::sync::v1::HeldVisit& held, Change change) {
  doorstep::roster::v1::Visit visit;
  REQUIRE(visit.ParseFromString(held.visit().bytes()));
  change(visit);
  held.mutable_visit()->set_bytes(visit.SerializeAsString());
}

struct Restored {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  ProviderId other = day.addProvider("Moor Care", "County", {"south"});
  CarerId ann = day.addCarer(provider, "Ann");
  PersonId person = day.addPerson(provider, "p1", "north");
  VisitId lost{1'234'567};  // as the phone knows it
  support::SigningPhone phone{900, provider.value, ann.value};
  support::SigningPhone::Signed entry = phone.record(lost);

  VisitId planAgain(const char* ref = "V1") {
    return day.addVisit(provider, {.person = person,
                                   .carers = {ann},
                                   .from = "2026-11-23T08:00:00",
                                   .to = "2026-11-23T08:30:00",
                                   .ref = ref});
  }
  doorstep::sync::v1::HeldVisit held(const char* ref = "V1", const char* personRef = "p1") const {
    visits::PlannedVisit visit;
    visit.id = lost;
    visit.ref = ref;
    visit.person = PersonId(77);
    visit.service = "care";
    visit.windowStartUnixMs = ProviderDay::ms("2026-11-23T08:00:00");
    visit.windowEndUnixMs = visit.windowStartUnixMs + 1'800'000;
    visit.durationMin = 30;
    visit.slots.push_back({1, ann, "Ann"});
    visit.planVersion = 3;
    doorstep::sync::v1::HeldVisit message;
    *message.mutable_visit() = wire::planObject(visit);
    message.set_person_ref(personRef);
    return message;
  }
  EntryOutcome send(const std::vector<doorstep::sync::v1::HeldVisit>& told = {}) {
    doorstep::sync::v1::ExchangeRequest request;
    request.add_entries(entry.bytes);
    for (const auto& one : told)
      *request.add_held_visits() = one;
    auto submission = readRequest(request.SerializeAsString(), phone.known(), day.now()).value();
    const auto outcome = day.pipeline().commit({&submission, 1}).front();
    REQUIRE(outcome.status.ok());
    return outcome.entries.at(0);
  }
  std::size_t recordsOf(VisitId visit) {
    auto reader = projections::AttendanceReader::open(day.storage().writer()).value();
    return reader.ofVisit(provider, visit).value().size();
  }
  std::size_t quarantined() {
    return day.log().quarantinedEntries(provider, 1'000'000, 10).value().size();
  }
};

}  // namespace

TEST_CASE("a plan object binds a lost id to the visit with its ref, and the entry counts") {
  Restored server;
  CHECK(server.send().reason == QuarantineReason::UnknownVisit);
  CHECK(server.send({server.held()}).reason == QuarantineReason::UnknownVisit);  // no plan yet
  const VisitId visit = server.planAgain();
  CHECK(server.send().reason == QuarantineReason::UnknownVisit);  // under another id
  CHECK(server.quarantined() == 1);
  for (int times = 0; times < 3; ++times) {
    const EntryOutcome outcome = server.send({server.held()});
    CHECK(outcome.verdict == Verdict::AlreadyKnown);
    CHECK(outcome.reason == QuarantineReason::None);
    CHECK(outcome.position.has_value());
    CHECK(server.quarantined() == 0);
    CHECK(server.recordsOf(visit) == 1);
    CHECK(server.recordsOf(server.lost) == 0);
  }
  // A later entry under the lost id is simply accepted.
  server.entry = server.phone.record(server.lost);
  CHECK(server.send().verdict == Verdict::Accepted);
  const std::string rows = server.day.derivedRows();
  server.day.rebuild(1);
  CHECK(server.day.derivedRows() == rows);
}

TEST_CASE("an import that brings the very id back counts what waited without a phone's word") {
  Restored server;
  CHECK(server.send().reason == QuarantineReason::UnknownVisit);
  server.lost = server.planAgain();
  support::SigningPhone again(901, server.provider.value, server.ann.value);
  server.phone = std::move(again);
  server.entry = server.phone.record(VisitId(42));
  CHECK(server.send().reason == QuarantineReason::UnknownVisit);
  CHECK(server.quarantined() == 2);
  REQUIRE(server.day.storage()
              .write([&](sql::Database& database) {
                return roster::VisitAliases(database).bind(server.provider, VisitId(42),
                                                           server.lost);
              })
              .ok());
  (void)server.planAgain("V2");  // the plan grows
  REQUIRE(server.day.pipeline().countWaiting(server.provider).ok());
  CHECK(server.quarantined() == 1);
}

TEST_CASE("a plan object that does not fit binds nothing and stops no entry") {
  Restored server;
  CHECK(server.send().reason == QuarantineReason::UnknownVisit);
  const VisitId visit = server.planAgain();
  auto late = server.held();
  constexpr std::int64_t kMonthMs = 30LL * 24 * 3'600'000;
  changeVisit(late, [](doorstep::roster::v1::Visit& plan) {
    plan.set_window_start_unix_ms(plan.window_start_unix_ms() + kMonthMs);
    plan.set_window_end_unix_ms(plan.window_start_unix_ms() + 1);
  });
  auto extreme = server.held();
  changeVisit(extreme, [](auto& plan) { plan.set_window_start_unix_ms(INT64_MIN); });
  auto none = server.held();
  none.mutable_visit()->set_id(0);
  auto torn = server.held();  // no text of a database, and no reason to stop a commit
  changeVisit(torn, [](auto& plan) { plan.set_ref(std::string("V1\0", 3)); });
  auto person = server.held();
  person.mutable_visit()->set_kind(wire::kPersonKind);
  auto unreadable = server.held();
  unreadable.mutable_visit()->set_bytes("\xff\xff");
  for (const auto& bad :
       {server.held("V9"), server.held("V1", "p2"), server.held("V1", ""), server.held("", "p1"),
        late, extreme, none, torn, person, unreadable, doorstep::sync::v1::HeldVisit()})
    CHECK(server.send({bad}).reason == QuarantineReason::UnknownVisit);
  CHECK(server.recordsOf(visit) == 0);
  doorstep::sync::v1::ExchangeRequest many;
  for (int i = 0; i < 33; ++i)
    *many.add_held_visits() = server.held();
  CHECK_FALSE(readRequest(many.SerializeAsString(), server.phone.known(), 1).ok());
}

TEST_CASE("no phone binds an id that is known, nor to a visit of another provider") {
  Restored server;
  const VisitId first = server.planAgain("V1");
  const VisitId second = server.planAgain("V2");
  CHECK(server.send({server.held("V1")}).verdict == Verdict::Accepted);
  server.entry = server.phone.record(server.lost);
  CHECK(server.send({server.held("V2")}).verdict == Verdict::Accepted);
  CHECK(server.recordsOf(first) == 1);
  CHECK(server.recordsOf(second) == 0);

  auto& writer = server.day.storage().writer();
  roster::VisitAliases aliases(writer);
  const roster::VisitAliases::Claim planned{second, "V1", "p1",
                                            ProviderDay::ms("2026-11-23T08:00:00")};
  CHECK_FALSE(aliases.match(server.provider, planned).value().has_value());
  roster::VisitAliases::Claim fresh = planned;
  fresh.visit = VisitId(4'711);
  CHECK(aliases.match(server.provider, fresh).value() == first);
  CHECK_FALSE(aliases.match(server.other, fresh).value().has_value());
}

}  // namespace doorstep::intake
