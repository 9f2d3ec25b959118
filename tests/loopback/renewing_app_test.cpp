// SPDX-License-Identifier: Apache-2.0
// The app without its screens renews its own certificate against a real server.
#include <catch2/catch.hpp>
#include <chrono>
#include <future>

#include "app/app_context.h"
#include "app/phone_folder.h"
#include "app/platform/durable_file.h"
#include "app/platform/fakes.h"
#include "shared/core/mutex.h"
#include "shared/crypto/certificate_facts.h"
#include "tests/loopback/aged_certificate.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

// Ends a test that would wait for ever; no test depends on how long anything takes.
constexpr std::chrono::seconds kGiveUp{60};
constexpr const char* kPin = "4711";

struct RunningServer : TestServer {
  RunningServer() : TestServer({.carers = 1, .visits = 4}) { start(); }
  std::string enrolmentText() {
    std::string output;
    REQUIRE(run({"enrol", "--all"}, &output) == 0);
    const auto begin = output.find("doorstep-enrol:1:");
    REQUIRE(begin != std::string::npos);
    return output.substr(begin, output.find_first_of(" \"\n", begin) - begin);
  }
};

// A phone's folder and device, and the app that comes and goes in it.
class Desk {
 public:
  Desk() { begin(); }
  void begin() {
    app::AppContext::Options options;
    options.folder = folder_.file("phone");
    options.scryptCost = {1};
    options.onChanged = [this] {
      const MutexLock lock(mutex_);
      changed_.notifyAll();
    };
    app_.emplace(options, platform_);
  }
  // As a kill does: nothing is written on the way out.
  void end() { app_.reset(); }

  std::string enrol(const std::string& text) {
    std::promise<Status> done;
    app_->enrol(text, kPin, [&](Status status) { done.set_value(std::move(status)); });
    return said(done.get_future().get());
  }
  std::string unlock() {
    std::promise<Status> done;
    app_->unlock(kPin, [&](Status status) { done.set_value(std::move(status)); });
    return said(done.get_future().get());
  }
  void record(recording::Intent intent) {
    std::promise<bool> done;
    app_->record(std::move(intent),
                 [&](const Result<std::uint64_t>& number) { done.set_value(number.ok()); });
    REQUIRE(done.get_future().get());
  }
  template <typename Test>
  bool reaches(Test test) {
    const auto giveUp = Condition::deadlineIn(kGiveUp);
    const MutexLock lock(mutex_);
    while (!test(*app_->screens())) {
      if (!changed_.waitUntil(mutex_, giveUp))
        return test(*app_->screens());
    }
    return true;
  }
  bool hearsTheOffice() {
    return reaches([](const app::Screens& screens) {
      return screens.office.lastContactUnixMs && screens.office.lastFailureReason.empty() &&
             !screens.office.exchanging;
    });
  }

  app::PhoneFolder::Unlocked kept() {
    app::PhoneFolder files(folder_.file("phone"), platform_, crypto::ScryptCost{1});
    const auto unlocked = files.unlock(kPin);
    REQUIRE(unlocked.ok());
    return *unlocked;
  }
  void keep(const app::PhoneFolder::Unlocked& changed) {
    REQUIRE(platform::writeDurably(folder_.file("phone") + "/device",
                                   crypto::seal(changed.dataKey, "doorstep/device/v1",
                                                sync::encodeEnrolment(changed.enrolment), ids_))
                .ok());
  }
  app::AppContext& app() { return *app_; }

 private:
  static std::string said(const Status& status) {
    return status.ok() ? "ok" : status.error().reason;
  }

  TemporaryFolder folder_;
  SystemClock clock_;
  SystemIdSource ids_;
  platform::FakeSecretStore secrets_;
  platform::MemorySigner signer_;
  platform::FakeFixSource fixes_;
  platform::Platform platform_{clock_, ids_, secrets_, signer_, fixes_};
  Mutex mutex_;  // no change comes between a look at the screens and the wait for the next
  Condition changed_;
  std::optional<app::AppContext> app_;
};

VisitId firstVisit(Desk& desk) {
  REQUIRE(desk.reaches([](const app::Screens& screens) { return !screens.round.visits.empty(); }));
  return desk.app().screens()->round.visits.front().visit;
}

bool pushes(Desk& desk, VisitId visit, recording::Intent intent) {
  desk.app().showVisit(visit);
  desk.record(std::move(intent));
  return desk.reaches([](const app::Screens& screens) {
    return screens.visit && screens.visit->row.office == projections::OfficeState::AtTheOffice;
  });
}

}  // namespace

