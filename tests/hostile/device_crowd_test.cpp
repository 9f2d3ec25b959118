// SPDX-License-Identifier: Apache-2.0
// Crowds at the device port. They come from the address of the phones: whoever shares an address
// with an attacker is served all the same.
#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/hostile/device_door.h"
#include "tests/hostile/h2_frames.h"

using namespace doorstep;
using namespace doorstep::hostile;

namespace {

constexpr int kCrowd = 1'000;
// What 96 strangers of one address may hold in TLS and gRPC, and what the allocator keeps.
constexpr std::size_t kCrowdGrowthKib = 64 << 10;
// What one or a few of them may.
constexpr std::size_t kFloodGrowthKib = 64 << 10;
// What gRPC keeps of a phone's connection that floods it; it does not grow with the flood.
constexpr std::size_t kPhoneFloodGrowthKib = 320 << 10;
const std::string kCancel("\0\0\0\x08", 4);
const std::string kEnrol = "/doorstep.enrolment.v1.EnrolmentService/Enrol";
const std::string kExchange = "/doorstep.sync.v1.SyncService/Exchange";
const std::string kWatch = "/doorstep.sync.v1.SyncService/Watch";
const std::string kUnknown = "/doorstep.sync.v1.SyncService/Dance";

}  // namespace

TEST_CASE("a thousand connections that say nothing, or half a handshake, shut no phone out") {
  DeviceDoor door;
  allowManySockets();
  door.checkUnharmed("nobody else", kCrowdGrowthKib);
  const std::string half("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
  for (const std::string& says : {std::string(), half, std::string("GET / HTTP/1.1\r\n\r\n")}) {
    std::vector<std::unique_ptr<PlainSocket>> crowd;
    for (int i = 0; i < kCrowd; ++i)
      crowd.push_back(std::make_unique<PlainSocket>(door.server().devicePort(), says));
    door.checkUnharmed("1,000 connections with " + std::to_string(says.size()) + " bytes",
                       kCrowdGrowthKib);
  }
}

TEST_CASE("a crowd behind its handshake, with calls that never end, shuts no phone out") {
  DeviceDoor door;
  allowManySockets();
  for (const char* kind : {"silent", "slow", "greedy"}) {
    std::vector<std::unique_ptr<support::HttpsClient>> crowd;
    for (int i = 0; i < kCrowd / 4; ++i) {
      auto stranger = door.stranger();
      if (!stranger)
        continue;
      std::string says = begin();
      if (*kind != 's' || kind[1] == 'l')
        for (std::uint32_t stream = 1; stream < 9; stream += 2)
          says += openCall(stream, kEnrol) + messageBegin(stream, 1 << 20);
      (void)stranger->send(says);
      if (*kind == 'g')
        for (int piece = 0; piece < 3; ++piece)
          (void)stranger->send(frame(Frame::Data, 0, 1, std::string(16'000, 'x')));
      crowd.push_back(std::move(stranger));
    }
    door.checkUnharmed(std::string("250 strangers behind TLS, ") + kind, kCrowdGrowthKib);
  }
}

TEST_CASE("a hundred unfinished messages of 16 MiB are not kept") {
  DeviceDoor door;
  for (const std::string& path : {kEnrol, kExchange}) {
    const auto stranger = door.stranger();
    REQUIRE(stranger);
    (void)stranger->send(begin());
    bool open = true;
    for (std::uint32_t stream = 1; stream < 201 && open; stream += 2)
      open = stranger->send(openCall(stream, path) + messageBegin(stream, 16 << 20)).ok();
    for (int piece = 0; piece < 1'000 && open; ++piece)
      open = stranger
                 ->send(frame(Frame::Data, 0, static_cast<std::uint32_t>(2 * (piece % 100) + 1),
                              std::string(16'000, 'x')))
                 .ok();
    door.checkUnharmed("100 unfinished messages of " + path, kFloodGrowthKib);
  }
}

TEST_CASE("floods of frames end their own connection at most, a phone's too") {
  DeviceDoor door;
  const std::string ping = frame(Frame::Ping, 0, 0, std::string(8, 'p'));
  const std::string settings =
      frame(Frame::Settings, 0, 0, std::string("\x00\x04\x00\x00\xff\xff", 6));
  std::uint32_t stream = 1;
  const auto reset = [&stream](const std::string& path) {
    stream += 2;
    return openCall(stream, path) + frame(Frame::Reset, 0, stream, kCancel);
  };
  const std::vector<std::pair<std::string, std::function<std::string()>>> kinds{
      {"pings", [&] { return ping; }},
      {"settings", [&] { return settings; }},
      {"enrolments taken back", [&] { return reset(kEnrol); }},
      {"exchanges taken back", [&] { return reset(kExchange); }},
      {"watches taken back", [&] { return reset(kWatch); }},
      {"calls of no method taken back", [&] { return reset(kUnknown); }}};
  for (const bool known : {false, true})
    for (const auto& [kind, next] : kinds) {
      const auto client = known ? door.device() : door.stranger();
      REQUIRE(client);
      stream = 1;
      bool open = client->send(begin() + reset(kExchange)).ok();
      for (int i = 0; i < 400 && open; ++i) {
        std::string many;
        for (int j = 0; j < 25; ++j)
          many += next();
        open = client->send(many).ok();
      }
      door.checkUnharmed("10,000 " + kind + (known ? " of a phone" : ""),
                         known ? kPhoneFloodGrowthKib : kFloodGrowthKib);
    }
}

TEST_CASE("strangers who open calls and take them back take little memory and no time together") {
  DeviceDoor door;
  std::vector<std::unique_ptr<support::HttpsClient>> crowd;
  for (int i = 0; i < 60; ++i)
    crowd.push_back(door.stranger());
  for (auto& stranger : crowd)
    if (stranger)
      (void)stranger->send(begin());
  std::uint32_t stream = 1;
  for (int round = 0; round < 100; ++round) {
    std::string many;
    for (int j = 0; j < 100; ++j) {
      stream += 2;
      many += openCall(stream, kEnrol) + frame(Frame::Reset, 0, stream, kCancel);
    }
    for (auto& stranger : crowd)
      if (stranger && !stranger->send(many).ok())
        stranger.reset();
  }
  door.checkUnharmed("60 strangers with 10,000 resets each", kFloodGrowthKib);
}

TEST_CASE("the device port is open again after the descriptors ran out") {
  if (kSanitized) {
    WARN("not run: UBSan opens a pipe to ask whether an object is one");
    return;
  }
  DeviceDoor door;
  allowManySockets();
  rlimit before{};
  const pid_t process = door.server().process();
  REQUIRE(prlimit(process, RLIMIT_NOFILE, nullptr, &before) == 0);
  rlimit few = before;
  few.rlim_cur = 100;
  REQUIRE(prlimit(process, RLIMIT_NOFILE, &few, nullptr) == 0);
  {
    std::vector<std::unique_ptr<PlainSocket>> crowd;
    for (int i = 0; i < 1'100; ++i)
      crowd.push_back(std::make_unique<PlainSocket>(door.server().devicePort()));
  }
  REQUIRE(prlimit(process, RLIMIT_NOFILE, &before, nullptr) == 0);
  door.checkUnharmed("after the descriptors ran out", kCrowdGrowthKib);
  CHECK(door.server().stop() == 0);
}
