// SPDX-License-Identifier: Apache-2.0
#include "sync-server/exports/export_store.h"

#include "tests/unit/sync-server/exports/exporting_office.h"

namespace doorstep::exports {
namespace {

std::string reasonOf(const Result<Export>& result) {
  return result.ok() ? "" : result.error().reason;
}

std::vector<std::uint64_t> idsOf(const ExportPage& page) {
  std::vector<std::uint64_t> ids;
  for (const Export& each : page.exports)
    ids.push_back(each.said.id);
  return ids;
}

bool all(const Export&) { return true; }

TEST_CASE("an export is kept as it was made and said in the log") {
  ExportingOffice office;
  const auto made = office.add(office.november(9));
  REQUIRE(made.ok());
  const auto page = listExports(office.database(), std::nullopt, 10, 100, all);
  REQUIRE(page.ok());
  REQUIRE(page->exports.size() == 1);
  CHECK_FALSE(page->next);
  const Export& kept = page->exports.front();
  CHECK(kept.said == office.november(9));
  CHECK(kept.account == AccountId(7));
  CHECK(kept.madeUnixMs == office.clock.wallUnixMs());
  CHECK(kept.providers == std::vector{office.provider});
  const visits::OfficeFact fact = office.facts().back();
  CHECK(fact.reason == visits::OfficeReason::Export);
  CHECK(std::get<visits::ExportMade>(fact.decision) == kept.said);
}

TEST_CASE("an export that is finished twice is said once") {
  ExportingOffice office;
  REQUIRE(office.add(office.november(9)).ok());
  auto again = office.november(9);
  again.files.pop_back();
  const auto second = office.add(again);
  REQUIRE(second.ok());
  CHECK(second->said == office.november(9));
  CHECK(office.said<visits::ExportMade>().size() == 1);
  CHECK(reasonOf(office.add(again, AccountId(8))) == "OTHER_ACCOUNT");
}

TEST_CASE("what a log cannot say is refused, and leaves no row") {
  ExportingOffice office;
  const auto refuses = [&](auto change) {
    auto made = office.november(9);
    change(made);
    CHECK(reasonOf(office.add(made)) == "EXPORT_FORMAT");
  };
  refuses([](auto& made) { made.id = 0; });
  refuses([](auto& made) { made.files.clear(); });
  refuses([](auto& made) { made.files.assign(visits::kOfficeExportsMax + 1, made.files.front()); });
  refuses([](auto& made) { made.lot = std::string(visits::kOfficeRefBytesMax + 1, 'a'); });
  refuses([](auto& made) { made.contractRef = "\xff"; });
  refuses([](auto& made) { made.firstDay = std::string("a\0b", 3); });
  refuses([](auto& made) { made.files.front().format = std::string(41, 'x'); });
  CHECK(listExports(office.database(), std::nullopt, 10, 100, all)->exports.empty());
  CHECK(office.said<visits::ExportMade>().empty());
}

TEST_CASE("exports are listed in pages, the newest first, and each is examined once") {
  ExportingOffice office;
  for (const std::uint64_t id : {4, 9, 6})
    REQUIRE(office.add(office.november(id)).ok());
  office.clock.set("2026-12-24T09:00:00");
  REQUIRE(office.add(office.november(2)).ok());
  const auto first = listExports(office.database(), std::nullopt, 3, 100, all);
  CHECK(idsOf(*first) == std::vector<std::uint64_t>{2, 9, 6});
  REQUIRE(first->next);
  const auto rest = listExports(office.database(), first->next, 3, 100, all);
  CHECK(idsOf(*rest) == std::vector<std::uint64_t>{4});
  CHECK_FALSE(rest->next);
  const auto even = [](const Export& each) { return each.said.id == 4; };
  const auto some = listExports(office.database(), std::nullopt, 3, 2, even);
  CHECK(some->exports.empty());
  REQUIRE(some->next);
  CHECK(idsOf(*listExports(office.database(), some->next, 3, 2, even)) ==
        std::vector<std::uint64_t>{4});
}

}  // namespace
}  // namespace doorstep::exports
