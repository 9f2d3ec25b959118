// SPDX-License-Identifier: Apache-2.0
// A server's folder of which a part is missing, damaged or of another server, and the commands that
// look after it.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>

#include "shared/core/durations.h"
#include "shared/crypto/certificate_facts.h"
#include "tests/loopback/server_program.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

namespace fs = std::filesystem;
namespace pb = doorstep::sync::v1;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

void replaceInConfig(const std::string& folder, const std::string& from, const std::string& to) {
  std::string text = read(fs::path(folder) / "config.toml");
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  write(fs::path(folder) / "config.toml", text.replace(at, from.size(), to));
}

// The server's certificate as it would be `age` after it was made for `days`.
void ageCertificate(const std::string& folder, std::int64_t ageMs, int days) {
  const auto directory = config::ServerDirectory::open(folder);
  REQUIRE(directory.ok());
  const auto& keys = directory->keys();
  const auto certificate = crypto::issueServerCertificate(
      keys.authority, keys.authorityKey, keys.serverKey, {"localhost", "127.0.0.1"},
      SystemClock().wallUnixMs() - ageMs, days);
  REQUIRE(certificate.ok());
  write(fs::path(folder) / "keys/server.pem", certificate->pem);
}

struct Damage {
  const char* name;
  const char* reason;
  std::function<void(const fs::path& folder, const fs::path& other)> apply;
};

std::vector<Damage> damages() {
  const auto remove = [](const char* file) {
    return [file](const fs::path& folder, const fs::path&) { fs::remove(folder / file); };
  };
  const auto put = [](const char* file, const std::string& text) {
    return [file, text](const fs::path& folder, const fs::path&) { write(folder / file, text); };
  };
  const auto swap = [](const char* file) {
    return [file](const fs::path& folder, const fs::path& other) {
      write(folder / file, read(other / file));
    };
  };
  return {{"no config", "SERVER_MISSING", remove("config.toml")},
          {"config is no TOML", "CONFIG_FORMAT", put("config.toml", "[=]")},
          {"config of another program", "CONFIG_UNKNOWN_KEY", put("config.toml", "a = 1\n")},
          {"no database", "DATABASE_MISSING", remove("doorstep.db")},
          {"empty database", "DATABASE_EMPTY", put("doorstep.db", "")},
          {"no database at all", "DATABASE_DAMAGED", put("doorstep.db", std::string(9000, 'x'))},
          {"database of another server", "LOG_KEY_FOREIGN", swap("doorstep.db")},
          {"no log key", "KEYS_MISSING", remove("keys/log.key")},
          {"empty log key", "KEYS_DAMAGED", put("keys/log.key", "")},
          {"log key is no base64", "KEYS_DAMAGED", put("keys/log.key", "\xff\n")},
          {"another log key", "LOG_KEY_FOREIGN", swap("keys/log.key")},
          {"no authority", "KEYS_MISSING", remove("keys/authority.pem")},
          {"damaged authority", "KEYS_DAMAGED", put("keys/authority.pem", "-----BEGIN")},
          {"another authority", "KEYS_FOREIGN", swap("keys/authority.pem")},
          {"no authority key", "KEYS_MISSING", remove("keys/authority.key")},
          {"another authority key", "KEYS_FOREIGN", swap("keys/authority.key")},
          {"half an authority more", "KEYS_MISSING",
           [](const fs::path& folder, const fs::path&) {
             write(folder / "keys/authority-2.pem", read(folder / "keys/authority.pem"));
           }},
          {"no server certificate", "KEYS_MISSING", remove("keys/server.pem")},
          {"damaged server certificate", "KEYS_DAMAGED", put("keys/server.pem", "x")},
          {"another server certificate", "KEYS_FOREIGN", swap("keys/server.pem")},
          {"no server key", "KEYS_MISSING", remove("keys/server.key")},
          {"empty server key", "KEYS_DAMAGED", put("keys/server.key", "")},
          {"another server key", "KEYS_FOREIGN", swap("keys/server.key")}};
}

