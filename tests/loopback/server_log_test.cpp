// SPDX-License-Identifier: Apache-2.0
// What an operator reads on the server's standard error: every refusal with its reason, and
// nobody's name, note or login.
#include <catch2/catch.hpp>
#include <regex>
#include <sstream>

#include "doorstep/enrolment/v1/enrolment_service.grpc.pb.h"
#include "shared/visits/limits.h"
#include "tests/support/https_client.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

namespace pb = doorstep::sync::v1;

constexpr const char* kNote = "she was in good spirits today";
constexpr const char* kLogin = "ann.supervisor";
constexpr const char* kWrongPassword = "correct horse battery";
constexpr const char* kCode = "3f2a9c11";
constexpr const char* kSignIn = "/doorstep.admin.v1.AccountService/SignIn";
constexpr const char* kListDevices = "/doorstep.admin.v1.OfficeService/ListDevices";

bool tells(const TestServer& server, const std::string& line) {
  return server.log().find(" warning " + line + "\n") != std::string::npos;
}

SigningPhone::Signed noted(SigningPhone& phone, VisitId visit) {
  auto entry = phone.next(visit, 2);
  entry.events.back().fact = visits::NoteAdded{kNote};
  return phone.seal(entry);
}

// The note says something else than what was signed.
SigningPhone::Signed altered(SigningPhone::Signed entry) {
  const auto at = entry.bytes.find("good");
  REQUIRE(at != std::string::npos);
  entry.bytes.replace(at, 4, "poor");
  return entry;
}

void sendWrongEntries(TestServer& server, EnrolledPhone& phone) {
  SyncClient client(server, &phone);
  auto copy = phone.signer;
  REQUIRE(client.exchange({noted(phone.signer, server.visit(0))}).status.ok());
  REQUIRE(client.exchange({noted(copy, server.visit(1))}).status.ok());
  REQUIRE(client.exchange({altered(noted(phone.signer, server.visit(0)))}).status.ok());
  noted(phone.signer, server.visit(0));  // never sent
  REQUIRE(client.exchange({noted(phone.signer, server.visit(0))}).status.ok());
  REQUIRE(client.exchange({copy.sign(std::string("no entry: ") + kNote)}).status.ok());
}

void sendWrongMessages(TestServer& server, EnrolledPhone& phone) {
  SyncClient client(server, &phone);
  pb::ExchangeRequest large;
  large.add_entries(std::string(visits::kExchangeBytesMax, 'x'));
  REQUIRE_FALSE(client.exchange(large).status.ok());
  pb::ExchangeRequest many;
  for (std::size_t i = 0; i <= visits::kEntriesPerExchangeMax; ++i)
    many.add_entries("");
  REQUIRE_FALSE(client.exchange(many).status.ok());
  REQUIRE_FALSE(
      client.exchange(pb::ExchangeRequest(), {{"x-doorstep-session", kLogin}}).status.ok());
  SyncClient nobody(server, nullptr);
  REQUIRE_FALSE(nobody.exchange(pb::ExchangeRequest()).status.ok());

  grpc::ClientContext context;
  doorstep::enrolment::v1::EnrolRequest request;
  doorstep::enrolment::v1::EnrolResponse response;
  request.set_code(kCode);
  request.set_device_description("Carer Example's phone");
  const auto stub = doorstep::enrolment::v1::EnrolmentService::NewStub(nobody.channel());
  REQUIRE_FALSE(stub->Enrol(&context, request, &response).ok());
}

// What libraries see before any code of ours does.
void comeFromOutside(const TestServer& server) {
  TestServer other({.carers = 1, .visits = 1});
  const auto stranger = other.enrol(0);
  REQUIRE_FALSE(SyncClient(server, &stranger).exchange(pb::ExchangeRequest()).status.ok());
  // No TLS at all.
  const auto channel = grpc::CreateChannel("localhost:" + std::to_string(server.devicePort()),
                                           grpc::InsecureChannelCredentials());
  const auto stub = pb::SyncService::NewStub(channel);
  grpc::ClientContext context;
  pb::ExchangeResponse response;
  REQUIRE_FALSE(stub->Exchange(&context, pb::ExchangeRequest(), &response).ok());
}

