// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules/rules_reader.h"

#include <catch2/catch.hpp>

#include "shared/core/local_time.h"
#include "shared/visits/measures/rule_parameters.h"
#include "shared/wire/rules_codec.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// Three visits of a morning: one in time, one 20 minutes late, one missed.
struct RuledMorning {
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  ContractId contract;
  crypto::SecretKey key{};

  RuledMorning() {
    const CarerId ann = day.addCarer(provider, "Ann");
    const PersonId person = day.addPerson(provider, "p1", "north");
    const std::pair<const char*, const char*> moments[] = {
        {"2026-11-23T08:10:00", "2026-11-23T08:40:00"},
        {"2026-11-23T08:50:00", "2026-11-23T09:20:00"},
        {"", ""}};
    for (const auto& [start, end] : moments) {
      ProviderDay::PlannedCare care{.person = person, .carers = {ann}};
      care.from = "2026-11-23T08:00:00";
      care.to = "2026-11-23T08:30:00";
      const VisitId visit = day.addVisit(provider, care);
      if (*start == 0)
        continue;
      day.checkIn(ann, visit, start);
      day.checkOut(ann, visit, end);
    }
    day.send(ann, "2026-11-23T09:30:00");
    day.setNow("2026-11-23T20:00:00");
    day.judge();
    const auto lease = day.storage().read();
    contract = roster::contracts(*lease)->at(0).id;
  }
  template <typename Question>
  auto ask(const identity::AccountCaller& caller, Question question) {
    const auto lease = day.storage().read();
    return question(Reading{*lease, caller, day.now(), key});
  }
};

TEST_CASE("a contract's versions are listed with what a version can say") {
  RuledMorning morning;
  const auto list = [&](const identity::AccountCaller& caller) {
    return morning.ask(caller, [&](const Reading& reading) {
      return listRuleVersions(reading, morning.contract);
    });
  };
  const auto listed = list(morning.day.officer("County"));
  REQUIRE(listed.ok());
  REQUIRE(listed->versions_size() == 1);
  CHECK(listed->in_force() == 1);
  CHECK(listed->versions(0).first_day().empty());
  CHECK(listed->versions(0).parameters().late_tolerance_min() == 15);
  CHECK(listed->versions(0).has_decided_unix_ms());
  CHECK(listed->may_publish());
  CHECK(listed->packs_size() == 5);
  CHECK(static_cast<std::size_t>(listed->parameters_size()) == measures::ruleParameters().size());
  CHECK(listed->parameters(0).name() == "early_tolerance_min");
  CHECK(listed->parameters(0).form() == v1::RULE_FORM_WHOLE);
  CHECK(listed->parameters(0).most() == 1440);
  CHECK(*wire::readRules(listed->defaults()) == measures::Rules{});
  const auto supervised = list(morning.day.supervisor(morning.provider));
  REQUIRE(supervised.ok());
  CHECK_FALSE(supervised->may_publish());
  CHECK(list(morning.day.officer("Borough")).error().reason == "CONTRACT_UNKNOWN");
}

TEST_CASE("what a request leaves out is as in the newest version") {
  RuledMorning morning;
  v1::PublishRulesRequest request;
  request.set_contract_id(morning.contract.value);
  request.set_newest_seen(1);
  request.mutable_parameters()->set_late_tolerance_min(30);
  request.set_first_day("2026-11-24");
  request.set_last_day("2026-12-31");
  request.set_reason("agreed");
  const auto draft = morning.ask(morning.day.theOperator(), [&](const Reading& reading) {
    return readDraft(reading, request);
  });
  REQUIRE(draft.ok());
  CHECK(draft->rules.lateToleranceMin == 30);
  CHECK(draft->rules.minCountableVisitMin == 0);
  CHECK(londonDay(londonDayBeginUnixMs(draft->firstDay)) == "2026-11-24");
  CHECK(draft->lastDay == draft->firstDay + 37);
}

}  // namespace
}  // namespace doorstep::records
