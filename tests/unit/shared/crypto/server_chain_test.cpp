// SPDX-License-Identifier: Apache-2.0
#include "shared/crypto/server_chain.h"

#include <catch2/catch.hpp>

#include "shared/core/durations.h"
#include "shared/crypto/certificates.h"

using namespace doorstep;
using namespace doorstep::crypto;

namespace {

constexpr std::int64_t kServedUnixMs = 1'795'338'000'000;

struct Office {
  P256PrivateKey key = P256PrivateKey::generate();
  Certificate authority = makeAuthority(key, "Doorstep test authority", kServedUnixMs, 3650);
  Certificate server =
      issueServerCertificate(authority, key, P256PrivateKey::generate(),
                             {"care.example.org", "127.0.0.1", "2001:db8::7"}, kServedUnixMs, 30)
          .value();

  std::string check(const std::string& host, std::int64_t lowestNowUnixMs = 0) const {
    const auto verified =
        verifyServerChain(server.pem + authority.pem, authority.pem, host, lowestNowUnixMs);
    return verified.ok() ? "trusted" : verified.error().reason;
  }
};

}  // namespace

TEST_CASE("a server is trusted by its authority and its host, whatever the wall clock says") {
  const Office office;
  // The certificates of this test begin in the future of whoever runs it, or are over by now.
  CHECK(office.check("care.example.org") == "trusted");
  CHECK(office.check("127.0.0.1") == "trusted");
  CHECK(office.check("2001:db8::7") == "trusted");
  CHECK(office.check("other.example.org") == "CERTIFICATE_HOST");
  CHECK(office.check("") == "CERTIFICATE_HOST");
}

TEST_CASE("a certificate is over when the office itself said a later time") {
  const Office office;
  CHECK(office.check("127.0.0.1", kServedUnixMs + 29 * kDayMs) == "trusted");
  CHECK(office.check("127.0.0.1", kServedUnixMs + 31 * kDayMs) == "CERTIFICATE_EXPIRED");
}

TEST_CASE("nobody else's certificate is trusted") {
  const Office office;
  const Office other;
  const auto verified = verifyServerChain(other.server.pem + other.authority.pem,
                                          office.authority.pem, "127.0.0.1", 0);
  CHECK(verified.error().reason == "CERTIFICATE_CHAIN");
  // Both authorities of a roll-over count.
  CHECK(verifyServerChain(other.server.pem, office.authority.pem + other.authority.pem, "127.0.0.1",
                          0)
            .ok());
  for (const std::string& chain : {std::string(), std::string("no certificate"),
                                   office.server.pem.substr(0, office.server.pem.size() / 2)})
    CHECK_FALSE(verifyServerChain(chain, office.authority.pem, "127.0.0.1", 0).ok());
  CHECK_FALSE(verifyServerChain(office.server.pem, "", "127.0.0.1", 0).ok());
}

TEST_CASE("a device's certificate is no server's") {
  const Office office;
  const auto device = issueDeviceCertificate(office.authority, office.key,
                                             makeCertificateRequest(P256PrivateKey::generate()),
                                             "127.0.0.1", kServedUnixMs, 30);
  REQUIRE(device.ok());
  CHECK(verifyServerChain(device->pem, office.authority.pem, "127.0.0.1", 0).error().reason ==
        "CERTIFICATE_CHAIN");
}