TEST_CASE(
    "a folder that lacks something, or holds something foreign, is refused by every command") {
  TemporaryFolder folder;
  const fs::path whole = folder.path() / "whole";
  const fs::path other = folder.path() / "other";
  REQUIRE(doorstep(whole.string(), {"init", "--host", "localhost"}).code == 0);
  REQUIRE(doorstep(other.string(), {"init", "--host", "localhost"}).code == 0);
  for (const Damage& damage : damages()) {
    INFO(damage.name);
    const fs::path damaged = folder.path() / "damaged";
    fs::remove_all(damaged);
    fs::copy(whole, damaged, fs::copy_options::recursive);
    damage.apply(damaged, other);
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"serve"}, {"verify"}, {"account", "list"}, {"rebuild"}}) {
      const auto run = doorstep(damaged.string(), command);
      INFO(run.text);
      CHECK(run.refused());
      CHECK(run.says(damage.reason));
    }
  }
}

TEST_CASE(
    "the key of the offices belongs to what they signed, and is made where they signed nothing") {
  TemporaryFolder folder;
  const std::string fresh = folder.file("fresh");
  REQUIRE(doorstep(fresh, {"init"}).code == 0);
  const fs::path made = fs::path(fresh) / "keys/office.key";
  fs::remove(made);
  CHECK(doorstep(fresh, {"verify"}).code == 0);
  CHECK_FALSE(fs::exists(made));
  CHECK(doorstep(fresh, {"rebuild"}).code == 0);
  CHECK(fs::status(made).permissions() == (fs::perms::owner_read | fs::perms::owner_write));

  TestServer server({.carers = 1, .visits = 1});
  const fs::path key = fs::path(server.path()) / "keys/office.key";
  const std::string kept = read(key);
  const auto refuses = [&](const char* reason) {
    for (const char* command : {"serve", "verify", "rebuild"}) {
      const auto run = doorstep(server.path(), {command});
      INFO(run.text);
      CHECK(run.refused());
      CHECK(run.says(reason));
      CHECK(run.says("office.key"));
    }
  };
  fs::remove(key);
  refuses("KEYS_MISSING");
  CHECK_FALSE(fs::exists(key));
  write(key, read(made));
  refuses("OFFICE_KEY_FOREIGN");
  write(key, "-----BEGIN");
  refuses("KEYS_DAMAGED");
  write(key, kept);
  CHECK(doorstep(server.path(), {"verify"}).code == 0);
}

TEST_CASE("a database that is gone is replaced on purpose only") {
  TemporaryFolder folder;
  const std::string path = folder.file("server");
  REQUIRE(doorstep(path, {"init"}).code == 0);
  CHECK(doorstep(path, {"init", "--new-database"}).says("DATABASE_EXISTS"));
  fs::remove(path + "/doorstep.db");
  CHECK(doorstep(path, {"verify"}).says("--new-database"));
  CHECK_FALSE(fs::exists(path + "/doorstep.db"));
  CHECK(doorstep(path, {"init", "--new-database"}).code == 0);
  CHECK(doorstep(path, {"verify"}).code == 0);
}

TEST_CASE("a server that moved to another name keeps its log's, and phones their receipts") {
  TestServer server({.carers = 1, .visits = 1});
  auto phone = server.enrol(0);
  REQUIRE(server.run({"verify"}) == 0);
  replaceInConfig(server.path(), "host = \"localhost\"", "host = \"care.example\"");
  server.start();
  CHECK(server.log().find("the server's certificate is not for care.example") != std::string::npos);
  SyncClient client(server, &phone);
  const auto entry = phone.signer.record(server.visit(0), 1);
  const auto answer = client.exchange({entry});
  REQUIRE(answer.status.ok());
  REQUIRE(server.stop() == 0);
  auto database = server.openDatabase();
  auto row = database->writer().prepare("SELECT origin FROM log");
  REQUIRE(*row->step());
  CHECK(row->columnText(0).starts_with("localhost/log/"));
  CHECK(server.run({"verify"}) == 0);
}

