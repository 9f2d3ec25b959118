// SPDX-License-Identifier: Apache-2.0
// Who may call the device port, and with what.
#include <grpcpp/generic/generic_stub.h>

#include <catch2/catch.hpp>

#include "shared/crypto/certificates.h"
#include "shared/visits/limits.h"
#include "tests/support/sync_client.h"

namespace doorstep::support {
namespace {

namespace pb = doorstep::sync::v1;

struct RunningTestServer : TestServer {
  RunningTestServer() : TestServer({.carers = 2, .visits = 4}) { start(); }
};

TEST_CASE("an enrolled device is answered over mutual TLS with verdict, proof and time") {
  RunningTestServer server;
  auto phone = server.enrol(0);
  SyncClient client(server, &phone);
  const auto answer = client.exchange({phone.signer.record(server.visit(0))});
  REQUIRE(answer.status.ok());
  REQUIRE(answer.response.verdicts(0).verdict() == pb::VERDICT_ACCEPTED);
  REQUIRE(answer.response.log().size() == kOfficeEntries + 1);
  REQUIRE(answer.response.log().checkpoint_signature().size() == 64);
  REQUIRE(answer.response.server_time_unix_ms() > 0);
  REQUIRE(answer.response.held_n() == 1);
  REQUIRE(answer.response.plan().changes_size() > 0);
}

TEST_CASE("a caller without a certificate may not exchange") {
  RunningTestServer server;
  SyncClient client(server, nullptr);
  const auto answer = client.exchange(pb::ExchangeRequest());
  REQUIRE(answer.status.error_code() == grpc::StatusCode::PERMISSION_DENIED);
  REQUIRE(answer.reason == "DEVICE_UNKNOWN");
}

TEST_CASE("a certificate of another authority ends the handshake") {
  RunningTestServer server;
  TestServer other({.carers = 1, .visits = 1});
  auto stranger = other.enrol(0);
  SyncClient client(server, &stranger);
  const auto answer = client.exchange(pb::ExchangeRequest());
  REQUIRE(answer.status.error_code() == grpc::StatusCode::UNAVAILABLE);
}

TEST_CASE("a certificate of ours that was never enrolled is no device") {
  RunningTestServer server;
  const auto& keys = server.directory().keys();
  const auto key = crypto::P256PrivateKey::generate();
  const auto certificate = crypto::issueDeviceCertificate(
      keys.authority, keys.authorityKey, crypto::makeCertificateRequest(key), "00000000000000ff",
      SystemClock().wallUnixMs(), 1);
  REQUIRE(certificate.ok());
  EnrolledPhone phone{SigningPhone(255, 1, 1), certificate->pem + keys.authority.pem, key.pem()};
  SyncClient client(server, &phone);
  const auto answer = client.exchange(pb::ExchangeRequest());
  REQUIRE(answer.status.error_code() == grpc::StatusCode::PERMISSION_DENIED);
  REQUIRE(answer.reason == "DEVICE_UNKNOWN");
}

TEST_CASE("a revoked device is refused, and its entries stay") {
  TestServer server({.carers = 1, .visits = 4});
  auto phone = server.enrol(0);
  server.start();
  SyncClient client(server, &phone);
  REQUIRE(client.exchange({phone.signer.record(server.visit(0))}).status.ok());
  REQUIRE(server.stop() == 0);
  server.revoke(phone);
  server.start();
  SyncClient again(server, &phone);
  const auto answer = again.exchange({phone.signer.record(server.visit(0))});
  REQUIRE(answer.status.error_code() == grpc::StatusCode::PERMISSION_DENIED);
  REQUIRE(answer.reason == "DEVICE_REVOKED");
  REQUIRE(server.stop() == 0);
  std::string report;
  REQUIRE(server.run({"verify"}, &report) == 0);
  REQUIRE(report.find("5 entries, 5 signatures, all right") != std::string::npos);
}

TEST_CASE("an exchange that began before its device was revoked does not end after") {
  RunningTestServer server;
  auto phone = server.enrol(0);
  SyncClient client(server, &phone);
  REQUIRE(client.exchange({phone.signer.record(server.visit(0))}).status.ok());
  // Its head alone: the device is recognised, and the message is still to come.
  grpc::GenericStub stub(client.channel());
  grpc::CompletionQueue events;
  grpc::ClientContext context;
  const auto next = [&] {
    void* tag = nullptr;
    bool ok = false;
    REQUIRE(events.Next(&tag, &ok));
  };
  auto call = stub.PrepareCall(&context, "/doorstep.sync.v1.SyncService/Exchange", &events);
  call->StartCall(nullptr);
  next();
  REQUIRE(client.exchange(pb::ExchangeRequest()).status.ok());

  server.revoke(phone);
  SyncClient other(server, &phone);
  while (other.exchange(pb::ExchangeRequest()).reason != "DEVICE_REVOKED") {
  }
  grpc::Slice bytes(pb::ExchangeRequest().SerializeAsString());
  call->WriteLast(grpc::ByteBuffer(&bytes, 1), grpc::WriteOptions(), nullptr);
  next();
  grpc::Status status;
  call->Finish(&status, nullptr);
  next();
  CHECK(status.error_code() == grpc::StatusCode::PERMISSION_DENIED);
  CHECK(status.error_message() == "DEVICE_REVOKED");
}

TEST_CASE("a native caller may not name a person in metadata") {
  RunningTestServer server;
  auto phone = server.enrol(0);
  SyncClient client(server, &phone);
  for (const char* key : {"x-doorstep-session", "x-doorstep-peer", "x-doorstep-anything"}) {
    const auto answer = client.exchange(pb::ExchangeRequest(), {{key, "1"}});
    REQUIRE(answer.status.error_code() == grpc::StatusCode::PERMISSION_DENIED);
    REQUIRE(answer.status.error_message() == "METADATA_RESERVED");
  }
  REQUIRE(client.exchange(pb::ExchangeRequest(), {{"x-other", "1"}}).status.ok());
}

TEST_CASE("a message beyond the limits is refused with its reason, and the connection goes on") {
  RunningTestServer server;
  auto phone = server.enrol(0);
  SyncClient client(server, &phone);
  pb::ExchangeRequest large;
  large.add_entries(std::string(visits::kExchangeBytesMax, 'x'));
  auto answer = client.exchange(large);
  REQUIRE(answer.status.error_code() == grpc::StatusCode::INVALID_ARGUMENT);
  REQUIRE(answer.reason == "MESSAGE_MALFORMED");

  pb::ExchangeRequest many;
  for (std::size_t i = 0; i <= visits::kEntriesPerExchangeMax; ++i)
    many.add_entries("");
  answer = client.exchange(many);
  REQUIRE(answer.status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  REQUIRE(answer.reason == "TOO_MANY_ENTRIES");

  REQUIRE(client.exchange({phone.signer.record(server.visit(0))}).status.ok());
}

TEST_CASE("a watch hints when the plan changes after its cursor, and ends when the server stops") {
  RunningTestServer server;
  auto phone = server.enrol(0);
  SyncClient client(server, &phone);
  grpc::ClientContext context;
  pb::WatchRequest request;  // cursor 0: everything is newer
  auto reader = client.stub().Watch(&context, request);
  pb::WatchResponse hint;
  REQUIRE(reader->Read(&hint));
  REQUIRE(hint.newer_plan_cursor() > 0);
  REQUIRE(server.stop() == 0);
  REQUIRE_FALSE(reader->Read(&hint));
  REQUIRE(reader->Finish().error_code() == grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace doorstep::support
