// SPDX-License-Identifier: Apache-2.0
// The app without its screens renews its own certificate against a real server.
#include <catch2/catch.hpp>

#include "app/phone_folder.h"
#include "shared/core/durable_file.h"
#include "shared/crypto/certificate_facts.h"
#include "tests/loopback/aged_certificate.h"
#include "tests/loopback/app_desk.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

app::PhoneFolder::Unlocked kept(AppDesk& desk) {
  app::PhoneFolder files(desk.folder(), desk.platform(), crypto::ScryptCost{1});
  const auto unlocked = files.unlock(kPin);
  REQUIRE(unlocked.ok());
  return *unlocked;
}

void keep(AppDesk& desk, const app::PhoneFolder::Unlocked& changed) {
  REQUIRE(writeDurably(desk.folder() + "/device",
                       crypto::seal(changed.dataKey, "doorstep/device/v1",
                                    sync::encodeEnrolment(changed.enrolment), desk.ids()))
              .ok());
}

}  // namespace

TEST_CASE("a phone renews its certificate by itself and goes on after the old one has ended") {
  AppServer server;
  AppDesk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  REQUIRE(desk.hearsTheOffice());
  desk.end();
  // Its old certificate ends in some seconds.
  auto phone = kept(desk);
  const std::string keyPem = phone.enrolment.tlsKeyPem;
  const std::string oldChain =
      certificateMadeAt(server, phone.enrolment.device, keyPem,
                        SystemClock().wallUnixMs() - 3'650 * kDayMs + 4'000, 3'650);
  phone.enrolment.certificateChainPem = oldChain;
  keep(desk, phone);
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  REQUIRE(desk.hearsTheOffice());
  desk.end();  // between the answer and the next connection

  const auto renewed = kept(desk).enrolment;
  CHECK(renewed.device == phone.enrolment.device);
  CHECK(renewed.tlsKeyPem != keyPem);
  CHECK(renewed.previousTlsKeyPem == keyPem);
  CHECK(renewed.previousCertificateChainPem == oldChain);
  CHECK(crypto::certificateFitsKey(renewed.certificateChainPem, renewed.tlsKeyPem));

  const EnrolledPhone old{SigningPhone(1, 1, 1), oldChain, keyPem};
  while (SyncClient(server, &old).exchange(doorstep::sync::v1::ExchangeRequest()).status.ok()) {
  }
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  const VisitId visit = desk.firstVisit();
  CHECK(desk.pushes(visit, recording::CheckIn{visit, {}}));
  CHECK(desk.screens().office.lastFailureReason.empty());
}

TEST_CASE("a phone in use takes its new certificate without a restart") {
  AppServer server;
  AppDesk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  REQUIRE(desk.hearsTheOffice());
  desk.end();
  auto phone = kept(desk);
  phone.enrolment.certificateChainPem =
      agedCertificate(server, phone.enrolment.device, phone.enrolment.tlsKeyPem);
  keep(desk, phone);
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  REQUIRE(desk.hearsTheOffice());
  const VisitId visit = desk.firstVisit();
  CHECK(desk.pushes(visit, recording::CheckIn{visit, {}}));
  CHECK(desk.pushes(visit, recording::CheckOut{visit, {}}));
  desk.end();
  CHECK_FALSE(kept(desk).enrolment.previousTlsKeyPem.empty());
}

TEST_CASE("a phone whose new certificate is not taken goes on with the one before it") {
  AppServer server;
  AppDesk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  REQUIRE(desk.hearsTheOffice());
  desk.end();
  auto phone = kept(desk);
  phone.enrolment.previousCertificateChainPem = phone.enrolment.certificateChainPem;
  phone.enrolment.previousTlsKeyPem = phone.enrolment.tlsKeyPem;
  // A server whose clock was years ahead made it.
  phone.enrolment.certificateChainPem =
      certificateMadeAt(server, phone.enrolment.device, phone.enrolment.tlsKeyPem,
                        SystemClock().wallUnixMs() + 900 * kDayMs, 3'650);
  keep(desk, phone);
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  const VisitId visit = desk.firstVisit();
  CHECK(desk.pushes(visit, recording::CheckIn{visit, {}}));
}

TEST_CASE("phones that called meanwhile follow the server to its next authority") {
  AppServer server;
  server.keepPorts();
  AppDesk desk;
  AppDesk away;  // hears nothing of it
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  const VisitId visit = desk.firstVisit();
  REQUIRE(away.enrol(server.enrolmentText()) == "ok");
  REQUIRE(away.hearsTheOffice());
  away.end();
  REQUIRE(server.stop() == 0);
  REQUIRE(server.run({"certificate", "--new-authority"}) == 0);
  server.start();
  const auto authority = config::ServerDirectory::open(server.path())->keys().authorities.back();
  while (kept(desk).enrolment.authorityPem.find(authority.certificate.pem) == std::string::npos)
    desk.app().syncNow();
  REQUIRE(server.stop() == 0);
  REQUIRE(server.run({"certificate", "--renew", "--authority", "2"}) == 0);
  server.start();
  CHECK(desk.pushes(visit, recording::CheckIn{visit, {}}));

  away.begin();
  REQUIRE(away.unlock() == "ok");
  CHECK(away.reaches(
      [](const app::Screens& screens) { return !screens.office.lastFailureReason.empty(); }));
  CHECK(away.enrol(server.enrolmentText()) == "ok");
  CHECK(away.hearsTheOffice());
  CHECK(server.run({"certificate", "--new-authority"}) == 0);
}

// The certificate of the phone on this desk is over, and nobody answers it any more.
app::PhoneFolder::Unlocked withEndedCertificate(TestServer& server, AppDesk& desk) {
  auto phone = kept(desk);
  phone.enrolment.certificateChainPem =
      certificateMadeAt(server, phone.enrolment.device, phone.enrolment.tlsKeyPem,
                        SystemClock().wallUnixMs() - 3'651 * kDayMs, 3'650);
  keep(desk, phone);
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  CHECK(desk.reaches([](const app::Screens& screens) {
    return screens.round.needsCode == projections::NeedsCode::CertificateEnded;
  }));
  return phone;
}

TEST_CASE("a phone whose certificate has ended says so, records on, and a code brings it back") {
  AppServer server;
  AppDesk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  const VisitId visit = desk.firstVisit();
  desk.end();
  const auto before = withEndedCertificate(server, desk);
  desk.app().showVisit(visit);
  CHECK(desk.record(recording::CheckIn{visit, {}}) == "ok");
  CHECK(desk.enrol("doorstep-enrol:1:AAAA") == "ENROLMENT_TEXT_INVALID");
  const std::string text = server.enrolmentText();
  REQUIRE(desk.enrol(text) == "ok");
  CHECK(desk.pushes(visit, recording::CheckOut{visit, {}}));
  CHECK(desk.screens().round.needsCode == projections::NeedsCode::No);
  CHECK(desk.enrol(text) == "CODE_USED");
  CHECK(desk.reaches(
      [](const app::Screens& screens) { return screens.access == app::Access::Unlocked; }));
  desk.end();
  CHECK(kept(desk).enrolment.device == before.enrolment.device);
}

TEST_CASE("a revoked phone becomes another device with a code, and sends what it still had") {
  AppServer server;
  AppDesk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  const VisitId visit = desk.firstVisit();
  desk.end();
  const auto before = kept(desk);
  REQUIRE(server.openDatabase()
              ->write([&](sql::Database& writer) -> Status {
                DOORSTEP_ASSIGN(auto row, writer.prepare("UPDATE device SET revoked_unix_ms = 1 "
                                                         "WHERE device_id = ?"));
                return row.bindId(0, before.enrolment.device.value).run();
              })
              .ok());
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  CHECK(desk.reaches([](const app::Screens& screens) {
    return screens.round.needsCode == projections::NeedsCode::Refused;
  }));
  desk.app().showVisit(visit);
  CHECK(desk.record(recording::CheckIn{visit, {}}) == "ok");
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  CHECK(desk.pushes(visit, recording::CheckOut{visit, {}}));
  CHECK(desk.screens().visit->checkedInUnixMs);
  desk.end();
  CHECK(kept(desk).enrolment.device != before.enrolment.device);
}

}  // namespace doorstep::support
