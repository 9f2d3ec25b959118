// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commissioning/ordered_terms.h"

#include "tests/unit/sync-server/commissioning/commissioned_office.h"

namespace doorstep::commissioning {
namespace {

using measures::ServiceKind;

TEST_CASE("without a package only tier and funders are known") {
  CommissionedOffice office;
  const OrderedTerms terms = office.ordered("p1", "2026-11-24");
  CHECK_FALSE(terms.hasPackage);
  CHECK(terms.serviceKind == ServiceKind::Day);
  CHECK(terms.weekMinutes == 0);
}

TEST_CASE("a package holds on its days with everything that it says") {
  CommissionedOffice office;
  office.put({{},
              "contract_ref,lot,patch,rurality\nk1,north,Hills,rural\nk1,north,Town,urban\n",
              "person_ref,service_kind,week_minutes,from,until,model,purchase,arranged_by,patch,"
              "short_visit_agreed,short_visit_basis\n"
              "p1,reablement,420,2026-11-25,2026-12-01,personal_budget,spot,health,Hills,yes,"
              "safe_and_well\n",
              {}});
  CHECK_FALSE(office.ordered("p1", "2026-11-24").hasPackage);
  CHECK_FALSE(office.ordered("p1", "2026-12-02").hasPackage);
  for (const char* on : {"2026-11-25", "2026-12-01"}) {
    const OrderedTerms terms = office.ordered("p1", on);
    CHECK(terms.hasPackage);
    CHECK(terms.serviceKind == ServiceKind::Reablement);
    CHECK(terms.model == measures::CareModel::PersonalBudget);
    CHECK(terms.purchase == measures::Purchase::Spot);
    CHECK(terms.arrangedBy == measures::ArrangedBy::Health);
    CHECK(terms.patch == "Hills");
    CHECK(terms.rurality == measures::Rurality::Rural);
    CHECK(terms.shortVisitAgreed);
    CHECK(terms.shortVisitBasis == measures::ShortVisitBasis::SafeAndWell);
    CHECK(terms.weekMinutes == 420);
    CHECK(terms.suspension == measures::Suspension::No);
  }
}

TEST_CASE("a later package takes the place of the one before from its day on") {
  CommissionedOffice office;
  office.putPackages("", "p1,day,300,2026-11-25\n");
  office.putPackages("", "p1,day,600,2026-12-01\n");
  CHECK(office.ordered("p1", "2026-11-30").weekMinutes == 300);
  CHECK(office.ordered("p1", "2026-12-01").weekMinutes == 600);
}

TEST_CASE("a pause is of its kind and its days") {
  CommissionedOffice office;
  office.putPackages(",suspended_reason,suspended_from,suspended_until",
                     "p1,day,300,2026-11-25,hospital,2026-11-27,2026-11-28\n"
                     "p1,sleep_in,900,2026-11-25,,,\n");
  const PackageChoice byDay{ServiceKind::Day, {}};
  CHECK(office.ordered("p1", "2026-11-26", byDay).suspension == measures::Suspension::No);
  CHECK(office.ordered("p1", "2026-11-27", byDay).suspension == measures::Suspension::Hospital);
  CHECK(office.ordered("p1", "2026-11-28", byDay).suspension == measures::Suspension::Hospital);
  CHECK(office.ordered("p1", "2026-11-29", byDay).suspension == measures::Suspension::No);
  CHECK(office.ordered("p1", "2026-11-27", {ServiceKind::SleepIn, {}}).suspension ==
        measures::Suspension::No);
}

TEST_CASE(
    "a visit belongs to the package that names its service, else to the one that names none") {
  CommissionedOffice office;
  office.putPackages(",services",
                     "p1,day,300,2026-11-25,\n"
                     "p1,reablement,200,2026-11-25,s7;s8\n");
  const auto kind = [&](std::string_view service) {
    return office.ordered("p1", "2026-11-25", {{}, service}).serviceKind;
  };
  CHECK(kind("s8") == ServiceKind::Reablement);
  CHECK(kind("s1+s7") == ServiceKind::Reablement);
  CHECK(kind("s1") == ServiceKind::Day);
  CHECK(kind("s") == ServiceKind::Day);
  CHECK_FALSE(office.ordered("p1", "2026-11-25", {ServiceKind::LiveIn, {}}).hasPackage);
}

TEST_CASE("what changed since a version is named with its earliest day") {
  CommissionedOffice office;
  office.putPackages("", "p1,day,300,2026-11-25\np2,day,300,2026-11-26\n");
  const auto first = commissioningVersion(office.database(), office.provider);
  REQUIRE(first.ok());
  CHECK(*first == 1);
  office.putPackages("", "p1,day,600,2026-12-01\n");
  const auto changes = changedSince(office.database(), office.provider, 1, 2);
  REQUIRE(changes.ok());
  REQUIRE(changes->size() == 1);
  CHECK(changes->front().key == RowKey{Kind::Package, office.person("p1").value, "day"});
  CHECK(changes->front().fromDay == day("2026-12-01"));
}

}  // namespace
}  // namespace doorstep::commissioning