void callFrontWrongly(const TestServer& server) {
  auto browser = HttpsClient::connect("127.0.0.1", server.webPort(), {}).value();
  const std::string signIn =
      std::string(R"({"login":")") + kLogin + R"(","password":")" + kWrongPassword + "\"";
  REQUIRE(browser->call(kSignIn, signIn + "}")->status == 401);
  REQUIRE(browser->call(kSignIn, signIn)->status == 400);  // not closed
  REQUIRE(
      browser->request("POST", kSignIn, "Content-Type: application/proto\r\n", "\x0a\x02\xff\xfe")
          ->status == 400);  // a login that is not UTF-8
  REQUIRE(browser
              ->call(kListDevices, "{}",
                     std::string("Cookie: __Host-doorstep-session=") + kCode + "\r\n")
              ->status == 401);
}

TEST_CASE("a refusal, a quarantined entry and an alarm each leave a line with the reason") {
  TestServer server({.carers = 2, .visits = 4});
  REQUIRE(server.run({"account", "create", kLogin, "--role", "supervisor", "--provider",
                      "Example Care"}) == 0);
  auto phone = server.enrol(0);
  server.start();
  sendWrongEntries(server, phone);
  sendWrongMessages(server, phone);
  comeFromOutside(server);
  callFrontWrongly(server);
  REQUIRE(server.stop() == 0);
  server.revoke(phone);
  server.start();
  REQUIRE_FALSE(SyncClient(server, &phone).exchange(pb::ExchangeRequest()).status.ok());
  REQUIRE(server.stop() == 0);

  const std::string device = " device " + std::to_string(phone.signer.device().value);
  const std::string whose = " provider " + std::to_string(server.provider().value) + device;
  INFO(server.log());
  CHECK(tells(server, "quarantined FORK" + whose + " n 1"));
  CHECK(tells(server, "alarm FORK" + whose));
  CHECK(tells(server, "quarantined BAD_SIGNATURE" + whose + " n 2"));
  CHECK(tells(server, "quarantined GAP" + whose + " n 4"));
  CHECK(tells(server, "quarantined MALFORMED" + whose + " n 3"));
  CHECK(tells(server, "refused SyncService.Exchange INVALID_ARGUMENT MESSAGE_MALFORMED" + device));
  CHECK(tells(server, "refused SyncService.Exchange RESOURCE_EXHAUSTED TOO_MANY_ENTRIES" + device));
  CHECK(tells(server, "refused DevicePort PERMISSION_DENIED METADATA_RESERVED" + device));
  CHECK(tells(server, "refused SyncService.Exchange PERMISSION_DENIED DEVICE_UNKNOWN"));
  CHECK(tells(server, "refused DevicePort UNAUTHENTICATED CERTIFICATE_UNVERIFIED"));
  CHECK(tells(server, "refused DevicePort UNAUTHENTICATED HANDSHAKE_FAILED"));
  CHECK(tells(server, "refused AccountService.SignIn INVALID_ARGUMENT MESSAGE_MALFORMED"));
  CHECK(server.log().find(" warning library protobuf ") != std::string::npos);
  CHECK(tells(server, "refused EnrolmentService.Enrol INVALID_ARGUMENT REQUEST_INVALID"));
  CHECK(tells(server, "refused AccountService.SignIn UNAUTHENTICATED SIGN_IN_FAILED"));
  CHECK(tells(server, "refused AccountService.SignIn INVALID_ARGUMENT JSON_MALFORMED"));
  CHECK(tells(server, "refused OfficeService.ListDevices UNAUTHENTICATED NOT_SIGNED_IN"));
  CHECK(tells(server, "refused SyncService.Exchange PERMISSION_DENIED DEVICE_REVOKED" + device));

  for (const char* personal : {"Ada", "Carer", "Example", kNote, "spirits", "ann", kWrongPassword,
                               kCode, "127.0.0.1", "localhost"}) {
    INFO(personal);
    CHECK(server.log().find(personal) == std::string::npos);
  }
  // And nothing else at all: neither ours nor of a library.
  const std::regex known(
      R"(\S+Z (info (serving: devices on port \d+, web on port \d+|stopping: SIGTERM|stopped)|)"
      R"(warning (CLOCK_NOT_SYNCHRONISED: .*|)"
      R"(refused \w+(\.\w+)? [A-Z_]+ [A-Z_]+( device \d+)?|)"
      R"(quarantined [A-Z_]+ provider \d+ device \d+ n \d+|)"
      R"(alarm [A-Z_]+ provider \d+ device \d+|library \w+ \w+\.cc:\d+)))");
  std::istringstream lines(server.log());
  for (std::string line; std::getline(lines, line);)
    CHECK(std::regex_match(line, known));
}

}  // namespace
}  // namespace doorstep::support
