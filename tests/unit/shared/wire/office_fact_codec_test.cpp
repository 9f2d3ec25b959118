// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/office_fact_codec.h"

#include <catch2/catch.hpp>

#include "doorstep/roster/v1/office_fact.pb.h"
#include "shared/visits/measures/rule_packs.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/fact_codec.h"

namespace doorstep::wire {
namespace {

measures::Rules essex() { return measures::findRulePack("essex_kpi3")->rules; }

visits::OfficeFact factOf(visits::OfficeDecision decision) {
  return {AccountId(7),       "Olu", 1'700'000'000'000, visits::OfficeReason::Import, "a sentence",
          std::move(decision)};
}

TEST_CASE("each kind of decision comes back as it was written") {
  const Hash hash{{1, 2, 3}};
  for (const visits::OfficeDecision& decision :
       {visits::OfficeDecision(visits::OfficeOpened{4, hash, Hash{{9}}}),
        visits::OfficeDecision(visits::PlanPublished{5, 1, 2, 3, hash, {{"a.csv", 9, "aabb"}}}),
        visits::OfficeDecision(visits::RulesSet{ContractId(3), "c", 2, -5, 20'000, essex()}),
        visits::OfficeDecision(
            visits::SlotReassigned{VisitId(8), 5, 2, CarerId(), CarerId(UINT64_MAX)}),
        visits::OfficeDecision(
            visits::CommissionedRows{visits::CommissionedKind::Package, 3, 2, hash}),
        visits::OfficeDecision(
            visits::CommissionedRows{visits::CommissionedKind::Rate, 4, 0, hash}),
        visits::OfficeDecision(visits::CommissionedRows{visits::CommissionedKind::Lot, 5, 1, hash}),
        visits::OfficeDecision(
            visits::CommissionedRows{visits::CommissionedKind::Pause, 6, 1, hash}),
        visits::OfficeDecision(
            visits::CommissionedRows{visits::CommissionedKind::Rating, 7, 1, hash}),
        visits::OfficeDecision(
            visits::CommissionedRows{visits::CommissionedKind::Commissioner, 8, 1, hash}),
        visits::OfficeDecision(visits::DeviceRevoked{DeviceId(6)}),
        visits::OfficeDecision(visits::TimeAdjusted{VisitId(8), 2, 3, 0, std::nullopt, "C7", "A3",
                                                    "supervisor", hash}),
        visits::OfficeDecision(visits::TimeAdjusted{VisitId(8), 2, 4}),
        visits::OfficeDecision(
            visits::SlotExplained{VisitId(8), 1, 5, "P2", "person", "supervisor", hash}),
        visits::OfficeDecision(visits::MonthFrozen{ContractId(3),
                                                   "c",
                                                   "2026-11",
                                                   1,
                                                   {1, 2},
                                                   {{ProviderId(4), 9, hash}},
                                                   hash,
                                                   Hash{{8}},
                                                   700,
                                                   3,
                                                   1'700}),
        visits::OfficeDecision(visits::MonthUnfrozen{ContractId(3), "c", "2026-11", 1}),
        visits::OfficeDecision(visits::ExportMade{UINT64_MAX,
                                                  ContractId(3),
                                                  "c",
                                                  ProviderId(4),
                                                  "north",
                                                  "2026-11-01",
                                                  "2026-11-30",
                                                  "late",
                                                  1'700,
                                                  {{"visits.csv", 2, 900, hash}}}),
        visits::OfficeDecision(visits::FigureReplied{.contract = ContractId(3),
        .contractRef = "c",
        .reply = 2,
        .withdraws = 1,
        .measure = "missed.rate",
        .firstDay = 20'758,
        .lastDay = -1,
        .where = {{"lot", "North"}, {"tier", ""}},
        .numerator = 12,
        .denominator = 40,
        .asOfUnixMs = 1'700,
        .text = "Of these\nnine were in the flood.",
        .visits = {VisitId(8), VisitId(UINT64_MAX)}})}) {
    const auto fact = factOf(decision);
    const auto read = decodeOfficeFact(encodeOfficeFact(fact));
    REQUIRE(read.ok());
    CHECK(*read == fact);
  }
}

TEST_CASE("a kind of a later release keeps its bytes and who, when and why") {
  doorstep::roster::v1::OfficeFact message;
  message.set_account_id(7);
  message.set_decided_unix_ms(5);
  const std::string bytes = message.SerializeAsString() + std::string("\x9a\x06\x00", 3);
  const auto fact = decodeOfficeFact(bytes);
  REQUIRE(fact.ok());
  CHECK(fact->account == AccountId(7));
  CHECK(fact->decidedUnixMs == 5);
  CHECK(std::get<visits::UnknownDecision>(fact->decision).bytes == bytes);
  CHECK(encodeOfficeFact(*fact) == bytes);
}

TEST_CASE("rules of before all parameters could be stated are read as they judged") {
  doorstep::roster::v1::OfficeFact message;
  auto& old = *message.mutable_rules_set();
  old.set_contract_id(3);
  old.set_rule_version(2);
  old.set_late_tolerance_min(20);
  old.set_early_tolerance_min(10);
  old.set_time_critical_tolerance_min(5);
  old.set_missed_after_min(90);
  const auto fact = decodeOfficeFact(message.SerializeAsString());
  REQUIRE(fact.ok());
  const auto& rules = std::get<visits::RulesSet>(fact->decision).rules;
  CHECK(rules == measures::rulesOfFourMinutes(20, 10, 5, 90));
  CHECK(rules.minCountableVisitMin == 0);
  CHECK(measures::saysFourMinutesOnly(rules));
}

TEST_CASE("rules that say what a later release can say are kept as it wrote them") {
  doorstep::roster::v1::OfficeFact message;
  message.mutable_rules_set()->mutable_parameters()->set_punctuality_basis("agreed_by_phone");
  const std::string bytes = message.SerializeAsString();
  const auto fact = decodeOfficeFact(bytes);
  REQUIRE(fact.ok());
  CHECK(std::get<visits::UnknownDecision>(fact->decision).bytes == bytes);
}

TEST_CASE("bytes that are no decision are an error and never a crash") {
  CHECK_FALSE(decodeOfficeFact("").ok());
  CHECK_FALSE(decodeOfficeFact("\xff\xff\xff").ok());
  doorstep::roster::v1::OfficeFact message;
  message.mutable_plan_published()->set_visits_root("too short");
  CHECK(decodeOfficeFact(message.SerializeAsString()).error().reason == "OFFICE_FACT_FORMAT");
  const std::string whole = encodeOfficeFact(factOf(visits::PlanPublished{.planVersion = 5}));
  for (std::size_t length = 0; length < whole.size(); ++length)
    (void)decodeOfficeFact(whole.substr(0, length));
}

TEST_CASE("texts beyond their limits are cut between letters") {
  auto fact = factOf(visits::DeviceRevoked{DeviceId(6)});
  fact.accountName = std::string(visits::kOfficeNameBytesMax - 1, 'a') + "é";
  fact.reasonText = std::string(10'000, 'b');
  const auto read = decodeOfficeFact(encodeOfficeFact(fact));
  CHECK(read->accountName == std::string(visits::kOfficeNameBytesMax - 1, 'a'));
  CHECK(read->reasonText.size() == visits::kOfficeTextBytesMax);
}

TEST_CASE("what an office decided is read as no event of a visit, whatever its bytes would be") {
  visits::Entry entry{.n = 1, .salt = std::string(16, 's')};
  visits::Event& event = entry.events.emplace_back();
  event.number = 1;
  event.subjectKind = visits::SubjectKind::Office;
  event.otherSubject = 3;
  // Bytes that are a fact about a visit.
  event.fact = visits::UnknownFact{encodeFact(visits::NoteAdded{"a note"})};
  const auto read = decodeEntry(encodeEntry(entry));
  REQUIRE(read.ok());
  CHECK(read->limits.empty());
  CHECK(read->entry == entry);
}

}  // namespace
}  // namespace doorstep::wire
