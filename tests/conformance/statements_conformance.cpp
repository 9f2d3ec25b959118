// SPDX-License-Identifier: Apache-2.0
// Every statement that the stores' tests have run (recorded_statements.h) is prepared on the engine
// that this run is for, over the tables of all modules, and counted.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "sync-server/adjustments/schema.h"
#include "sync-server/commissioning/schema.h"
#include "sync-server/event_log/schema.h"
#include "sync-server/exports/schema.h"
#include "sync-server/freezes/schema.h"
#include "sync-server/identity/schema.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/records/schema.h"
#include "sync-server/replies/schema.h"
#include "sync-server/roster/schema.h"
#include "sync-server/storage/postgres/dialect.h"
#include "tests/support/test_database.h"

namespace doorstep {
namespace {

// Texts with the types of what was bound, each as often as it differed.
std::map<std::string, std::set<std::string>> recorded() {
  std::map<std::string, std::set<std::string>> texts;
  const char* folder = std::getenv("DOORSTEP_STATEMENTS_FOLDER");
  REQUIRE(folder != nullptr);
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    // These two make tables of their own.
    const std::string name = file.path().filename();
    if (name == "unit.sync-server.storage" || name == "conformance.database")
      continue;
    std::ifstream lines(file.path());
    for (std::string line; std::getline(lines, line);) {
      const auto tab = line.find('\t');
      texts[line.substr(tab + 1)].insert(line.substr(0, tab));
    }
  }
  return texts;
}

std::string declared(const std::string& types) {
  std::string names;
  for (const char type : types) {
    names += names.empty() ? " (" : ", ";
    names += type == 'i'   ? "bigint"
             : type == 'r' ? "double precision"
             : type == 't' ? "text"
             : type == 'b' ? "bytea"
                           : "unknown";
  }
  return names.empty() ? "" : names + ")";
}

Status prepareOnPostgres(sql::Database& database, const std::string& types,
                         const std::string& text) {
  DOORSTEP_TRY(database.execute(("PREPARE tried" + declared(types) + " AS " + text).c_str()));
  return database.execute("DEALLOCATE tried");
}

TEST_CASE("every statement of the stores is one that the engine takes") {
  const support::TestDatabase place;
  sql::Database database = place.connection();
  REQUIRE(event_log::migrate(database).ok());
  REQUIRE(adjustments::migrate(database).ok());
  REQUIRE(exports::migrate(database).ok());
  REQUIRE(freezes::migrate(database).ok());
  REQUIRE(replies::migrate(database).ok());
  REQUIRE(identity::migrate(database).ok());
  REQUIRE(records::migrate(database).ok());
  REQUIRE(roster::migrate(database).ok());
  REQUIRE(commissioning::migrate(database).ok());
  REQUIRE(projections::migrate(database).ok());
  const auto texts = recorded();
  REQUIRE(texts.size() > 100);
  int typed = 0;
  int reworded = 0;
  for (const auto& [text, bound] : texts) {
    INFO(text);
    if (!support::TestDatabase::onPostgres()) {
      CHECK(database.prepare(text).ok());
      continue;
    }
    const std::string written = postgres::statementText(text).text;
    for (const std::string& types : bound) {
      const Status prepared = prepareOnPostgres(database, types, written);
      CHECK((prepared.ok() ? "ok" : prepared.error().text) == "ok");
    }
    if (text.find("INDEXED BY") != std::string::npos)
      ++reworded;
    else if (!prepareOnPostgres(database, "", written).ok())
      ++typed;
  }
  std::cout << texts.size() << " statements";
  if (support::TestDatabase::onPostgres())
    std::cout << ": " << texts.size() - static_cast<std::size_t>(typed + reworded)
              << " as they are, " << typed << " by the types of what is bound, " << reworded
              << " without their INDEXED BY";
  std::cout << '\n';
}

}  // namespace
}  // namespace doorstep
