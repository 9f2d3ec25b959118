// SPDX-License-Identifier: Apache-2.0
// What operators type, and what the server's folder may look like afterwards.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/loopback/server_program.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::support {
namespace {

TEST_CASE("init refuses in one sentence what cannot be a name, and makes nothing") {
  TemporaryFolder folder;
  const std::string path = folder.file("server");
  for (const std::string& host :
       {std::string("https://care.example.org"), std::string("care.example.org:8443"),
        std::string("care_x.example"), std::string("care x"), std::string(), std::string("  "),
        std::string("a\nb"), std::string("\xff\xfe"), std::string("a,DNS:b"),
        std::string("0.0.0.0"), std::string(100'000, 'a')}) {
    for (const char* option : {"--host", "--also-known-as"}) {
      const auto run = doorstep(path, {"init", option, host});
      CHECK(run.refused());
      CHECK_FALSE(std::filesystem::exists(path));
    }
  }
  for (const char* option : {"--device-port", "--web-port"})
    for (const char* port : {"", " ", "-1", "65536", "99999999999999999999", "abc", "1.5", "\xff"})
      CHECK(doorstep(path, {"init", option, port}).refused());
  for (const char* option : {"--device-address", "--web-address"})
    for (const char* address : {"", "*", "eth0", "127.0.0.1:80", "\xff"})
      CHECK(doorstep(path, {"init", option, address}).refused());
  CHECK(doorstep(path, {"init", "--dashboard", "a\nb"}).refused());
  CHECK(doorstep(path, {"init", "--dashboard", "\xff"}).refused());
  CHECK(doorstep(path, {"init", "--device-port", "7443", "--web-port", "7443"}).refused());
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("init takes what is unambiguous and says how it reads it") {
  TemporaryFolder folder;
  const auto address = doorstep(folder.file("a"), {"init", "--host", "[2001:db8::7]"});
  CHECK(address.code == 0);
  CHECK(address.says("A server for 2001:db8::7 is"));
  const auto name = doorstep(folder.file("b"), {"init", "--host", "cäre.example"});
  CHECK(name.code == 0);
  CHECK(name.says("A server for xn--cre-qla.example is"));
}

TEST_CASE("every command answers hostile arguments in one sentence") {
  TemporaryFolder folder;
  const std::string path = folder.file("server");
  REQUIRE(doorstep(path, {"init"}).code == 0);
  const std::string junk[] = {"", "a\nb", "\xff", std::string(100'000, 'a'), "-1", ".."};
  for (const std::string& text : junk) {
    for (const char* option : {"--name", "--role", "--provider", "--council"}) {
      if (std::string(option) == "--name" && text.size() < 100)
        continue;  // most of these are names
      CHECK(doorstep(path, {"account", "create", "x", "--role", "supervisor", option, text})
                .refused());
    }
    for (const char* command : {"set-password", "disable", "enable"})
      CHECK(doorstep(path, {"account", command, text}).refused());
    CHECK(doorstep(path, {"enrol", "--carer", text}).refused());
    CHECK(doorstep(path, {"enrol", "--all", "--provider", text}).refused());
    CHECK(doorstep(path, {"import-rota", "--provider", text, folder.file("none")}).code == 1);
    CHECK(doorstep(path, {"import-rota", "--provider", "p", folder.file("none") + text}).code == 1);
    if (!text.empty()) {
      for (const char* option : {"--provider", "--contract", "--from", "--to"})
        CHECK(doorstep(path, {"export", option, text}).refused());
      CHECK(doorstep(path + "/" + text + "/none", {"verify"}).refused());
      CHECK(doorstep(path, {text}).refused());
    }
    CHECK(doorstep(path, {"--clock", path + "/none" + text, "verify"}).refused());
  }
  CHECK(doorstep("", {"verify"}).refused());
  CHECK(doorstep("/dev/null", {"verify"}).refused());
  CHECK(doorstep("/proc/none", {"init"}).refused());
  CHECK(runCommand({kBinary}).refused());
}

}  // namespace
}  // namespace doorstep::support
