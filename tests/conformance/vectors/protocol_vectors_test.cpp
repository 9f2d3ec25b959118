// SPDX-License-Identifier: Apache-2.0
// Our trusted time, scope hash and intake against protocol.json, which protocol_vectors.py made by
// docs/sync-protocol.md without any code of ours.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "shared/core/bytes.h"
#include "shared/timing/trusted_time.h"
#include "shared/wire/arrival_codec.h"
#include "shared/wire/plan_codec.h"
#include "tests/support/hex.h"
#include "tests/support/intake_fixture.h"

namespace doorstep {
namespace {

using nlohmann::json;

std::string bytesOf(const json& hex) { return support::fromHex(hex.get<std::string>()); }
json vectors() { return json::parse(std::ifstream(DOORSTEP_PROTOCOL_VECTORS)); }

TEST_CASE("the interval of true time is the one that the protocol's page gives") {
  const json all = vectors();
  REQUIRE(all["times"].size() == 15);
  for (const json& one : all["times"]) {
    INFO(one["name"]);
    timing::Anchor anchor =
        wire::anchorOf({one["received_unix_ms"].get<std::int64_t>(), bytesOf(one["clock_bytes"])});
    anchor.notBeforeUnixMs = one["not_before_unix_ms"];
    const auto time = timing::trustedTime(one["event_boot"], one["event_boot_ms"],
                                          one["event_wall_unix_ms"], {&anchor, 1});
    const json& expected = one["expected"];
    CHECK((time.timeClass == timing::TimeClass::Anchored ? "A" : "C") == expected["class"]);
    CHECK(time.ruledUnixMs == expected["ruled_unix_ms"].get<std::int64_t>());
    if (expected["class"] != "A")
      continue;
    CHECK(time.earliestUnixMs == expected["earliest_unix_ms"].get<std::int64_t>());
    CHECK(time.latestUnixMs == expected["latest_unix_ms"].get<std::int64_t>());
  }
}

TEST_CASE("a scope hash is the one that the protocol's page gives") {
  const json all = vectors();
  REQUIRE(all["scopes"].size() == 6);
  for (const json& one : all["scopes"]) {
    INFO(one["name"]);
    wire::ScopeHash hash;
    for (const json& object : one["objects"])
      hash.add(object["kind"].get<std::uint32_t>(), object["id"].get<std::uint64_t>(),
               bytesOf(object["bytes"]));
    CHECK(hash.count() == one["count"].get<std::uint32_t>());
    CHECK(toHex(hash.bytes()) == one["hash"]);
  }
}

TEST_CASE("entries get the verdicts that the protocol's page gives them") {
  const json all = vectors();
  support::IntakeFixture server;
  REQUIRE(support::kVisit.value == all["planned_visit"].get<std::uint64_t>());
  const identity::KnownDevice device{
      {DeviceId(all["device_id"].get<std::uint64_t>()), ProviderId(3), CarerId(40)},
      crypto::P256PublicKey::fromSpki(bytesOf(all["signing_public_key"])).value()};
  REQUIRE(all["verdicts"].size() == 15);
  for (const json& one : all["verdicts"]) {
    INFO(one["name"]);
    doorstep::sync::v1::ExchangeRequest request;
    request.add_entries(bytesOf(one["signed_entry"]));
    auto read = intake::readRequest(request.SerializeAsString(), device, server.kReceivedUnixMs);
    REQUIRE(read.ok());
    const auto outcome = std::move(server.pipeline().commit({&*read, 1}).front());
    REQUIRE(outcome.entries.size() == 1);
    const auto name =
        doorstep::sync::v1::Verdict_Name(static_cast<int>(outcome.entries[0].verdict));
    CHECK(name == "VERDICT_" + one["verdict"].get<std::string>());
    CHECK(intake::quarantineName(outcome.entries[0].reason) == one["reason"]);
    CHECK(outcome.heldN == one["held_n"].get<std::uint64_t>());
  }
}

}  // namespace
}  // namespace doorstep
