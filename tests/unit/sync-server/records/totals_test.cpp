// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/listing/totals.h"

#include <catch2/catch.hpp>
#include <random>

#include "sync-server/records/records_reader.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// Forty visits of two lots, some with two carers, with starts between an hour early and three hours
// late.
struct BusyDay {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north", "south"});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  crypto::SecretKey key{};

  BusyDay() {
    std::mt19937 random(7);
    const PersonId north = day.addPerson(provider, "n1", "north");
    const PersonId south = day.addPerson(provider, "s1", "south");
    for (int index = 0; index < 40; ++index) {
      ProviderDay::PlannedCare care;
      care.person = index % 3 == 0 ? south : north;
      care.carers = index % 4 == 0 ? std::vector{ann, bea} : std::vector{ann};
      care.from = "2026-11-23T08:00:00";
      care.to = "2026-11-23T09:00:00";
      const VisitId visit = day.addVisit(provider, care);
      if (index % 7 == 0)
        continue;
      if (index % 9 == 0) {
        day.record(ann, visit, visits::NoEntry{visits::NoEntryReason::NoReply, {}},
                   "2026-11-23T08:10:00");
        day.send(ann, "2026-11-23T11:59:00");
        continue;
      }
      for (const CarerId carer : care.carers) {
        const std::int64_t minute = std::uniform_int_distribution<std::int64_t>(0, 239)(random);
        const std::string time = "2026-11-23T" + std::string(7 + minute / 60 < 10 ? "0" : "") +
                                 std::to_string(7 + minute / 60) + ":" +
                                 (minute % 60 < 10 ? "0" : "") + std::to_string(minute % 60);
        day.checkIn(carer, visit, time);
        day.send(carer, "2026-11-23T11:59:00");
      }
    }
  }
};

void checkAgainst(const v1::Totals& totals, const std::vector<v1::VisitRecord>& records) {
  const auto count = [&](v1::Punctuality punctuality) {
    return static_cast<std::uint64_t>(std::count_if(
        records.begin(), records.end(),
        [&](const v1::VisitRecord& record) { return record.punctuality() == punctuality; }));
  };
  std::int64_t lateMs = 0;
  std::int64_t highest = 0;
  std::set<std::uint64_t> visits;
  for (const v1::VisitRecord& record : records) {
    lateMs += record.late_ms();
    highest = std::max(highest, record.late_ms());
    visits.insert(record.visit_id());
  }
  CHECK(totals.carer_visits() == records.size());
  CHECK(totals.visits() == visits.size());
  CHECK(totals.on_time() == count(v1::PUNCTUALITY_ON_TIME));
  CHECK(totals.early() == count(v1::PUNCTUALITY_EARLY));
  CHECK(totals.late() == count(v1::PUNCTUALITY_LATE));
  CHECK(totals.missed() == count(v1::PUNCTUALITY_MISSED));
  CHECK(totals.no_entry() == count(v1::PUNCTUALITY_NO_ENTRY));
  CHECK(totals.open() == count(v1::PUNCTUALITY_OPEN));
  CHECK(totals.total_late_ms() == lateMs);
  CHECK(totals.highest_late_ms() == highest);
}

TEST_CASE("every total is the count of the records that a list with the same filter gives") {
  BusyDay busy;
  const identity::AccountCaller caller = busy.day.officer("County");
  const Reading reading{busy.day.storage().read(), caller, busy.day.now(), busy.key};
  for (const char* lot : {"", "north", "south"}) {
    for (int punctuality = 0; punctuality <= 6; ++punctuality) {
      INFO(lot << " " << punctuality);
      v1::RecordFilter message;
      message.set_lot(lot);
      message.set_punctuality(static_cast<v1::Punctuality>(punctuality));
      const auto filter = readFilter(message).value();
      const auto page = listRecords(reading, filter, std::nullopt, 1'000).value();
      const std::vector<v1::VisitRecord> records(page.response.records().begin(),
                                                 page.response.records().end());
      const auto response = readTotals(reading, filter).value();
      checkAgainst(response.totals(), records);
      std::uint64_t starts = 0;
      for (const v1::LatenessBin& bin : response.lateness())
        starts += bin.count();
      CHECK(starts == static_cast<std::uint64_t>(std::count_if(
                          records.begin(), records.end(), [](const v1::VisitRecord& record) {
                            return record.has_raw_start_unix_ms();
                          })));
      for (const v1::GroupTotals& group : response.by_lot()) {
        std::vector<v1::VisitRecord> ofLot;
        std::copy_if(records.begin(), records.end(), std::back_inserter(ofLot),
                     [&](const v1::VisitRecord& record) { return record.lot() == group.name(); });
        checkAgainst(group.totals(), ofLot);
      }
    }
  }
  const auto whole = readTotals(reading, {}).value();
  CHECK(whole.totals().double_handed_visits() == 10);
  CHECK(whole.totals().late() > 0);
  CHECK(whole.totals().missed() > 0);
  CHECK(whole.totals().no_entry() > 0);
  CHECK(whole.by_provider_size() == 1);
}

TEST_CASE("a start falls into the bin of its minutes against the window's end") {
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  const CarerId ann = day.addCarer(provider, "Ann");
  const PersonId person = day.addPerson(provider, "n1", "north");
  for (const char* start :
       {"08:29:59", "08:30:00", "08:34:59", "08:35:00", "05:00:00", "15:00:00"}) {
    ProviderDay::PlannedCare care{.person = person, .carers = {ann}};
    care.from = "2026-11-23T08:00:00";
    care.to = "2026-11-23T08:30:00";
    day.checkIn(ann, day.addVisit(provider, care), std::string("2026-11-23T") + start);
    day.send(ann, "2026-11-23T15:10:00");
  }
  const crypto::SecretKey key{};
  const identity::AccountCaller caller = day.officer("County");
  const auto response = readTotals({day.storage().read(), caller, day.now(), key}, {}).value();
  std::map<std::int32_t, std::uint64_t> bins;
  for (const v1::LatenessBin& bin : response.lateness()) {
    bins[bin.from_min()] = bin.count();
    CHECK(bin.to_min() == bin.from_min() + 5);
  }
  CHECK(bins ==
        std::map<std::int32_t, std::uint64_t>{{-120, 1}, {-5, 1}, {0, 2}, {5, 1}, {235, 1}});
}

}  // namespace
}  // namespace doorstep::records
