// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/listing/record_query.h"

#include <catch2/catch.hpp>

#include "sync-server/records/listing/record_message.h"
#include "sync-server/records/records_reader.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;
using visits::Punctuality;

struct Records {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north", "south"});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  PersonId north = day.addPerson(provider, "n1", "north");
  PersonId south = day.addPerson(provider, "s1", "south");
  crypto::SecretKey key{};

  VisitId visit(const std::string& ref, const std::string& from, const std::string& to,
                std::vector<CarerId> carers, PersonId person = {}) {
    ProviderDay::PlannedCare care;
    care.ref = ref;
    care.person = person ? person : north;
    care.carers = std::move(carers);
    care.from = from;
    care.to = to;
    return day.addVisit(provider, care);
  }

  std::vector<v1::VisitRecord> list(const v1::RecordFilter& filter,
                                    std::uint32_t pageSize = 1'000) {
    const identity::AccountCaller caller = day.supervisor(provider);
    const auto lease = day.storage().read();
    std::vector<v1::VisitRecord> all;
    std::optional<RecordPlace> after;
    do {
      const auto page =
          listRecords({lease, caller, day.now(), key}, readFilter(filter).value(), after, pageSize)
              .value();
      for (const v1::VisitRecord& record : page.response.records())
        all.push_back(record);
      after = page.next;
    } while (after);
    return all;
  }
  std::vector<v1::VisitRecord> list() { return list({}); }
};

std::string refs(const std::vector<v1::VisitRecord>& records) {
  std::string text;
  for (const v1::VisitRecord& record : records)
    text += record.visit_ref() + "/" + std::to_string(record.carer_slot()) + " ";
  return text;
}

