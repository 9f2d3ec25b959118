// SPDX-License-Identifier: Apache-2.0
// What the server gives to a device that asks for another certificate, and what it refuses.
#include <catch2/catch.hpp>

#include "shared/crypto/certificate_facts.h"
#include "shared/wire/enrolment_text.h"
#include "sync-server/identity/limits.h"
#include "tests/loopback/aged_certificate.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

namespace v1 = doorstep::sync::v1;

// A server with two phones, whose certificates are as old as said.
struct Office {
  Office() : server({.carers = 2, .visits = 24}) {
    phones.push_back(server.enrol(0));
    phones.push_back(server.enrol(1));
    server.start();
  }
  EnrolledPhone& aged(std::size_t index) {
    EnrolledPhone& phone = phones.at(index);
    phone.certificateChainPem = agedCertificate(server, phone.signer.device(), phone.tlsKeyPem);
    return phone;
  }

  TestServer server;
  std::vector<EnrolledPhone> phones;
};

v1::ExchangeRequest renewalRequest(const EnrolledPhone& phone, const crypto::P256PrivateKey& tls) {
  v1::ExchangeRequest request;
  auto& renewal = *request.mutable_certificate_renewal();
  renewal.set_tls_certificate_request(crypto::makeCertificateRequest(tls));
  renewal.set_signing_key_proof(phone.signer.key().sign(
      wire::renewalProofMessage(phone.signer.device(), renewal.tls_certificate_request())));
  return request;
}

EnrolledPhone renewed(const EnrolledPhone& phone, const crypto::P256PrivateKey& tls,
                      const SyncClient::Answer& answer) {
  EnrolledPhone next = phone;
  next.tlsKeyPem = tls.pem();
  next.certificateChainPem = answer.response.renewed_certificate().certificate_chain_pem();
  return next;
}

bool isLetIn(const TestServer& server, const EnrolledPhone& phone) {
  return SyncClient(server, &phone).exchange(v1::ExchangeRequest()).status.ok();
}

}  // namespace

