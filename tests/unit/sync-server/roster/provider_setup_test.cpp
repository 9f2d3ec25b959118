// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/provider_setup.h"

#include <catch2/catch.hpp>
#include <string>

#include "sync-server/roster/limits.h"
#include "tests/support/office_fixture.h"

namespace doorstep::roster {
namespace {

TEST_CASE("a provider and a council are one under every spelling of their name") {
  support::OfficeFixture office;
  const auto named = [&](std::string_view name) {
    return ensureProvider(office.database(), name, office.clock, office.ids);
  };
  CHECK(*named(" Bright\u00A0Home Care ") == office.provider);
  CHECK(*named("Cafe\u0301 Care") == *named("Caf\u00E9 Care"));
  CHECK(*ensureCouncil(office.database(), "Leicestershire ", office.clock, office.ids) ==
        office.council);
}

TEST_CASE("a name of blanks, or one that steers, turns or hides text, is refused in words") {
  support::OfficeFixture office;
  const auto reasonOf = [&](std::string_view name) {
    const auto made = ensureProvider(office.database(), name, office.clock, office.ids);
    CHECK(ensureCouncil(office.database(), name, office.clock, office.ids).ok() == made.ok());
    return made.ok() ? "" : made.error().reason;
  };
  for (const char* blank : {"", "  ", "\u00A0", "\u200B", "\u2800"})
    CHECK(reasonOf(blank) == "NAME_MISSING");
  CHECK(reasonOf("Ann\u202Ex") == "DIRECTION_CHARACTERS");
  CHECK(reasonOf("Ann\x1B[2J") == "CONTROL_CHARACTERS");
  CHECK(reasonOf("A\u200Bnn") == "INVISIBLE_CHARACTERS");
  CHECK(reasonOf("A\xFF") == "NOT_UTF8");
  CHECK(reasonOf(std::string(kNameBytesMax + 1, 'x')) == "NAME_TOO_LONG");
}

}  // namespace
}  // namespace doorstep::roster
