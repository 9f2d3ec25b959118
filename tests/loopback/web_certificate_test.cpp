// SPDX-License-Identifier: Apache-2.0
// A certificate for people that another program renews while the server runs.
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "shared/crypto/certificates.h"
#include "tests/support/https_client.h"
#include "tests/support/test_server.h"

namespace doorstep::support {
namespace {

namespace fs = std::filesystem;

// An authority of its own for each certificate: a client that trusts it sees that one.
struct WebCertificate {
  explicit WebCertificate(std::int64_t madeUnixMs = SystemClock().wallUnixMs()) {
    const auto authorityKey = crypto::P256PrivateKey::generate();
    authority = crypto::makeAuthority(authorityKey, "Public", madeUnixMs, 900);
    const auto issued = crypto::issueServerCertificate(authority, authorityKey, key,
                                                       {"localhost", "127.0.0.1"}, madeUnixMs, 90);
    REQUIRE(issued.ok());
    chainPem = issued->pem;
  }
  crypto::P256PrivateKey key = crypto::P256PrivateKey::generate();
  crypto::Certificate authority;
  std::string chainPem;
};

void writeFile(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

struct Office {
  Office() : server({.carers = 1, .visits = 1}) {
    auto config = server.directory().config();
    config.webCertificate = "web.pem";
    config.webKey = "web.key";
    writeFile(server.path() + "/config.toml", config::writeServerConfig(config));
  }
  void put(const std::string& chainPem, const std::string& keyPem) const {
    writeFile(server.path() + "/web.key", keyPem);
    writeFile(server.path() + "/web.pem", chainPem);
  }
  void put(const WebCertificate& one) const { put(one.chainPem, one.key.pem()); }
  bool shows(const WebCertificate& one) const {
    HttpsClient::Options options;
    options.caPem = one.authority.pem;
    return HttpsClient::connect("127.0.0.1", server.webPort(), options).ok();
  }
  // Waits for what the server does within some seconds.
  void waitUntilShown(const WebCertificate& one) const {
    while (!shows(one)) {
    }
  }
  void waitUntilSaid(const std::string& text) const {
    while (server.log().find(text) == std::string::npos) {
    }
  }
  TestServer server;
};

}  // namespace

TEST_CASE("a renewed certificate for people is shown without a restart, a bad one never") {
  Office office;
  const WebCertificate first;
  const WebCertificate second;
  const WebCertificate third;
  office.put(first);
  office.server.start();
  REQUIRE(office.shows(first));
  HttpsClient::Options options;
  options.caPem = first.authority.pem;
  const auto standing = HttpsClient::connect("127.0.0.1", office.server.webPort(), options);
  REQUIRE(standing.ok());

  office.put(second);
  office.waitUntilShown(second);
  CHECK_FALSE(office.shows(first));
  CHECK((*standing)->request("GET", "/healthz", "", "")->status == 200);

  office.put("no certificate", second.key.pem());
  office.waitUntilSaid("WEB_CERTIFICATE_INVALID");
  CHECK(office.shows(second));
  office.put(third.chainPem, first.key.pem());  // half of it is another's
  office.waitUntilSaid("is not the private key");
  CHECK(office.shows(second));
  fs::remove(office.server.path() + "/web.pem");
  office.waitUntilSaid("WEB_CERTIFICATE_UNREADABLE");
  CHECK(office.shows(second));
  office.put(WebCertificate(SystemClock().wallUnixMs() - 100LL * 86'400'000));
  office.waitUntilSaid("CERTIFICATE_EXPIRED");
  CHECK(office.shows(second));

  office.put(third);
  office.waitUntilShown(third);
  CHECK(office.server.stop() == 0);
}

TEST_CASE(
    "a certificate behind a link that is set anew is taken at SIGHUP, and the server goes on") {
  Office office;
  const WebCertificate first;
  const WebCertificate second;
  office.put(first);
  const std::string folder = office.server.path();
  fs::rename(folder + "/web.pem", folder + "/1.pem");
  fs::rename(folder + "/web.key", folder + "/1.key");
  fs::create_symlink("1.pem", folder + "/web.pem");
  fs::create_symlink("1.key", folder + "/web.key");
  office.server.start();
  writeFile(folder + "/2.pem", second.chainPem);
  writeFile(folder + "/2.key", second.key.pem());
  for (const char* file : {"pem", "key"}) {
    fs::create_symlink(std::string("2.") + file, folder + "/new");
    fs::rename(folder + "/new", folder + "/web." + file);
  }
  REQUIRE(::kill(office.server.process(), SIGHUP) == 0);
  office.waitUntilShown(second);
  REQUIRE(::kill(office.server.process(), SIGHUP) == 0);
  CHECK(office.shows(second));
  CHECK(office.server.stop() == 0);
}

}  // namespace doorstep::support
