// SPDX-License-Identifier: Apache-2.0
// Who is let in at the device port, for what, and for how long; and that a person's board ends with
// her session.
#include <grpcpp/generic/generic_stub.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <functional>

#include "tests/hostile/device_door.h"

using namespace doorstep;
using namespace doorstep::hostile;

namespace {

using namespace std::chrono;
namespace pb = doorstep::sync::v1;

grpc::Status callMethod(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                        const std::string& message) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(system_clock::now() + seconds(20));
  grpc::CompletionQueue queue;
  const grpc::Slice bytes(message);
  const grpc::ByteBuffer request(&bytes, 1);
  grpc::ByteBuffer response;
  grpc::Status status;
  auto call = stub.PrepareUnaryCall(&context, path, request, &queue);
  call->StartCall();
  call->Finish(&response, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status;
}

const std::vector<std::string> kNotForPhones{
    "/doorstep.admin.v1.AccountService/SignIn",
    "/doorstep.admin.v1.OfficeService/ImportRota",
    "/doorstep.monitoring.v1.BoardService/GetBoard",
    "/doorstep.records.v1.RecordsService/ListContracts",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    "/grpc.health.v1.Health/Check",
    "/"};

struct OpenWatch {
  grpc::ClientContext context;
  std::unique_ptr<grpc::ClientReader<pb::WatchResponse>> reader;

  explicit OpenWatch(support::SyncClient& client) {
    context.set_deadline(system_clock::now() + seconds(20));
    reader = client.stub().Watch(&context, pb::WatchRequest());
    pb::WatchResponse hint;  // cursor 0: everything is newer
    REQUIRE(reader->Read(&hint));
  }
  grpc::Status end() {
    pb::WatchResponse hint;
    while (reader->Read(&hint)) {
    }
    return reader->Finish();
  }
};

// A supervisor at her browser.
struct Supervisor {
  explicit Supervisor(support::TestServer& of) : server(of) {
    std::string output;
    REQUIRE(server.run(
                {"account", "create", "sue", "--role", "supervisor", "--provider", "Example Care"},
                &output) == 0);
    password = output.substr(4, output.find('\n') - 4);
  }
  std::unique_ptr<support::HttpsClient> connect() const {
    auto client = support::HttpsClient::connect("127.0.0.1", server.webPort(), {});
    REQUIRE(client.ok());
    return std::move(client).value();
  }
  void signIn() {
    const auto answer = connect()->call("/doorstep.admin.v1.AccountService/SignIn",
                                        R"({"login":"sue","password":")" + password + "\"}");
    REQUIRE(answer.ok());
    const std::string set = answer->header("set-cookie");
    cookie = "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  }
  // The head of the stream has been read.
  std::unique_ptr<support::HttpsClient> watch(int* status) const {
    auto client = connect();
    const auto board = client->call("/doorstep.monitoring.v1.BoardService/GetBoard", "{}", cookie);
    REQUIRE(board.ok());
    const std::string key = "\"revision\":\"";
    const std::size_t at = board->body.find(key);
    REQUIRE(at != std::string::npos);
    const std::string revision = board->body.substr(at + key.size());
    const std::string message =
        R"({"afterRevision":")" + revision.substr(0, revision.find('"')) + "\"}";
    std::string body{'\0', '\0', '\0', '\0', static_cast<char>(message.size())};
    body += message;
    REQUIRE(client
                ->send("POST /doorstep.monitoring.v1.BoardService/WatchBoard HTTP/1.1\r\nHost: "
                       "localhost\r\nContent-Type: application/connect+json\r\n" +
                       cookie + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                       body)
                .ok());
    const auto head = client->readHead();
    REQUIRE(head.ok());
    *status = head->status;
    return client;
  }
  // What the stream said up to its end.
  static std::string rest(support::HttpsClient& stream) {
    std::string all;
    while (true) {
      const auto chunk = stream.readChunk();
      if (!chunk.ok() || !*chunk)
        return all;
      all += **chunk;
    }
  }

