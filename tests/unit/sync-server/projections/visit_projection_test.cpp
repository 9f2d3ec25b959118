// SPDX-License-Identifier: Apache-2.0
#include "sync-server/projections/visit_projection.h"

#include <catch2/catch.hpp>

#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::projections {
namespace {

using support::ProviderDay;

// A provider with one person and two carers.
struct Home {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  PersonId person = day.addPerson(provider, "p1", "north");

  VisitId visit(std::vector<CarerId> carers, const std::string& from = "2026-11-23T08:00:00",
                const std::string& to = "2026-11-23T08:30:00") {
    return day.addVisit(provider,
                        {.person = person, .carers = std::move(carers), .from = from, .to = to});
  }
  std::vector<AttendanceRecord> records(VisitId visit) {
    const auto lease = day.storage().read();
    return AttendanceReader::open(lease).value().ofVisit(provider, visit).value();
  }
  std::vector<std::uint64_t> positions(VisitId visit) {
    return visitEntries(day.storage().read(), provider, visit).value();
  }
};

TEST_CASE("a carer's round becomes one row a visit, with device time, interval and receipt apart") {
  Home home;
  const VisitId first = home.visit({home.ann});
  const VisitId second = home.visit({home.ann});
  home.day.checkIn(home.ann, first, "2026-11-23T08:02:00");
  home.day.record(
      home.ann, first,
      visits::TaskRecorded{3, visits::TaskOutcome::NotDone, visits::NotDoneReason::Refused},
      "2026-11-23T08:10:00");
  home.day.checkOut(home.ann, first, "2026-11-23T08:31:00");
  home.day.checkIn(home.ann, second, "2026-11-23T08:45:00");
  home.day.send(home.ann, "2026-11-23T08:50:00");

  const auto records = home.records(first);
  REQUIRE(records.size() == 1);
  const AttendanceRecord& record = records.front();
  CHECK(record.carer == home.ann);
  CHECK(record.checkIn->wallUnixMs == ProviderDay::ms("2026-11-23T08:02:00"));
  CHECK(record.checkIn->receivedUnixMs == ProviderDay::ms("2026-11-23T08:50:00"));
  CHECK(record.checkIn->time.timeClass == timing::TimeClass::Anchored);
  CHECK(record.checkIn->time.earliestUnixMs <= record.checkIn->wallUnixMs);
  CHECK(record.checkIn->time.latestUnixMs >= record.checkIn->wallUnixMs);
  CHECK(record.checkOut->wallUnixMs == ProviderDay::ms("2026-11-23T08:31:00"));
  CHECK(record.tasks == std::vector<TaskOutcomeRecord>{
                            {3, visits::TaskOutcome::NotDone, visits::NotDoneReason::Refused}});
  CHECK(home.records(second).front().checkIn);
  CHECK(home.positions(first) == home.positions(second));
}

TEST_CASE("a phone whose clock is wrong is ruled by the interval, and its own time is kept") {
  Home home;
  const VisitId visit = home.visit({home.ann});
  home.day.record(home.ann, visit, visits::CheckedIn{}, "2026-11-23T08:40:00", -3'600'000);
  home.day.send(home.ann, "2026-11-23T08:42:00");
  const RecordedMoment moment = *home.records(visit).front().checkIn;
  CHECK(moment.wallUnixMs == ProviderDay::ms("2026-11-23T07:40:00"));
  CHECK(std::abs(moment.time.ruledUnixMs - ProviderDay::ms("2026-11-23T08:40:00")) < 1'000);
}

TEST_CASE("without an anchor the wall clock rules, and says so") {
  Home home;
  const VisitId visit = home.visit({home.ann});
  home.day.record(home.ann, visit, visits::CheckedIn{}, "2026-11-23T08:40:00", -60'000);
  home.day.send(home.ann, "2026-11-23T08:42:00", false);
  const RecordedMoment moment = *home.records(visit).front().checkIn;
  CHECK(moment.time.timeClass == timing::TimeClass::WallClock);
  CHECK(moment.time.ruledUnixMs == ProviderDay::ms("2026-11-23T08:39:00"));
}

TEST_CASE("a carer who was not planned has a record of her own") {
  Home home;
  const VisitId visit = home.visit({home.ann});
  home.day.checkIn(home.bea, visit, "2026-11-23T08:02:00");
  home.day.send(home.bea, "2026-11-23T08:05:00");
  REQUIRE(home.records(visit).size() == 1);
  CHECK(home.records(visit).front().carer == home.bea);
}

TEST_CASE("an amendment in a later entry corrects what an earlier entry said") {
  Home home;
  const VisitId visit = home.visit({home.ann});
  const std::uint64_t wrongTap =
      home.day.record(home.ann, visit, visits::CheckedIn{}, "2026-11-23T08:02:00");
  home.day.send(home.ann, "2026-11-23T08:05:00");
  REQUIRE(home.records(visit).front().checkIn);
  home.day.record(home.ann, visit,
                  visits::Amended{wrongTap, visits::AmendReason::WrongTap, visits::Withdrawn{}},
                  "2026-11-23T08:06:00");
  home.day.send(home.ann, "2026-11-23T08:07:00");
  CHECK_FALSE(home.records(visit).front().checkIn);
  home.day.checkIn(home.ann, visit, "2026-11-23T08:20:00");
  home.day.send(home.ann, "2026-11-23T08:25:00");
  CHECK(home.records(visit).front().checkIn->wallUnixMs == ProviderDay::ms("2026-11-23T08:20:00"));
  CHECK(home.positions(visit).size() == 3);
}

TEST_CASE("a time that a carer corrects is kept beside the time of the tap, which rules") {
  Home home;
  const VisitId visit = home.visit({home.ann});
  const std::uint64_t late =
      home.day.record(home.ann, visit, visits::CheckedIn{}, "2026-11-23T08:50:00");
  home.day.record(home.ann, visit,
                  visits::Amended{late, visits::AmendReason::ForgotToRecord,
                                  visits::CorrectedTime{ProviderDay::ms("2026-11-23T08:10:00")}},
                  "2026-11-23T08:51:00");
  home.day.send(home.ann, "2026-11-23T08:52:00");
  const RecordedMoment moment = *home.records(visit).front().checkIn;
  CHECK(moment.correctedUnixMs == ProviderDay::ms("2026-11-23T08:10:00"));
  CHECK(moment.time.ruledUnixMs == ProviderDay::ms("2026-11-23T08:50:00"));
}

TEST_CASE("what a quarantined entry says is not counted") {
  Home home;
  const VisitId visit = home.visit({home.ann});
  const auto fresh =
      VisitProjection::open(home.day.storage().writer(), home.day.log(), nullptr).value();
  event_log::StoredEntry stored;
  stored.provider = home.provider;
  stored.carer = home.ann;
  stored.quarantineReason = "LIMITS";
  visits::Entry entry;
  entry.events.push_back({1, visit, 0, 0, visits::CheckedIn{}});
  const std::vector<event_log::CommittedEntry> entries = {{stored, entry}};
  REQUIRE(fresh->apply(entries).ok());
  CHECK(home.records(visit).empty());
  CHECK(home.positions(visit).empty());
}

// Two carers, a visit over midnight, a closed door, amendments, entries of one event and of many.
void recordADay(Home& home) {
  const VisitId together = home.visit({home.ann, home.bea});
  const VisitId night = home.visit({home.bea}, "2026-11-23T23:30:00", "2026-11-24T00:30:00");
  const VisitId closed = home.visit({home.ann}, "2026-11-23T10:00:00", "2026-11-23T10:30:00");
  home.day.record(home.ann, together, visits::RunningLate{20}, "2026-11-23T07:50:00");
  home.day.checkIn(home.ann, together, "2026-11-23T08:02:00");
  home.day.checkIn(home.bea, together, "2026-11-23T08:04:00");
  home.day.record(home.ann, together, visits::TaskRecorded{1, visits::TaskOutcome::Done},
                  "2026-11-23T08:10:00");
  home.day.sendOneByOne(home.ann, "2026-11-23T08:11:00");
  const auto wrong =
      home.day.record(home.ann, together, visits::TaskRecorded{2, visits::TaskOutcome::Done},
                      "2026-11-23T08:12:00");
  home.day.checkOut(home.ann, together, "2026-11-23T08:30:00");
  home.day.send(home.ann, "2026-11-23T08:31:00");
  home.day.record(home.ann, together,
                  visits::Amended{wrong, visits::AmendReason::WrongTap, visits::Withdrawn{}},
                  "2026-11-23T08:40:00");
  home.day.record(home.ann, closed, visits::NoEntry{visits::NoEntryReason::NoReply, {}},
                  "2026-11-23T10:05:00");
  home.day.send(home.ann, "2026-11-23T10:06:00");
  home.day.checkOut(home.bea, together, "2026-11-23T08:35:00");
  home.day.checkIn(home.bea, night, "2026-11-23T23:58:00");
  home.day.checkOut(home.bea, night, "2026-11-24T00:20:00");
  home.day.send(home.bea, "2026-11-24T00:25:00");
}

TEST_CASE("the tables are a function of the log alone, however it was committed") {
  Home home;
  recordADay(home);
  const std::string before = home.day.derivedRows();
  REQUIRE(before.size() > 1'000);
  for (const std::size_t entriesPerCommit : {1, 2, 3, 100}) {
    home.day.rebuild(entriesPerCommit);
    CHECK(home.day.derivedRows() == before);
  }
}

TEST_CASE("a commit that failed leaves nothing behind in memory") {
  Home home;
  const VisitId visit = home.visit({home.ann});
  home.day.checkIn(home.ann, visit, "2026-11-23T08:02:00");
  home.day.send(home.ann, "2026-11-23T08:05:00");
  const std::string before = home.day.derivedRows();
  const auto projection =
      VisitProjection::open(home.day.storage().writer(), home.day.log(), nullptr).value();
  event_log::StoredEntry stored;
  stored.provider = home.provider;
  stored.device = DeviceId(1);
  stored.carer = home.bea;
  stored.position = 1;
  visits::Entry lost;
  lost.events.push_back({1, visit, 0, 0, visits::NoEntry{visits::NoEntryReason::NoReply, {}}});
  {
    auto transaction = sql::Transaction::begin(home.day.storage().writer());
    REQUIRE(transaction.ok());
    const std::vector<event_log::CommittedEntry> entries = {{stored, lost}};
    REQUIRE(projection->apply(entries).ok());
    REQUIRE(home.records(visit).size() == 2);
  }
  projection->takenBack();
  CHECK(home.day.derivedRows() == before);
  visits::Entry next;
  next.events.push_back({1, visit, 0, 0, visits::CheckedIn{}});
  const std::vector<event_log::CommittedEntry> entries = {{stored, next}};
  REQUIRE(projection->apply(entries).ok());
  projection->committed();
  const auto records = home.records(visit);
  REQUIRE(records.size() == 2);
  const auto& bea = records[0].carer == home.bea ? records[0] : records[1];
  CHECK(bea.checkIn);
  CHECK_FALSE(bea.noEntry);
}

TEST_CASE("observers hear of each changed row after the commit, whole") {
  struct Observer final : AttendanceObserver {
    void attendancesChanged(std::span<const AttendanceRecord> records) override {
      heard.insert(heard.end(), records.begin(), records.end());
    }
    std::vector<AttendanceRecord> heard;
  } observer;
  ProviderDay day({.attendances = &observer});
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  const CarerId ann = day.addCarer(provider, "Ann");
  const PersonId person = day.addPerson(provider, "p1", "north");
  const VisitId visit = day.addVisit(provider, {.person = person,
                                                .carers = {ann},
                                                .from = "2026-11-23T08:00:00",
                                                .to = "2026-11-23T08:30:00"});
  day.checkIn(ann, visit, "2026-11-23T08:02:00");
  day.checkOut(ann, visit, "2026-11-23T08:32:00");
  day.send(ann, "2026-11-23T08:35:00");
  REQUIRE(observer.heard.size() == 1);
  const auto lease = day.storage().read();
  CHECK(observer.heard == AttendanceReader::open(lease).value().ofVisit(provider, visit).value());
}

}  // namespace
}  // namespace doorstep::projections
