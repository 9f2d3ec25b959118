// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/server_config.h"

#include <catch2/catch.hpp>

namespace doorstep::config {
namespace {

TEST_CASE("what init writes is read back the same") {
  ServerConfig config{.host = "care.example",
                      .alsoKnownAs = {"10.0.0.7", "care"},
                      .deviceAddress = "::",
                      .devicePort = 0,
                      .advertisedDevicePort = 443,
                      .webAddress = "127.0.0.1",
                      .webPort = 9443,
                      .dashboardDirectory = "/srv/a \"quoted\" \\ folder"};
  const auto read = parseServerConfig(writeServerConfig(config));
  REQUIRE(read.ok());
  REQUIRE(writeServerConfig(*read) == writeServerConfig(config));
  REQUIRE(read->dashboardDirectory == config.dashboardDirectory);
}

TEST_CASE("an empty file means the defaults") {
  const auto read = parseServerConfig("");
  REQUIRE(read.ok());
  REQUIRE(writeServerConfig(*read) == writeServerConfig(ServerConfig()));
}

TEST_CASE("mistakes are told with their place") {
  const auto reasonOf = [](const char* text) {
    const auto read = parseServerConfig(text);
    return read.ok() ? std::string() : read.error().reason + ": " + read.error().text;
  };
  CHECK(reasonOf("[server\n").find("CONFIG_FORMAT: config.toml line 1") == 0);
  CHECK(reasonOf("[devices]\nprot = 1\n") ==
        "CONFIG_UNKNOWN_KEY: config.toml line 2, column 1: no setting [devices] prot");
  CHECK(reasonOf("[phones]\n").find("CONFIG_UNKNOWN_KEY") == 0);
  CHECK(reasonOf("[devices]\nport = 70000\n").find("CONFIG_RANGE") == 0);
  CHECK(reasonOf("[web]\naddress = 7\n").find("CONFIG_RANGE") == 0);
  CHECK(reasonOf("[server]\nhost = \"a b\"\n").find("CONFIG_RANGE") == 0);
}

}  // namespace
}  // namespace doorstep::config
