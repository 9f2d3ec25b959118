// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/commissioned_import.h"

#include "shared/core/durations.h"
#include "tests/unit/sync-server/commissioning/commissioned_office.h"

namespace doorstep::commissioning {
namespace {

constexpr const char* kPackages = "person_ref,service_kind,week_minutes,from";

CommissionedText packages(const std::string& columns, const std::string& rows) {
  return {{}, {}, kPackages + columns + "\n" + rows, {}};
}

TEST_CASE("the same files again change nothing, on whatever day") {
  CommissionedOffice office;
  const CommissionedText text{
      "council,kind\nLeicestershire,council\nNHS West,health\n",
      "contract_ref,lot,patch,rurality\nk1,north,Hills,rural\n",
      "person_ref,service_kind,week_minutes,from,until\np1,day,300,2026-11-24,2026-11-30\n"
      "p1,day,400,2026-12-01,\np2,sleep_in,900,2026-11-24,\n",
      "contract_ref,service_kind,day_kind,from,pence_per_hour,uplift_percent\n"
      "k1,day,weekday,2026-11-24,2250,\nk1,,uplift,2027-04-01,,4.5\n"};
  const auto first = office.put(text);
  CHECK(first.changed == 8);
  CHECK(first.version == 1);
  const auto again = office.put(text);
  CHECK(again.changed == 0);
  CHECK(again.same == 8);
  CHECK(again.version == 1);
  office.clock.advance(20 * kDayMs);
  CHECK(office.put(text).changed == 0);
  CHECK(office.said<visits::CommissionedRows>().size() == 4);
}

TEST_CASE("several dated prices and descriptions again change nothing, and one of them alone") {
  CommissionedOffice office;
  CommissionedText text;
  text.lots = "contract_ref,lot,patch,from\nk1,north,Hills,2026-11-25\nk1,north,Vale,2027-04-01\n";
  const std::string head = "contract_ref,service_kind,day_kind,from,pence_per_hour\n";
  text.rates = head + "k1,day,weekday,2027-04-01,2300\nk1,day,weekday,2026-11-25,2200\n";
  CHECK(office.put(text).changed == 4);
  office.clock.advance(5 * kDayMs);  // the first ones have begun
  CHECK(office.put(text).changed == 0);
  text.rates = head + "k1,day,weekday,2026-12-25,2250\nk1,day,weekday,2027-04-01,2300\n";
  const auto changed = office.put(text);
  CHECK(changed.changed == 1);
  CHECK(changed.same == 3);
}

TEST_CASE("what a file does not name stays") {
  CommissionedOffice office;
  office.putPackages("", "p1,day,300,2026-11-25\np2,day,300,2026-11-25\n");
  office.putPackages("", "p1,day,500,2026-11-25\n");
  CHECK(office.ordered("p1", "2026-11-25").weekMinutes == 500);
  CHECK(office.ordered("p2", "2026-11-25").weekMinutes == 300);
}

TEST_CASE("a day on which a visit has begun is changed by a correction alone, and the row stays") {
  CommissionedOffice office;
  office.putPackages("", "p1,day,300,2026-11-23\n");
  office.clock.advance(12 * 3'600'000);  // Monday evening: p1's visit has begun
  CHECK(office.faultsOf(packages("", "p1,day,600,2026-11-23\n")) == "FROM_PAST");
  CHECK(office.ordered("p1", "2026-11-23").weekMinutes == 300);
  CHECK(office.put(packages("", "p2,day,600,2026-11-23\n")).changed == 1);
  office.putPackages(",correction_reason", "p1,day,600,2026-11-23,The order was misread\n");
  CHECK(office.ordered("p1", "2026-11-23").weekMinutes == 600);
  const auto rows =
      rowsOfSubject(office.database(), office.provider, Kind::Package, office.person("p1").value);
  REQUIRE(rows.ok());
  REQUIRE(rows->size() == 2);
  CHECK(rows->front().replacedVersion == 3U);
  CHECK(rows->back().reason == "The order was misread");
}

TEST_CASE("a provider's first files correct nothing, whatever day they name") {
  CommissionedOffice office;
  office.clock.advance(12 * 3'600'000);  // Monday evening: p1's visit has begun
  CommissionedText text =
      packages(",until,suspended_from,suspended_until,suspended_reason",
               "p1,day,300,2026-11-01,2026-12-31,2026-11-20,2026-11-23,hospital\n");
  text.lots = "contract_ref,lot,patch,rurality\nk1,north,Hills,rural\n";
  text.rates =
      "contract_ref,service_kind,day_kind,from,pence_per_hour\nk1,day,weekday,2026-04-01,2250\n";
  CHECK(office.put(text).changed == 4);
  CHECK(office.ordered("p1", "2026-11-23").weekMinutes == 300);
  CHECK(office.ordered("p1", "2026-11-23").suspension == measures::Suspension::Hospital);
  const auto rows =
      rowsOfSubject(office.database(), office.provider, Kind::Package, office.person("p1").value);
  CHECK(rows->front().reason.empty());
  CHECK(office.put(text).changed == 0);
  // From now on people have seen what was ordered.
  CHECK(office.faultsOf(packages("", "p1,day,400,2026-11-01\n")) == "FROM_PAST");
}

TEST_CASE("a day before any visit of the provider may be said without a reason") {
  CommissionedOffice office;
  CHECK(office.put(packages("", "p1,day,300,2020-01-01\n")).changed == 1);
  CHECK(office.ordered("p1", "2026-11-23").weekMinutes == 300);
}

TEST_CASE("an earlier package that is corrected leaves the later one alone") {
  CommissionedOffice office;
  office.putPackages(",until", "p1,day,300,2026-11-25,2026-11-30\np1,day,400,2026-12-01,\n");
  office.putPackages(",until", "p1,day,350,2026-11-25,2026-11-30\n");
  CHECK(office.ordered("p1", "2026-11-25").weekMinutes == 350);
  CHECK(office.ordered("p1", "2026-12-01").weekMinutes == 400);
}

TEST_CASE("unknown people, contracts and lots are faults, and nothing is put") {
  CommissionedOffice office;
  CommissionedText text = packages("", "p1,day,300,2026-11-25\np9,day,300,2026-11-25\n");
  text.lots = "contract_ref,lot,patch\nk9,north,a\nk1,south,a\n";
  CHECK(office.faultsOf(text) == "UNKNOWN_REFERENCE UNKNOWN_REFERENCE UNKNOWN_REFERENCE");
  CHECK_FALSE(office.ordered("p1", "2026-11-25").hasPackage);
  CHECK(office.said<visits::CommissionedRows>().empty());
}

TEST_CASE("rows that somebody wrote past the server stop the next version") {
  CommissionedOffice office;
  office.putPackages("", "p1,day,300,2026-11-25\n");
  REQUIRE(office.database()
              .execute("INSERT INTO commissioned_row SELECT provider_id, kind, subject_id, name, "
                       "30000, 2, NULL, NULL, '', content FROM commissioned_row")
              .ok());
  roster::FaultList faults;
  const auto refused = office.tryPut(packages("", "p2,day,300,2026-11-25\n"), faults);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().reason == "COMMISSIONING_ROWS_FOREIGN");
}

}  // namespace
}  // namespace doorstep::commissioning
