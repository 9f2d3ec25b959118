// SPDX-License-Identifier: Apache-2.0
// A bundle of a month that was closed says whether its rows are those that were closed.
#include <cstdlib>

#include "shared/evidence/tiles.h"
#include "sync-server/freezes/freeze_store.h"
#include "sync-server/records/figures/month_figures.h"
#include "tests/unit/tools/verify/office_day.h"

namespace doorstep::verify {
namespace {

struct FrozenOffice : OfficeDay {
  FrozenOffice() {
    day.setNow("2026-12-01T12:30:00");
    freeze();
    day.setNow("2026-12-02T09:00:00");
  }
  void freeze() {
    day.judge();
    const auto caller = day.officer("County");
    const records::Reading reading{day.storage().writer(), caller, day.now(), key};
    const ContractId contract = contractId();
    auto month = records::readMonth(reading, contract, "2026-11");
    INFO((month.ok() ? "" : month.error().reason));
    REQUIRE(month.ok());
    const auto hash =
        records::monthFileHash(reading, contract, records::daysOfMonth("2026-11").value());
    REQUIRE(hash.ok());
    month->figures.visitsSha256 = *hash;
    decide([&](sql::Database& database, event_log::OfficeAct& act) {
      return freezes::freezeMonth(database, month->figures, "closed", act);
    });
  }
  void unfreeze() {
    decide([&](sql::Database& database, event_log::OfficeAct& act) {
      return freezes::unfreezeMonth(database, contractId(), "2026-11", 1, "again", act);
    });
  }
  ContractId contractId() {
    for (const auto& contract : roster::contracts(day.storage().writer()).value())
      if (contract.ref == kContract)
        return contract.id;
    return {};
  }
  Verdict checked(const std::string& first = "", const std::string& last = "") {
    pb::BundleManifest asked;
    asked.set_first_day(first);
    asked.set_last_day(last);
    BundledDay::write(asked);
    return check();
  }
};

bool says(const Verdict& verdict, const std::string& words) {
  UNSCOPED_INFO(verdictText(verdict));
  return verdictText(verdict).find(words) != std::string::npos;
}

TEST_CASE("rows of a closed month are the bytes that were closed, until something comes") {
  FrozenOffice office;
  SECTION("as it was") {
    const Verdict verdict = office.checked();
    CHECK(verdict.clean());
    CHECK(says(verdict,
               "month 2026-11 of Dales Care for County: freeze 1 of 2026-12-01T12:30:00.000Z"));
    CHECK(says(verdict, "whose rows are these"));
  }
  SECTION("exactly its days") {
    CHECK(says(office.checked("2026-11-01", "2026-12-01"), "whose rows are these"));
  }
  SECTION("a part of it") {
    CHECK(says(office.checked("2026-11-23", "2026-11-23"), "of which the bundle has a part"));
  }
  SECTION("with a later adjustment") {
    office.explain("v1", 0, "C7", "provider");
    const Verdict verdict = office.checked();
    CHECK(verdict.clean());
    CHECK(says(verdict, "whose rows were other ones"));
  }
  SECTION("opened again") {
    office.unfreeze();
    const Verdict verdict = office.checked();
    CHECK(verdict.clean());
    CHECK(says(verdict, "opened again since"));
    office.freeze();
    std::filesystem::remove_all(office.path());
    CHECK(says(office.checked(), "freeze 2 of "));
  }
}

TEST_CASE("a freeze that was changed, added or left out is found") {
  FrozenOffice office;
  office.unfreeze();
  office.freeze();
  CHECK(office.checked().clean());
  const std::string freezes = office.read("freezes.jsonl");
  const std::string first = office.line("freezes.jsonl", "\"freeze\":1");
  SECTION("left out") {
    office.forge("freezes.jsonl", replaced(freezes, first, ""));
    const Verdict verdict = office.check();
    CHECK(finds(verdict, "freezes.jsonl:1:", "freeze 1 is missing"));
    CHECK(finds(verdict, "decisions/", "nothing of the evidence names this file"));
  }
  SECTION("its opening left out") {
    pb::BundledFreeze line;
    REQUIRE(google::protobuf::util::JsonStringToMessage(first, &line).ok());
    line.clear_unfrozen();
    std::string json;
    REQUIRE(google::protobuf::util::MessageToJsonString(line, &json).ok());
    office.forge("freezes.jsonl", replaced(freezes, first, json + "\n"));
    CHECK(finds(office.check(), "freezes.jsonl:2:", "was not opened after the freeze above"));
  }
  SECTION("another month") {
    office.forge("freezes.jsonl", replaced(freezes, "2026-11", "2026-10"));
    CHECK(finds(office.check(), "freezes.jsonl:1:", "the decision says something else"));
  }
  SECTION("a log that did not grow from it") {
    pb::BundledFreeze line;
    REQUIRE(google::protobuf::util::JsonStringToMessage(first, &line).ok());
    REQUIRE(line.consistency_size() > 0);
    line.set_consistency(0, std::string(32, 'x'));
    std::string json;
    REQUIRE(google::protobuf::util::MessageToJsonString(line, &json).ok());
    office.forge("freezes.jsonl", replaced(freezes, first, json + "\n"));
    CHECK(finds(office.check(), "freezes.jsonl:1:", "does not begin with what was frozen"));
  }
}

// For tests/conformance/log_verifiers, where another implementation reads it: a bundle, and its
// log's tiles as C2SP names them.
TEST_CASE("a bundle is written for another implementation", "[.][writes]") {
  const char* to = std::getenv("DOORSTEP_BUNDLE_TO");
  REQUIRE(to != nullptr);
  FrozenOffice office;
  office.explain("v1", 0, "C7", "provider");
  CHECK(office.checked("2026-11-23", "2026-11-30").clean());
  const std::filesystem::path place(to);
  std::filesystem::create_directories(place);
  std::filesystem::copy(office.path(), place / "bundle", std::filesystem::copy_options::recursive);
  const std::uint64_t size = office.day.log().publishedHead(office.provider)->size;
  REQUIRE(size < evidence::kTileWidth);
  std::string hashes;
  for (std::uint64_t i = 0; i < size; ++i)
    hashes += office.day.log().subtreeHash(office.provider, {0, i})->view();
  const std::filesystem::path tile =
      place / "tiles" / std::to_string(office.provider.value) /
      evidence::writeTilePath({false, 0, 0, static_cast<std::uint32_t>(size)});
  std::filesystem::create_directories(tile.parent_path());
  std::ofstream(tile, std::ios::binary) << hashes;
}

}  // namespace
}  // namespace doorstep::verify
