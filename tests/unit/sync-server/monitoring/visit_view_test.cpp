// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/visit_view.h"

#include <catch2/catch.hpp>

#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::monitoring {
namespace {

using support::ProviderDay;

TEST_CASE("a visit opens to its events as the server holds them, amended ones too") {
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  const CarerId ann = day.addCarer(provider, "Ann");
  const CarerId bea = day.addCarer(provider, "Bea");
  const PersonId person = day.addPerson(provider, "p1", "north");
  ProviderDay::PlannedCare care{.person = person, .carers = {ann}};
  care.from = "2026-11-23T08:00:00";
  care.to = "2026-11-23T08:30:00";
  care.tasks = {{1, "PC01", "Wash", false}, {2, "MD01", "Insulin", true}};
  const VisitId visit = day.addVisit(provider, care);
  const VisitId other = day.addVisit(provider, care);

  day.checkIn(ann, other, "2026-11-23T07:30:00");
  day.checkIn(ann, visit, "2026-11-23T08:02:00");
  const std::uint64_t wrong = day.record(
      ann, visit, visits::TaskRecorded{2, visits::TaskOutcome::Done}, "2026-11-23T08:05:00");
  day.send(ann, "2026-11-23T08:06:00");
  const std::uint64_t amendment = day.record(
      ann, visit,
      visits::Amended{
          wrong, visits::AmendReason::WrongTap,
          visits::TaskRecorded{2, visits::TaskOutcome::NotDone, visits::NotDoneReason::Refused}},
      "2026-11-23T08:07:00");
  day.record(ann, visit, visits::NoteAdded{"In good spirits"}, "2026-11-23T08:08:00");
  day.send(ann, "2026-11-23T08:09:00");
  day.checkIn(bea, visit, "2026-11-23T08:01:00");
  day.send(bea, "2026-11-23T08:10:00");
  day.setNow("2026-11-23T08:11:00");

  const auto view = readVisit(day.storage().read(), day.log(), provider, visit, day.now());
  REQUIRE(view.ok());
  CHECK(view->person == person);
  const v1::GetVisitResponse& response = view->response;
  CHECK(response.row().person_name() == "Person p1");
  CHECK(response.access_note() == "Key safe by the door");
  CHECK(response.row().critical_task_not_done());
  REQUIRE(response.tasks_size() == 2);
  CHECK_FALSE(response.tasks(0).has_recorded());
  CHECK(response.tasks(1).recorded().reason() == doorstep::visit::v1::NOT_DONE_REASON_REFUSED);

  REQUIRE(response.events_size() == 5);
  CHECK(response.events(0).carer_name() == "Bea");
  CHECK(response.events(1).carer_name() == "Ann");
  CHECK(response.events(1).fact().has_checked_in());
  CHECK(response.events(2).event_number() == wrong);
  CHECK(response.events(2).superseded_by() == amendment);
  CHECK(response.events(4).fact().note_added().text() == "In good spirits");
  const v1::VisitEvent& event = response.events(1);
  CHECK(event.time().time_class() == v1::TIME_CLASS_ANCHORED);
  CHECK(event.time().earliest_unix_ms() <= event.wall_unix_ms());
  CHECK(event.received_unix_ms() == ProviderDay::ms("2026-11-23T08:06:00"));
  CHECK(event.receipt().position() == 0);
  CHECK(event.receipt().n() == 1);
  CHECK(event.receipt().log_size() == 3);
  const auto entry = day.log().entries(provider, 0, 1).value().front();
  CHECK(event.receipt().entry_hash() == entry.entryHash.view());
}

TEST_CASE("a visit without records opens to its plan, an unknown one does not open") {
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  const ProviderId foreign = day.addProvider("Vale Care", "County", {"south"});
  const CarerId ann = day.addCarer(provider, "Ann");
  const PersonId person = day.addPerson(provider, "p1", "north");
  const VisitId visit = day.addVisit(provider, {.person = person,
                                                .carers = {ann},
                                                .from = "2026-11-23T08:00:00",
                                                .to = "2026-11-23T08:30:00"});
  CHECK(readVisit(day.storage().read(), day.log(), provider, visit, day.now())
            ->response.events_size() == 0);
  CHECK(readVisit(day.storage().read(), day.log(), foreign, visit, day.now()).error().reason ==
        "VISIT_UNKNOWN");
}

}  // namespace
}  // namespace doorstep::monitoring
