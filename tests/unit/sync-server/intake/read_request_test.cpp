// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/read_request.h"

#include <catch2/catch.hpp>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/visits/limits.h"
#include "sync-server/event_log/limits.h"
#include "tests/support/signing_phone.h"

namespace doorstep::intake {
namespace {

using support::SigningPhone;

constexpr std::int64_t kNowUnixMs = 1'790'000'100'000;

std::string reasonOf(const doorstep::sync::v1::ExchangeRequest& request) {
  SigningPhone phone(1, 3, 40);
  const auto read = readRequest(request.SerializeAsString(), phone.known(), kNowUnixMs);
  return read.ok() ? "" : read.error().reason;
}

TEST_CASE("bytes that are no request, or too many of them, are refused") {
  SigningPhone phone(1, 3, 40);
  REQUIRE(readRequest("\x07\xFF", phone.known(), kNowUnixMs).error().reason == "MESSAGE_MALFORMED");
  const std::string huge(visits::kExchangeBytesMax + 1, '\0');
  REQUIRE(readRequest(huge, phone.known(), kNowUnixMs).error().reason == "MESSAGE_MALFORMED");
}

TEST_CASE("an exchange holds as many entries as the limit says and not one more") {
  doorstep::sync::v1::ExchangeRequest request;
  for (std::size_t i = 0; i < visits::kEntriesPerExchangeMax; ++i)
    request.add_entries("");
  REQUIRE(reasonOf(request).empty());
  request.add_entries("");
  REQUIRE(reasonOf(request) == "TOO_MANY_ENTRIES");
}

TEST_CASE("a contradicted checkpoint beyond its limit is refused") {
  doorstep::sync::v1::ExchangeRequest request;
  request.set_contradicted_checkpoint(std::string(event_log::kContradictedCheckpointBytesMax, 'c'));
  REQUIRE(reasonOf(request).empty());
  request.set_contradicted_checkpoint(
      std::string(event_log::kContradictedCheckpointBytesMax + 1, 'c'));
  REQUIRE(reasonOf(request) == "MESSAGE_MALFORMED");
}

TEST_CASE("an entry beyond its limit is malformed and hurts no other") {
  SigningPhone phone(1, 3, 40);
  doorstep::sync::v1::ExchangeRequest request;
  request.add_entries(std::string(visits::kEntryBytesMax + 1, 'e'));
  const auto good = phone.record(VisitId(500));
  request.add_entries(good.bytes);
  const auto read = readRequest(request.SerializeAsString(), phone.known(), kNowUnixMs);
  REQUIRE(read.ok());
  REQUIRE(read->entries[0].malformed);
  REQUIRE_FALSE(read->entries[1].malformed);
  REQUIRE(read->entries[1].signatureRight);
  REQUIRE(read->entries[1].hash == good.hash);
}

TEST_CASE("a reply bounds time only when it was received in this boot and sent before now") {
  SigningPhone phone(1, 3, 40);
  doorstep::sync::v1::ClockReading reading;
  auto* clock = &reading;
  clock->set_boot(5);
  clock->set_sent_boot_ms(90'000);
  clock->set_reply_server_unix_ms(kNowUnixMs - 60'000);
  clock->set_reply_age_ms(59'000);
  clock->set_wall_unix_ms(kNowUnixMs + 7'000);
  const auto submission = [&] {
    doorstep::sync::v1::ExchangeRequest request;
    request.set_clock(reading.SerializeAsString());
    return readRequest(request.SerializeAsString(), phone.known(), kNowUnixMs).value();
  };
  const auto anchorOf = [&] { return submission().anchor; };
  REQUIRE(anchorOf().replyBootMs == 31'000U);
  REQUIRE(anchorOf().replyUnixMs == kNowUnixMs - 60'000);
  REQUIRE(submission().wallAheadMs == 7'000);
  clock->set_reply_age_ms(90'001);
  REQUIRE_FALSE(anchorOf().replyBootMs.has_value());
  clock->set_reply_age_ms(10);
  clock->set_reply_server_unix_ms(kNowUnixMs + 1);
  REQUIRE_FALSE(anchorOf().replyBootMs.has_value());
}

}  // namespace
}  // namespace doorstep::intake
