// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/enrolment.h"

#include <catch2/catch.hpp>
#include <string>

#include "shared/core/bytes.h"
#include "shared/crypto/certificate_facts.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/identity/limits.h"
#include "tests/support/office_fixture.h"

namespace doorstep::identity {
namespace {

const CarerId kCarer{77};

// A phone that wants to become a device.
struct NewPhone {
  crypto::P256PrivateKey tlsKey = crypto::P256PrivateKey::generate();
  crypto::P256PrivateKey signingKey = crypto::P256PrivateKey::generate();

  EnrolAttempt attempt(const std::string& code) const {
    const std::string request = crypto::makeCertificateRequest(tlsKey);
    return {code, request, signingKey.publicKey().spki(),
            signingKey.sign("doorstep/enrol/v1\n" + request), "Test phone\n\x1B"};
  }
};

struct EnrolmentFixture : support::OfficeFixture {
  std::string newCode(CarerId carer = kCarer) {
    Result<EnrolmentCode> code = Error{};
    REQUIRE(storage
                ->write([&](sql::Database& database) -> Status {
                  code = createEnrolmentCode(database, provider, carer, clock.wallUnixMs(), ids);
                  return kDone;
                })
                .ok());
    return code->code;
  }
  Result<EnrolledDevice> enrol(const EnrolAttempt& attempt) {
    Result<EnrolledDevice> enrolled = Error{};
    (void)storage
        ->write([&](sql::Database& database) -> Status {
          enrolled = identity::enrol(database, attempt, {authority, authorityKey, certificateClock},
                                     clock, ids);
          if (!enrolled.ok())
            return enrolled.error();
          return kDone;
        })
        .ok();
    return enrolled;
  }
  std::string reasonOf(const Result<EnrolledDevice>& result) {
    return result.ok() ? "" : result.error().reason;
  }

