// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/figures/reply_reading.h"

#include <catch2/catch.hpp>

#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// Two providers of one council. Of the first one's two November visits one was made.
struct RepliedMonth {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  ProviderId other = day.addProvider("Fells Care", "County", {"south"});
  CarerId ann = day.addCarer(provider, "Ann");
  PersonId person = day.addPerson(provider, "p1", "north");
  VisitId made = visit("23T08:00:00", "23T08:30:00", "v1");
  VisitId missed = visit("24T08:00:00", "24T08:30:00", "v2");
  ContractId contract, others;
  crypto::SecretKey key{};
  identity::AccountCaller caller = day.supervisor(provider);

  RepliedMonth() {
    day.checkIn(ann, made, "2026-11-23T08:05:00");
    day.checkOut(ann, made, "2026-11-23T08:35:00");
    day.send(ann, "2026-11-23T09:00:00");
    for (const auto& each : roster::contracts(day.storage().writer()).value())
      (each.providers.front().provider == provider ? contract : others) = each.id;
    day.setNow("2026-12-01T12:00:00");
    day.judge();
  }
  VisitId visit(const std::string& from, const std::string& to, const std::string& ref) {
    ProviderDay::PlannedCare care{.person = person, .carers = {ann}, .ref = ref};
    care.from = "2026-11-" + from;
    care.to = "2026-11-" + to;
    return day.addVisit(provider, care);
  }
  Reading reading() { return {day.storage().writer(), caller, day.now(), key}; }
  v1::MeasureFilter filter(const std::string& first = "2026-11-01",
                           const std::string& last = "2026-11-30") const {
    v1::MeasureFilter message;
    message.set_contract_id(contract.value);
    message.set_first_day(first);
    message.set_last_day(last);
    return message;
  }
  Result<replies::SeenFigure> see(const v1::MeasureFilter& filter,
                                  const std::vector<VisitId>& attached = {},
                                  const std::string& measure = "missed.rate") {
    return readSeenFigure(reading(), filter, measure, attached);
  }
  std::string refusal(const v1::MeasureFilter& filter, const std::vector<VisitId>& attached = {},
                      const std::string& measure = "missed.rate") {
    const auto seen = see(filter, attached, measure);
    return seen.ok() ? "" : seen.error().reason;
  }
  void reply(const replies::SeenFigure& figure, const std::string& text,
             const std::vector<VisitId>& attached) {
    const auto job = [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_TRY(replies::replyToFigure(database, figure, text, attached, act));
      return kDone;
    };
    REQUIRE(day.decide(job, AccountId(7)).ok());
  }
  Result<ReplyPage> list(std::uint64_t from = 0, std::uint32_t size = 10) {
    v1::ListRepliesRequest request;
    request.set_contract_id(contract.value);
    return listReplies(reading(), request, from, size);
  }
};

TEST_CASE("the figure that is replied to is the one that the figures' page shows") {
  RepliedMonth month;
  const auto seen = month.see(month.filter(), {month.missed, month.made});
  REQUIRE(seen.ok());
  CHECK(seen->provider == month.provider);
  CHECK(seen->numerator == 1);
  CHECK(seen->denominator == 2);
  CHECK(seen->asOfUnixMs == month.day.now());
  CHECK(measures::dayText(seen->firstDay) == "2026-11-01");
  auto chosen = month.filter();
  auto& where = *chosen.add_where();
  where.set_dimension("day");
  where.set_value("2026-11-23");
  const auto ofDay = month.see(chosen, {month.missed});
  REQUIRE(ofDay.ok());
  CHECK(ofDay->numerator == 0);
  CHECK(ofDay->where == std::vector<visits::FigureChoice>{{"day", "2026-11-23"}});
}

