// SPDX-License-Identifier: Apache-2.0
#include "sync-server/event_log/log_audit.h"

#include <catch2/catch.hpp>

#include "tests/support/damaged_entry.h"
#include "tests/support/intake_fixture.h"

namespace doorstep::event_log {
namespace {

using support::IntakeFixture;
using support::kVisit;
using support::SigningPhone;

// Three hundred entries of two phones, so that there is a full tile, and one that was passed over.
struct FilledLog {
  FilledLog() {
    for (int i = 0; i < 150; ++i) {
      REQUIRE(server.submit(first, {first.record(kVisit)}).status.ok());
      REQUIRE(server.submit(second, {second.record(kVisit)}).status.ok());
    }
    auto forged = first.record(kVisit);
    forged.spoilSignature();
    REQUIRE(server.submit(first, {forged, first.record(kVisit)}).status.ok());
  }
  AuditReport audit() {
    const DeviceKeys keys = [&](DeviceId id) -> Result<std::optional<crypto::P256PublicKey>> {
      if (id == first.device())
        return std::optional(first.key().publicKey());
      if (id == second.device())
        return std::optional(second.key().publicKey());
      return std::optional<crypto::P256PublicKey>();
    };
    auto reports =
        LogAudit(server.storage().writer(), server.signers(), keys).run([](auto, auto) {});
    REQUIRE(reports.ok());
    REQUIRE(reports->size() == 1);
    return reports->front();
  }
  void damage(const char* sql) { REQUIRE(server.storage().writer().execute(sql).ok()); }
  void requireFinding(const char* text) {
    const auto report = audit();
    bool found = false;
    for (const auto& finding : report.texts)
      found = found || finding.find(text) != std::string::npos;
    INFO(text);
    REQUIRE(report.findings > 0);
    REQUIRE(found);
  }

  IntakeFixture server;
  SigningPhone first{1, 3, 40};
  SigningPhone second{2, 3, 41};
};

TEST_CASE("an untouched log has no findings and every signature was checked") {
  FilledLog filled;
  const auto report = filled.audit();
  CAPTURE(report.texts);
  REQUIRE(report.findings == 0);
  REQUIRE(report.entries == 301);
  REQUIRE(report.signatures == 301);
}

TEST_CASE("erased bytes leave the tree whole") {
  FilledLog filled;
  filled.damage("UPDATE entry SET entry = CAST('' AS BLOB) WHERE position = 300");
  REQUIRE(filled.audit().findings == 0);
}

TEST_CASE("each planted damage is found") {
  FilledLog filled;
  SECTION("an entry's bytes") {
    filled.damage(
        "UPDATE entry SET entry = (SELECT entry FROM entry WHERE position = 9) WHERE position = 7");
    filled.requireFinding("position 7: the entry's bytes do not have its hash");
  }
  SECTION("an entry's bytes that are none") {
    filled.damage("UPDATE entry SET entry = CAST('none' AS BLOB) WHERE position = 7");
    filled.requireFinding("position 7: the bytes are no entry");
  }
  SECTION("when an entry came") {
    filled.damage("UPDATE entry SET received_unix_ms = received_unix_ms - 1 WHERE position = 7");
    filled.requireFinding("position 7: it did not arrive when the row says");
  }
  SECTION("what the phone's clock showed") {
    filled.damage("UPDATE entry SET clock = CAST('none' AS BLOB) WHERE position = 7");
    filled.requireFinding("position 7: it did not arrive when the row says");
  }
  SECTION("when an entry came, together with its hash") {
    filled.damage(
        "UPDATE entry SET arrival_hash = CAST('not a hash but as long as one is' AS BLOB) WHERE "
        "position = 7");
    filled.requireFinding("the entries do not have the root that was signed");
  }
  SECTION("an entry's bytes together with its hash") {
    filled.damage(
        "UPDATE entry SET entry = (SELECT entry FROM entry WHERE position = 9), entry_hash = "
        "(SELECT "
        "entry_hash FROM entry WHERE position = 9) WHERE position = 7");
    filled.requireFinding("the entries do not have the root that was signed");
  }
  SECTION("a signature") {
    support::spoilSignature(filled.server.storage().writer(), 8);
    filled.requireFinding("position 8: the device did not sign it");
  }
  SECTION("a missing entry") {
    filled.damage("DELETE FROM entry WHERE position = 20");
    filled.requireFinding("position 20: missing");
  }
  SECTION("a log that was cut") {
    filled.damage("DELETE FROM entry WHERE position >= 290");
    filled.requireFinding("position 290: missing, and all after it");
  }
  SECTION("the root of a tile") {
    filled.damage("UPDATE tile_root SET hash = CAST('not a hash but as long as one is' AS BLOB)");
    filled.requireFinding("tile 0 of level 8");
  }
  SECTION("the checkpoint") {
    filled.damage("UPDATE log SET checkpoint_note = replace(checkpoint_note, '301', '300')");
    filled.requireFinding("checkpoint: it is not signed");
  }
  SECTION("a link of a device's chain") {
    filled.damage("UPDATE entry SET previous_position = 3 WHERE position = 11");
    filled.requireFinding("position 11: the link");
  }
  SECTION("what an entry is not older than") {
    filled.damage("UPDATE entry SET not_before_unix_ms = 5 WHERE position = 12");
    filled.requireFinding("position 12: it is held to be younger than what it knows of");
  }
  SECTION("a device's head") {
    filled.damage("UPDATE device_head SET n = 3 WHERE device_id = 2");
    filled.requireFinding("device 2: its head");
  }
  SECTION("a number that is open") {
    filled.damage("DELETE FROM open_n");
    filled.requireFinding("neither in the log nor open");
  }
}

TEST_CASE("an entry whose phone had verified another history is found") {
  IntakeFixture server;
  SigningPhone phone(1, 3, 40);
  REQUIRE(server.submit(phone, {phone.record(kVisit), phone.record(kVisit)}).status.ok());
  auto entry = phone.next(kVisit);
  entry.checkpointSize = 1;
  entry.checkpointRootPrefix = std::string(16, 'r');
  REQUIRE(server.submit(phone, {phone.seal(entry)}).status.ok());
  const DeviceKeys keys = [&](DeviceId) -> Result<std::optional<crypto::P256PublicKey>> {
    return std::optional(phone.key().publicKey());
  };
  const auto reports =
      LogAudit(server.storage().writer(), server.signers(), keys).run([](auto, auto) {});
  REQUIRE(
      reports->front().texts ==
      std::vector<std::string>{"position 2: its phone had verified another history of this log"});
}

TEST_CASE("a log whose entries do not have the signed root does not open") {
  FilledLog filled;
  filled.damage(
      "UPDATE entry SET entry_hash = CAST('not a hash but as long as one is' AS BLOB) WHERE "
      "position = 300");
  const auto opened = SqlEventLog::open(filled.server.storage(), filled.server.signers());
  REQUIRE(opened.error().reason == "LOG_DAMAGED");
}

}  // namespace
}  // namespace doorstep::event_log
