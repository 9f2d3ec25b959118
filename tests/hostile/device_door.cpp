// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/device_door.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>

namespace doorstep::hostile {
namespace {

using namespace std::chrono;

// On two cores that the whole test suite shares. Undisturbed it takes some 5 ms; a crowd without a
// budget made it 58 s.
constexpr milliseconds kPromptly{10'000};
constexpr std::size_t kAsked = 20;

}  // namespace

PlainSocket::PlainSocket(std::uint16_t port, const std::string& bytes) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0)
    (void)!::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}
PlainSocket::~PlainSocket() { close(socket_); }

DeviceDoor::DeviceDoor(int phones) : server_({.carers = phones, .visits = 12}) {
  for (int i = 0; i < phones; ++i)
    phones_.push_back(server_.enrol(i));
  server_.start();
  process_.emplace(server_.process());
  known_ = std::make_unique<support::SyncClient>(server_, &phones_.front());
  REQUIRE(exchange(*known_, phones_.front()).count() >= 0);
  process_->forgetPeak();
}

std::unique_ptr<support::HttpsClient> DeviceDoor::stranger() {
  auto client = support::HttpsClient::connect("127.0.0.1", server_.devicePort(), {.alpn = "h2"});
  return client.ok() ? std::move(client).value() : nullptr;
}

std::unique_ptr<support::HttpsClient> DeviceDoor::device() {
  const auto& phone = phones_.back();
  auto client = support::HttpsClient::connect(
      "127.0.0.1", server_.devicePort(),
      {.alpn = "h2", .certificatePem = phone.certificateChainPem, .keyPem = phone.tlsKeyPem});
  return client.ok() ? std::move(client).value() : nullptr;
}

// Negative: it failed.
milliseconds DeviceDoor::exchange(support::SyncClient& client, support::EnrolledPhone& phone) {
  const auto begin = steady_clock::now();
  const auto answer = client.exchange({phone.signer.record(server_.visit(0))});
  const auto taken = duration_cast<milliseconds>(steady_clock::now() - begin);
  return answer.status.ok() ? taken : milliseconds(-1);
}

void DeviceDoor::checkUnharmed(const std::string& attack, std::size_t growthMaxKib) {
  std::vector<milliseconds> waits;
  for (std::size_t i = 0; i < kAsked; ++i)
    waits.push_back(exchange(*known_, phones_.front()));
  support::SyncClient fresh(server_, &phones_.back());
  const auto connects = exchange(fresh, phones_.back());
  std::sort(waits.begin(), waits.end());
  const std::size_t peak = process_->peakKib();
  std::printf(
      "%s: exchange p50 %d ms, longest of %zu %d ms, with connecting %d ms; %zu KiB, peak "
      "%zu KiB\n",
      attack.c_str(), static_cast<int>(waits[kAsked / 2].count()), kAsked,
      static_cast<int>(waits.back().count()), static_cast<int>(connects.count()),
      process_->quietKib(), peak);
  INFO(attack);
  const bool isAlive = process_->isAlive();
  UNSCOPED_INFO((isAlive ? std::string() : server_.log()));
  REQUIRE(isAlive);
  CHECK(waits.front().count() >= 0);
  CHECK(waits.back() < kPromptly);
  CHECK(connects.count() >= 0);
  CHECK(connects < kPromptly);
  CHECK(process_->hasGrownAtMost(growthMaxKib));
}

}  // namespace doorstep::hostile
