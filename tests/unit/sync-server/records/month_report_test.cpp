// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/figures/month_report.h"

#include <catch2/catch.hpp>

#include "shared/crypto/sha256.h"
#include "sync-server/records/figures/measure_reading.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// A visit in October that nobody made, and one in November that Ann made.
struct Autumn {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  PersonId person = day.addPerson(provider, "p1", "north");
  VisitId october = visit("2026-10-20T08:00:00", "2026-10-20T08:30:00", "v1");
  VisitId november = visit("2026-11-23T08:00:00", "2026-11-23T08:30:00", "v2");
  ContractId contract;
  crypto::SecretKey key{};

  Autumn() {
    day.checkIn(ann, november, "2026-11-23T08:05:00");
    day.checkOut(ann, november, "2026-11-23T08:35:00");
    day.send(ann, "2026-11-23T09:00:00");
    contract = roster::contracts(day.storage().writer()).value().front().id;
    at("2026-12-01T12:00:00");
  }
  VisitId visit(const std::string& from, const std::string& to, const std::string& ref) {
    ProviderDay::PlannedCare care{.person = person, .carers = {ann}, .ref = ref};
    care.from = from;
    care.to = to;
    return day.addVisit(provider, care);
  }
  void at(const std::string& now) {
    day.setNow(now);
    day.judge();
  }
  Reading reading() { return {day.storage().writer(), caller, day.now(), key}; }
  Result<v1::MonthReport> report(const std::string& month = "2026-11", ProviderId of = {}) {
    return readMonthReport(reading(), {contract, of, month});
  }
  std::string reasonOf(const std::string& month, ProviderId of = {}) {
    const auto made = report(month, of);
    return made.ok() ? "" : made.error().reason;
  }
  identity::AccountCaller caller{.role = identity::Role::Operator};
};

TEST_CASE("a report has the figures of the month and of the month before, as they are asked for") {
  Autumn autumn;
  const auto report = autumn.report();
  REQUIRE(report.ok());
  CHECK(report->first_day() == "2026-11-01");
  CHECK(report->last_day() == "2026-11-30");
  CHECK(report->contract().contract_id() == autumn.contract.value);
  const auto asked = [&](const char* first, const char* last) {
    v1::MeasureFilter filter;
    filter.set_contract_id(autumn.contract.value);
    filter.set_first_day(first);
    filter.set_last_day(last);
    return MeasureReading::open(autumn.reading(), filter, {}).value()->figures({}).value();
  };
  CHECK(report->figures().DebugString() == asked("2026-11-01", "2026-11-30").DebugString());
  CHECK(report->before().DebugString() == asked("2026-10-01", "2026-10-31").DebugString());
  CHECK(report->before().groups(0).counts().missed() == 1);
  REQUIRE(report->rules().versions_size() == 1);
  CHECK(report->rules().parameters_size() == 53);
  REQUIRE(report->logs_size() == 1);
  CHECK(report->logs(0).provider_name() == "Dales Care");
  CHECK(report->logs(0).entries() > 0);
  CHECK(report->logs(0).root().size() == 32);
  CHECK(autumn.report("2026-11", autumn.provider)->provider_id() == autumn.provider.value);
}

TEST_CASE("a month is over at noon of the day after it, and its report is the same from then on") {
  Autumn autumn;
  const auto over = autumn.report();
  CHECK(over->is_over());
  autumn.at("2026-12-20T12:00:00");
  auto later = autumn.report().value();
  later.mutable_figures()->set_as_of_unix_ms(over->figures().as_of_unix_ms());
  later.mutable_before()->set_as_of_unix_ms(over->before().as_of_unix_ms());
  CHECK(later.DebugString() == over->DebugString());
  Autumn young;
  young.day.setNow("2026-12-01T11:59:59");
  CHECK_FALSE(young.report()->is_over());
}

TEST_CASE("a month that has not begun, has no visit or is no month has no report, and why") {
  Autumn autumn;
  CHECK(autumn.reasonOf("2026-12") == "MONTH_EMPTY");
  CHECK(autumn.reasonOf("2027-01") == "MONTH_FUTURE");
  for (const char* month : {"", "2026", "2026-13", "2026-1", "2026-11-01", "nov"})
    CHECK(autumn.reasonOf(month) == "MONTH_FORMAT");
  CHECK(autumn.reasonOf("2026-11", ProviderId(77)) == "PROVIDER_UNKNOWN");
  autumn.contract = ContractId(autumn.contract.value + 1);
  CHECK(autumn.reasonOf("2026-11") == "CONTRACT_UNKNOWN");
}

TEST_CASE("a month begins at midnight in London, in summer too") {
  CHECK_FALSE(checkReportMonth("2026-11", ProviderDay::ms("2026-11-01T00:00:00") - 1).ok());
  CHECK(checkReportMonth("2026-11", ProviderDay::ms("2026-11-01T00:00:00")).ok());
  const std::int64_t june = 1'780'268'400'000;  // 2026-05-31T23:00:00Z
  CHECK_FALSE(checkReportMonth("2026-06", june - 1).ok());
  CHECK(checkReportMonth("2026-06", june).ok());
}

}  // namespace
}  // namespace doorstep::records
