// SPDX-License-Identifier: Apache-2.0
#include "app/recording/visit_recorder.h"

#include <catch2/catch.hpp>

#include "app/recording/distance.h"
#include "shared/visits/limits.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {
namespace {

std::string refusal(TestPhone& phone, const recording::Intent& intent) {
  const auto recorded = phone->record(intent);
  return recorded.ok() ? "recorded" : recorded.error().reason;
}

visits::Fact lastFact(TestPhone& phone) {
  auto events = phone.journal().readEvents();
  REQUIRE(events.ok());
  return events->back().event.fact;
}

}  // namespace

TEST_CASE("a check-in is recorded without plan, position or network") {
  ScriptedServer server;
  TestPhone phone(server);
  CHECK(phone.record(recording::CheckIn{VisitId(999), {}}) == 1);
  const auto place = std::get<visits::CheckedIn>(lastFact(phone)).place;
  REQUIRE(place.has_value());
  CHECK(place->method == visits::PlaceMethod::Manual);
  CHECK_FALSE(place->distanceM.has_value());
}

TEST_CASE("a fix becomes a distance on the phone and no coordinate leaves it") {
  ScriptedServer server;
  server.planDay(1);
  TestPhone phone(server);
  phone.start();
  phone.talk();
  phone.fixes.fix = platform::Fix{52.6369, -1.1383, 12, phone.clock.bootMs() - 4'000};
  phone.record(recording::CheckIn{VisitId(101), {}});
  const auto place = std::get<visits::CheckedIn>(lastFact(phone)).place;
  REQUIRE(place.has_value());
  CHECK(place->method == visits::PlaceMethod::Position);
  CHECK(place->distanceM == 101);  // 0.0015 degrees of longitude at 52.6 degrees north
  CHECK(place->accuracyM == 12);
  CHECK(place->fixAgeS == 4);
}

TEST_CASE("a tag that was read is said beside the fix") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.record(recording::CheckIn{VisitId(101), visits::PlaceMethod::NfcTag});
  CHECK(std::get<visits::CheckedIn>(lastFact(phone)).place->method == visits::PlaceMethod::NfcTag);
}

TEST_CASE("distances are great circles") {
  CHECK(recording::distanceM(0, 0, 0, 0) == Approx(0));
  CHECK(recording::distanceM(51.5074, -0.1278, 48.8566, 2.3522) == Approx(343'556).epsilon(0.005));
  CHECK(recording::distanceM(0, 0, 0, 180) == Approx(20'015'115).epsilon(0.001));
}

TEST_CASE("a second tap records nothing twice, and after a withdrawal the tap counts again") {
  ScriptedServer server;
  TestPhone phone(server);
  const std::uint64_t first = phone.record(recording::CheckIn{VisitId(101), {}});
  CHECK(refusal(phone, recording::CheckIn{VisitId(101), {}}) == "ALREADY_RECORDED");
  phone.record(
      recording::Amend{VisitId(101), {first, visits::AmendReason::WrongTap, visits::Withdrawn{}}});
  CHECK(refusal(phone, recording::CheckIn{VisitId(101), {}}) == "recorded");
  CHECK(refusal(phone, recording::CheckOut{VisitId(101), {}}) == "recorded");
  CHECK(refusal(phone, recording::CheckOut{VisitId(101), {}}) == "ALREADY_RECORDED");
}

TEST_CASE("what is outside its limits is refused with its reason and leaves no trace") {
  ScriptedServer server;
  TestPhone phone(server);
  const VisitId visit(101);
  using visits::TaskOutcome;
  CHECK(refusal(phone, recording::CheckIn{VisitId(), {}}) == "VISIT_MISSING");
  CHECK(refusal(phone, recording::AddNote{visit, ""}) == "NOTE_EMPTY");
  CHECK(refusal(phone, recording::AddNote{visit, std::string(visits::kNoteBytesMax + 1, 'n')}) ==
        "NOTE_TOO_LONG");
  for (const char* notUtf8 :
       {"\xC3", "\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE0\x80\x80"})
    CHECK(refusal(phone, recording::AddNote{visit, notUtf8}) == "NOTE_NOT_UTF8");
  CHECK(refusal(phone, recording::RecordTask{visit, {0, TaskOutcome::Done}}) == "TASK_INVALID");
  CHECK(refusal(phone, recording::RecordTask{visit, {1, TaskOutcome::Unspecified}}) ==
        "TASK_INVALID");
  CHECK(refusal(phone, recording::RecordTask{visit, {1, TaskOutcome::NotDone}}) ==
        "REASON_MISSING");
  CHECK(refusal(phone, recording::RecordTask{visit,
                                             {1, TaskOutcome::Done,
                                              visits::NotDoneReason::Refused}}) == "TASK_INVALID");
  CHECK(refusal(phone, recording::ReportNoEntry{visit, {}}) == "REASON_MISSING");
  CHECK(refusal(phone, recording::AnnounceDelay{visit, 0}) == "DELAY_INVALID");
  CHECK(refusal(phone, recording::AnnounceDelay{visit, 601}) == "DELAY_INVALID");
  CHECK(refusal(phone,
                recording::Amend{visit, {5, visits::AmendReason::WrongTap, visits::Withdrawn{}}}) ==
        "AMENDS_NOTHING");
  CHECK(phone.journal().lastEvent() == 0);
}

TEST_CASE("notes in any script are recorded to the longest") {
  ScriptedServer server;
  TestPhone phone(server);
  CHECK(refusal(phone, recording::AddNote{VisitId(101), "Zjadła śniadanie – 好 🙂"}) ==
        "recorded");
  CHECK(refusal(phone, recording::AddNote{VisitId(101), std::string(visits::kNoteBytesMax, 'n')}) ==
        "recorded");
}

}  // namespace doorstep::test
