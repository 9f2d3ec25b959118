// SPDX-License-Identifier: Apache-2.0
#include "app/phone_folder.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "shared/core/bytes.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {
namespace {

struct EnrollingDesk {
  app::PhoneFolder files() { return {folder.file("phone"), device, crypto::ScryptCost{1}}; }
  std::string text() const {
    return wire::writeEnrolmentText({"example.org", 7443, "CODE", "authority"});
  }
  app::PhoneFolder::EnrolCall answer() {
    return [this](const wire::EnrolmentOffer& offer,
                  const sync::TlsApplicant& applicant) -> Result<sync::Enrolment> {
      applicants.push_back(applicant);
      if (answerLost)
        return Error{ErrorCode::Unavailable, "UNREACHABLE", ""};
      sync::Enrolment enrolment;
      enrolment.host = offer.host;
      enrolment.port = offer.port;
      enrolment.device = DeviceId(nextDevice++);
      enrolment.carerName = "Ana";
      enrolment.tlsKeyPem = applicant.keyPem;
      enrolment.logVerifierKey = server.logVerifierKey();
      return enrolment;
    };
  }

  ScriptedServer server;
  support::TemporaryFolder folder;
  platform::FakeClock clock{kMorningUnixMs};
  platform::SeededIdSource ids{1};
  platform::FakeSecretStore secrets;
  platform::MemorySigner signer;
  platform::FakeFixSource fixes;
  platform::Platform device{clock, ids, secrets, signer, fixes};
  std::vector<sync::TlsApplicant> applicants;
  bool answerLost = false;
  std::uint64_t nextDevice = 7;
};

}  // namespace

TEST_CASE("a phone is enrolled once and opened with its PIN from then on") {
  EnrollingDesk desk;
  CHECK(desk.files().access() == app::Access::NotEnrolled);
  REQUIRE(desk.files().enrol(desk.text(), "4711", desk.answer()).ok());
  CHECK(desk.files().access() == app::Access::Locked);
  CHECK(desk.files().unlock("4712").error().reason == "PIN_WRONG");
  const auto unlocked = desk.files().unlock("4711");
  REQUIRE(unlocked.ok());
  CHECK(unlocked->enrolment.device == DeviceId(7));
  CHECK(unlocked->enrolment.port == 7443);
  CHECK(unlocked->enrolment.tlsKeyPem == desk.applicants.at(0).keyPem);
  CHECK(desk.files().enrol(desk.text(), "4711", desk.answer()).error().reason ==
        "ALREADY_ENROLLED");
}

TEST_CASE("an enrolment whose answer was lost is repeated with the same request") {
  EnrollingDesk desk;
  desk.answerLost = true;
  CHECK_FALSE(desk.files().enrol(desk.text(), "4711", desk.answer()).ok());
  CHECK(desk.files().access() == app::Access::NotEnrolled);
  desk.answerLost = false;
  REQUIRE(desk.files().enrol(desk.text(), "4711", desk.answer()).ok());
  REQUIRE(desk.applicants.size() == 2);
  CHECK(desk.applicants[0].keyPem == desk.applicants[1].keyPem);
  CHECK(desk.applicants[0].requestDer == desk.applicants[1].requestDer);
  CHECK_FALSE(std::filesystem::exists(desk.folder.file("phone/enrolment-request")));
}

TEST_CASE("a text that is no enrolment spends no code") {
  EnrollingDesk desk;
  CHECK(desk.files().enrol("doorstep-enrol:1:AAAA", "4711", desk.answer()).error().reason ==
        "ENROLMENT_TEXT_INVALID");
  CHECK(desk.files().enrol(desk.text(), "47", desk.answer()).error().reason == "PIN_TOO_SHORT");
  CHECK(desk.applicants.empty());
}

TEST_CASE("an enrolment text is read as it was written") {
  const wire::EnrolmentOffer offer{"2001:db8::1", 65'535, "A1-B2",
                                   std::string("\x00\xFF\xFE+/", 5)};
  const auto read = wire::parseEnrolmentText("  " + wire::writeEnrolmentText(offer) + "\n");
  REQUIRE(read.ok());
  CHECK(*read == offer);
  const std::string text = wire::writeEnrolmentText(offer);
  for (std::size_t length = 0; length < text.size(); ++length)
    CHECK_FALSE(wire::parseEnrolmentText(text.substr(0, length)).ok());
}

TEST_CASE("a phone whose journal is damaged keeps it and becomes a new device") {
  EnrollingDesk desk;
  REQUIRE(desk.files().enrol(desk.text(), "4711", desk.answer()).ok());
  auto unlocked = desk.files().unlock("4711");
  REQUIRE(unlocked.ok());
  {
    auto phone = desk.files().openPhone(*unlocked, {});
    REQUIRE(phone.ok());
    REQUIRE((*phone)->record(recording::CheckIn{VisitId(101), {}}).ok());
  }
  std::ofstream(desk.folder.file("phone/journal.db"), std::ios::binary) << std::string(8192, 'x');
  CHECK(desk.files().openPhone(*unlocked, {}).error().reason == "JOURNAL_DAMAGED");
  CHECK(desk.files().access() == app::Access::JournalDamaged);
  const auto again = desk.files().enrol(desk.text(), "4711", desk.answer());
  REQUIRE(again.ok());
  CHECK(again->enrolment.device == DeviceId(8));
  const auto phone = desk.files().openPhone(*again, {});
  REQUIRE(phone.ok());
  CHECK((*phone)->journal().lastEvent() == 0);
}

}  // namespace doorstep::test