TEST_CASE("a phone renews its certificate by itself and goes on after the old one has ended") {
  RunningServer server;
  Desk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  REQUIRE(desk.hearsTheOffice());
  desk.end();
  // Its old certificate ends in some seconds.
  auto phone = desk.kept();
  const std::string keyPem = phone.enrolment.tlsKeyPem;
  const std::string oldChain =
      certificateMadeAt(server, phone.enrolment.device, keyPem,
                        SystemClock().wallUnixMs() - 3'650 * kDayMs + 4'000, 3'650);
  phone.enrolment.certificateChainPem = oldChain;
  desk.keep(phone);
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  REQUIRE(desk.hearsTheOffice());
  desk.end();  // between the answer and the next connection

  const auto renewed = desk.kept().enrolment;
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
  const VisitId visit = firstVisit(desk);
  CHECK(pushes(desk, visit, recording::CheckIn{visit, {}}));
  CHECK(desk.app().screens()->office.lastFailureReason.empty());
}

TEST_CASE("a phone in use takes its new certificate without a restart") {
  RunningServer server;
  Desk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  REQUIRE(desk.hearsTheOffice());
  desk.end();
  auto phone = desk.kept();
  phone.enrolment.certificateChainPem =
      agedCertificate(server, phone.enrolment.device, phone.enrolment.tlsKeyPem);
  desk.keep(phone);
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  REQUIRE(desk.hearsTheOffice());
  const VisitId visit = firstVisit(desk);
  CHECK(pushes(desk, visit, recording::CheckIn{visit, {}}));
  CHECK(pushes(desk, visit, recording::CheckOut{visit, {}}));
  desk.end();
  CHECK_FALSE(desk.kept().enrolment.previousTlsKeyPem.empty());
}

TEST_CASE("a phone whose new certificate is not taken goes on with the one before it") {
  RunningServer server;
  Desk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  REQUIRE(desk.hearsTheOffice());
  desk.end();
  auto phone = desk.kept();
  phone.enrolment.previousCertificateChainPem = phone.enrolment.certificateChainPem;
  phone.enrolment.previousTlsKeyPem = phone.enrolment.tlsKeyPem;
  // A server whose clock was years ahead made it.
  phone.enrolment.certificateChainPem =
      certificateMadeAt(server, phone.enrolment.device, phone.enrolment.tlsKeyPem,
                        SystemClock().wallUnixMs() + 900 * kDayMs, 3'650);
  desk.keep(phone);
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  const VisitId visit = firstVisit(desk);
  CHECK(pushes(desk, visit, recording::CheckIn{visit, {}}));
}

TEST_CASE("phones that called meanwhile follow the server to its next authority") {
  RunningServer server;
  server.keepPorts();
  Desk desk;
  Desk away;  // hears nothing of it
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  const VisitId visit = firstVisit(desk);
  REQUIRE(away.enrol(server.enrolmentText()) == "ok");
  REQUIRE(away.hearsTheOffice());
  away.end();
  REQUIRE(server.stop() == 0);
  REQUIRE(server.run({"certificate", "--new-authority"}) == 0);
  server.start();
  const auto authority = config::ServerDirectory::open(server.path())->keys().authorities.back();
  while (desk.kept().enrolment.authorityPem.find(authority.certificate.pem) == std::string::npos)
    desk.app().syncNow();
  REQUIRE(server.stop() == 0);
  REQUIRE(server.run({"certificate", "--renew", "--authority", "2"}) == 0);
  server.start();
  CHECK(pushes(desk, visit, recording::CheckIn{visit, {}}));

  away.begin();
  REQUIRE(away.unlock() == "ok");
  CHECK(away.reaches(
      [](const app::Screens& screens) { return !screens.office.lastFailureReason.empty(); }));
  CHECK(away.enrol(server.enrolmentText()) == "ok");
  CHECK(away.hearsTheOffice());
  CHECK(server.run({"certificate", "--new-authority"}) == 0);
}

// The certificate of the phone on this desk is over, and nobody answers it any more.
app::PhoneFolder::Unlocked withEndedCertificate(TestServer& server, Desk& desk) {
  auto phone = desk.kept();
  phone.enrolment.certificateChainPem =
      certificateMadeAt(server, phone.enrolment.device, phone.enrolment.tlsKeyPem,
                        SystemClock().wallUnixMs() - 3'651 * kDayMs, 3'650);
  desk.keep(phone);
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  CHECK(desk.reaches([](const app::Screens& screens) {
    return screens.round.needsCode == projections::NeedsCode::CertificateEnded;
  }));
  return phone;
}

TEST_CASE("a phone whose certificate has ended says so, records on, and a code brings it back") {
  RunningServer server;
  Desk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  const VisitId visit = firstVisit(desk);
  desk.end();
  const auto before = withEndedCertificate(server, desk);
  desk.app().showVisit(visit);
  desk.record(recording::CheckIn{visit, {}});
  CHECK(desk.enrol("doorstep-enrol:1:AAAA") == "ENROLMENT_TEXT_INVALID");
  const std::string text = server.enrolmentText();
  REQUIRE(desk.enrol(text) == "ok");
  CHECK(pushes(desk, visit, recording::CheckOut{visit, {}}));
  CHECK(desk.app().screens()->round.needsCode == projections::NeedsCode::No);
  CHECK(desk.enrol(text) == "CODE_USED");
  CHECK(desk.reaches(
      [](const app::Screens& screens) { return screens.access == app::Access::Unlocked; }));
  desk.end();
  CHECK(desk.kept().enrolment.device == before.enrolment.device);
}

TEST_CASE("a revoked phone becomes another device with a code, and sends what it still had") {
  RunningServer server;
  Desk desk;
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  const VisitId visit = firstVisit(desk);
  desk.end();
  const auto before = desk.kept();
  REQUIRE(server.openDatabase()
              ->write([&](sql::Database& writer) {
                return identity::revokeDevice(writer, before.enrolment.provider,
                                              before.enrolment.device, 1);
              })
              .ok());
  desk.begin();
  REQUIRE(desk.unlock() == "ok");
  CHECK(desk.reaches([](const app::Screens& screens) {
    return screens.round.needsCode == projections::NeedsCode::Refused;
  }));
  desk.app().showVisit(visit);
  desk.record(recording::CheckIn{visit, {}});
  REQUIRE(desk.enrol(server.enrolmentText()) == "ok");
  CHECK(pushes(desk, visit, recording::CheckOut{visit, {}}));
  CHECK(desk.app().screens()->visit->checkedInUnixMs);
  desk.end();
  CHECK(desk.kept().enrolment.device != before.enrolment.device);
}

}  // namespace doorstep::support
