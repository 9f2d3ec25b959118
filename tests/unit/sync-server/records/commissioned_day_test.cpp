// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/commissioned/commissioned_day.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/sync-server/records/two_councils.h"

namespace doorstep::records {
namespace {

namespace pb = doorstep::admin::v1;
using commissioning::CommissionedRow;
using commissioning::Kind;

struct Day : TwoCouncils {
  ContractId contract(const std::string& council) {
    const auto contracts = roster::contracts(day.storage().read());
    for (const auto& each : *contracts)
      if (each.councilName == council)
        return each.id;
    FAIL("no contract of " << council);
    return {};
  }
  pb::CommissionedRow row(pb::CommissionedKind kind, std::uint64_t subject, const std::string& name,
                          const std::string& from) const {
    pb::CommissionedRow made;
    made.set_kind(kind);
    made.set_subject_id(subject);
    made.set_name(name);
    made.set_from_day(from);
    return made;
  }
  Result<pb::GetCommissionedDayResponse> on(const identity::AccountCaller& caller,
                                            const std::string& localDay,
                                            const std::string& council = "County") {
    pb::GetCommissionedDayRequest request;
    request.set_provider_id(provider.value);
    request.set_contract_id(contract(council).value);
    request.set_day(localDay);
    const auto lease = day.storage().read();
    return commissionedDay(lease, caller, request, day.now());
  }
  Result<PackagesPage> packages(const identity::AccountCaller& caller, const std::string& localDay,
                                const std::string& search = "", PersonId after = {},
                                std::uint32_t size = 0) {
    pb::ListPackagesRequest request;
    request.set_provider_id(provider.value);
    request.set_contract_id(contract("County").value);
    request.set_day(localDay);
    request.set_search(search);
    request.set_page_size(size);
    const auto lease = day.storage().read();
    return listPackages(lease, caller, request, after, day.now());
  }
};

TEST_CASE("a day shows the lots, ratings and rates that hold on it, without outlines") {
  Day desk;
  const auto id = desk.contract("County").value;
  auto lot = desk.row(pb::COMMISSIONED_KIND_LOT, id, "north", "2026-11-24");
  lot.mutable_lot()->add_patches()->set_name("Hills");
  lot.mutable_lot()->set_outline_geojson(
      R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]})");
  auto rating = desk.row(pb::COMMISSIONED_KIND_RATING, 0, "cqc", "2026-11-24");
  rating.mutable_rating()->set_rating("good");
  auto rate = desk.row(pb::COMMISSIONED_KIND_RATE, id, "weekday/day", "2026-11-24");
  rate.mutable_rate()->set_pence_per_hour(2250);
  auto uplift = desk.row(pb::COMMISSIONED_KIND_RATE, id, "uplift/", "2027-04-01");
  uplift.mutable_rate()->set_uplift_bp(450);
  REQUIRE(desk.set(desk.county, {lot, rating, rate, uplift}).ok());

  const auto before = desk.on(desk.county, "2026-11-23");
  REQUIRE(before.ok());
  REQUIRE(before->lots_size() == 1);
  CHECK_FALSE(before->lots(0).has_description());
  CHECK(before->ratings_size() == 0);
  CHECK(before->rates_size() == 0);
  CHECK(before->may_set());

  const auto then = desk.on(desk.county, "2027-04-01");
  CHECK(then->lots(0).description().lot().patches(0).name() == "Hills");
  CHECK(then->lots(0).description().lot().outline_geojson().empty());
  CHECK(then->lots(0).outline_bytes() == 60);
  CHECK(then->ratings(0).rating().rating() == "good");
  REQUIRE(then->rates_size() == 1);
  CHECK(then->rates(0).uplifts_size() == 1);
  CHECK(then->rates(0).pence_per_hour() == 2351);  // 2351.25
  CHECK(then->uplifts_size() == 1);
  CHECK(desk.on(desk.county, "2027-03-31")->rates(0).pence_per_hour() == 2250);
  CHECK_FALSE(desk.on(desk.day.supervisor(desk.provider), "2027-04-01")->may_set());
}

TEST_CASE("a day of another's contract, or no day, is refused") {
  Day desk;
  CHECK(desk.on(desk.city, "2026-11-23").error().reason == "CONTRACT_UNKNOWN");
  CHECK(desk.on(desk.county, "23 November").error().reason == "DAY_FORMAT");
  CHECK(desk.on(desk.county, "9999-12-31").error().reason == "DAY_FORMAT");
  CHECK(desk.on(desk.county, "")->day() == "2026-11-23");
  const ProviderId other = desk.day.addProvider("Moor Care", "Town", {"moor"});
  CHECK(desk.on(desk.day.supervisor(other), "").error().reason == "OTHER_PROVIDER");
  CHECK(desk.packages(desk.city, "").error().reason == "CONTRACT_UNKNOWN");
  CHECK(desk.packages(desk.county, "", std::string(65, 'x')).error().reason == "SEARCH_FORMAT");
}

