// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sync-server/adjustments/adjustment_writer.h"
#include "sync-server/projections/touched_visits.h"
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::adjustments {

// A provider the day after visits v1, v2, v3 were planned from 08:00 to 09:00 for 30 minutes.
struct AdjustedOffice : office::LoggedOffice {
  AdjustedOffice() {
    import(rota());
    clock.set("2026-11-25T09:00:00");
  }
  static std::int64_t at(std::string_view london) { return londonToUnixMs(london).value(); }

  TimesOrder order(const std::string& ref, std::uint32_t seen = 0) {
    return {.place = {provider, visit(ref), 1, seen},
            .startUnixMs = at("2026-11-24T08:10:00"),
            .endUnixMs = at("2026-11-24T08:40:00"),
            .reason = "C7",
            .action = "A3",
            .note = "the paper says so",
            .byRole = "supervisor"};
  }
  Result<Adjustment> approve(const TimesOrder& order, const RuledTimes& ruled = {}) {
    return decided([&](sql::Database& database, event_log::OfficeAct& act) {
      return approveTimes(database, order, ruled, act);
    });
  }
  Result<Adjustment> withdraw(const std::string& ref, std::uint32_t seen,
                              const std::string& note = "a mistake") {
    const SlotPlace place{provider, visit(ref), 1, seen};
    return decided([&](sql::Database& database, event_log::OfficeAct& act) {
      return withdrawTimes(database, place, note, "supervisor", act);
    });
  }
  Result<Adjustment> explain(const std::string& ref, std::uint32_t seen, const std::string& reason,
                             const std::string& responsibility, const std::string& note = "") {
    const ExplainOrder order{
        {provider, visit(ref), 1, seen}, reason, responsibility, note, "supervisor"};
    return decided([&](sql::Database& database, event_log::OfficeAct& act) {
      return explainSlot(database, order, act);
    });
  }
  SlotAdjustments slot(const std::string& ref) {
    auto reader = AdjustmentReader::open(database());
    REQUIRE(reader.ok());
    return reader->ofVisit(provider, visit(ref)).value()[1];
  }
  std::vector<projections::TouchedVisit> touched() {
    return projections::touchedVisits(database(), 100).value();
  }

 private:
  template <typename Job>
  Result<Adjustment> decided(Job job) {
    return office->writeWithAnswer<Adjustment>({AccountId(7), "Olu"}, job);
  }
};

}  // namespace doorstep::adjustments
