// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/crypto/sha256.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/office_fact_codec.h"
#include "sync-server/adjustments/schema.h"
#include "sync-server/event_log/log_audit.h"
#include "sync-server/event_log/schema.h"
#include "sync-server/event_log/sql_event_log.h"
#include "sync-server/exports/schema.h"
#include "sync-server/freezes/schema.h"
#include "sync-server/identity/device_registry.h"
#include "sync-server/office/office_audit.h"
#include "sync-server/projections/attendance_store.h"
#include "sync-server/replies/schema.h"
#include "sync-server/roster/plan_writer.h"
#include "tests/support/disk/passing_database.h"
#include "tests/support/office_fixture.h"

namespace doorstep::office {

// A server's plan, identities and log, and an office that makes decisions.
struct LoggedOffice : support::OfficeFixture {
  LoggedOffice() { openLog(); }

  void openLog() {
    REQUIRE(event_log::migrate(storage->writer()).ok());
    REQUIRE(projections::migrate(storage->writer()).ok());
    REQUIRE(adjustments::migrate(storage->writer()).ok());
    REQUIRE(exports::migrate(storage->writer()).ok());
    REQUIRE(freezes::migrate(storage->writer()).ok());
    REQUIRE(replies::migrate(storage->writer()).ok());
    log = event_log::SqlEventLog::open(*storage, signers).value();
    office.emplace(OfficeLog::Parts{
        *storage, *log, key, [this] { return Result<std::int64_t>(clock.wallUnixMs() + stampMs); },
        clock, ids});
    decideThrough(*office);
  }

  static support::RotaText rota() {
    support::RotaText text;
    text.people += "p1,Ann Example,,,north\n";
    text.carers += "c1,Cara\nc2,Dan\n";
    for (const char* ref : {"v1", "v2", "v3"})
      text.visits += std::string(ref) +
                     ",p1,1,1,c1,tea,2026-11-24T08:00:00,2026-11-24T09:00:00,"
                     "30,,,\n";
    return text;
  }
  VisitId visit(const std::string& ref) {
    auto row = database().prepare("SELECT visit_id FROM visit WHERE ref = ?");
    REQUIRE(row->bindText(0, ref).step().ok());
    return VisitId(row->columnId(0));
  }
  Status reassign(const std::string& ref, const std::string& carerRef, AccountId account = {}) {
    const VisitId id = visit(ref);
    const CarerId to = carer(carerRef);
    const auto job = [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_TRY(roster::reassignVisit(database, provider, id, 1, to, act));
      return kDone;
    };
    return decide(job, account);
  }
  Status setRules(const std::string& ref, std::uint32_t lateToleranceMin) {
    return decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      roster::StatedRules rules;
      rules.lateToleranceMin = lateToleranceMin;
      const roster::ContractTerms terms{ref, council, provider, {}, rules, clock.wallUnixMs()};
      DOORSTEP_TRY(roster::ensureContract(database, terms, clock, ids, act));
      return kDone;
    });
  }
  DeviceId addPhone() {
    const DeviceId id(ids.newId(clock));
    REQUIRE(storage
                ->write([&](sql::Database& database) {
                  return identity::addDevice(
                      database, {.id = id,
                                 .provider = provider,
                                 .carer = CarerId(9),
                                 .signingKeySpki = "none",
                                 .tlsFingerprint = crypto::sha256(bigEndian64(id.value)),
                                 .description = "phone",
                                 .enrolledUnixMs = 1});
                })
                .ok());
    return id;
  }
  Status revoke(DeviceId id) {
    return decide([&](sql::Database& database, event_log::OfficeAct& act) {
      return identity::revokeDevice(database, provider, id, act);
    });
  }

  std::vector<event_log::StoredEntry> entries() { return log->entries(provider, 0, 100).value(); }
  // Facts of all entries, in order.
  std::vector<visits::OfficeFact> facts() {
    std::vector<visits::OfficeFact> found;
    for (const auto& stored : entries()) {
      const auto decoded = wire::decodeEntry(stored.entry);
      for (const auto& event : decoded->entry.events)
        found.push_back(
            wire::decodeOfficeFact(std::get<visits::UnknownFact>(event.fact).bytes).value());
    }
    return found;
  }
  template <typename Decision>
  std::vector<Decision> said() {
    std::vector<Decision> found;
    for (const auto& fact : facts())
      if (const auto* decision = std::get_if<Decision>(&fact.decision))
        found.push_back(*decision);
    return found;
  }

  struct Audited {
    std::uint64_t logFindings = 0;
    OfficeReport office;
  };
  Audited audit() {
    auto offices = OfficeAudit::begin(database(), key.publicKey().spki());
    REQUIRE(offices.ok());
    const event_log::DeviceKeys keys =
        [&](DeviceId id) -> Result<std::optional<crypto::P256PublicKey>> {
      DOORSTEP_ASSIGN(const auto device, identity::device(database(), id));
      DOORSTEP_ASSIGN(auto parsed, crypto::P256PublicKey::fromSpki(device.signingKeySpki));
      return std::optional(std::move(parsed));
    };
    const auto reports =
        event_log::LogAudit(database(), signers, keys, [&](const auto& stored, const auto& opened) {
          offices->see(stored, opened);
        }).run([](auto, auto) {});
    REQUIRE(reports.ok());
    Audited found;
    for (const auto& report : *reports)
      found.logFindings += report.findings;
    auto report = offices->report(provider);
    REQUIRE(report.ok());
    found.office = *std::move(report);
    return found;
  }

  event_log::LogSigners signers{"test.example", crypto::Ed25519PrivateKey::generate()};
  crypto::P256PrivateKey key = crypto::P256PrivateKey::generate();
  std::int64_t stampMs = 0;  // offset of arrival times from the clock
  std::unique_ptr<event_log::SqlEventLog> log;
  std::optional<OfficeLog> office;
};

}  // namespace doorstep::office
