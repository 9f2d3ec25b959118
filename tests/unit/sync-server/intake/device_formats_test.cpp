// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/wire/formats.h"
#include "sync-server/event_log/contacts.h"
#include "tests/support/intake_fixture.h"

namespace doorstep::intake {
namespace {

using support::IntakeFixture;
using support::SigningPhone;

// An exchange with one entry and these formats; empty: none.
Outcome submit(IntakeFixture& server, SigningPhone& phone, const std::string& formats) {
  doorstep::sync::v1::ExchangeRequest request;
  request.add_entries(phone.record(support::kVisit).bytes);
  request.set_formats(formats);
  auto read = readRequest(request.SerializeAsString(), phone.known(), server.kReceivedUnixMs);
  REQUIRE(read.ok());
  return std::move(server.pipeline().commit({&*read, 1}).front());
}

std::optional<std::string> kept(IntakeFixture& server) {
  const auto contact =
      event_log::readContact(server.storage().writer(), ProviderId(3), DeviceId(1));
  REQUIRE((contact.ok() && contact->has_value()));
  return (*contact)->formats;
}

TEST_CASE("what a device reads is kept until it says otherwise, and asked for until it has said") {
  IntakeFixture server;
  SigningPhone phone(1, 3, 40);
  CHECK(submit(server, phone, {}).formatsWanted);
  CHECK(kept(server) == std::nullopt);
  const std::string said = wire::encodeFormats({"0.2.0", {1, 2}, {1, 7}});
  CHECK_FALSE(submit(server, phone, said).formatsWanted);
  CHECK(kept(server) == said);
  server.restart();
  CHECK_FALSE(submit(server, phone, {}).formatsWanted);
  CHECK(kept(server) == said);
  const std::string later = wire::encodeFormats({"0.3.0", {1, 2, 3}, {1, 7, 32}});
  CHECK_FALSE(submit(server, phone, later).formatsWanted);
  CHECK(kept(server) == later);
}

TEST_CASE("formats that are none cost no entry and are not asked for without end") {
  for (const std::string& bad :
       {std::string("\xff\xff"), std::string(100'000, 'x'), std::string(1, '\0'),
        wire::encodeFormats({"1", {}, std::vector<std::uint32_t>(257, 1)})}) {
    IntakeFixture server;
    SigningPhone phone(1, 3, 40);
    const auto outcome = submit(server, phone, bad);
    REQUIRE(outcome.status.ok());
    CHECK(outcome.entries.at(0).verdict == Verdict::Accepted);
    CHECK_FALSE(outcome.formatsWanted);
    CHECK(kept(server) == std::string());
  }
}

}  // namespace
}  // namespace doorstep::intake
