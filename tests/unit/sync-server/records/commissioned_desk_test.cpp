// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/commissioned_desk.h"

#include <catch2/catch.hpp>

#include "sync-server/records/commissioned_row_message.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

namespace pb = doorstep::admin::v1;
using support::ProviderDay;

// Two councils with a contract each of one provider, and a person under each.
struct OrderingDesk {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  PersonId ann = day.addPerson(provider, "p1", "north");
  PersonId bob;
  identity::AccountCaller county = day.officer("County");
  identity::AccountCaller city;

  OrderingDesk() {
    day.addProvider("Dales Care", "City", {"south"});
    bob = day.addPerson(provider, "p2", "south");
    city = day.officer("City");
    day.setNow("2026-11-23T06:00:00");
  }

  pb::CommissionedRow package(PersonId person, std::uint32_t minutes) const {
    pb::CommissionedRow row;
    row.set_kind(pb::COMMISSIONED_KIND_PACKAGE);
    row.set_subject_id(person.value);
    row.set_name("day");
    row.set_from_day("2026-11-24");
    row.mutable_package()->set_service_kind("day");
    row.mutable_package()->set_week_minutes(minutes);
    return row;
  }
  Result<pb::SetCommissionedResponse> set(const identity::AccountCaller& caller,
                                          const std::vector<pb::CommissionedRow>& rows) {
    pb::SetCommissionedRequest request;
    request.set_provider_id(provider.value);
    request.set_why("Review of November");
    for (const auto& row : rows)
      *request.add_rows() = row;
    std::optional<pb::SetCommissionedResponse> response;
    DOORSTEP_TRY(day.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_ASSIGN(response, setCommissioned(database, caller, request, act));
      return kDone;
    }));
    return *response;
  }
  std::string refusal(const identity::AccountCaller& caller, const pb::CommissionedRow& row) {
    const auto answer = set(caller, {row});
    return answer.ok() ? "" : answer.error().reason;
  }
  pb::ListCommissionedResponse list(const identity::AccountCaller& caller,
                                    std::uint64_t subject = 0) {
    pb::ListCommissionedRequest request;
    request.set_provider_id(provider.value);
    request.set_kind(pb::COMMISSIONED_KIND_PACKAGE);
    request.set_subject_id(subject);
    const auto lease = day.storage().read();
    const auto page = listCommissioned(lease, caller, request, {});
    REQUIRE(page.ok());
    return page->response;
  }
};

TEST_CASE("a council sets and sees the packages of its own contracts, a supervisor reads all") {
  OrderingDesk desk;
  REQUIRE(desk.set(desk.county, {desk.package(desk.ann, 300)}).ok());
  REQUIRE(desk.set(desk.city, {desk.package(desk.bob, 400)}).ok());
  const auto seen = desk.list(desk.county);
  REQUIRE(seen.rows_size() == 1);
  CHECK(seen.rows(0).subject_ref() == "p1");
  CHECK(seen.rows(0).package().week_minutes() == 300);
  CHECK(desk.list(desk.city).rows_size() == 1);
  CHECK(desk.list(desk.day.supervisor(desk.provider)).rows_size() == 2);
  CHECK(desk.list(desk.day.theOperator()).rows_size() == 2);
}

TEST_CASE("nobody sets what is not hers") {
  OrderingDesk desk;
  CHECK(desk.refusal(desk.city, desk.package(desk.ann, 300)) == "OTHER_CONTRACT");
  CHECK(desk.refusal(desk.day.supervisor(desk.provider), desk.package(desk.ann, 300)) ==
        "ROLE_NOT_ALLOWED");
  CHECK(desk.refusal(desk.day.theOperator(), desk.package(desk.ann, 300)).empty());
  CHECK(desk.list(desk.city, desk.ann.value).rows_size() == 0);
}

TEST_CASE("a change keeps what it replaced, and the same again changes nothing") {
  OrderingDesk desk;
  REQUIRE(desk.set(desk.county, {desk.package(desk.ann, 300)})->commissioning_version() == 1);
  const auto again = desk.set(desk.county, {desk.package(desk.ann, 300)});
  CHECK(again->commissioning_version() == 1);
  CHECK(again->rows_changed() == 0);
  CHECK(desk.set(desk.county, {desk.package(desk.ann, 500)})->commissioning_version() == 2);
  const auto history = desk.list(desk.county, desk.ann.value);
  REQUIRE(history.rows_size() == 2);
  CHECK(history.rows(0).package().week_minutes() == 500);
  CHECK(history.rows(1).replaced_version() == 2);
}

