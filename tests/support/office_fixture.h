// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <utility>

#include "shared/core/clock.h"
#include "shared/core/id_source.h"
#include "shared/core/local_time.h"
#include "sync-server/commissioning/schema.h"
#include "sync-server/identity/schema.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/rota/rota_reader.h"
#include "sync-server/roster/rota_import.h"
#include "sync-server/roster/schema.h"
#include "sync-server/storage/storage.h"
#include "tests/support/test_database.h"
#include "tests/support/unlogged_office.h"

namespace doorstep::support {

// A manually set clock.
class SetClock final : public Clock {
 public:
  explicit SetClock(std::string_view london) { set(london); }
  void set(std::string_view london) { wallUnixMs_ = londonToUnixMs(london).value(); }
  void advance(std::int64_t ms) { wallUnixMs_ += ms; }
  std::int64_t wallUnixMs() const override { return wallUnixMs_; }
  std::uint64_t bootMs() const override { return 1; }
  std::uint32_t boot() const override { return 1; }

 private:
  std::int64_t wallUnixMs_ = 0;
};

// Deterministic bytes (splitmix64).
class SeededIds final : public IdSource {
 public:
  explicit SeededIds(std::uint64_t seed = 1) : state_(seed) {}
  void fillRandom(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes)
      byte = static_cast<std::uint8_t>(next());
  }
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

 private:
  std::uint64_t state_;
};

struct RotaText {
  std::string people = "person_ref,name,latitude,longitude,lot\n";
  std::string carers = "carer_ref,name\n";
  std::string visits =
      "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,window_end,"
      "duration_min,"
      "after_visit_ref,min_gap_min,max_gap_min\n";
  std::optional<std::string> tasks;
  std::optional<std::string> contracts;
};

inline roster::Rota readText(const RotaText& text, roster::FaultList& faults) {
  std::istringstream people(text.people);
  std::istringstream carers(text.carers);
  std::istringstream visits(text.visits);
  std::istringstream tasks(text.tasks.value_or(""));
  std::istringstream contracts(text.contracts.value_or(""));
  return roster::readRota({&people, &carers, &visits, text.tasks ? &tasks : nullptr,
                           text.contracts ? &contracts : nullptr},
                          faults);
}

// A server's plan and identities in a separate database, with one provider under one council.
class OfficeFixture {
 public:
  explicit OfficeFixture(std::string_view now = "2026-11-23T06:00:00") : clock(now) {
    auto opened = storage::Storage::open(place_.storage());
    REQUIRE(opened.ok());
    storage = std::move(opened).value();
    REQUIRE(roster::migrate(storage->writer()).ok());
    REQUIRE(commissioning::migrate(storage->writer()).ok());
    REQUIRE(identity::migrate(storage->writer()).ok());
    unlogged.emplace(*storage, clock, ids);
    REQUIRE(storage
                ->write([&](sql::Database& database) -> Status {
                  DOORSTEP_ASSIGN(provider,
                                  roster::ensureProvider(database, "Bright Home Care", clock, ids));
                  DOORSTEP_ASSIGN(council,
                                  roster::ensureCouncil(database, "Leicestershire", clock, ids));
                  return kDone;
                })
                .ok());
  }

  // An import with faults leaves the database unchanged.
  Result<roster::ImportSummary> tryImport(const RotaText& text, roster::FaultList& faults) {
    const roster::Rota rota = readText(text, faults);
    if (!faults.empty())
      return Error{ErrorCode::InvalidArgument, "ROTA_FAULTS", "in the files"};
    roster::ImportSummary summary;
    DOORSTEP_TRY(decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_ASSIGN(summary, roster::importRota(database, rota, {provider, council, std::nullopt},
                                                  clock, ids, act, faults));
      return kDone;
    }));
    return summary;
  }

  roster::ImportSummary import(const RotaText& text) {
    roster::FaultList faults;
    auto summary = tryImport(text, faults);
    for (const auto& fault : faults.listed())
      FAIL(fault.file << ":" << fault.line << " " << fault.reason << " " << fault.text);
    if (!summary.ok())
      FAIL(summary.error().reason << ": " << summary.error().text);
    return *summary;
  }

  // Runs in a transaction of its own.
  Status decide(const office::OfficeLog::Job& job, AccountId account = {}) {
    return writer_ == nullptr ? unlogged->decide(job, account)
                              : writer_->write({account, "Test"}, job);
  }
  // From now on decisions are written to this office's log.
  void decideThrough(office::OfficeLog& office) { writer_ = &office; }

  sql::Database& database() { return storage->writer(); }

  CarerId carer(std::string_view ref) {
    auto found = roster::carerByRef(database(), provider, ref);
    REQUIRE(found.ok());
    return found->id;
  }

 protected:
  TestDatabase place_;

 private:
  office::OfficeLog* writer_ = nullptr;

 public:
  SetClock clock;
  SeededIds ids;
  std::unique_ptr<storage::Storage> storage;
  std::optional<UnloggedOffice> unlogged;
  ProviderId provider;
  CouncilId council;
};

}  // namespace doorstep::support
