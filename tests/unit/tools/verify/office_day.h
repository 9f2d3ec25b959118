// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sstream>

#include "sync-server/adjustments/adjustment_writer.h"
#include "sync-server/commissioning/commissioned_import.h"
#include "tests/unit/tools/verify/bundled_day.h"

namespace doorstep::verify {

// A bundled day of which the office has said everything that it can: what is commissioned, with a
// lot and a pause; times approved, withdrawn and approved anew, and a visit explained. Ann was at
// the person's the day before, which is not asked for.
struct OfficeDay : BundledDay {
  static constexpr const char* kContract = "Dales Care for County";

  OfficeDay() {
    day.setNow("2026-11-20T12:00:00");
    put("contract_ref,lot,patch,rurality,from\n" + std::string(kContract) +
            ",north,Hills,rural,2026-11-01\n",
        "model,purchase,arranged_by,patch,short_visit_agreed,short_visit_basis",
        "reablement,420,2026-11-01,personal_budget,spot,health,Hills,yes,agreed_terms");
    ProviderDay::PlannedCare care{.person = person, .carers = {carers[0]}};
    care.from = care.to = "2026-11-22T08:00:00";
    care.ref = "v0";
    const VisitId before = day.addVisit(provider, care);
    day.checkIn(carers[0], before, "2026-11-22T08:03:00");
    day.record(carers[0], before, visits::NoteAdded{"of the day before"}, "2026-11-22T08:20:00");
    day.checkOut(carers[0], before, "2026-11-22T08:31:00");
    day.send(carers[0], "2026-11-22T09:00:00");
    pass();
    approve("v2", 0, "09:00:00", "09:30:00");
    withdraw("v2", 1);
    approve("v2", 2, "09:05:00", "09:35:00");
    approve("v4", 0, "11:00:00", "11:30:00");
    explain("v5", 0, "C7", "person");
  }

  // Of the 23rd alone.
  pb::BundleManifest write() {
    pb::BundleManifest asked;
    asked.set_first_day("2026-11-23");
    asked.set_last_day("2026-11-23");
    return BundledDay::write(asked);
  }
  void put(const std::string& lotRows, const std::string& columns, const std::string& package) {
    std::istringstream lots(lotRows);
    std::istringstream packages("person_ref,service_kind,week_minutes,from," + columns + "\np1," +
                                package + "\n");
    roster::FaultList faults;
    const auto files = commissioning::readCommissioned(
        {nullptr, lotRows.empty() ? nullptr : &lots, &packages, nullptr}, faults);
    const Status done =
        day.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
          DOORSTEP_TRY(commissioning::importCommissioned(database, provider, files, day.clock(),
                                                         day.ids(), act, faults));
          return kDone;
        });
    for (const auto& fault : faults.listed())
      FAIL(fault.file << ":" << fault.line << " " << fault.reason << " " << fault.text);
    REQUIRE(done.ok());
  }
  VisitId visit(const std::string& ref) {
    auto row = day.storage().writer().prepare("SELECT visit_id FROM visit WHERE ref = ?");
    REQUIRE(row->bindText(0, ref).step().ok());
    return VisitId(row->columnId(0));
  }
  adjustments::SlotPlace place(const std::string& ref, std::uint32_t seen) {
    return {provider, visit(ref), 1, seen};
  }
  template <typename Job>
  void decide(Job job) {
    const Status done = day.decide(
        [&](sql::Database& database, event_log::OfficeAct& act) -> Status {
          DOORSTEP_TRY(job(database, act));
          return kDone;
        },
        AccountId(7));
    INFO((done.ok() ? "" : done.error().reason));
    REQUIRE(done.ok());
  }
  void approve(const std::string& ref, std::uint32_t seen, const std::string& from,
               const std::string& to) {
    const adjustments::TimesOrder order{.place = place(ref, seen),
                                        .startUnixMs = ProviderDay::ms("2026-11-23T" + from),
                                        .endUnixMs = ProviderDay::ms("2026-11-23T" + to),
                                        .reason = "C7",
                                        .action = "A3",
                                        .note = "Mrs Example's daughter told us",
                                        .byRole = "supervisor"};
    decide([&](sql::Database& database, event_log::OfficeAct& act) {
      return adjustments::approveTimes(database, order, {}, act);
    });
  }
  void withdraw(const std::string& ref, std::uint32_t seen) {
    decide([&](sql::Database& database, event_log::OfficeAct& act) {
      return adjustments::withdrawTimes(database, place(ref, seen), "a mistake", "supervisor", act);
    });
  }
  void explain(const std::string& ref, std::uint32_t seen, const std::string& reason,
               const std::string& who) {
    decide([&](sql::Database& database, event_log::OfficeAct& act) {
      return adjustments::explainSlot(
          database, {place(ref, seen), reason, who, "she said so", "supervisor"}, act);
    });
  }
};

}  // namespace doorstep::verify
