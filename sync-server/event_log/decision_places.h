// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shared/sql/database.h"
#include "sync-server/event_log/event_log.h"

namespace doorstep::event_log {

// Positions of the offices' decisions in their logs, so that a proof of one is found without
// reading the log. Derived from the log: written in the commit of the decision, and again by
// `doorstep-server rebuild`. Only what an office itself signed is entered; of two that say the same
// the first counts, since what is put in later proves nothing.

// What an event of an office's entry decided. nullopt: nothing that is asked for, or no decision.
std::optional<DecisionKey> decisionOf(const visits::Event& event);
std::vector<DecisionKey> decisionsIn(const visits::Entry& entry);

// The versions of keys that count within something: what was said of a visit's slot, and the
// freezes of a contract's month. nullopt: that is no month.
std::uint64_t versionOfSlot(std::uint32_t slot, std::uint32_t revision);
std::optional<std::uint64_t> versionOfMonth(const std::string& month, std::uint32_t freeze);

// nullopt: not in the log. Thread: the connection's.
Result<std::optional<std::uint64_t>> decisionPlace(sql::Database& database, ProviderId provider,
                                                   const DecisionKey& decision);

// Writes places in the writer's transaction; keeps its statement. Thread: the writer.
class DecisionPlaceWriter {
 public:
  static Result<DecisionPlaceWriter> prepare(sql::Database& writer);
  Status add(ProviderId provider, const DecisionKey& decision, std::uint64_t position);

 private:
  explicit DecisionPlaceWriter(sql::Statement add) : add_(std::move(add)) {}
  sql::Statement add_;
};

// For the rebuild command.
class DecisionPlaces final : public Projection {
 public:
  using Offices = std::set<std::pair<ProviderId, DeviceId>>;
  // database: the writer's connection, which outlives this. offices: whose entries are decisions.
  static Result<std::unique_ptr<DecisionPlaces>> open(sql::Database& database, Offices offices);

  Status apply(std::span<const CommittedEntry> entries) override;
  Status clear() override;

 private:
  DecisionPlaces(sql::Database& database, DecisionPlaceWriter writer, Offices offices)
      : database_(database), writer_(std::move(writer)), offices_(std::move(offices)) {}

  sql::Database& database_;
  DecisionPlaceWriter writer_;
  const Offices offices_;
};

}  // namespace doorstep::event_log