TEST_CASE("each carer slot is a record, judged by the contract's rules") {
  Records records;
  const VisitId inTime =
      records.visit("in-time", "2026-11-23T07:00:00", "2026-11-23T07:30:00", {records.ann});
  const VisitId early =
      records.visit("early", "2026-11-23T08:00:00", "2026-11-23T08:30:00", {records.ann});
  const VisitId together = records.visit("two", "2026-11-23T09:00:00", "2026-11-23T09:30:00",
                                         {records.ann, records.bea});
  const VisitId closed =
      records.visit("closed", "2026-11-23T10:00:00", "2026-11-23T10:05:00", {records.ann});
  const VisitId cancelled =
      records.visit("cancelled", "2026-11-23T11:00:00", "2026-11-23T11:05:00", {records.ann});
  records.visit("open", "2026-11-23T12:30:00", "2026-11-23T13:00:00", {records.ann});
  records.day.setNow("2026-11-20T12:00:00");
  records.day.change(records.provider, cancelled, [](visits::PlannedVisit& visit) {
    visit.state = visits::VisitState::Cancelled;
  });
  records.day.checkIn(records.ann, early,
                      "2026-11-23T07:44:59");  // the first moment that is too early
  records.day.checkIn(records.ann, inTime,
                      "2026-11-23T07:45:00");  // the last moment of the tolerance
  records.day.checkOut(records.ann, inTime, "2026-11-23T07:46:00");
  records.day.checkIn(records.ann, together, "2026-11-23T09:46:00");
  records.day.record(records.ann, closed, visits::NoEntry{visits::NoEntryReason::NoReply, {}},
                     "2026-11-23T10:01:00");
  records.day.send(records.ann, "2026-11-23T10:02:00");
  records.day.setNow("2026-11-23T12:00:00");

  const auto all = records.list();
  REQUIRE(all.size() == 7);
  const auto expect = [&](std::size_t index, const char* ref, v1::Punctuality punctuality,
                          std::int64_t lateMs) {
    INFO(ref);
    CHECK(all[index].visit_ref() == ref);
    CHECK(all[index].punctuality() == punctuality);
    CHECK(all[index].late_ms() == lateMs);
    CHECK(all[index].rule_version() == 1);
  };
  expect(0, "in-time", v1::PUNCTUALITY_ON_TIME, 15 * 60'000);
  expect(1, "early", v1::PUNCTUALITY_EARLY, 0);
  expect(2, "two", v1::PUNCTUALITY_LATE, 16 * 60'000);
  expect(3, "two", v1::PUNCTUALITY_MISSED, 0);
  expect(4, "closed", v1::PUNCTUALITY_NO_ENTRY, 0);
  expect(5, "cancelled", v1::PUNCTUALITY_NOT_COUNTED, 0);
  expect(6, "open", v1::PUNCTUALITY_OPEN, 0);
  CHECK(all[0].raw_start_unix_ms() == ProviderDay::ms("2026-11-23T07:45:00"));
  CHECK(all[0].end_received_unix_ms() == ProviderDay::ms("2026-11-23T10:02:00"));
  CHECK(all[0].start_time().time_class() == doorstep::monitoring::v1::TIME_CLASS_ANCHORED);
  CHECK_FALSE(all[3].has_raw_start_unix_ms());
}

TEST_CASE("a check-in that comes a day late makes the missed visit punctual") {
  Records records;
  const VisitId visit =
      records.visit("v", "2026-11-23T08:00:00", "2026-11-23T08:30:00", {records.ann});
  records.day.checkIn(records.ann, visit, "2026-11-23T08:10:00");
  records.day.setNow("2026-11-24T08:00:00");
  CHECK(records.list().front().punctuality() == v1::PUNCTUALITY_MISSED);
  records.day.send(records.ann, "2026-11-24T08:00:00");
  CHECK(records.list().front().punctuality() == v1::PUNCTUALITY_ON_TIME);
  CHECK(records.list().front().start_received_unix_ms() == ProviderDay::ms("2026-11-24T08:00:00"));
}

TEST_CASE("a carer who came unplanned makes the visit a visit, under her own pseudonym") {
  Records records;
  const VisitId visit =
      records.visit("v", "2026-11-23T08:00:00", "2026-11-23T08:30:00", {records.ann});
  const std::string planned = records.list().front().carer_pseudonym();
  records.day.checkIn(records.bea, visit, "2026-11-23T08:10:00");
  records.day.send(records.bea, "2026-11-23T08:11:00");
  const auto all = records.list();
  REQUIRE(all.size() == 1);
  CHECK(all.front().punctuality() == v1::PUNCTUALITY_ON_TIME);
  CHECK(all.front().carer_pseudonym() != planned);
}

TEST_CASE(
    "a local day has its visits: of the night that begins in it, and of 25 hours when clocks go "
    "back") {
  Records records;
  records.visit("before", "2026-10-24T23:59:00", "2026-10-25T00:30:00", {records.ann});
  records.visit("first", "2026-10-25T00:00:00", "2026-10-25T00:30:00", {records.ann});
  records.visit("night", "2026-10-25T23:59:00", "2026-10-26T00:30:00", {records.ann});
  records.visit("after", "2026-10-26T00:00:00", "2026-10-26T00:30:00", {records.ann});
  v1::RecordFilter filter;
  filter.set_first_day("2026-10-25");
  filter.set_last_day("2026-10-25");
  CHECK(refs(records.list(filter)) == "first/1 night/1 ");
  filter.set_last_day("2026-10-26");
  CHECK(refs(records.list(filter)) == "first/1 night/1 after/1 ");
}

TEST_CASE("a visit over midnight is judged by its moments, not by its day") {
  Records records;
  const VisitId visit =
      records.visit("night", "2026-11-23T23:30:00", "2026-11-24T00:15:00", {records.ann});
  records.day.checkIn(records.ann, visit, "2026-11-24T00:31:00");
  records.day.checkOut(records.ann, visit, "2026-11-24T01:00:00");
  records.day.send(records.ann, "2026-11-24T01:01:00");
  v1::RecordFilter filter;
  filter.set_first_day("2026-11-23");
  filter.set_last_day("2026-11-23");
  const auto all = records.list(filter);
  REQUIRE(all.size() == 1);
  CHECK(all.front().punctuality() == v1::PUNCTUALITY_LATE);
  CHECK(all.front().late_ms() == 16 * 60'000);
}

TEST_CASE("filters narrow by lot and punctuality") {
  Records records;
  const VisitId late =
      records.visit("late", "2026-11-23T08:00:00", "2026-11-23T08:30:00", {records.ann});
  records.visit("missed", "2026-11-23T08:00:00", "2026-11-23T08:30:00", {records.ann},
                records.south);
  records.day.checkIn(records.ann, late, "2026-11-23T08:50:00");
  records.day.send(records.ann, "2026-11-23T08:51:00");
  v1::RecordFilter filter;
  filter.set_lot("south");
  CHECK(refs(records.list(filter)) == "missed/1 ");
  filter.clear_lot();
  filter.set_punctuality(v1::PUNCTUALITY_LATE);
  CHECK(refs(records.list(filter)) == "late/1 ");
}

TEST_CASE("a filter that cannot be is refused with its reason") {
  v1::RecordFilter filter;
  filter.set_first_day("2026-13-01");
  CHECK(readFilter(filter).error().reason == "DAY_FORMAT");
  filter.set_first_day("2026-11-24");
  filter.set_last_day("2026-11-23");
  CHECK(readFilter(filter).error().reason == "DAYS_REVERSED");
  filter.clear_first_day();
  filter.set_punctuality(static_cast<v1::Punctuality>(99));
  CHECK(readFilter(filter).error().reason == "PUNCTUALITY_UNKNOWN");
}

TEST_CASE("pages of any size give every record once, in order, across providers") {
  Records records;
  const ProviderId other = records.day.addProvider("Vale Care", "County", {"west"});
  const CarerId cai = records.day.addCarer(other, "Cai");
  const PersonId west = records.day.addPerson(other, "w1", "west");
  for (int hour = 7; hour < 12; ++hour) {
    const std::string at =
        "2026-11-23T" + std::string(hour < 10 ? "0" : "") + std::to_string(hour) + ":00:00";
    const std::string name = std::to_string(hour);
    records.visit("d" + name, at, at, {records.ann, records.bea});
    records.visit("e" + name, at, at, {records.ann});
    ProviderDay::PlannedCare care{.person = west, .carers = {cai}};
    care.from = care.to = at;
    care.ref = "w" + name;
    records.day.addVisit(other, care);
  }
  const identity::AccountCaller caller = records.day.officer("County");
  const auto lease = records.day.storage().read();
  const auto all = [&](std::uint32_t size) {
    std::string text;
    std::optional<RecordPlace> after;
    do {
      const auto page =
          listRecords({lease, caller, records.day.now(), records.key}, {}, after, size).value();
      CHECK(static_cast<std::uint32_t>(page.response.records_size()) <= size);
      for (const v1::VisitRecord& record : page.response.records())
        text += record.visit_ref() + "/" + std::to_string(record.carer_slot()) + " ";
      after = page.next;
    } while (after);
    return text;
  };
  const std::string whole = all(1'000);
  CHECK(whole.substr(0, 21) == "d7/1 d7/2 e7/1 w7/1 d");
  for (const std::uint32_t size : {1U, 2U, 3U, 7U})
    CHECK(all(size) == whole);
}

TEST_CASE("a page looks once at each person whom it names") {
  Records records;
  records.visit("a", "2026-11-23T08:00:00", "2026-11-23T08:30:00", {records.ann});
  records.visit("b", "2026-11-23T09:00:00", "2026-11-23T09:30:00", {records.ann});
  records.visit("c", "2026-11-23T09:00:00", "2026-11-23T09:30:00", {records.ann}, records.south);
  const identity::AccountCaller caller = records.day.officer("County");
  const auto page =
      listRecords({records.day.storage().read(), caller, records.day.now(), records.key}, {},
                  std::nullopt, 100);
  REQUIRE(page->looks.size() == 2);
  CHECK(page->looks[0].person == records.north);
  CHECK(page->looks[1].person == records.south);
  CHECK(page->looks[0].account == caller.account);
}

TEST_CASE("tasks are counted as the carer left them") {
  Records records;
  ProviderDay::PlannedCare care{.person = records.north, .carers = {records.ann}};
  care.from = care.to = "2026-11-23T08:00:00";
  care.tasks = {
      {1, "PC01", "Wash", false}, {2, "MD01", "Insulin", true}, {3, "NU01", "Breakfast", false}};
  const VisitId visit = records.day.addVisit(records.provider, care);
  records.day.record(records.ann, visit, visits::TaskRecorded{1, visits::TaskOutcome::Done},
                     "2026-11-23T08:10:00");
  records.day.record(
      records.ann, visit,
      visits::TaskRecorded{2, visits::TaskOutcome::NotDone, visits::NotDoneReason::Refused},
      "2026-11-23T08:11:00");
  records.day.send(records.ann, "2026-11-23T08:12:00");
  const v1::VisitRecord record = records.list().front();
  CHECK(record.tasks_planned() == 3);
  CHECK(record.tasks_done() == 1);
  CHECK(record.tasks_not_done_reasoned() == 1);
  CHECK(record.critical_not_done() == 1);
}

}  // namespace
}  // namespace doorstep::records
