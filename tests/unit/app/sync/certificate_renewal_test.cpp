// SPDX-License-Identifier: Apache-2.0
#include "app/sync/certificate_renewal.h"

#include <catch2/catch.hpp>

#include "app/platform/fakes.h"
#include "app/sync/tuning.h"
#include "shared/core/durations.h"
#include "shared/crypto/certificate_facts.h"
#include "shared/wire/enrolment_text.h"
#include "tests/unit/app/certificate_office.h"

namespace doorstep::test {
namespace {

namespace v1 = doorstep::sync::v1;

using Office = CertificateOffice;

// A device whose certificate began `ageDays` of its 300 days ago.
struct Renewing {
  explicit Renewing(int ageDays) {
    enrolment.device = DeviceId(7);
    enrolment.authorityPem = office.authority.pem;
    enrolment.tlsKeyPem = tlsKey.pem();
    // Certificates begin a day before they are made.
    enrolment.certificateChainPem = office.chain(crypto::makeCertificateRequest(tlsKey), "device 7",
                                                 clock.wallUnixMs() - (ageDays - 1) * kDayMs, 299);
    renewal.emplace(enrolment, sync::CertificateRenewal::Parts{
                                   platform, [this] { return clock.wallUnixMs(); },
                                   [this](const sync::Enrolment& next) -> Status {
                                     if (full)
                                       return Error{ErrorCode::ResourceExhausted, "FILE_WRITE", ""};
                                     kept.push_back(next);
                                     return kDone;
                                   }});
  }

  v1::ExchangeRequest request() {
    v1::ExchangeRequest made;
    renewal->ask(made);
    return made;
  }
  v1::ExchangeResponse answer(const v1::ExchangeRequest& asked, int days = 3'650) const {
    v1::ExchangeResponse made;
    made.mutable_renewed_certificate()->set_certificate_chain_pem(
        office.chain(asked.certificate_renewal().tls_certificate_request(), "device 7",
                     clock.wallUnixMs(), days));
    return made;
  }

