// SPDX-License-Identifier: Apache-2.0
// What becomes of a visit as Appointment, Encounters and Provenances. That all of it is FHIR is
// what two validators say (tests/fhir).
#include "sync-server/fhir/fhir_export.h"

#include "sync-server/adjustments/adjustment_writer.h"
#include "tests/unit/sync-server/fhir/exported_day.h"

namespace doorstep::fhir {
namespace {

using Codes = std::vector<std::string>;
using visits::WantedBy;

int carersOf(const Json& appointment) {
  int carers = 0;
  for (const Json& participant : appointment.at("participant"))
    carers += participant.contains("type") ? 1 : 0;
  return carers;
}

TEST_CASE("a visit that took place is an Appointment and an Encounter with its entry as evidence") {
  ExportedDay of;
  of.attend(of.ann, of.plan("v1", {of.ann}), "08:10:00", "08:38:30");
  of.day.setNow("2026-11-23T20:00:00");
  const auto made = of.exported();
  REQUIRE(made.appointments.size() == 1);
  const Json& planned = made.appointments[0];
  CHECK(planned["identifier"][0]["value"] == "v1");
  CHECK(planned["status"] == "fulfilled");
  CHECK_FALSE(planned.contains("cancelationReason"));
  CHECK(planned["start"] == "2026-11-23T08:00:00.000Z");
  CHECK(planned["end"] == "2026-11-23T09:00:00.000Z");  // of a visit that starts at its latest
  CHECK(planned["minutesDuration"] == 30);
  CHECK(carersOf(planned) == 1);
  REQUIRE(made.encounters.size() == 1);
  const Json& met = made.encounters[0];
  CHECK(met["id"] == planned["id"].get<std::string>() + "-1");
  CHECK(met["status"] == "finished");
  CHECK(met["class"]["code"] == "HH");
  CHECK(met["appointment"][0]["reference"] == "Appointment/" + planned["id"].get<std::string>());
  CHECK(met["period"]["start"] == "2026-11-23T08:10:00.000Z");
  CHECK(met["period"]["end"] == "2026-11-23T08:38:30.000Z");
  CHECK(met["length"]["value"] == 28.5);
  CHECK(met["subject"] ==
        Json{{"type", "Patient"},
             {"identifier",
              {{"system", "urn:doorstep:provider:" + std::to_string(of.provider.value) + ":person"},
               {"value", "p1"}}}});
  REQUIRE(made.provenances.size() == 1);
  const Json& said = made.provenances[0];
  CHECK(said["target"][0]["reference"] == "Encounter/" + met["id"].get<std::string>());
  CHECK(said["recorded"] == "2026-11-23T08:38:30.000Z");
  REQUIRE(said["entity"].size() == 1);
  CHECK(said["entity"][0]["role"] == "source");
  CHECK(said["entity"][0]["what"]["identifier"]["value"] == "0");  // the log's first entry
}

TEST_CASE("a missed visit is cancelled by the provider, and there is no Encounter") {
  ExportedDay of;
  of.plan("v1", {of.ann});
  of.day.hear(of.ann, "2026-11-23T12:00:00");
  of.day.setNow("2026-11-23T20:00:00");
  const auto made = of.exported();
  REQUIRE(made.appointments.size() == 1);
  CHECK(made.appointments[0]["status"] == "cancelled");
  CHECK(codesOf(made.appointments[0]["cancelationReason"]) == Codes{"prov", "missed"});
  CHECK(made.encounters.empty());
  CHECK(made.provenances.empty());
}

TEST_CASE("a visit for two with one carer there has two participants and one Encounter") {
  ExportedDay of;
  of.attend(of.bea, of.plan("v1", {of.ann, of.bea}), "08:10:00", "08:40:00");
  of.day.setNow("2026-11-23T20:00:00");
  const auto made = of.exported();
  REQUIRE(made.appointments.size() == 1);
  CHECK(made.appointments[0]["status"] == "fulfilled");
  CHECK(carersOf(made.appointments[0]) == 2);
  REQUIRE(made.encounters.size() == 1);
  CHECK(codesOf(made.encounters[0]["participant"][0]["type"][0]) == Codes{"SPRF"});
}

TEST_CASE("the entries of both carers are told apart, and each is named by her pseudonym alone") {
  ExportedDay of;
  const VisitId both = of.plan("v1", {of.ann, of.bea});
  of.attend(of.ann, both, "08:10:00", "08:40:00");
  of.attend(of.bea, both, "08:11:00", "08:41:00");
  of.day.setNow("2026-11-23T20:00:00");
  const auto made = of.exported();
  CHECK(made.encounters.size() == 2);
  REQUIRE(made.provenances.size() == 2);
  std::set<std::string> who;
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE(made.provenances[i]["entity"].size() == 1);
    CHECK(made.provenances[i]["entity"][0]["what"]["identifier"]["value"] == std::to_string(i));
    who.insert(made.provenances[i]["agent"][0]["who"]["identifier"]["value"]);
    CHECK(line(made.encounters[i]).find("Ann") == std::string::npos);
  }
  CHECK(who.size() == 2);
  CHECK(who.begin()->size() == 20);
}

TEST_CASE("a door that nobody opened, and visits that were called off, say by whom") {
  ExportedDay of;
  of.day.record(of.ann, of.plan("v1", {of.ann}),
                visits::NoEntry{visits::NoEntryReason::NoReply, {}}, "2026-11-23T08:15:00");
  of.day.send(of.ann, "2026-11-23T08:20:00");
  const auto callOff = [&](const char* ref, const char* at, const std::string& when, WantedBy by) {
    const VisitId visit = of.plan(ref, {of.bea}, at);
    of.day.setNow(when);
    of.day.change(
        of.provider, visit,
        [](visits::PlannedVisit& plan) { plan.state = visits::VisitState::Cancelled; }, by);
  };
  callOff("v2", "2026-11-23T10", "2026-11-21T12:00:00", WantedBy::Person);
  callOff("v3", "2026-11-23T12", "2026-11-22T13:00:00", WantedBy::Office);  // after the lock
  callOff("v4", "2026-11-23T14", "2026-11-23T13:00:00", WantedBy::Council);
  callOff("v5", "2026-11-23T16", "2026-11-21T12:00:00", WantedBy::Office);  // never locked
  of.day.setNow("2026-11-23T20:00:00");
  const auto made = of.exported();
  REQUIRE(made.appointments.size() == 4);
  CHECK(made.encounters.empty());
  const auto is = [&](std::size_t place, const char* status, const Codes& codes) {
    CHECK(made.appointments[place]["identifier"][0]["value"] == "v" + std::to_string(place + 1));
    CHECK(made.appointments[place]["status"] == status);
    CHECK(codesOf(made.appointments[place]["cancelationReason"]) == codes);
  };
  is(0, "noshow", {"no-entry", "no_reply"});
  is(1, "cancelled", {"pat", "cancelled-by-person"});
  is(2, "cancelled", {"prov", "missed", "cancelled-by-provider"});
  is(3, "cancelled", {"other", "cancelled-by-council"});
  REQUIRE(made.provenances.size() == 1);
  CHECK(made.provenances[0]["target"][0]["reference"] ==
        "Appointment/" + made.appointments[0]["id"].get<std::string>());
}

TEST_CASE("what is open is booked before anybody comes, and arrived while she is there") {
  ExportedDay of;
  const VisitId begun = of.plan("v1", {of.ann});
  of.plan("v2", {of.ann}, "2026-11-23T10");
  of.day.checkIn(of.ann, begun, "2026-11-23T08:10:00");
  of.day.send(of.ann, "2026-11-23T08:11:00");
  of.day.setNow("2026-11-23T08:12:00");
  const auto made = of.exported();
  REQUIRE(made.appointments.size() == 2);
  CHECK(made.appointments[1]["status"] == "booked");
  REQUIRE(made.encounters.size() == 1);
  CHECK(made.encounters[0]["status"] == "in-progress");
  CHECK_FALSE(made.encounters[0]["period"].contains("end"));
  CHECK_FALSE(made.encounters[0].contains("length"));
}

TEST_CASE("an end that is not known once the visit is over is not said to go on") {
  ExportedDay of;
  of.day.checkIn(of.ann, of.plan("v1", {of.ann}), "2026-11-23T08:10:00");
  of.day.send(of.ann, "2026-11-23T08:11:00");
  of.day.setNow("2026-11-24T20:00:00");
  CHECK(of.exported().encounters.at(0)["status"] == "unknown");
}

TEST_CASE("approved times are the period, what was recorded stays, and it is said who and why") {
  ExportedDay of;
  const VisitId visit = of.plan("v1", {of.ann});
  of.attend(of.ann, visit, "08:10:00", "08:12:00");
  of.day.setNow("2026-11-23T12:00:00");
  adjustments::TimesOrder times{.place = {of.provider, visit, 1, 0},
                                .startUnixMs = support::ProviderDay::ms("2026-11-23T08:10:00"),
                                .endUnixMs = support::ProviderDay::ms("2026-11-23T08:41:00"),
                                .reason = "C7",
                                .action = "A3",
                                .note = "Her son Peter saw it",
                                .byRole = "supervisor"};
  adjustments::ExplainOrder why{.place = {of.provider, visit, 1, 1},
                                .reason = "P3",
                                .responsibility = "person",
                                .note = "",
                                .byRole = "supervisor"};
  const auto done = of.day.decide(
      [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
        DOORSTEP_TRY(adjustments::approveTimes(database, times, {}, act));
        DOORSTEP_TRY(adjustments::explainSlot(database, why, act));
        return kDone;
      },
      AccountId(7));
  REQUIRE(done.ok());
  of.day.setNow("2026-11-23T20:00:00");
  const auto made = of.exported();
  const Json& met = made.encounters.at(0);
  CHECK(met["period"]["end"] == "2026-11-23T08:41:00.000Z");
  CHECK(met["extension"][0]["valuePeriod"]["end"] == "2026-11-23T08:12:00.000Z");
  REQUIRE(made.provenances.size() == 3);
  const Json& approved = made.provenances[1];
  CHECK(approved["recorded"] == "2026-11-23T12:00:00.000Z");
  CHECK(codesOf(approved["reason"][0]) == Codes{"C7"});
  CHECK(codesOf(approved["activity"]) == Codes{"UPDATE", "A3"});
  CHECK(approved["agent"][0]["who"]["identifier"]["value"] == "7");
  CHECK(approved["entity"][0]["role"] == "revision");
  CHECK(codesOf(made.provenances[2]["reason"][0]) == Codes{"P3"});
  CHECK(codesOf(made.provenances[2]["activity"]) == Codes{"UPDATE", "person"});
  for (const Json& each : made.provenances)
    CHECK(line(each).find("Peter") == std::string::npos);
}

TEST_CASE("a visit of the small hours is of the day that its figures count it on") {
  ExportedDay of;
  of.plan("night", {of.ann}, "2026-11-24T02");
  of.plan("before", {of.ann}, "2026-11-23T02");
  of.day.setNow("2026-11-25T20:00:00");
  const auto made = of.exported();
  REQUIRE(made.appointments.size() == 1);
  const auto& reports = made.reports;
  const auto counted = std::find_if(reports.begin(), reports.end(), [](const Json& report) {
    return report["measure"] == "urn:doorstep:measure:visits|1";
  });
  REQUIRE(counted != reports.end());
  CHECK((*counted)["group"][0]["population"][0]["count"] == 1);
}

TEST_CASE("what was planned afterwards and nobody came to is booked, on the day of its window") {
  ExportedDay of;
  of.day.publishAt("2026-11-25T09:00:00");
  of.plan("late", {of.ann});
  of.day.setNow("2026-11-25T20:00:00");
  const auto made = of.exported();
  REQUIRE(made.appointments.size() == 1);
  CHECK(made.appointments[0]["status"] == "booked");
}

TEST_CASE("what cannot be exported is said, and leaves no folder") {
  ExportedDay of;
  of.plan("v1", {of.ann});
  of.day.setNow("2026-11-23T20:00:00");
  of.day.judge();
  const auto lease = of.day.storage().read();
  const auto reason = [&](const ExportAsked& asked) {
    const auto done = writeExport(of.reading(lease), of.day.log(), asked, [](std::uint64_t) {});
    CHECK_FALSE(std::filesystem::exists(asked.folder.string() + ".part"));
    return done.ok() ? std::string("none") : done.error().reason;
  };
  ExportAsked asked = of.asked();
  asked.lastDay = "2026-11-22";
  CHECK(reason(asked) == "DAYS_REVERSED");
  asked.lastDay = "tomorrow";
  CHECK(reason(asked) == "DAY_FORMAT");
  asked = of.asked();
  asked.contract = ContractId(99);
  CHECK(reason(asked) == "CONTRACT_UNKNOWN");
  asked = of.asked();
  asked.provider = ProviderId(99);
  CHECK(reason(asked) == "PROVIDER_UNKNOWN");
  CHECK_FALSE(std::filesystem::exists(asked.folder));
  asked = of.asked();
  CHECK(reason(asked) == "none");
  CHECK(reason(asked) == "FOLDER_EXISTS");
}

}  // namespace
}  // namespace doorstep::fhir
