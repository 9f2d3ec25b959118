// SPDX-License-Identifier: Apache-2.0
// Every method of the contract is sent what no client of ours sends, without a session and as each
// role: a new method joins by being in the contract.
#include <google/protobuf/descriptor.h>

#include <catch2/catch.hpp>

#include "sync-server/http/connect_protocol.h"
#include "tests/hostile/hostile_messages.h"
#include "tests/hostile/hostile_server.h"

using namespace doorstep;
using namespace doorstep::hostile;

namespace {

// Passwords are tried: scrypt takes up to 128 MiB for one.
constexpr std::size_t kMethodsGrowthMaxKib = 192 << 10;

class Caller {
 public:
  Caller(HostileServer& server, std::string session)
      : server_(server), session_(std::move(session)) {}

  // True: there was an answer of HTTP, whatever it said. A stream's is its head.
  bool send(const google::protobuf::MethodDescriptor& method, bool json,
            const std::string& message) {
    const bool streamed = method.server_streaming();
    const std::string path = "/" + method.service()->full_name() + "/" + method.name();
    const std::string type =
        std::string("application/") + (streamed ? "connect+" : "") + (json ? "json" : "proto");
    const std::string fields =
        "Content-Type: " + type + "\r\nConnect-Timeout-Ms: 2000\r\n" + session_;
    const std::string body = streamed ? http::envelope(0, message) : message;
    if (!client_)
      client_ = server_.connect();
    if (!client_)
      return false;
    const auto answer = client_->request("POST", path, fields, body);
    if (!answer.ok() || answer->header("connection") == "close")
      client_.reset();
    return answer.ok() && answer->status >= 200;
  }

 private:
  HostileServer& server_;
  std::string session_;
  std::unique_ptr<support::HttpsClient> client_;
};

// It would end the session that the other methods are called with.
bool endsSession(const google::protobuf::MethodDescriptor& method) {
  return method.name() == "SignOut";
}

// Each wrong password costs scrypt and counts against the login: once is enough.
bool isSlowOnPurpose(const google::protobuf::MethodDescriptor& method) {
  return method.name() == "SignIn";
}

}  // namespace

TEST_CASE("every method answers whatever it is sent, to whoever sends it") {
  HostileServer server;
  for (const char* role : {"", "operator", "supervisor", "council"}) {
    Caller caller(server, *role == '\0' ? "" : server.sessionOf(role));
    for (const auto* method : allMethods()) {
      if (endsSession(*method) || (*role != '\0' && isSlowOnPurpose(*method)))
        continue;
      CAPTURE(role, method->full_name());
      for (const std::string& message : hostileMessages(*method->input_type()))
        REQUIRE(caller.send(*method, false, message));
      for (const std::string& text : hostileJson(*method->input_type()))
        REQUIRE(caller.send(*method, true, text));
      REQUIRE(server.process().isAlive());
    }
    server.checkUnharmed(std::string("methods as ") + role, kMethodsGrowthMaxKib);
  }
  CHECK(server.server().log().find("HANDLER_FAILED") == std::string::npos);
  CHECK(server.server().stop() == 0);
}
