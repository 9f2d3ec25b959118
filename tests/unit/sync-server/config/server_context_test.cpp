// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/server_context.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace doorstep::config {
namespace {

namespace fs = std::filesystem;

// A server that was made and never started, in a folder of before the office had a key.
struct Folder {
  Folder() {
    ServerConfig config;
    config.host = "localhost";
    REQUIRE(ServerDirectory::create(path, config).ok());
    REQUIRE(createDatabase(path).ok());
    fs::remove(officeKey);
  }
  std::int64_t boundHosts() const {
    const auto storage =
        storage::Storage::open({.path = path + "/doorstep.db", .singleThreaded = true});
    auto row = (*storage)->writer().prepare("SELECT count(*) FROM log_identity");
    REQUIRE(row.ok());
    REQUIRE(row->step().ok());
    return row->columnInt(0);
  }
  support::TemporaryFolder folder;
  const std::string path = folder.file("server");
  const fs::path officeKey = fs::path(path) / "keys" / "office.key";
};

TEST_CASE("reading binds nothing and makes no key, with the lock and without it") {
  const Folder folder;
  for (const bool serverRuns : {false, true}) {
    const auto directory = ServerDirectory::open(folder.path);
    auto lock = serverRuns ? std::optional(directory->lock("serve").value()) : std::nullopt;
    const auto context = openForReading(folder.path, "");
    REQUIRE(context.ok());
    CHECK(context->logHost == "localhost");
    CHECK_FALSE(context->officeKey);
  }
  CHECK_FALSE(fs::exists(folder.officeKey));
  CHECK(folder.boundHosts() == 0);
  const auto written = openForWriting(folder.path, "");
  REQUIRE(written.ok());
  CHECK(written->officeKey);
  CHECK(fs::exists(folder.officeKey));
  CHECK(folder.boundHosts() == 1);
  const auto read = openForReading(folder.path, "");
  REQUIRE(read.ok());
  CHECK(read->officeKey->publicKey().spki() == written->officeKey->publicKey().spki());
}

TEST_CASE("reading waits for nobody who writes") {
  const Folder folder;
  const auto writing = openForWriting(folder.path, "");
  REQUIRE(writing.ok());
  const auto lock = writing->directory.lock("serve");
  REQUIRE(lock.ok());
  CHECK(writing->storage
            ->write([&](sql::Database& database) -> Status {
              DOORSTEP_TRY(database.execute("UPDATE log_identity SET host = 'elsewhere'"));
              CHECK(openForReading(folder.path, "").value().logHost == "localhost");
              return kDone;
            })
            .ok());
  CHECK(openForReading(folder.path, "").value().logHost == "elsewhere");
}

}  // namespace
}  // namespace doorstep::config
