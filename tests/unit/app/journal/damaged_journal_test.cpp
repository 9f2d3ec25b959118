// SPDX-License-Identifier: Apache-2.0
#include "app/journal/damaged_journal.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {
namespace {

// Overwrites a stretch of the file with what no page looks like.
void spoil(const std::string& path, std::streamoff from, std::size_t length) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  REQUIRE(file);
  file.seekp(from);
  const std::string noise(length, '\xA5');
  file.write(noise.data(), static_cast<std::streamsize>(noise.size()));
}

}  // namespace

TEST_CASE("a damaged journal is not opened, not deleted, and what is readable is rescued") {
  ScriptedServer server;
  TestPhone phone(server);
  for (std::uint64_t visit = 101; visit < 140; ++visit)
    phone.visit(visit);
  phone.end();
  const std::string path = phone.path("journal.db");
  REQUIRE(std::filesystem::file_size(path) > 5 * 4096);
  spoil(path, static_cast<std::streamoff>(std::filesystem::file_size(path)) - 3 * 4096, 4096);

  const auto opened = phone.tryOpen();
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().reason == "JOURNAL_DAMAGED");
  const auto aside = journal::setAside(phone.folder(), 1234);
  REQUIRE(aside.ok());
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK(std::filesystem::exists(aside->folder + "/journal.db"));
  CHECK(std::filesystem::exists(aside->rescueFile));
  CHECK(aside->events + aside->entries > 20);
}

TEST_CASE("a journal whose rows were exchanged is damaged") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.visit(101);
  phone.end();
  {
    auto database = sql::openSqlite(phone.path("journal.db"), {});
    REQUIRE(database.ok());
    REQUIRE(database
                ->execute("UPDATE event SET content = (SELECT content FROM event WHERE number = 1)"
                          " WHERE number = 2")
                .ok());
  }
  const auto opened = phone.tryOpen();
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().reason == "JOURNAL_DAMAGED");
}

TEST_CASE("a journal that lost an event in the middle is damaged") {
  ScriptedServer server;
  TestPhone phone(server);
  phone.visit(101);
  phone.end();
  {
    auto database = sql::openSqlite(phone.path("journal.db"), {});
    REQUIRE(database.ok());
    REQUIRE(database->execute("DELETE FROM event WHERE number = 2").ok());
  }
  const auto opened = phone.tryOpen();
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().reason == "JOURNAL_DAMAGED");
}

}  // namespace doorstep::test
