// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/server_directory.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/temporary_folder.h"

namespace doorstep::config {
namespace {

namespace fs = std::filesystem;

TEST_CASE(
    "a server's folder opens with the keys that it was made with, and nobody else may read them") {
  support::TemporaryFolder folder;
  const auto made = ServerDirectory::create(folder.file("server"), {.host = "care.example"});
  REQUIRE(made.ok());
  const auto opened = ServerDirectory::open(folder.file("server"));
  REQUIRE(opened.ok());
  REQUIRE(opened->keys().logKey.raw() == made->keys().logKey.raw());
  REQUIRE(opened->keys().authority.pem == made->keys().authority.pem);
  REQUIRE(opened->config().host == "care.example");
  REQUIRE(opened->readOfficeKey()->value().pem() == made->readOfficeKey()->value().pem());
  for (const auto& file : fs::directory_iterator(folder.path() / "server" / "keys"))
    REQUIRE(fs::status(file).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
}

TEST_CASE("a folder is made once, and a folder without a server says so") {
  support::TemporaryFolder folder;
  REQUIRE(ServerDirectory::open(folder.path()).error().reason == "SERVER_MISSING");
  REQUIRE(ServerDirectory::create(folder.file("server"), {}).ok());
  REQUIRE(ServerDirectory::create(folder.file("server"), {}).error().reason == "SERVER_EXISTS");
}

TEST_CASE("keys are never made over those of a database, nor by two at once") {
  support::TemporaryFolder folder;
  const std::string path = folder.file("server");
  const auto made = ServerDirectory::create(path, {});
  REQUIRE(made.ok());
  fs::remove(path + "/config.toml");
  {
    const auto lock = ServerDirectory::lockFolder(path, "init");
    REQUIRE(ServerDirectory::create(path, {}).error().reason == "COMMAND_RUNNING");
  }
  for (const char* name : {"doorstep.db", "doorstep.db-wal"}) {
    std::ofstream(path + "/" + name) << "records";
    const auto refused = ServerDirectory::create(path, {});
    REQUIRE(refused.error().reason == "DATABASE_EXISTS");
    REQUIRE(refused.error().text.find("config.toml") != std::string::npos);
    fs::remove(path + "/" + name);
  }
  // An init that was cut off is begun again.
  const auto again = ServerDirectory::create(path, {});
  REQUIRE(again.ok());
  REQUIRE(ServerDirectory::open(path)->keys().logKey.raw() == again->keys().logKey.raw());
}

TEST_CASE("the lock is held by one and free again afterwards") {
  support::TemporaryFolder folder;
  const auto directory = ServerDirectory::create(folder.file("server"), {});
  {
    const auto lock = directory->lock("serve");
    REQUIRE(lock.ok());
    REQUIRE(directory->lock("rebuild").error().reason == "SERVER_RUNNING");
  }
  const auto lock = directory->lock("rebuild");
  REQUIRE(lock.ok());
  REQUIRE(directory->lock("serve").error().reason == "COMMAND_RUNNING");
}

TEST_CASE("ports are told while a server runs") {
  support::TemporaryFolder folder;
  const auto directory = ServerDirectory::create(folder.file("server"), {});
  REQUIRE(directory->readPorts().error().reason == "SERVER_NOT_RUNNING");
  REQUIRE(directory->writePorts({.device = 7443, .web = 65535}).ok());
  REQUIRE(directory->readPorts()->device == 7443);
  REQUIRE(directory->readPorts()->web == 65535);
  directory->removePorts();
  REQUIRE_FALSE(directory->readPorts().ok());
}

}  // namespace
}  // namespace doorstep::config