  Office office;
  platform::FakeClock clock{kMorningUnixMs};
  platform::SeededIdSource ids{1};
  platform::FakeSecretStore secrets;
  platform::MemorySigner signer;
  platform::FakeFixSource fixes;
  platform::Platform platform{clock, ids, secrets, signer, fixes};
  crypto::P256PrivateKey tlsKey = crypto::P256PrivateKey::generate();
  sync::Enrolment enrolment;
  std::vector<sync::Enrolment> kept;
  bool full = false;
  std::optional<sync::CertificateRenewal> renewal;
};

}  // namespace

TEST_CASE("a certificate is renewed from two thirds of its life on, and nothing is sent before") {
  Renewing phone(199);
  CHECK_FALSE(phone.request().has_certificate_renewal());
  CHECK(phone.request().ByteSizeLong() == 0);
  phone.clock.advance(kDayMs - 1'000);
  CHECK_FALSE(phone.request().has_certificate_renewal());
  phone.clock.advance(1'000);
  const auto asked = phone.request();
  REQUIRE(asked.has_certificate_renewal());
  const auto signingKey = crypto::P256PublicKey::fromSpki(*phone.signer.publicKeySpki());
  CHECK(signingKey->verify(
      wire::renewalProofMessage(DeviceId(7), asked.certificate_renewal().tls_certificate_request()),
      asked.certificate_renewal().signing_key_proof()));
}

TEST_CASE("the new pair is durable with the old one beside it before it is used") {
  Renewing phone(200);
  const auto asked = phone.request();
  REQUIRE(phone.renewal->answered(phone.answer(asked)));
  REQUIRE(phone.kept.size() == 1);
  const sync::Enrolment& kept = phone.kept.front();
  CHECK(kept.previousCertificateChainPem == phone.enrolment.certificateChainPem);
  CHECK(kept.previousTlsKeyPem == phone.enrolment.tlsKeyPem);
  CHECK(kept.tlsKeyPem != phone.enrolment.tlsKeyPem);
  CHECK(crypto::certificateFitsKey(kept.certificateChainPem, kept.tlsKeyPem));
  CHECK(phone.renewal->enrolment().tlsKeyPem == kept.tlsKeyPem);
  CHECK_FALSE(phone.request().has_certificate_renewal());
  CHECK_FALSE(phone.renewal->answered(phone.answer(asked)));  // twice

  const auto read = sync::decodeEnrolment(sync::encodeEnrolment(kept));
  REQUIRE(read.ok());
  CHECK(read->previousTlsKeyPem == kept.previousTlsKeyPem);
  CHECK(read->previousCertificateChainPem == kept.previousCertificateChainPem);
  CHECK(sync::encodeEnrolment(phone.enrolment).starts_with("doorstep/enrolment/v4\n"));
}

TEST_CASE("what earlier releases kept of an enrolment is read, and of a later one is told") {
  const auto older = [](int version) {
    std::string bytes = "doorstep/enrolment/v" + std::to_string(version) + "\n";
    const auto put = [&](const std::string& field) { bytes += bigEndian64(field.size()) + field; };
    for (const std::string& field :
         {std::string("host"), bigEndian64(4433), std::string("authority"), std::string("chain"),
          std::string("key"), bigEndian64(7), std::string("log"), bigEndian64(3),
          std::string("Example Care"), bigEndian64(70), std::string("Ana"), bigEndian64(5),
          bigEndian64(1), bigEndian64(9)})
      put(field);
    for (const char* field : {"hash", "old chain", "old key"})
      if (version > 2 || (version == 2 && std::string(field) == "hash"))
        put(field);
    return bytes;
  };
  for (int version = 1; version <= 3; ++version) {
    INFO(version);
    const auto read = sync::decodeEnrolment(older(version));
    REQUIRE(read.ok());
    CHECK(read->port == 4433);
    CHECK(read->carerName == "Ana");
    CHECK(read->signingKeyHash == (version > 1 ? "hash" : ""));
    CHECK(read->previousTlsKeyPem == (version > 2 ? "old key" : ""));
    CHECK(sync::decodeEnrolment(sync::encodeEnrolment(*read))->replyBootMs == 9);
    CHECK(sync::decodeEnrolment(older(version) + "x").error().reason == "ENROLMENT_DAMAGED");
  }
  CHECK(sync::decodeEnrolment("doorstep/enrolment/v5\n").error().reason == "ENROLMENT_NEWER");
  CHECK(sync::decodeEnrolment("doorstep/enrolment/v4\n\xff").error().reason == "ENROLMENT_DAMAGED");
}

TEST_CASE("an answer that was lost is asked for again with the same request") {
  Renewing phone(250);
  const auto first = phone.request();
  const auto second = phone.request();
  CHECK(first.certificate_renewal().tls_certificate_request() ==
        second.certificate_renewal().tls_certificate_request());
  CHECK(phone.renewal->answered(phone.answer(second)));
}

TEST_CASE("what was not asked for changes nothing, and is asked for again a day later") {
  Renewing phone(250);
  const std::string other = crypto::makeCertificateRequest(crypto::P256PrivateKey::generate());
  const Office stranger;
  for (int kind = 0; kind < 8; ++kind) {
    CAPTURE(kind);
    const auto asked = phone.request();
    REQUIRE(asked.has_certificate_renewal());
    const std::string& mine = asked.certificate_renewal().tls_certificate_request();
    const std::int64_t now = phone.clock.wallUnixMs();
    v1::ExchangeResponse answer;
    auto& renewed = *answer.mutable_renewed_certificate();
    if (kind == 0)
      answer.clear_renewed_certificate();  // a server that knows nothing of it
    if (kind == 1)
      renewed.set_refusal(v1::RENEWAL_REFUSAL_NOT_DUE);
    if (kind == 2)
      renewed.set_certificate_chain_pem(phone.office.chain(other, "device 7", now, 3'650));
    if (kind == 3)
      renewed.set_certificate_chain_pem(stranger.chain(mine, "device 7", now, 3'650));
    if (kind == 4)
      renewed.set_certificate_chain_pem(phone.office.chain(mine, "device 8", now, 3'650));
    if (kind == 5)
      renewed.set_certificate_chain_pem(phone.office.chain(mine, "device 7", now, 10));
    if (kind == 6)
      renewed.set_certificate_chain_pem(std::string(100'000, 'x'));
    if (kind == 7)
      renewed.set_certificate_chain_pem("no certificate");
    CHECK_FALSE(phone.renewal->answered(answer));
    CHECK(phone.kept.empty());
    CHECK_FALSE(phone.request().has_certificate_renewal());
    phone.clock.advance(kDayMs);
  }
  CHECK(phone.renewal->enrolment().tlsKeyPem == phone.enrolment.tlsKeyPem);
  CHECK(phone.renewal->answered(phone.answer(phone.request())));
}

TEST_CASE("a phone that is full goes on with the old pair and tries again") {
  Renewing phone(250);
  phone.full = true;
  CHECK_FALSE(phone.renewal->answered(phone.answer(phone.request())));
  CHECK(phone.renewal->enrolment().tlsKeyPem == phone.enrolment.tlsKeyPem);
  CHECK_FALSE(phone.request().has_certificate_renewal());
  phone.clock.advance(sync::kKeepAgainMs);
  phone.full = false;
  CHECK(phone.renewal->answered(phone.answer(phone.request())));
}

TEST_CASE("a server that wants it renews early, and its new authority is trusted beside the old") {
  Renewing phone(10);
  v1::ExchangeResponse hint;
  hint.mutable_renewed_certificate()->set_wanted(true);
  CHECK_FALSE(phone.request().has_certificate_renewal());
  CHECK_FALSE(phone.renewal->answered(hint));
  const auto asked = phone.request();
  REQUIRE(asked.has_certificate_renewal());
  const Office next;
  v1::ExchangeResponse answer;
  answer.mutable_renewed_certificate()->set_certificate_chain_pem(
      next.chain(asked.certificate_renewal().tls_certificate_request(), "device 7",
                 phone.clock.wallUnixMs(), 3'650));
  answer.mutable_renewed_certificate()->set_authority_der(
      *crypto::certificateDer(next.authority.pem));
  REQUIRE(phone.renewal->answered(answer));
  CHECK(phone.kept.back().authorityPem == next.authority.pem + phone.office.authority.pem);
  CHECK_FALSE(phone.request().has_certificate_renewal());

  // Another one pushes out the oldest; what is not the issuer, or no certificate, none.
  for (int kind = 0; kind < 3; ++kind) {
    CAPTURE(kind);
    CHECK_FALSE(phone.renewal->answered(hint));
    const auto again = phone.request();
    REQUIRE(again.has_certificate_renewal());
    const Office third;
    auto& renewed = *answer.mutable_renewed_certificate();
    renewed.set_certificate_chain_pem(
        third.chain(again.certificate_renewal().tls_certificate_request(), "device 7",
                    phone.clock.wallUnixMs(), 3'651 + kind));
    renewed.set_authority_der(kind == 0   ? std::string(100'000, 'x')
                              : kind == 1 ? *crypto::certificateDer(next.authority.pem)
                                          : *crypto::certificateDer(third.authority.pem));
    CHECK(phone.renewal->answered(answer) == (kind == 2));
    if (kind == 2)
      CHECK(phone.kept.back().authorityPem == third.authority.pem + next.authority.pem);
    phone.clock.advance(kDayMs);
  }
}

TEST_CASE("a signing key that is away renews later, a certificate that cannot be read never") {
  Renewing phone(250);
  phone.signer.gone = true;
  CHECK_FALSE(phone.request().has_certificate_renewal());
  phone.signer.gone = false;
  CHECK(phone.request().has_certificate_renewal());

  sync::Enrolment unreadable = phone.enrolment;
  unreadable.certificateChainPem = "no certificate";
  phone.renewal.emplace(unreadable, sync::CertificateRenewal::Parts{
                                        phone.platform, [] { return INT64_MAX; },
                                        [](const sync::Enrolment&) -> Status { return kDone; }});
  CHECK_FALSE(phone.request().has_certificate_renewal());
  CHECK_FALSE(phone.renewal->certificateEnded());
}

TEST_CASE("a certificate has ended when the time that the phone can know says so") {
  Renewing phone(299);
  CHECK_FALSE(phone.renewal->certificateEnded());
  phone.clock.advance(kDayMs);
  CHECK(phone.renewal->certificateEnded());
}

}  // namespace doorstep::test