TEST_CASE("certificates are shown, warned about, refused when they ended, and renewed") {
  TestServer server({.carers = 1, .visits = 1});
  const auto shown = doorstep(server.path(), {"certificate"});
  CHECK(shown.code == 0);
  CHECK(shown.says("for localhost, 127.0.0.1"));

  ageCertificate(server.path(), 80 * kDayMs, 100);
  CHECK(doorstep(server.path(), {"certificate"}).code == 2);
  server.start();
  CHECK(server.log().find("the server's certificate ends") != std::string::npos);
  REQUIRE(server.stop() == 0);

  ageCertificate(server.path(), 101 * kDayMs, 100);
  const auto refused = doorstep(server.path(), {"serve"});
  CHECK(refused.code == 1);
  CHECK(refused.says("CERTIFICATE_EXPIRED"));
  CHECK(refused.says("certificate --renew"));

  replaceInConfig(server.path(), "also_known_as = [\"127.0.0.1\"]",
                  "also_known_as = [\"127.0.0.1\", \"care.example\"]");
  CHECK(doorstep(server.path(), {"certificate"}).says("is not for care.example"));
  const auto renewed = doorstep(server.path(), {"certificate", "--renew"});
  CHECK(renewed.code == 0);
  CHECK(renewed.says("care.example"));
  auto phone = server.enrol(0);
  server.start();
  CHECK(SyncClient(server, &phone).exchange(pb::ExchangeRequest()).status.ok());
  REQUIRE(server.stop() == 0);
}

TEST_CASE("a lost or damaged server key is mended by a new certificate") {
  TemporaryFolder folder;
  const std::string path = folder.file("server");
  REQUIRE(doorstep(path, {"init"}).code == 0);
  for (const char* text : {"", "junk"}) {
    write(path + "/keys/server.key", text);
    CHECK(doorstep(path, {"verify"}).says("certificate --renew"));
    CHECK(doorstep(path, {"certificate", "--renew"}).code == 0);
    CHECK(doorstep(path, {"verify"}).code == 0);
  }
}

TEST_CASE("a certificate for people is checked before it is shown to any") {
  TestServer server({.carers = 1, .visits = 1});
  const auto& keys = server.directory().keys();
  const auto key = crypto::P256PrivateKey::generate();
  const auto issued = crypto::issueServerCertificate(keys.authority, keys.authorityKey, key,
                                                     {"localhost"}, SystemClock().wallUnixMs(), 90);
  REQUIRE(issued.ok());
  replaceInConfig(server.path(), "certificate = \"\"", "certificate = \"web.pem\"");
  CHECK(doorstep(server.path(), {"serve"}).says("belong together"));
  replaceInConfig(server.path(), "key = \"\"", "key = \"web.key\"");
  CHECK(doorstep(server.path(), {"serve"}).says("WEB_CERTIFICATE_UNREADABLE"));
  write(server.path() + "/web.pem", issued->pem);
  write(server.path() + "/web.key", keys.serverKey.pem());
  CHECK(doorstep(server.path(), {"serve"}).says("WEB_CERTIFICATE_INVALID"));
  write(server.path() + "/web.key", "junk");
  CHECK(doorstep(server.path(), {"serve"}).says("WEB_CERTIFICATE_INVALID"));
  write(server.path() + "/web.key", key.pem());
  server.start();
  CHECK(doorstep(server.path(), {"certificate"}).says("web certificate: until"));
  REQUIRE(server.stop() == 0);
}

TEST_CASE("each reason why a port cannot be had has its own sentence") {
  TestServer running({.carers = 1, .visits = 1});
  running.start();
  TestServer server({.carers = 1, .visits = 1});
  replaceInConfig(server.path(), "port = 0", "port = " + std::to_string(running.devicePort()));
  CHECK(doorstep(server.path(), {"serve"}).says("PORT_IN_USE"));
  replaceInConfig(server.path(), "address = \"127.0.0.1\"", "address = \"192.0.2.1\"");
  CHECK(doorstep(server.path(), {"serve"}).says("ADDRESS_MISSING"));
  REQUIRE(running.stop() == 0);
}

TEST_CASE("a phone can be enrolled before a server with any port has run") {
  TestServer server({.carers = 1, .visits = 1});
  CHECK(server.run({"enrol", "--carer", "c0"}) == 0);
  const std::uint16_t kept = server.directory().keptDevicePort();
  REQUIRE(kept != 0);
  server.start();
  CHECK(server.devicePort() == kept);
  REQUIRE(server.stop() == 0);
}

}  // namespace
}  // namespace doorstep::support