TEST_CASE("visits of other days, of nobody, and figures of nothing are not replied to") {
  RepliedMonth month;
  CHECK(month.refusal(month.filter("2026-11-23", "2026-11-23"), {month.missed}) ==
        "VISIT_NOT_OF_FIGURE");
  CHECK(month.refusal(month.filter(), {VisitId(4'711)}) == "VISIT_NOT_OF_FIGURE");
  // Nothing to count is a figure that may need a word; a lot without a visit has none.
  CHECK(month.see(month.filter("2026-10-01", "2026-10-31"))->denominator == 0);
  auto nowhere = month.filter();
  nowhere.add_where()->set_dimension("lot");
  CHECK(month.refusal(nowhere) == "FIGURE_MISSING");
  CHECK(month.refusal(month.filter(), {}, "missed.by_moonlight") == "MEASURE_UNKNOWN");
  CHECK(month.refusal(month.filter("November", "2026-11-30")) == "DAY_FORMAT");
  auto elsewhere = month.filter();
  elsewhere.set_provider_id(month.other.value);
  CHECK(month.refusal(elsewhere) == "PROVIDER_UNKNOWN");
  elsewhere.set_provider_id(0);
  elsewhere.set_contract_id(month.others.value);
  CHECK(month.refusal(elsewhere) == "CONTRACT_UNKNOWN");
}

TEST_CASE("the council and the provider read replies; another provider or council does not") {
  RepliedMonth month;
  const auto figure = month.see(month.filter());
  month.reply(*figure, "The road was closed.", {month.missed});
  month.reply(*figure, "It still is.", {});
  for (const auto& caller : {month.day.supervisor(month.provider), month.day.officer("County"),
                             month.day.theOperator()}) {
    month.caller = caller;
    const auto page = month.list();
    REQUIRE(page.ok());
    REQUIRE(page->response.replies_size() == 2);
    const v1::FigureReply& first = page->response.replies(0);
    CHECK(first.provider_name() == "Dales Care");
    CHECK(first.text() == "The road was closed.");
    CHECK(first.figure().denominator() == 2);
    CHECK(first.filter().first_day() == "2026-11-01");
    REQUIRE(first.visits_size() == 1);
    CHECK(first.visits(0).visit_ref() == "v2");
    CHECK(first.visits(0).window_start_unix_ms() == ProviderDay::ms("2026-11-24T08:00:00"));
  }
  const auto page = month.list(0, 1);
  CHECK(page->next == 1);
  CHECK(month.list(1, 1)->next == 0);
  for (const auto& caller : {month.day.supervisor(month.other), month.day.officer("Elsewhere")}) {
    month.caller = caller;
    CHECK(month.list().error().reason == "CONTRACT_UNKNOWN");
  }
  month.caller = month.day.supervisor(month.provider);
  v1::ListRepliesRequest asked;
  asked.set_contract_id(month.contract.value);
  asked.set_provider_id(month.other.value);
  CHECK(listReplies(month.reading(), asked, 0, 9).error().reason == "PROVIDER_UNKNOWN");
  asked.clear_provider_id();
  asked.set_first_day("2026-12-01");
  CHECK(listReplies(month.reading(), asked, 0, 9).error().reason == "DAY_FORMAT");
  asked.set_last_day("2026-12-31");
  CHECK(listReplies(month.reading(), asked, 0, 9)->response.replies_size() == 0);
}

TEST_CASE("a reply keeps the figure as it stood while the figure moves on") {
  RepliedMonth month;
  const auto before = month.see(month.filter());
  month.reply(*before, "One was missed.", {});
  month.day.checkIn(month.ann, month.missed, "2026-11-24T08:00:00");
  month.day.checkOut(month.ann, month.missed, "2026-11-24T08:30:00");
  month.day.send(month.ann, "2026-12-01T13:00:00");
  month.day.setNow("2026-12-01T14:00:00");
  month.day.judge();
  CHECK(month.see(month.filter())->numerator == 0);
  CHECK(month.list()->response.replies(0).figure().numerator() == 1);
}

}  // namespace
}  // namespace doorstep::records
