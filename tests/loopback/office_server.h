// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "tests/support/https_client.h"
#include "tests/support/test_server.h"

namespace doorstep::support {

using nlohmann::json;

inline constexpr const char* kAccounts = "/doorstep.admin.v1.AccountService/";

// One browser: a connection and its cookie.
class Browser {
 public:
  explicit Browser(const TestServer& server) : port_(server.webPort()), client_(connect()) {}

  // Another connection of whoever is signed in there.
  Browser(const TestServer& server, const Browser& signedIn) : Browser(server) {
    cookie_ = signedIn.cookie_;
  }

  struct Answer {
    int status = 0;
    json body;
    std::string reason() const { return body.value("message", ""); }
  };
  Answer call(const std::string& method, const json& request) {
    const Answer answer = tryCall(method, request);
    REQUIRE(answer.status != 0);
    return answer;
  }
  // The same on any thread: without an assertion. Status 0: there was no answer.
  Answer tryCall(const std::string& method, const json& request) {
    const std::string headers = cookie_.empty() ? "" : "Cookie: " + cookie_ + "\r\n";
    const auto response = client_->call(method, request.dump(), headers);
    if (!response.ok())
      return {};
    const std::string set = response->header("set-cookie");
    if (!set.empty()) {
      setCookie = set;
      cookie_ = set.substr(0, set.find(';'));
    }
    return {response->status, json::parse(response->body)};
  }
  // Of a call that streams, on a connection of its own, which the server closes after it: its
  // messages, then what it ended with, {} or an error.
  std::vector<json> stream(const std::string& method, const json& request) {
    const std::string text = request.dump();
    std::string body(1, '\0');
    for (int shift = 24; shift >= 0; shift -= 8)
      body += static_cast<char>(text.size() >> shift & 0xFF);
    const auto client = connect();
    const auto response = client->request("POST", method,
                                          "Content-Type: application/connect+json\r\n"
                                          "Connect-Protocol-Version: 1\r\nCookie: " +
                                              cookie_ + "\r\n",
                                          body + text);
    REQUIRE(response.ok());
    std::vector<json> messages;
    for (std::size_t at = 0; at + 5 <= response->body.size();) {
      std::size_t size = 0;
      for (std::size_t i = 1; i < 5; ++i)
        size = size << 8 | static_cast<unsigned char>(response->body[at + i]);
      messages.push_back(json::parse(response->body.substr(at + 5, size)));
      at += 5 + size;
    }
    REQUIRE_FALSE(messages.empty());
    return messages;
  }
  Answer signIn(const std::string& login, const std::string& password) {
    return call(std::string(kAccounts) + "SignIn", {{"login", login}, {"password", password}});
  }

  std::string setCookie;  // as last set

 private:
  std::unique_ptr<HttpsClient> connect() const {
    auto connected = HttpsClient::connect("127.0.0.1", port_, {});
    REQUIRE(connected.ok());
    return std::move(connected).value();
  }

  std::uint16_t port_;
  std::unique_ptr<HttpsClient> client_;
  std::string cookie_;
};

// A server with an account of each role; a browser signed in as one of them.
struct OfficeServer : TestServer {
  explicit OfficeServer(const Plan& plan = {.carers = 2, .visits = 4}) : TestServer(plan) {
    account("operator", {"--role", "operator"});
    account("supervisor", {"--role", "supervisor", "--provider", "Example Care"});
    account("council", {"--role", "council", "--council", "Example Council"});
    start();
  }
  void account(const std::string& login, const std::vector<std::string>& role) {
    std::vector<std::string> arguments{"account", "create", login};
    arguments.insert(arguments.end(), role.begin(), role.end());
    std::string output;
    REQUIRE(run(arguments, &output) == 0);
    passwords[login] = output.substr(login.size() + 1, output.find('\n') - login.size() - 1);
  }
  Browser browser(const std::string& login) {
    Browser made(*this);
    REQUIRE(made.signIn(login, passwords.at(login)).status == 200);
    return made;
  }
  std::string id() const { return std::to_string(provider().value); }

  std::map<std::string, std::string> passwords;
};

// A local day, counted from today.
inline std::string inDays(std::int64_t days) {
  return londonDay(SystemClock().wallUnixMs() + days * kDayMs);
}

}  // namespace doorstep::support
