// SPDX-License-Identifier: Apache-2.0
#include "sync-server/replies/reply_store.h"

#include "sync-server/replies/limits.h"
#include "tests/unit/sync-server/replies/replying_office.h"

namespace doorstep::replies {
namespace {

std::string reasonOf(const Result<Reply>& result) {
  return result.ok() ? "" : result.error().reason;
}

TEST_CASE("a reply keeps the figure as it stood, and is said in the provider's log") {
  ReplyingOffice office;
  const auto made = office.reply(office.figure());
  REQUIRE(made.ok());
  const auto kept = office.all();
  REQUIRE(kept.size() == 1);
  CHECK(kept.front().number == 1);
  CHECK(kept.front().account == AccountId(7));
  CHECK(kept.front().madeUnixMs == office.clock.wallUnixMs());
  CHECK(kept.front().figure.numerator == 9);
  CHECK(kept.front().figure.where ==
        std::vector<visits::FigureChoice>{{"lot", "north"}, {"tier", "2"}});
  CHECK(kept.front().visits == std::vector<VisitId>{VisitId(3), VisitId(UINT64_MAX)});
  CHECK(factOf(kept.front()) == factOf(*made));
  const visits::OfficeFact fact = office.facts().back();
  CHECK(fact.reason == visits::OfficeReason::Reply);
  CHECK(std::get<visits::FigureReplied>(fact.decision) == factOf(kept.front()));
}

TEST_CASE("a later reply takes nothing of an earlier one, and a withdrawal is a reply") {
  ReplyingOffice office;
  REQUIRE(office.reply(office.figure()).ok());
  REQUIRE(office.reply(office.figure(), "And it froze.", {}).ok());
  CHECK(reasonOf(office.withdraw(3)) == "REPLY_UNKNOWN");
  CHECK(reasonOf(office.withdraw(1, " \n ")) == "TEXT_MISSING");
  const auto withdrawal = office.withdraw(1);
  REQUIRE(withdrawal.ok());
  CHECK(withdrawal->number == 3);
  CHECK(withdrawal->figure.numerator == 9);
  CHECK(withdrawal->visits.empty());
  CHECK(reasonOf(office.withdraw(1)) == "REPLY_WITHDRAWN");
  CHECK(reasonOf(office.withdraw(3)) == "REPLY_IS_WITHDRAWAL");
  const auto kept = office.all();
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].text == "It rained.\nA lot.");
  CHECK(kept[0].withdrawnBy == 3);
  CHECK(kept[1].withdrawnBy == 0);
  CHECK(kept[2].withdraws == 1);
  CHECK(kept[2].account == AccountId(8));
  CHECK(office.said<visits::FigureReplied>().size() == 3);
}

TEST_CASE("replies are found by measure, provider and days, page by page") {
  ReplyingOffice office;
  auto october = office.figure("length.under_15");
  october.firstDay -= 31;
  october.lastDay -= 30;
  REQUIRE(office.reply(office.figure()).ok());
  REQUIRE(office.reply(october).ok());
  CHECK(office.all({.measure = "missed.rate"}).size() == 1);
  CHECK(office.all({.firstDay = 20'758, .lastDay = 20'758}).size() == 1);
  CHECK(office.all({.firstDay = 20'757, .lastDay = 20'758}).size() == 2);
  CHECK(office.all({.firstDay = 20'788}).empty());
  CHECK(office.all({.provider = office.provider}).size() == 2);
  CHECK(office.all({.provider = ProviderId(1)}).empty());
  CHECK(office.all({}, 0, 1).front().number == 1);
  CHECK(office.all({}, 1, 1).front().number == 2);
  CHECK(office.all({}, 2, 1).empty());
  CHECK(repliesOf(office.database(), {.contract = ContractId(6)}, 0, 9).value().empty());
}

TEST_CASE("words that nobody can read, too many of them, and too many visits are refused") {
  ReplyingOffice office;
  const auto figure = office.figure();
  CHECK(reasonOf(office.reply(figure, "")) == "TEXT_MISSING");
  CHECK(reasonOf(office.reply(figure, "\xe2\x80\x8b")) == "TEXT_MISSING");
  CHECK(reasonOf(office.reply(figure, std::string(kTextBytesMax + 1, 'a'))) == "TEXT_TOO_LONG");
  CHECK(reasonOf(office.reply(figure, "a\xff")) == "NOT_UTF8");
  CHECK(reasonOf(office.reply(figure, "a\xe2\x80\xae")) == "DIRECTION_CHARACTERS");
  CHECK(reasonOf(office.reply(figure, "a\x1b[2J")) == "CONTROL_CHARACTERS");
  CHECK(reasonOf(office.reply(figure, "a", {VisitId(3), VisitId(4), VisitId(3)})) == "VISIT_TWICE");
  CHECK(reasonOf(office.reply(figure, "a", std::vector<VisitId>(kAttachedMax + 1))) ==
        "ATTACHED_TOO_MANY");
  auto chosen = figure;
  chosen.where = {{"lot", std::string(kChoiceBytesMax + 1, 'a')}};
  CHECK(reasonOf(office.reply(chosen)) == "CHOICE_TOO_LONG");
  CHECK(office.all().empty());
  CHECK(office.reply(figure, std::string(kTextBytesMax, 'a')).ok());
}

TEST_CASE("a provider's replies about a contract are bounded") {
  ReplyingOffice office;
  REQUIRE(office.reply(office.figure()).ok());
  REQUIRE(office.database()
              .execute(
                  ("UPDATE figure_reply SET reply_number = " + std::to_string(kRepliesMax)).c_str())
              .ok());
  CHECK(reasonOf(office.reply(office.figure())) == "REPLIES_TOO_MANY");
  CHECK(reasonOf(office.withdraw(kRepliesMax)) == "REPLIES_TOO_MANY");
}

}  // namespace
}  // namespace doorstep::replies