TEST_CASE("a device at two thirds of its certificate's life gets another, as often as it asks") {
  Office office;
  const EnrolledPhone& phone = office.aged(0);
  const auto tls = crypto::P256PrivateKey::generate();
  const auto request = renewalRequest(phone, tls);
  SyncClient client(office.server, &phone);
  for (int time = 0; time < 2; ++time) {
    const auto answer = client.exchange(request);
    REQUIRE(answer.status.ok());
    CHECK(answer.response.renewed_certificate().refusal() == v1::RENEWAL_REFUSAL_UNSPECIFIED);
    const EnrolledPhone next = renewed(phone, tls, answer);
    const auto facts = crypto::certificateFacts(next.certificateChainPem);
    REQUIRE(facts.ok());
    CHECK(facts->endsUnixMs > SystemClock().wallUnixMs() + 3'640 * kDayMs);
    CHECK(isLetIn(office.server, next));
    CHECK(isLetIn(office.server, phone));  // the old one is good until its end
  }
}

TEST_CASE(
    "a certificate that is not due is not renewed, and who does not ask hears nothing of it") {
  Office office;
  const EnrolledPhone& phone = office.phones[0];
  SyncClient client(office.server, &phone);
  const auto answer = client.exchange(renewalRequest(phone, crypto::P256PrivateKey::generate()));
  REQUIRE(answer.status.ok());
  CHECK(answer.response.renewed_certificate().refusal() == v1::RENEWAL_REFUSAL_NOT_DUE);
  CHECK(answer.response.renewed_certificate().certificate_chain_pem().empty());
  CHECK_FALSE(client.exchange(v1::ExchangeRequest()).response.has_renewed_certificate());
  SyncClient old(office.server, &office.aged(1));
  CHECK_FALSE(old.exchange(v1::ExchangeRequest()).response.has_renewed_certificate());
}

TEST_CASE("only the device's own signing key renews it, and what is refused holds up no entry") {
  Office office;
  EnrolledPhone& phone = office.aged(0);
  const EnrolledPhone& other = office.aged(1);
  const auto tls = crypto::P256PrivateKey::generate();
  SyncClient client(office.server, &phone);
  const auto refusalOf = [&](const v1::CertificateRenewal& renewal) {
    v1::ExchangeRequest request;
    *request.mutable_certificate_renewal() = renewal;
    const auto entry = phone.signer.record(office.server.visit(0));
    request.add_entries(entry.bytes);
    const auto answer = client.exchange(request);
    REQUIRE(answer.status.ok());
    CHECK(answer.response.verdicts(0).verdict() == v1::VERDICT_ACCEPTED);
    CHECK(answer.response.renewed_certificate().certificate_chain_pem().empty());
    return answer.response.renewed_certificate().refusal();
  };
  const auto signedBy = [&](const crypto::P256PrivateKey& key, DeviceId device,
                            const std::string& asked) {
    v1::CertificateRenewal renewal;
    renewal.set_tls_certificate_request(asked);
    renewal.set_signing_key_proof(key.sign(wire::renewalProofMessage(device, asked)));
    return renewal;
  };
  const std::string asked = crypto::makeCertificateRequest(tls);
  const DeviceId device = phone.signer.device();
  const auto& mine = phone.signer.key();
  CHECK(refusalOf(signedBy(other.signer.key(), device, asked)) ==
        v1::RENEWAL_REFUSAL_PROOF_INVALID);
  CHECK(refusalOf(signedBy(tls, device, asked)) == v1::RENEWAL_REFUSAL_PROOF_INVALID);
  CHECK(refusalOf(signedBy(mine, other.signer.device(), asked)) ==
        v1::RENEWAL_REFUSAL_PROOF_INVALID);
  v1::CertificateRenewal moved = signedBy(mine, device, asked);
  moved.set_tls_certificate_request(
      crypto::makeCertificateRequest(crypto::P256PrivateKey::generate()));
  CHECK(refusalOf(moved) == v1::RENEWAL_REFUSAL_PROOF_INVALID);
  for (const std::string& none :
       {std::string(), std::string("no request"), asked + "x", asked.substr(0, asked.size() - 1),
        std::string(identity::kCertificateRequestBytesMax, '\x30'),
        std::string(identity::kCertificateRequestBytesMax + 1, '\x30'), std::string(900'000, 'r')})
    CHECK(refusalOf(signedBy(mine, device, none)) == v1::RENEWAL_REFUSAL_REQUEST_INVALID);
  v1::CertificateRenewal longProof = signedBy(mine, device, asked);
  longProof.set_signing_key_proof(std::string(900'000, 'p'));
  CHECK(refusalOf(longProof) == v1::RENEWAL_REFUSAL_PROOF_INVALID);
  CHECK(refusalOf({}) == v1::RENEWAL_REFUSAL_REQUEST_INVALID);
  CHECK(client.exchange(renewalRequest(phone, tls)).response.has_renewed_certificate());
  CHECK(office.server.log().find("RENEWAL_PROOF_INVALID device " + std::to_string(device.value)) !=
        std::string::npos);
}

TEST_CASE("a revoked device renews nothing, and none of its certificates is let in") {
  Office office;
  const EnrolledPhone& phone = office.aged(0);
  const auto tls = crypto::P256PrivateKey::generate();
  SyncClient client(office.server, &phone);
  const auto answer = client.exchange(renewalRequest(phone, tls));
  const EnrolledPhone next = renewed(phone, tls, answer);
  REQUIRE(isLetIn(office.server, next));
  office.server.revoke(phone);
  // What another process wrote is noticed within a second.
  SyncClient nextClient(office.server, &next);
  while (nextClient.exchange(v1::ExchangeRequest()).status.ok()) {
  }
  const auto refused = client.exchange(renewalRequest(phone, tls));
  CHECK(refused.reason == "DEVICE_REVOKED");
  CHECK_FALSE(refused.response.has_renewed_certificate());
  CHECK(nextClient.exchange(renewalRequest(phone, tls)).reason == "DEVICE_REVOKED");
}

TEST_CASE("a certificate of a server that was put back to an older copy is let in") {
  Office office;
  EnrolledPhone phone = office.aged(0);
  office.server.stop();
  const std::string backup = office.server.path() + "/backup.db";
  std::filesystem::copy_file(office.server.directory().databasePath(), backup);
  office.server.start();
  const auto tls = crypto::P256PrivateKey::generate();
  const auto answer = SyncClient(office.server, &phone).exchange(renewalRequest(phone, tls));
  const EnrolledPhone next = renewed(phone, tls, answer);
  office.server.stop();
  for (const char* file : {"-wal", "-shm", ""})
    std::filesystem::remove(office.server.directory().databasePath() + file);
  std::filesystem::rename(backup, office.server.directory().databasePath());
  office.server.start();
  CHECK(isLetIn(office.server, next));
}

TEST_CASE("a second authority is announced to who shows a certificate of the first, to no other") {
  Office office;
  const EnrolledPhone& phone = office.phones[0];
  office.server.stop();
  REQUIRE(office.server.run({"certificate", "--new-authority"}) == 0);
  CHECK(office.server.run({"certificate", "--new-authority"}) == 1);  // one after the other
  CHECK(office.server.run({"certificate", "--renew", "--authority", "3"}) == 1);
  CHECK(office.server.run({"certificate", "--renew"}) == 0);  // under the first
  office.server.start();
  SyncClient client(office.server, &phone);
  CHECK(client.exchange(v1::ExchangeRequest()).response.renewed_certificate().wanted());
  const auto tls = crypto::P256PrivateKey::generate();
  const auto answer = client.exchange(renewalRequest(phone, tls));
  const auto& given = answer.response.renewed_certificate();
  CHECK_FALSE(given.wanted());
  const std::string authority = crypto::pemFromCertificateDer(given.authority_der());
  CHECK(crypto::certificateIssuedBy(given.certificate_chain_pem(), authority));
  CHECK(authority != office.server.directory().keys().authority.pem);
  const EnrolledPhone next = renewed(phone, tls, answer);
  SyncClient nextClient(office.server, &next);
  const auto calm = nextClient.exchange(v1::ExchangeRequest());
  REQUIRE(calm.status.ok());
  CHECK_FALSE(calm.response.has_renewed_certificate());
  CHECK(nextClient.exchange(renewalRequest(phone, tls)).response.renewed_certificate().refusal() ==
        v1::RENEWAL_REFUSAL_NOT_DUE);
  CHECK(isLetIn(office.server, phone));
}

TEST_CASE("a certificate that has ended or has not begun lets nobody in") {
  Office office;
  EnrolledPhone phone = office.phones[0];
  const std::int64_t now = SystemClock().wallUnixMs();
  phone.certificateChainPem = certificateMadeAt(office.server, phone.signer.device(),
                                                phone.tlsKeyPem, now - 3'651 * kDayMs, 3'650);
  CHECK_FALSE(isLetIn(office.server, phone));
  phone.certificateChainPem = certificateMadeAt(office.server, phone.signer.device(),
                                                phone.tlsKeyPem, now + 3 * kDayMs, 3'650);
  CHECK_FALSE(isLetIn(office.server, phone));
  CHECK(isLetIn(office.server, office.phones[1]));
}

}  // namespace doorstep::support
