// SPDX-License-Identifier: Apache-2.0
#include "sync-server/adjustments/adjustment_writer.h"

#include "sync-server/adjustments/limits.h"
#include "tests/unit/sync-server/adjustments/adjusted_office.h"

namespace doorstep::adjustments {
namespace {

std::string reasonOf(const Result<Adjustment>& result) {
  return result.ok() ? "" : result.error().reason;
}

TEST_CASE("approved times are in force, said in the log and make the visit be judged again") {
  AdjustedOffice office;
  const auto row = office.approve(office.order("v1"));
  REQUIRE(row.ok());
  CHECK(row->revision == 1);
  CHECK(row->account == AccountId(7));
  CHECK(row->madeUnixMs == office.clock.wallUnixMs());
  const SlotAdjustments slot = office.slot("v1");
  REQUIRE(slot.times);
  CHECK(*slot.times == *row);
  CHECK(slot.newestRevision == 1);
  CHECK_FALSE(slot.explanation);
  const visits::OfficeFact fact = office.facts().back();
  // The note stands in the log by its hash.
  visits::TimeAdjusted said = std::get<visits::TimeAdjusted>(fact.decision);
  CHECK(said.noteHash);
  CHECK(fact.reasonText.empty());
  said.noteHash.reset();
  CHECK(visits::OfficeDecision(said) == factWithoutNote(*row));
  CHECK(fact.account == AccountId(7));
  CHECK(office.touched() ==
        std::vector<projections::TouchedVisit>{{office.provider, office.visit("v1"), 1}});
  CHECK(office.slot("v2").newestRevision == 0);
}

TEST_CASE("a second adjustment stands in place of the first, a withdrawal leaves none") {
  AdjustedOffice office;
  REQUIRE(office.approve(office.order("v1")).ok());
  auto second = office.order("v1", 1);
  second.endUnixMs.reset();
  REQUIRE(office.approve(second).ok());
  CHECK(office.slot("v1").times->revision == 2);
  CHECK_FALSE(office.slot("v1").times->endUnixMs);
  REQUIRE(office.explain("v1", 2, "P3", "person").ok());
  REQUIRE(office.withdraw("v1", 3).ok());
  const SlotAdjustments slot = office.slot("v1");
  CHECK_FALSE(slot.times);
  CHECK(slot.newestRevision == 4);
  REQUIRE(slot.explanation);
  CHECK(slot.explanation->reason == "P3");
  CHECK(slot.explanation->responsibility == "person");
  CHECK(reasonOf(office.withdraw("v1", 4)) == "NOTHING_ADJUSTED");
  REQUIRE(office.explain("v1", 4, "", "").ok());
  CHECK_FALSE(office.slot("v1").explanation);
  const auto said = office.said<visits::TimeAdjusted>();
  REQUIRE(said.size() == 3);
  CHECK_FALSE(said.back().startUnixMs);
  CHECK_FALSE(said.back().endUnixMs);
  CHECK(office.said<visits::SlotExplained>().size() == 2);
}

TEST_CASE("who did not see the newest revision of the slot is refused, and nothing is stored") {
  AdjustedOffice office;
  REQUIRE(office.approve(office.order("v1")).ok());
  const auto facts = office.facts().size();
  const auto late = office.approve(office.order("v1"));
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().code == ErrorCode::Aborted);
  CHECK(late.error().reason == "ADJUSTMENT_CHANGED");
  CHECK(reasonOf(office.approve(office.order("v1", 2))) == "ADJUSTMENT_CHANGED");
  CHECK(reasonOf(office.explain("v1", 0, "P3", "")) == "ADJUSTMENT_CHANGED");
  CHECK(reasonOf(office.withdraw("v1", 0)) == "ADJUSTMENT_CHANGED");
  CHECK(office.slot("v1").newestRevision == 1);
  CHECK(office.facts().size() == facts);
}

TEST_CASE("a visit of nobody, of another provider, or a slot that it never had is refused") {
  AdjustedOffice office;
  auto order = office.order("v1");
  order.place.visit = VisitId(99);
  CHECK(reasonOf(office.approve(order)) == "VISIT_UNKNOWN");
  order = office.order("v1");
  order.place.provider = ProviderId(99);
  CHECK(reasonOf(office.approve(order)) == "VISIT_UNKNOWN");
  for (const std::uint32_t slot : {0U, 2U, UINT32_MAX}) {
    order = office.order("v1");
    order.place.slot = slot;
    CHECK(reasonOf(office.approve(order)) == "SLOT_UNKNOWN");
  }
}

TEST_CASE("times that cannot be are refused, each with its reason") {
  AdjustedOffice office;
  auto order = office.order("v1");
  SECTION("neither") {
    order.startUnixMs.reset();
    order.endUnixMs.reset();
    CHECK(reasonOf(office.approve(order)) == "TIMES_MISSING");
  }
  SECTION("the end before the start") {
    order.endUnixMs = *order.startUnixMs - 1;
    CHECK(reasonOf(office.approve(order)) == "END_BEFORE_START");
    order.endUnixMs = *order.startUnixMs;
    CHECK(reasonOf(office.approve(order)).empty());
  }
  SECTION("the end before the start that the phone recorded") {
    order.startUnixMs.reset();
    CHECK(reasonOf(office.approve(order, {*order.endUnixMs + 1, {}})) == "END_BEFORE_START");
    CHECK(reasonOf(office.approve(order, {*order.endUnixMs, {}})).empty());
  }
  SECTION("the start behind the end that the phone recorded") {
    order.endUnixMs.reset();
    CHECK(reasonOf(office.approve(order, {{}, *order.startUnixMs - 1})) == "END_BEFORE_START");
  }
  SECTION("an end where nobody recorded a start") {
    order.startUnixMs.reset();
    CHECK(reasonOf(office.approve(order)) == "ADJUSTED_START_MISSING");
  }
  SECTION("more than a day from the plan") {
    order.endUnixMs.reset();
    order.startUnixMs = office.at("2026-11-23T08:00:00") - 1;
    CHECK(reasonOf(office.approve(order)) == "TIME_FAR");
    order.startUnixMs = INT64_MIN;
    CHECK(reasonOf(office.approve(order)) == "TIME_FAR");
    order.startUnixMs = office.at("2026-11-23T08:00:00");
    CHECK(reasonOf(office.approve(order)).empty());
  }
  SECTION("after the plan by more than a day") {
    office.clock.set("2026-11-27T09:00:00");
    order.endUnixMs = office.at("2026-11-25T09:30:00") + 1;
    CHECK(reasonOf(office.approve(order)) == "TIME_FAR");
    order.endUnixMs = office.at("2026-11-25T09:30:00");
    CHECK(reasonOf(office.approve(order)).empty());
  }
  SECTION("in the future") {
    order.endUnixMs = office.clock.wallUnixMs() + kFutureMsMax + 1;
    CHECK(reasonOf(office.approve(order)) == "TIME_IN_FUTURE");
    order.endUnixMs = INT64_MAX;
    CHECK(reasonOf(office.approve(order)) == "TIME_IN_FUTURE");
  }
}

TEST_CASE("codes and notes are checked") {
  AdjustedOffice office;
  auto order = office.order("v1");
  SECTION("reason") {
    order.reason = "";
    CHECK(reasonOf(office.approve(order)) == "REASON_MISSING");
    order.reason = "C99";
    CHECK(reasonOf(office.approve(order)) == "REASON_UNKNOWN");
  }
  SECTION("action") {
    order.action = "";
    CHECK(reasonOf(office.approve(order)) == "ACTION_MISSING");
    order.action = "A9";
    CHECK(reasonOf(office.approve(order)) == "ACTION_UNKNOWN");
  }
  SECTION("note") {
    order.note = "";
    order.reason = "W9";
    CHECK(reasonOf(office.approve(order)) == "NOTE_MISSING");
    order.note = std::string(kNoteBytesMax + 1, 'a');
    CHECK(reasonOf(office.approve(order)) == "NOTE_TOO_LONG");
    order.note = "\xff";
    CHECK(reasonOf(office.approve(order)) == "NOTE_NOT_TEXT");
    order.note = std::string("a\0b", 3);
    CHECK(reasonOf(office.approve(order)) == "NOTE_NOT_TEXT");
    order.note = std::string(kNoteBytesMax, 'a');
    CHECK(reasonOf(office.approve(order)).empty());
  }
  SECTION("explanation") {
    CHECK(reasonOf(office.explain("v1", 0, "", "person")) == "REASON_MISSING");
    CHECK(reasonOf(office.explain("v1", 0, "Q1", "person")) == "REASON_UNKNOWN");
    CHECK(reasonOf(office.explain("v1", 0, "C6", "person")) == "NOTE_MISSING");
    CHECK(reasonOf(office.explain("v1", 0, "P2", "nobody")) == "RESPONSIBILITY_UNKNOWN");
    CHECK(reasonOf(office.explain("v1", 0, "P2", "")).empty());
  }
}

TEST_CASE("a slot has a bounded number of revisions") {
  AdjustedOffice office;
  for (std::uint32_t i = 0; i < kRevisionsMax; ++i)
    REQUIRE(office.explain("v1", i, "P2", "").ok());
  CHECK(reasonOf(office.explain("v1", kRevisionsMax, "P2", "")) == "REVISIONS_TOO_MANY");
}

}  // namespace
}  // namespace doorstep::adjustments