  support::TestServer& server;
  std::string password;
  std::string cookie;
};

}  // namespace

TEST_CASE("the device port serves phones' methods and nothing else") {
  DeviceDoor door;
  support::SyncClient device(door.server(), &door.phone(0));
  support::SyncClient stranger(door.server(), nullptr);
  for (const auto& path : kNotForPhones) {
    CAPTURE(path);
    CHECK(callMethod(device.channel(), path, "").error_code() == grpc::StatusCode::UNIMPLEMENTED);
    CHECK(callMethod(stranger.channel(), path, "").error_code() == grpc::StatusCode::UNIMPLEMENTED);
  }
}

TEST_CASE("an enrolment that is longer than any is refused before its code is looked at") {
  DeviceDoor door;
  support::SyncClient stranger(door.server(), nullptr);
  const std::string code = std::string("\x0a\x80\xc0\x02", 4) + std::string(40'960, 'c');
  const auto status =
      callMethod(stranger.channel(), "/doorstep.enrolment.v1.EnrolmentService/Enrol", code);
  CHECK(status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  CHECK(status.error_message() == "REQUEST_INVALID");
}

TEST_CASE("of a device's watches the newest two go on, over any number of connections") {
  DeviceDoor door;
  std::vector<std::unique_ptr<support::SyncClient>> clients;
  std::vector<std::unique_ptr<OpenWatch>> watches;
  for (int i = 0; i < 8; ++i) {
    if (i % 2 == 0)
      clients.push_back(std::make_unique<support::SyncClient>(door.server(), &door.phone(0)));
    watches.push_back(std::make_unique<OpenWatch>(*clients.back()));
  }
  for (std::size_t i = 0; i + 2 < watches.size(); ++i) {
    const auto ended = watches[i]->end();
    CHECK(ended.error_code() == grpc::StatusCode::ABORTED);
    CHECK(ended.error_message() == "WATCH_REPLACED");
  }
  support::SyncClient other(door.server(), &door.phone(1));
  OpenWatch others(other);
  door.server().revoke(door.phone(0));
  const auto begin = steady_clock::now();
  for (std::size_t i = watches.size() - 2; i < watches.size(); ++i) {
    const auto ended = watches[i]->end();
    CHECK(ended.error_code() == grpc::StatusCode::PERMISSION_DENIED);
    CHECK(ended.error_message() == "DEVICE_REVOKED");
  }
  CHECK(steady_clock::now() - begin < seconds(5));
  CHECK(door.server().stop() == 0);
  CHECK(others.end().error_code() == grpc::StatusCode::UNAVAILABLE);
}

TEST_CASE("a board stops when its session ends, however that comes about") {
  DeviceDoor door;
  Supervisor sue(door.server());
  const std::vector<std::pair<std::string, std::function<void()>>> ends{
      {"signed out",
       [&] {
         REQUIRE(sue.connect()
                     ->request("POST", "/doorstep.admin.v1.AccountService/SignOut",
                               "Content-Type: application/json\r\n" + sue.cookie, "{}")
                     .ok());
       }},
      {"a new password",
       [&] {
         std::string output;
         REQUIRE(door.server().run({"account", "set-password", "sue"}, &output) == 0);
         sue.password = output.substr(4, output.find('\n') - 4);
       }},
      {"disabled", [&] {
         REQUIRE(door.server().run({"account", "disable", "sue"}) == 0);
       }}};
  for (const auto& [how, end] : ends) {
    CAPTURE(how);
    sue.signIn();
    int status = 0;
    const auto stream = sue.watch(&status);
    REQUIRE(status == 200);
    end();
    const auto begin = steady_clock::now();
    const std::string said = Supervisor::rest(*stream);
    CAPTURE(said);
    CHECK(said.find("NOT_SIGNED_IN") != std::string::npos);
    CHECK(steady_clock::now() - begin < seconds(5));
  }
}