TEST_CASE("the people of a contract are listed with what is ordered for them on the day") {
  Day desk;
  auto pause = desk.row(pb::COMMISSIONED_KIND_PAUSE, desk.ann.value, "", "2026-11-26");
  pause.set_until_day("2026-11-30");
  pause.mutable_pause()->set_reason("hospital");
  REQUIRE(desk.set(desk.county, {desk.package(desk.ann, 300), pause}).ok());
  REQUIRE(desk.set(desk.city, {desk.package(desk.bob, 400)}).ok());

  const auto page = desk.packages(desk.county, "2026-11-27");
  REQUIRE(page.ok());
  CHECK_FALSE(page->next);
  REQUIRE(page->response.people_size() == 1);
  const auto& ann = page->response.people(0);
  CHECK(ann.person_ref() == "p1");
  CHECK(ann.lot() == "north");
  REQUIRE(ann.packages_size() == 1);
  CHECK(ann.packages(0).package().week_minutes() == 300);
  CHECK(ann.pauses_size() == 1);
  const auto earlier = desk.packages(desk.county, "2026-11-23");
  REQUIRE(earlier->response.people_size() == 1);
  CHECK(earlier->response.people(0).packages_size() == 0);
  CHECK(desk.packages(desk.county, "2026-12-01")->response.people(0).pauses_size() == 0);
}

TEST_CASE("people are found by a part of their ref, and every page goes on where one ended") {
  Day desk;
  for (int i = 10; i < 30; ++i)
    desk.day.addPerson(desk.provider, "AB-" + std::to_string(i), "north");
  const auto found = desk.packages(desk.county, "", "ab-1");
  CHECK(found->response.people_size() == 10);
  CHECK(desk.packages(desk.county, "", "zz")->response.people_size() == 0);

  std::set<std::string> refs;
  PersonId after;
  int pages = 0;
  while (true) {
    const auto page = desk.packages(desk.county, "", "", after, 6);
    REQUIRE(page.ok());
    CHECK(page->response.people_size() <= 6);
    for (const auto& person : page->response.people())
      CHECK(refs.insert(person.person_ref()).second);
    ++pages;
    if (!page->next)
      break;
    after = *page->next;
  }
  CHECK(refs.size() == 21);
  CHECK(pages == 4);
}

CommissionedRow rateRow(const std::string& name, std::int64_t from, std::uint32_t pence,
                        std::int32_t upliftBp) {
  doorstep::commissioning::v1::Rate rate;
  rate.set_pence_per_hour(pence);
  rate.set_uplift_bp(upliftBp);
  CommissionedRow row;
  row.key = {Kind::Rate, 1, name};
  row.fromDay = from;
  row.content = rate.SerializeAsString();
  return row;
}

TEST_CASE("a rate is raised by the uplifts of its kind that began after it, and by no other") {
  const std::vector<CommissionedRow> rows{
      rateRow("weekday/day", 100, 2000, 0), rateRow("uplift/", 90, 0, 5000),
      rateRow("uplift/", 110, 0, 1000),     rateRow("uplift/day", 110, 0, 500),
      rateRow("uplift/day", 120, 0, -1000), rateRow("uplift/sleep_in", 115, 0, 900)};
  const auto pence = [&](std::int64_t day) { return ratesOn(rows, day).at(0).pence_per_hour(); };
  CHECK(ratesOn(rows, 99).empty());
  CHECK(pence(100) == 2000);
  CHECK(pence(110) == 2100);  // the kind's own, not the one of all kinds
  CHECK(pence(119) == 2100);
  CHECK(pence(120) == 1890);
}

TEST_CASE("a price that is set later ends the uplifts before it") {
  const std::vector<CommissionedRow> rows{rateRow("weekday/day", 100, 2000, 0),
                                          rateRow("uplift/", 110, 0, 1000),
                                          rateRow("weekday/day", 120, 2150, 0)};
  CHECK(ratesOn(rows, 119).at(0).pence_per_hour() == 2200);
  CHECK(ratesOn(rows, 120).at(0).pence_per_hour() == 2150);
}

TEST_CASE("uplifts without end stop at the largest price") {
  std::vector<CommissionedRow> rows{rateRow("weekday/day", 1, 100'000, 0)};
  for (int i = 2; i < 200; ++i)
    rows.push_back(rateRow("uplift/", i, 0, 10'000));
  CHECK(ratesOn(rows, 300).at(0).pence_per_hour() == UINT32_MAX);
}

}  // namespace
}  // namespace doorstep::records
