// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/phone_folder.h"
#include "app/platform/fakes.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/app/certificate_office.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {

// A phone's folder, with a server that enrols: each enrolment creates the next device.
class FolderDesk {
 public:
  explicit FolderDesk(std::uint64_t firstDevice = 7) : nextDevice(firstDevice), ids_(firstDevice) {}

  app::PhoneFolder files() { return {folder_.file("phone"), device(), crypto::ScryptCost{1}}; }
  std::string path(const std::string& name) const { return folder_.file("phone") + "/" + name; }

  // Copies the folder as a killed process leaves it, and restores it.
  void saveFolder() { copyFolder(folder_.file("phone"), folder_.file("saved")); }
  void restoreFolder() { copyFolder(folder_.file("saved"), folder_.file("phone")); }

  void enrol(const std::string& pin) { DOORSTEP_CHECK(tryEnrol(pin).ok()); }
  Status tryEnrol(const std::string& pin) {
    const auto enrolled = files().enrol(text(), pin, answer());
    if (!enrolled.ok())
      return enrolled.error();
    return kDone;
  }
  static std::string text() {
    return wire::writeEnrolmentText({"example.org", 7443, "CODE", "authority"});
  }
  // Answers the same request again, like the server.
  app::PhoneFolder::EnrolCall answer() {
    return [this](const auto&, const sync::TlsApplicant& applicant) {
      if (applicant.requestDer != request_)
        ++nextDevice;
      request_ = applicant.requestDer;
      sync::Enrolment enrolment;
      enrolment.host = "example.org";
      enrolment.port = 7443;
      enrolment.device = DeviceId(nextDevice - 1);
      enrolment.provider = ProviderId(5);
      enrolment.carer = carer;
      enrolment.carerName = "Ana";
      enrolment.tlsKeyPem = applicant.keyPem;
      enrolment.authorityPem = office.authority.pem;
      enrolment.certificateChainPem = chain(applicant.requestDer, enrolment.device);
      enrolment.logVerifierKey = server.logVerifierKey();
      return Result<sync::Enrolment>(enrolment);
    };
  }
  Result<std::unique_ptr<app::Phone>> open(const std::string& pin) {
    app::PhoneFolder opened = files();
    DOORSTEP_ASSIGN(const auto unlocked, opened.unlock(pin));
    return opened.openPhone(unlocked, {true});
  }
  void useSigner(platform::DeviceSigner& other) { signer_ = &other; }

  void start(app::Phone& phone) { take(phone.engine().start()); }
  void visit(app::Phone& phone, std::uint64_t id) {
    const recording::Intent intents[] = {
        recording::CheckIn{VisitId(id), {}},
        recording::RecordTask{VisitId(id), {1, visits::TaskOutcome::Done}},
        recording::CheckOut{VisitId(id), {}}};
    for (const recording::Intent& intent : intents) {
      DOORSTEP_CHECK(phone.record(intent).ok());
      take(phone.afterRecording(intent));
      clock.advance(1'000);
    }
  }
  void take(sync::Actions actions) {
    for (sync::Action& action : actions) {
      if (auto* send = std::get_if<sync::SendExchange>(&action))
        sent.push_back(std::move(*send));
    }
  }
  void talk(app::Phone& phone) {
    for (int round = 0; !sent.empty() && round < 100; ++round) {
      const sync::SendExchange send = std::move(sent.front());
      sent.erase(sent.begin());
      auto response = server.exchange(phone.journal().device(), send.request);
      if (send.request.has_certificate_renewal())
        response.mutable_renewed_certificate()->set_certificate_chain_pem(
            chain(send.request.certificate_renewal().tls_certificate_request(),
                  phone.journal().device()));
      else if (wantsRenewal)
        response.mutable_renewed_certificate()->set_wanted(true);
      take(phone.engine().exchangeAnswered(send.exchange, response));
    }
  }

  ScriptedServer server;
  CertificateOffice office;
  bool wantsRenewal = false;  // the server requests it, as before a change of authority
  CarerId carer{70};
  std::uint64_t nextDevice;
  platform::FakeClock clock{kMorningUnixMs, 1, 3'600'000};
  platform::MemorySigner signer;
  std::vector<sync::SendExchange> sent;

 private:
  std::string chain(std::string_view request, DeviceId device) const {
    return office.chain(request, "device " + std::to_string(device.value), kMorningUnixMs, 3'650);
  }
  static void copyFolder(const std::string& from, const std::string& to) {
    std::filesystem::remove_all(to);
    if (std::filesystem::exists(from))
      std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  }
  platform::Platform& device() {
    platform_ = std::make_unique<platform::Platform>(
        platform::Platform{clock, ids_, secrets_, *signer_, fixes_});
    platforms_.push_back(std::move(platform_));
    return *platforms_.back();
  }

  support::TemporaryFolder folder_;
  platform::SeededIdSource ids_;
  platform::FakeSecretStore secrets_;
  platform::FakeFixSource fixes_;
  platform::DeviceSigner* signer_ = &signer;
  std::string request_;  // the last one
  std::unique_ptr<platform::Platform> platform_;
  std::vector<std::unique_ptr<platform::Platform>> platforms_;  // opened phones hold them
};

}  // namespace doorstep::test