  SystemClock certificateClock;
  crypto::P256PrivateKey authorityKey = crypto::P256PrivateKey::generate();
  crypto::Certificate authority =
      crypto::makeAuthority(authorityKey, "Test authority", certificateClock.wallUnixMs(), 30);
};

TEST_CASE("a code makes one device, whose certificate the server recognises") {
  EnrolmentFixture office;
  const NewPhone phone;
  const auto attempt = phone.attempt(office.newCode());
  REQUIRE(checkAttempt(attempt).ok());
  const auto enrolled = office.enrol(attempt);
  REQUIRE(enrolled.ok());
  CHECK(enrolled->provider == office.provider);
  CHECK(enrolled->carer == kCarer);

  const std::string& chain = enrolled->certificateChainPem;
  const std::string certificate = chain.substr(0, chain.find("-----END CERTIFICATE-----") + 26);
  DeviceRegistry registry;
  const auto known = registry.recognise(office.database(), certificate);
  REQUIRE(known.ok());
  CHECK((*known)->caller.device == enrolled->device);
  CHECK((*known)->signingKey.verify("m", phone.signingKey.sign("m")));
  CHECK(device(office.database(), enrolled->device)->description == "Test phone");
}

TEST_CASE("the same request is answered again for ten minutes, another never") {
  EnrolmentFixture office;
  const NewPhone phone;
  const auto attempt = phone.attempt(office.newCode());
  const auto first = office.enrol(attempt);
  REQUIRE(first.ok());
  office.clock.advance(kEnrolRepeatMs - 1);
  const auto again = office.enrol(attempt);
  REQUIRE(again.ok());
  CHECK(again->device == first->device);
  CHECK(again->certificateChainPem == first->certificateChainPem);
  CHECK(office.reasonOf(office.enrol(NewPhone().attempt(attempt.code))) == "CODE_USED");
  office.clock.advance(1);
  CHECK(office.reasonOf(office.enrol(attempt)) == "CODE_USED");
  CHECK(devices(office.database(), office.provider, {}, 10)->size() == 1);
}

TEST_CASE(
    "a code that ended is kept for thirty days to say why, then forgotten with the next code") {
  EnrolmentFixture office;
  const NewPhone phone;
  const std::string used = office.newCode();
  const auto enrolled = office.enrol(phone.attempt(used));
  REQUIRE(enrolled.ok());
  const std::string unused = office.newCode(CarerId(78));
  office.clock.advance(kCodeAgeMs + kEndedCodeKeptMs);
  office.newCode();
  CHECK(office.reasonOf(office.enrol(phone.attempt(used))) == "CODE_USED");
  CHECK(office.reasonOf(office.enrol(phone.attempt(unused))) == "CODE_EXPIRED");
  office.clock.advance(1);
  const std::string fresh = office.newCode();
  CHECK(office.reasonOf(office.enrol(phone.attempt(used))) == "CODE_UNKNOWN");
  CHECK(office.reasonOf(office.enrol(phone.attempt(unused))) == "CODE_UNKNOWN");
  CHECK(device(office.database(), enrolled->device).ok());
  CHECK(office.enrol(NewPhone().attempt(fresh)).ok());
}

TEST_CASE("a code that is unknown, expired or replaced makes no device") {
  EnrolmentFixture office;
  const NewPhone phone;
  CHECK(office.reasonOf(office.enrol(phone.attempt("00"))) == "CODE_UNKNOWN");
  const std::string replaced = office.newCode();
  const std::string code = office.newCode();
  CHECK(office.reasonOf(office.enrol(phone.attempt(replaced))) == "CODE_UNKNOWN");
  office.clock.advance(kCodeAgeMs);
  CHECK(office.reasonOf(office.enrol(phone.attempt(code))) == "CODE_EXPIRED");
  CHECK(devices(office.database(), office.provider, {}, 10)->empty());
}

TEST_CASE("a signing key that is not proved, or no P-256 key, is refused") {
  EnrolmentFixture office;
  const NewPhone phone;
  auto stolen = phone.attempt("code");
  stolen.signingPublicKey = NewPhone().signingKey.publicKey().spki();
  CHECK(checkAttempt(stolen).error().reason == "KEY_INVALID");
  auto moved = phone.attempt("code");
  moved.tlsCertificateRequest = crypto::makeCertificateRequest(NewPhone().tlsKey);
  CHECK(checkAttempt(moved).error().reason == "KEY_INVALID");
  auto none = phone.attempt("code");
  none.signingPublicKey = "no key";
  CHECK(checkAttempt(none).error().reason == "KEY_INVALID");
  auto empty = phone.attempt("code");
  empty.tlsCertificateRequest.clear();
  CHECK(checkAttempt(empty).error().reason == "REQUEST_INVALID");
}

TEST_CASE("a request that is no PKCS#10 leaves the code unused") {
  EnrolmentFixture office;
  const NewPhone phone;
  auto attempt = phone.attempt(office.newCode());
  const auto good = attempt;
  attempt.tlsCertificateRequest = "no request";
  CHECK(office.reasonOf(office.enrol(attempt)) == "REQUEST_INVALID");
  CHECK(office.enrol(good).ok());
}

TEST_CASE("a device that proves its signing key goes on as itself with a new code") {
  EnrolmentFixture office;
  const NewPhone phone;
  const auto first = office.enrol(phone.attempt(office.newCode()));
  REQUIRE(first.ok());
  const auto again = [&](const NewPhone& asks, const std::string& code) {
    auto attempt = asks.attempt(code);
    attempt.continues = first->device;
    return office.enrol(attempt);
  };
  const auto next = again(phone, office.newCode());
  REQUIRE(next.ok());
  CHECK(next->device == first->device);
  CHECK(next->certificateChainPem != first->certificateChainPem);
  DeviceRegistry registry;
  CHECK(registry.recognise(office.database(), next->certificateChainPem).ok());
  CHECK(devices(office.database(), office.provider, {}, 10)->size() == 1);

  CHECK(again(NewPhone(), office.newCode())->device != first->device);        // another key
  CHECK(again(phone, office.newCode(CarerId(78)))->device != first->device);  // another carer
  REQUIRE(office
              .decide([&](sql::Database& database, event_log::OfficeAct& act) {
                return revokeDevice(database, office.provider, first->device, act);
              })
              .ok());
  CHECK(again(phone, office.newCode())->device != first->device);
}

TEST_CASE("a certificate never outlives its authority") {
  EnrolmentFixture office;
  const auto enrolled = office.enrol(NewPhone().attempt(office.newCode()));
  REQUIRE(enrolled.ok());
  CHECK(crypto::certificateFacts(enrolled->certificateChainPem)->endsUnixMs <=
        crypto::certificateFacts(office.authority.pem)->endsUnixMs);
  const auto ended =
      crypto::makeAuthority(office.authorityKey, "Test authority",
                            office.certificateClock.wallUnixMs() - 30LL * 86'400'000, 30);
  CHECK(issueChain({ended, office.authorityKey, office.certificateClock},
                   NewPhone().attempt("").tlsCertificateRequest, DeviceId(1))
            .error()
            .reason == "AUTHORITY_EXPIRED");
}

TEST_CASE("an office is no phone: it is not listed, connects with nothing and is not revoked") {
  EnrolmentFixture office;
  const auto enrolled = office.enrol(NewPhone().attempt(office.newCode()));
  REQUIRE(enrolled.ok());
  const auto revoke = [&](DeviceId id) {
    return office.decide([&](sql::Database& database, event_log::OfficeAct& act) {
      return revokeDevice(database, office.provider, id, act);
    });
  };
  CHECK_FALSE(officeDevice(office.database(), office.provider)->has_value());
  REQUIRE(revoke(enrolled->device).ok());
  const auto desk = officeDevice(office.database(), office.provider);
  REQUIRE(desk->has_value());
  const DeviceId id = (*desk)->id;
  CHECK(device(office.database(), id)->kind == DeviceKind::Office);
  CHECK(officeKeySpki(office.database())->value() == (*desk)->signingKeySpki);
  CHECK(devices(office.database(), office.provider, {}, 10)->size() == 1);
  CHECK(revoke(id).error().reason == "DEVICE_UNKNOWN");

  const auto certificate = crypto::issueDeviceCertificate(
      office.authority, office.authorityKey, NewPhone().attempt("").tlsCertificateRequest,
      deviceCommonName(id), office.certificateClock.wallUnixMs(), 30);
  DeviceRegistry registry;
  CHECK(registry.recognise(office.database(), certificate->pem).error().reason == "DEVICE_UNKNOWN");
}

TEST_CASE("the code itself does not stand in the database") {
  EnrolmentFixture office;
  const std::string code = office.newCode();
  auto row = office.database().prepare("SELECT code_hash FROM enrolment_code");
  REQUIRE(row.ok());
  REQUIRE(*row->step());
  CHECK(row->columnBlob(0).find(code) == std::string::npos);
}

TEST_CASE("a revoked device is refused at once, a foreign certificate always") {
  EnrolmentFixture office;
  const auto enrolled = office.enrol(NewPhone().attempt(office.newCode()));
  REQUIRE(enrolled.ok());
  const std::string& chain = enrolled->certificateChainPem;
  const std::string certificate = chain.substr(0, chain.find("-----END CERTIFICATE-----") + 26);
  DeviceRegistry registry;
  REQUIRE(registry.recognise(office.database(), certificate).ok());

  const auto revoke = [&](ProviderId provider) {
    return office.decide([&](sql::Database& database, event_log::OfficeAct& act) {
      return revokeDevice(database, provider, enrolled->device, act);
    });
  };
  CHECK(revoke(ProviderId(1)).error().reason == "DEVICE_UNKNOWN");
  REQUIRE(revoke(office.provider).ok());
  const std::uint64_t before = registry.generation();
  registry.forget(enrolled->device);
  CHECK(registry.generation() != before);
  CHECK(registry.remembered(certificate) == nullptr);
  CHECK(registry.recognise(office.database(), certificate).error().reason == "DEVICE_REVOKED");
  CHECK(registry.recognise(office.database(), office.authority.pem).error().reason ==
        "DEVICE_UNKNOWN");
  CHECK(registry.recognise(office.database(), "no certificate").error().reason == "DEVICE_UNKNOWN");
}

}  // namespace
}  // namespace doorstep::identity
