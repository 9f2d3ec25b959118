// SPDX-License-Identifier: Apache-2.0
// Releases that are not there yet, over real sockets: a phone of the future against this server,
// and a server of the future against this phone.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/platform/fakes.h"
#include "app/sync/grpc/enrolment_client.h"
#include "shared/wire/enrolment_text.h"
#include "shared/wire/formats.h"
#include "sync-server/event_log/contacts.h"
#include "sync-server/roster/plan_writer.h"
#include "tests/support/later_server.h"
#include "tests/support/phone/headless_phone.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

namespace pb = doorstep::sync::v1;

constexpr int kTimeoutMs = 30'000;
// Field 40 of a Fact and field 900 of an Amended, as bytes.
const std::string kLaterFact("\xC2\x02\x03\x0A\x01x", 6);
const std::string kLaterReplacement("\xA2\x38\x03new", 6);

// --- a phone of the future ---

visits::Event event(std::uint64_t number, VisitId visit, visits::Fact fact) {
  return {.number = number,
          .visit = visit,
          .bootMs = 1'000 + 100 * number,
          .wallUnixMs = 1'790'000'000'000 + static_cast<std::int64_t>(100 * number),
          .fact = std::move(fact)};
}

pb::ExchangeRequest laterRequest() {
  pb::ExchangeRequest request;
  addLaterField(request);
  pb::ClockReading clock;
  clock.set_boot(1);
  clock.set_sent_boot_ms(60'000);
  addLaterField(clock);
  request.set_clock(clock.SerializeAsString());
  pb::Formats formats;
  formats.set_app_version("9.1");
  for (const std::uint32_t kind : {1U, 2U, 3U, 9U})
    formats.add_plan_kinds(kind);
  for (const std::uint32_t kind : {1U, 2U, 40U})
    formats.add_fact_kinds(kind);
  addLaterField(formats);
  request.set_formats(formats.SerializeAsString());
  return request;
}

TEST_CASE("a phone of a later release is answered, and what it records is kept and proved") {
  TestServer server({.carers = 1, .visits = 4});
  auto phone = server.enrol(0);
  server.start();
  SyncClient client(server, &phone);
  const VisitId visit = server.visit(0);

  visits::Entry known = phone.signer.next(visit);
  known.events.push_back(event(2, visit, visits::UnknownFact{kLaterFact}));
  known.events.push_back(event(3, visit,
                               visits::Amended{1, visits::AmendReason::WrongTap,
                                               visits::UnknownReplacement{kLaterReplacement}}));
  auto request = laterRequest();
  request.add_entries(phone.signer.seal(known).bytes);
  visits::Entry other = phone.signer.next(visit);
  other.events.front() = event(4, VisitId(), visits::UnknownFact{kLaterFact});
  other.events.front().subjectKind = static_cast<visits::SubjectKind>(7);
  other.events.front().otherSubject = 77;
  request.add_entries(phone.signer.seal(other).bytes);
  auto answer = client.exchange(request);
  REQUIRE(answer.status.ok());
  REQUIRE(answer.response.verdicts_size() == 2);
  for (const auto& verdict : answer.response.verdicts()) {
    CHECK(verdict.verdict() == pb::VERDICT_ACCEPTED);
    CHECK(verdict.has_position());
  }
  CHECK(answer.response.log().size() == kOfficeEntries + 2);
  CHECK_FALSE(answer.response.formats_wanted());

  // For ever: the plan comes once, and then nothing.
  auto later = laterRequest();
  later.clear_formats();
  later.set_plan_cursor(answer.response.plan().next_cursor());
  for (int i = 0; i < 20; ++i) {
    answer = client.exchange(later);
    REQUIRE(answer.status.ok());
    CHECK_FALSE(answer.response.has_plan());
    CHECK_FALSE(answer.response.formats_wanted());
    CHECK(answer.response.held_n() == 2);
  }
  REQUIRE(server.stop() == 0);
  const auto contact = event_log::readContact(server.openDatabase()->writer(), server.provider(),
                                              phone.signer.device());
  CHECK(wire::decodeFormats(*(*contact)->formats)->appVersion == "9.1");
  std::string report;
  CHECK(server.run({"verify"}, &report) == 0);
  CHECK(report.find("5 entries, 5 signatures, all right") != std::string::npos);
  CHECK(server.run({"rebuild"}) == 0);
}

// --- a server of the future ---

// A phone of this release that hears a later one.
class Carer {
 public:
  explicit Carer(TestServer& server)
      : platform_{clock_, ids_, secrets_, signer_, fixes_}, enrolment_(enrol(server)) {
    open();
  }
  void open() {
    phone_.reset();
    app::Phone::Options options;
    options.folder = folder_.path().string();
    options.engine.watch = false;
    phone_ = std::move(app::Phone::open(options, enrolment_, platform_)).value();
  }
  // Until everything is at the office.
  bool exchange() {
    const auto ear = [this](pb::ExchangeResponse& response) {
      later.change(response);
      const std::string bytes = response.SerializeAsString();  // as it would come over the wire
      REQUIRE(response.ParseFromString(bytes));
    };
    HeadlessPhone headless(*phone_, enrolment_, clock_, ear);
    headless.carryOut(phone_->engine().stop());
    headless.start();
    return headless.drain(kTimeoutMs, false);
  }
  void visit(VisitId visit) {
    for (const recording::Intent& intent :
         {recording::Intent(recording::CheckIn{visit, std::nullopt}),
          recording::Intent(recording::AddNote{visit, "A note."}),
          recording::Intent(recording::CheckOut{visit, std::nullopt})}) {
      REQUIRE(phone_->record(intent).ok());
      (void)phone_->afterRecording(intent);
    }
  }
  app::Phone& phone() { return *phone_; }
  LaterServer later;

 private:
  sync::Enrolment enrol(TestServer& server) {
    std::string output;
    REQUIRE(server.run({"enrol", "--carer", "c0", "--json"}, &output) == 0);
    const auto offered = nlohmann::json::parse(output);
    auto offer = wire::parseEnrolmentText(offered["enrolment_text"].get<std::string>()).value();
    const auto key = crypto::P256PrivateKey::generate();
    return sync::enrol(offer, {key.pem(), crypto::makeCertificateRequest(key)}, "test", platform_)
        .value();
  }

  TemporaryFolder folder_;
  SystemClock clock_;
  SystemIdSource ids_;
  platform::FakeSecretStore secrets_;
  platform::MemorySigner signer_;
  platform::FakeFixSource fixes_;
  platform::Platform platform_;
  sync::Enrolment enrolment_;
  std::unique_ptr<app::Phone> phone_;
};

TEST_CASE("a phone exchanges with a server of a later release for ever without a full copy") {
  TestServer server({.carers = 2, .visits = 16});
  server.start();
  server.keepPorts();
  Carer carer(server);
  REQUIRE(carer.exchange());
  CHECK(carer.later.objects() > 0);
  for (std::size_t round = 0; round < 4; ++round) {
    INFO(round);
    const VisitId visit = server.visit(2 * round);
    REQUIRE(carer.phone().roster().visit(visit) != nullptr);
    carer.visit(visit);
    REQUIRE(carer.exchange());
    // The office gives one of her visits away.
    const VisitId given = server.visit(8 + 2 * round);
    REQUIRE(carer.phone().roster().visit(given) != nullptr);
    REQUIRE(server.stop() == 0);
    server.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_ASSIGN(const auto carers, roster::carers(database, server.provider(), CarerId(), 2));
      DOORSTEP_TRY(
          roster::reassignVisit(database, server.provider(), given, 1, carers.at(1).id, act));
      return kDone;
    });
    server.start();
    if (round == 2)
      carer.open();
    REQUIRE(carer.exchange());
    CHECK(carer.phone().roster().visit(given) == nullptr);
    CHECK(carer.later.agreed());
    CHECK(carer.phone().roster().cursor() != 0);
  }
  CHECK(carer.later.copies() == 1);
  CHECK(carer.later.verdicts() >= 4);
  const journal::Journal& journal = carer.phone().journal();
  CHECK(journal.firstWithoutReceipt() == journal.lastEntry() + 1);
  for (const auto& entry : journal.entries())
    CHECK(entry.receipt->position);
  REQUIRE(server.stop() == 0);
  CHECK(server.run({"verify"}) == 0);
}

}  // namespace
}  // namespace doorstep::support
