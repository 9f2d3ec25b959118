// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/commissioned/commissioned_desk.h"

#include <catch2/catch.hpp>

#include "sync-server/records/commissioned/commissioned_row_message.h"
#include "tests/unit/sync-server/records/two_councils.h"

namespace doorstep::records {
namespace {

namespace pb = doorstep::admin::v1;
using support::ProviderDay;

TEST_CASE("a council sets and sees the packages of its own contracts, a supervisor reads all") {
  TwoCouncils desk;
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
  TwoCouncils desk;
  CHECK(desk.refusal(desk.city, desk.package(desk.ann, 300)) == "OTHER_CONTRACT");
  CHECK(desk.refusal(desk.day.supervisor(desk.provider), desk.package(desk.ann, 300)) ==
        "ROLE_NOT_ALLOWED");
  CHECK(desk.refusal(desk.day.theOperator(), desk.package(desk.ann, 300)).empty());
  CHECK(desk.list(desk.city, desk.ann.value).rows_size() == 0);
}

TEST_CASE("a change keeps what it replaced, and the same again changes nothing") {
  TwoCouncils desk;
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
  TwoCouncils desk;
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
  TwoCouncils desk;
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
  TwoCouncils desk;
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
  TwoCouncils desk;
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

TEST_CASE("who, when and why of each row are told with the rows of one subject") {
  TwoCouncils desk;
  REQUIRE(desk.set(desk.county, {desk.package(desk.ann, 300)}).ok());
  REQUIRE(desk.set(desk.county, {desk.package(desk.ann, 500)}).ok());
  const auto history = desk.list(desk.county, desk.ann.value);
  REQUIRE(history.acts_size() == 2);
  CHECK(history.acts(0).version() == 2);
  CHECK(history.acts(0).why() == "Review of November");
  CHECK(history.acts(0).made_unix_ms() == desk.day.now());
  CHECK(history.commissioning_version() == 2);
  CHECK(desk.list(desk.county).acts_size() == 0);
}

TEST_CASE("rows of one name alone") {
  TwoCouncils desk;
  auto night = desk.package(desk.ann, 900);
  night.set_name("sleep_in");
  night.mutable_package()->set_service_kind("sleep_in");
  REQUIRE(desk.set(desk.county, {desk.package(desk.ann, 300), night}).ok());
  CHECK(desk.list(desk.county, desk.ann.value).rows_size() == 2);
  const auto named = desk.list(desk.county, desk.ann.value, "sleep_in");
  REQUIRE(named.rows_size() == 1);
  CHECK(named.rows(0).package().week_minutes() == 900);
}

TEST_CASE("of two who change the same at once the second is told, and who changes another is not") {
  TwoCouncils desk;
  const auto seen = desk.set(desk.county, {desk.package(desk.ann, 300)})->commissioning_version();
  REQUIRE(desk.set(desk.day.theOperator(), {desk.package(desk.ann, 400)}, seen).ok());
  const auto second = desk.set(desk.county, {desk.package(desk.ann, 500)}, seen);
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().code == ErrorCode::Aborted);
  CHECK(second.error().reason == "COMMISSIONED_CHANGED");
  CHECK(desk.list(desk.county).rows(0).package().week_minutes() == 400);
  CHECK(desk.set(desk.city, {desk.package(desk.bob, 500)}, seen).ok());
  CHECK(desk.set(desk.county, {desk.package(desk.ann, 500)}, UINT64_MAX).ok());
  CHECK(desk.set(desk.county, {desk.package(desk.ann, 600)}).ok());
}

TEST_CASE("rows of one call that share a day are refused, in whatever order they stand") {
  TwoCouncils desk;
  auto early = desk.package(desk.ann, 300);
  auto late = desk.package(desk.ann, 500);
  late.set_from_day("2026-12-01");
  early.set_until_day("2026-12-01");
  CHECK(desk.set(desk.county, {late, early}).error().reason == "ROWS_OVERLAP");
  CHECK(desk.set(desk.county, {early, early}).error().reason == "ROWS_OVERLAP");
  CHECK(desk.list(desk.county).rows_size() == 0);
  early.clear_until_day();
  CHECK(desk.set(desk.county, {late, early})->rows_changed() == 2);
  const auto rows = desk.list(desk.county);
  REQUIRE(rows.rows_size() == 2);
  CHECK(rows.rows(0).package().week_minutes() == 300);
  CHECK(rows.rows(1).package().week_minutes() == 500);
  CHECK(desk.set(desk.county, {early, late})->rows_changed() == 0);
}

}  // namespace
}  // namespace doorstep::records