TEST_CASE("a row without content ends a package") {
  OrderingDesk desk;
  REQUIRE(desk.set(desk.county, {desk.package(desk.ann, 300)}).ok());
  auto end = desk.package(desk.ann, 0);
  end.clear_package();
  end.set_from_day("2026-12-01");
  REQUIRE(desk.set(desk.county, {end}).ok());
  const auto rows = desk.list(desk.county);
  REQUIRE(rows.rows_size() == 2);
  CHECK_FALSE(rows.rows(1).has_package());
}

TEST_CASE("what a row cannot say is refused with its reason, and nothing of the call is kept") {
  OrderingDesk desk;
  const auto refused = [&](const std::function<void(pb::CommissionedRow&)>& edit) {
    auto row = desk.package(desk.ann, 300);
    edit(row);
    const auto answer = desk.set(desk.county, {desk.package(desk.ann, 300), row});
    CHECK(desk.list(desk.county).rows_size() == 0);
    return answer.ok() ? std::string() : answer.error().reason;
  };
  CHECK(refused([](auto& row) { row.set_from_day("24/11/2026"); }) == "DAY_FORMAT");
  CHECK(refused([](auto& row) { row.set_from_day("9999-01-01"); }) == "DAY_FORMAT");
  CHECK(refused([](auto& row) { row.set_until_day("2026-11-01"); }) == "DAYS_REVERSED");
  CHECK(refused([](auto& row) { row.set_kind(pb::COMMISSIONED_KIND_RATE); }) == "KIND_UNKNOWN");
  CHECK(refused([](auto& row) { row.set_name("live_in"); }) == "NAME_FORMAT");
  CHECK(refused([](auto& row) { row.set_name(std::string(65, 'x')); }) == "NAME_FORMAT");
  CHECK(refused([](auto& row) { row.set_reason(std::string(501, 'x')); }) == "REASON_FORMAT");
  CHECK(refused([](auto& row) { row.mutable_package()->set_model("x"); }) == "MODEL_UNKNOWN");
  CHECK(refused([](auto& row) { row.mutable_package()->set_week_minutes(1'000'000); }) ==
        "WEEK_MINUTES_RANGE");
  CHECK(refused([](auto& row) { row.set_subject_id(7); }) == "PERSON_UNKNOWN");
  CHECK(refused([](auto& row) {
          row.clear_package();
          row.set_kind(pb::COMMISSIONED_KIND_LOT);
        }) == "CONTENT_MISSING");
  CHECK(refused([](auto& row) {
          row.set_kind(pb::COMMISSIONED_KIND_LOT);
          row.mutable_lot();
        }) == "CONTRACT_UNKNOWN");
  std::vector<pb::CommissionedRow> many(101, desk.package(desk.ann, 300));
  CHECK(desk.set(desk.county, many).error().reason == "ROWS_TOO_MANY");
}

TEST_CASE("what a newer caller says besides is not kept") {
  OrderingDesk desk;
  auto row = desk.package(desk.ann, 300);
  row.mutable_package()
      ->GetReflection()
      ->MutableUnknownFields(row.mutable_package())
      ->AddVarint(999, 1);
  const auto read = rowOf(row);
  REQUIRE(read.ok());
  CHECK(read->content == desk.package(desk.ann, 300).package().SerializeAsString());
}

TEST_CASE("a day on which a visit had begun needs a reason") {
  OrderingDesk desk;
  ProviderDay::PlannedCare care{.person = desk.ann,
                                .carers = {desk.day.addCarer(desk.provider, "C")}};
  care.from = "2026-11-24T08:00:00";
  care.to = "2026-11-24T08:30:00";
  desk.day.addVisit(desk.provider, care);
  desk.day.setNow("2026-11-25T08:00:00");
  auto row = desk.package(desk.ann, 300);
  CHECK(desk.refusal(desk.county, row) == "FROM_PAST");
  row.set_reason("It was agreed by telephone");
  CHECK(desk.refusal(desk.county, row).empty());
  CHECK(desk.list(desk.county).rows(0).reason() == "It was agreed by telephone");
}

}  // namespace
}  // namespace doorstep::records
