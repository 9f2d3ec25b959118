// SPDX-License-Identifier: Apache-2.0
// What an enrolled phone may write into the fields that it is to give back as it got them.
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "tests/hostile/device_door.h"

using namespace doorstep;
using namespace doorstep::hostile;

namespace {

namespace pb = doorstep::sync::v1;

std::vector<std::uint64_t> extremes() {
  std::vector<std::uint64_t> values{0, 1, 2, 3, 255, 1000, 20'000};
  for (int bit = 15; bit < 64; ++bit) {
    values.push_back(1ULL << bit);
    values.push_back((1ULL << bit) - 1);
    values.push_back((1ULL << bit) + 1);
  }
  values.push_back(UINT64_MAX);
  return values;
}

}  // namespace

TEST_CASE("no cursor, size, root or clock reading of a phone ends the server or its own answers") {
  DeviceDoor door;
  support::SyncClient client(door.server(), &door.phone(0));
  for (const std::uint64_t value : extremes()) {
    CAPTURE(value);
    const auto number = static_cast<std::int64_t>(value);
    for (int field = 0; field < 6; ++field) {
      CAPTURE(field);
      pb::ExchangeRequest request;
      pb::ClockReading clock;
      clock.set_boot(field == 3 ? static_cast<std::uint32_t>(value) : 1);
      clock.set_sent_boot_ms(field == 3 ? value : 5'000);
      if (field == 0)
        request.set_plan_cursor(value);
      if (field == 1)
        request.set_held_log_size(value);
      if (field == 2)
        request.set_held_log_root_prefix(std::string(value % 64, 'r'));
      if (field == 4) {
        clock.set_reply_server_unix_ms(number);
        clock.set_reply_age_ms(value);
      }
      if (field == 5)
        clock.set_wall_unix_ms(number);
      request.set_clock(clock.SerializeAsString());
      REQUIRE(client.exchange(request).status.ok());
    }
  }
  door.checkUnharmed("extremes in an exchange", 32 << 10);
}

TEST_CASE("no size of a certificate's renewal ends the server or holds up an exchange") {
  DeviceDoor door;
  support::SyncClient client(door.server(), &door.phone(0));
  for (const std::size_t size : {0UL, 1UL, 63UL, 64UL, 65UL, 4'096UL, 4'097UL, 65'536UL, 500'000UL})
    for (const char fill : {'\0', '\x30', '\x7f', '\xff'}) {
      CAPTURE(size, static_cast<int>(fill));
      pb::ExchangeRequest request;
      auto& renewal = *request.mutable_certificate_renewal();
      renewal.set_tls_certificate_request(std::string(size, fill));
      renewal.set_signing_key_proof(std::string(size, fill));
      const auto answer = client.exchange(request);
      REQUIRE(answer.status.ok());
      CHECK(answer.response.renewed_certificate().refusal() != pb::RENEWAL_REFUSAL_UNSPECIFIED);
    }
  pb::ExchangeRequest large;
  large.mutable_certificate_renewal()->set_tls_certificate_request(std::string(1'100'000, 'r'));
  CHECK(client.exchange(large).reason == "MESSAGE_MALFORMED");
  door.checkUnharmed("extremes in a renewal", 32 << 10);
}

TEST_CASE("no cursor of a watch ends the server") {
  DeviceDoor door;
  support::SyncClient client(door.server(), &door.phone(0));
  for (const std::uint64_t value : extremes()) {
    CAPTURE(value);
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    pb::WatchRequest request;
    request.set_plan_cursor(value);
    const auto reader = client.stub().Watch(&context, request);
    pb::WatchResponse hint;
    REQUIRE(reader->Read(&hint));
    CHECK(hint.newer_plan_cursor() > 0);
    context.TryCancel();
    (void)reader->Finish();
  }
  door.checkUnharmed("extremes in a watch", 32 << 10);
}
