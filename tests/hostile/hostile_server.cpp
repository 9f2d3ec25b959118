// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/hostile_server.h"

#include <catch2/catch.hpp>

namespace doorstep::hostile {
namespace {

using namespace std::chrono;

// On two cores that the whole test suite shares; an undisturbed guest waits some 5 ms.
constexpr milliseconds kPromptly{2'000};

// Negative when it failed.
template <typename Action>
milliseconds timed(Action action) {
  const auto begin = steady_clock::now();
  const bool served = action();
  const auto taken = duration_cast<milliseconds>(steady_clock::now() - begin);
  return served ? taken : milliseconds(-1);
}

}  // namespace

HostileServer::HostileServer() : server_({.carers = 1, .visits = 12}), phone_(server_.enrol(0)) {
  addAccount("operator", "", "");
  addAccount("supervisor", "--provider", "Example Care");
  addAccount("council", "--council", "Example Council");
  server_.start();
  process_.emplace(server_.process());
  client_ = std::make_unique<support::SyncClient>(server_, &phone_);
  REQUIRE(phoneWaits().count() >= 0);
  process_->forgetPeak();
}

void HostileServer::addAccount(const std::string& login, const std::string& of,
                               const std::string& name) {
  std::vector<std::string> arguments{"account", "create", login, "--role", login};
  if (!of.empty()) {
    arguments.push_back(of);
    arguments.push_back(name);
  }
  std::string output;
  REQUIRE(server_.run(arguments, &output) == 0);
  passwords_[login] = output.substr(login.size() + 1, output.find('\n') - login.size() - 1);
}

std::unique_ptr<support::HttpsClient> HostileServer::connect() {
  auto client = support::HttpsClient::connect("127.0.0.1", server_.webPort(), {});
  return client.ok() ? std::move(client).value() : nullptr;
}

const std::string& HostileServer::sessionOf(const std::string& role) {
  std::string& session = sessions_[role];
  if (session.empty()) {
    const auto answer =
        connect()->call("/doorstep.admin.v1.AccountService/SignIn",
                        R"({"login":")" + role + R"(","password":")" + passwords_.at(role) + "\"}");
    REQUIRE(answer.ok());
    const std::string cookie = answer->header("set-cookie");
    session = "Cookie: " + cookie.substr(0, cookie.find(';')) + "\r\n";
  }
  return session;
}

milliseconds HostileServer::guestWaits() {
  return timed([&] {
    const auto guest = connect();
    const auto answer =
        guest ? guest->request("GET", "/healthz", "", "") : Result<support::HttpResponse>(Error{});
    return answer.ok() && answer->status == 200;
  });
}

milliseconds HostileServer::phoneWaits() {
  return timed(
      [&] { return client_->exchange({phone_.signer.record(server_.visit(0))}).status.ok(); });
}

void HostileServer::checkUnharmed(const std::string& attack, std::size_t growthMaxKib) {
  INFO(attack);
  const auto guest = guestWaits();
  const auto phone = phoneWaits();
  const std::size_t peak = process_->peakKib();
  UNSCOPED_INFO(attack << ": guest " << guest.count() << " ms, phone " << phone.count()
                       << " ms, resident " << process_->quietKib() << " KiB before, peak " << peak
                       << " KiB");
  REQUIRE(process_->isAlive());
  CHECK(guest.count() >= 0);
  CHECK(guest < kPromptly);
  CHECK(phone.count() >= 0);
  CHECK(phone < kPromptly);
  CHECK(process_->hasGrownAtMost(growthMaxKib));
}

}  // namespace doorstep::hostile
