// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/week_minutes.h"

#include "shared/visits/measures/civil_time.h"
#include "tests/unit/sync-server/commissioning/commissioned_office.h"

namespace doorstep::commissioning {
namespace {

constexpr int kMonday = 0;

std::vector<measures::WeekMinutes> weeks(CommissionedOffice& office, const std::string& first,
                                         const std::string& last) {
  const auto contracts = roster::contractsOfProvider(office.database(), office.provider);
  std::vector<measures::WeekMinutes> found;
  const auto take = [&](ProviderId, PersonId, std::vector<measures::WeekMinutes> rows) -> Status {
    found.insert(found.end(), rows.begin(), rows.end());
    return kDone;
  };
  REQUIRE(weekMinutes(office.database(), contracts->front(),
                      {day(first), day(last),
                       [](std::int64_t each) { return measures::weekOf(each, kMonday); }},
                      take)
              .ok());
  return found;
}

TEST_CASE("a week has the minutes of its package, once a person and kind") {
  CommissionedOffice office;
  office.putPackages(",patch,model,purchase",
                     "p1,day,305,2026-11-23,Hills,time_and_task,block\n"
                     "p1,sleep_in,900,2026-11-23,,,\np2,day,60,2026-12-07,,,\n");
  const auto rows = weeks(office, "2026-11-23", "2026-12-06");
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].weekStart == day("2026-11-23"));
  CHECK(rows[0].minutes == 305);
  CHECK(rows[0].contractId == "k1");
  CHECK(rows[0].provider == "Bright Home Care");
  CHECK(rows[0].lot == "north");
  CHECK(rows[0].patch == "Hills");
  CHECK(rows[0].providerRole == measures::ProviderRole::Lead);
  CHECK(rows[0].model == measures::CareModel::TimeAndTask);
  CHECK(rows[0].purchase == measures::Purchase::Block);
  CHECK(rows[0].person == std::to_string(office.person("p1").value));
  CHECK(rows[1].serviceKind == measures::ServiceKind::SleepIn);
  CHECK(rows[1].minutes == 900);
  CHECK(rows[2].weekStart == day("2026-11-30"));
}

TEST_CASE("parts of a week sum up to it when the package changes within") {
  CommissionedOffice office;
  office.putPackages(",until,patch",
                     "p1,day,305,2026-11-23,2026-12-02,a\np1,day,305,2026-12-03,,b\n");
  const auto rows = weeks(office, "2026-11-30", "2026-11-30");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].patch == "a");
  CHECK(rows[1].patch == "b");
  CHECK(rows[0].minutes == 130);  // three sevenths of 305, rounded down
  CHECK(rows[0].minutes + rows[1].minutes == 305);
}

TEST_CASE("days on which a package is paused or over have no minutes") {
  CommissionedOffice office;
  office.putPackages(",until,suspended_reason,suspended_from,suspended_until",
                     "p1,day,700,2026-11-23,2026-12-08,hospital,2026-11-28,2026-12-06\n");
  const auto rows = weeks(office, "2026-11-23", "2026-12-13");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].minutes == 500);
  CHECK(rows[1].weekStart == day("2026-12-07"));
  CHECK(rows[1].minutes == 200);
}

}  // namespace
}  // namespace doorstep::commissioning
