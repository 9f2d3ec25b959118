// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/access_log.h"

#include <catch2/catch.hpp>

#include "tests/support/office_fixture.h"

namespace doorstep::identity {
namespace {

TEST_CASE("looks at a person's record are kept, newest first") {
  support::OfficeFixture office;
  const PersonId person{5};
  const std::vector<Look> made{
      {AccountId(1), office.provider, person, VisitId(9), LookPurpose::Board, 10, ""},
      {AccountId(2), office.provider, PersonId(6), {}, LookPurpose::Record, 11, ""},
      {AccountId(2), office.provider, person, {}, LookPurpose::Export, 12, "lot=north"}};
  REQUIRE(recordLooks(*office.storage, made, office.clock, office.ids).ok());
  const auto looks = looksAtPerson(office.database(), office.provider, person, 10);
  REQUIRE(looks.ok());
  REQUIRE(looks->size() == 2);
  CHECK((*looks)[0].purpose == LookPurpose::Export);
  CHECK((*looks)[0].detail == "lot=north");
  CHECK((*looks)[1].visit == VisitId(9));
  CHECK(looksAtPerson(office.database(), ProviderId(1), person, 10)->empty());
}

}  // namespace
}  // namespace doorstep::identity
