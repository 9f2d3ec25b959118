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
                      .webCertificate = "web.pem",
                      .webKey = "/etc/tls/web.key",
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
  CHECK(reasonOf("[server]\nhost = \"a b\"\n").find("HOST_INVALID: host: \"a b\"") == 0);
}

TEST_CASE("a file that was edited by hand is read, or told what is wrong with it") {
  const auto reasonOf = [](const std::string& text) {
    const auto read = parseServerConfig(text);
    return read.ok() ? std::string() : read.error().reason;
  };
  CHECK(reasonOf("\xEF\xBB\xBF[server]\r\nhost = \"care.example\"\r\n").empty());
  const std::string deep = "a = " + std::string(100'000, '[');
  for (const std::string& text :
       {std::string("server = 3\n"), std::string("server = \"care.example\"\n"),
        std::string("[[server]]\nhost = \"a\"\n"), std::string("web = []\n")})
    CHECK(reasonOf(text) == "CONFIG_RANGE");
  for (const std::string& text :
       {std::string("[server]\nhost = 3\n"), std::string("[server]\nhost = [\"a\"]\n"),
        std::string("[server]\nalso_known_as = \"a\"\n"),
        std::string("[server]\nalso_known_as = [1]\n"), std::string("[devices]\nport = \"7443\"\n"),
        std::string("[devices]\nport = -1\n"), std::string("[devices]\nport = 65536\n"),
        std::string("[devices]\nport = true\n"), std::string("[devices]\nport = 7443.5\n"),
        std::string("[devices]\nadvertised_port = 9223372036854775807\n"),
        std::string("[web]\nport = 7443\n"),
        std::string("[web]\ndashboard_directory = \"a\\nb\"\n")})
    CHECK(reasonOf(text) == "CONFIG_RANGE");
  for (const std::string& text :
       {std::string("[server]\nhost = \"\"\n"), std::string("[server]\nalso_known_as = [\"\"]\n"),
        std::string("[server]\nhost = \"https://a\"\n"), std::string("[server]\nhost = \"a:1\"\n"),
        std::string("[server]\nhost = \"a\\u0000b\"\n")})
    CHECK(reasonOf(text) == "HOST_INVALID");
  for (const char* address : {"", "eth0", "[::1]:7", "a b"})
    CHECK(reasonOf("[web]\naddress = \"" + std::string(address) + "\"\n") == "ADDRESS_INVALID");
  for (const std::string& text :
       {deep, std::string("[devices]\nport = 99999999999999999999\n"), std::string("\xff\xfe["),
        std::string("[server]\nhost = \"a\"\nhost = \"b\"\n"), std::string("\0", 1),
        std::string(100'000, '['), std::string("[=]"), std::string("[.a]"), std::string("[[\n]]"),
        std::string("[#]"), std::string("[a]b"), std::string("a = \"\"\""),
        std::string("[server]\nhost = \"\xff\"\n")})
    CHECK(reasonOf(text) == "CONFIG_FORMAT");
}

TEST_CASE("names and addresses are kept in their usual spelling") {
  const auto config = checkServerConfig(
      {.host = "[2001:db8::7]", .alsoKnownAs = {"cäre.example."}, .webAddress = "localhost"});
  REQUIRE(config.ok());
  CHECK(config->host == "2001:db8::7");
  CHECK(config->alsoKnownAs.front() == "xn--cre-qla.example");
  CHECK(config->webAddress == "127.0.0.1");
}

TEST_CASE("letters outside ASCII stand in quotation marks and comments only") {
  CHECK(parseServerConfig("\xEF\xBB\x9Ft = 1\n").error().reason == "CONFIG_FORMAT");
  CHECK(parseServerConfig("\n[web]\nport = \xC3\xBC\n").error().text.find("line 3") == 0);
  CHECK(parseServerConfig("# T\xC3\xBCr\n[web]\ndashboard_directory = \"/srv/T\xC3\xBCr\"\n").ok());
  CHECK(parseServerConfig("[server]\nhost = \"\xFF\"\n").error().reason == "CONFIG_FORMAT");
}

}  // namespace
}  // namespace doorstep::config
