// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sync-server/records/records_reader.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

void cancel(visits::PlannedVisit& visit) { visit.state = visits::VisitState::Cancelled; }

}  // namespace

TEST_CASE("a visit that took place is never cancelled as if nobody had been there") {
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  const CarerId ann = day.addCarer(provider, "Ann");
  const CarerId bea = day.addCarer(provider, "Bea");
  const PersonId person = day.addPerson(provider, "n1", "north");
  const auto visit = [&](const char* ref, std::vector<CarerId> carers) {
    return day.addVisit(provider, {.person = person,
                                   .carers = std::move(carers),
                                   .from = "2026-11-23T08:00:00",
                                   .to = "2026-11-23T08:30:00",
                                   .ref = ref});
  };
  const VisitId stayed = visit("a-stayed", {ann});
  const VisitId inside = visit("b-inside", {ann});
  const VisitId door = visit("c-door", {ann});
  const VisitId leftOnly = visit("d-left", {ann});
  const VisitId ofTwo = visit("e-two", {bea, ann});
  const VisitId empty = visit("f-empty", {ann});
  day.checkIn(ann, stayed, "2026-11-23T08:07:00");
  day.checkOut(ann, stayed, "2026-11-23T11:30:00");
  day.checkIn(ann, inside, "2026-11-23T11:31:00");
  day.record(ann, door, visits::NoEntry{visits::NoEntryReason::NoReply, {}}, "2026-11-23T11:32:00");
  day.checkOut(ann, leftOnly, "2026-11-23T11:33:00");
  day.checkIn(ann, ofTwo, "2026-11-23T11:34:00");
  day.send(ann, "2026-11-23T11:59:00");
  // Called off in time; what is called off afterwards is another matter (cancellation_test.cpp).
  day.setNow("2026-11-23T08:05:00");
  for (const VisitId each : {stayed, inside, door, leftOnly, ofTwo, empty})
    day.change(provider, each, cancel, visits::WantedBy::Person);
  day.setNow("2026-11-23T12:00:00");

  const crypto::SecretKey key{};
  const identity::AccountCaller caller = day.officer("County");
  const Reading reading{day.storage().read(), caller, day.now(), key};
  std::map<std::string, std::vector<v1::Punctuality>> found;
  const auto page = listRecords(reading, {}, std::nullopt, 100).value();
  for (const v1::VisitRecord& record : page.response.records()) {
    found[record.visit_ref()].push_back(record.punctuality());
    CHECK(record.late_ms() == 0);
  }
  const std::vector attended{v1::PUNCTUALITY_CANCELLED_ATTENDED};
  CHECK(found["a-stayed"] == attended);
  CHECK(found["b-inside"] == attended);
  CHECK(found["c-door"] == attended);
  CHECK(found["d-left"] == attended);
  CHECK(found["e-two"] ==
        std::vector{v1::PUNCTUALITY_NOT_COUNTED, v1::PUNCTUALITY_CANCELLED_ATTENDED});
  CHECK(found["f-empty"] == std::vector{v1::PUNCTUALITY_NOT_COUNTED});

  const auto totals = readTotals(reading, {}).value();
  CHECK(totals.totals().cancelled_attended() == 5);
  CHECK(totals.totals().cancelled_attended_ms() == 203 * 60'000);
  CHECK(totals.totals().not_counted() == 2);
  CHECK(totals.totals().total_late_ms() == 0);
  CHECK(totals.lateness_size() == 0);

  v1::RecordFilter message;
  message.set_punctuality(v1::PUNCTUALITY_CANCELLED_ATTENDED);
  const auto filter = readFilter(message).value();
  CHECK(listRecords(reading, filter, std::nullopt, 100).value().response.records_size() == 5);
  const std::string csv = exportPiece(reading, filter, std::nullopt).value().text;
  CHECK(csv.find(",cancelled_attended,cancelled_attended,0,30,203.000,") != std::string::npos);
}

}  // namespace doorstep::records
