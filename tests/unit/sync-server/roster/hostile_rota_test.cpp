// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "sync-server/roster/limits.h"
#include "sync-server/roster/rota/rota.h"
#include "tests/support/office_fixture.h"

namespace doorstep::roster {
namespace {

using support::RotaText;

RotaText goodRota() {
  RotaText text;
  text.people += "p1,Ann Example,52.6369,-1.1398,north\np2,\"Bob \"\"B\"\" Example\",,,north\n";
  text.carers += "c1,Cara\nc2,Dan\n";
  text.visits +=
      "v1,p1,1,1,c1,morning,2026-11-23T07:30:00,2026-11-23T08:30:00,30,,,\n"
      "v2,p2,1,2,c1,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,45,v1,60,300\n"
      "v2,p2,2,2,c2,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,45,v1,60,300\n";
  text.tasks = "service,task_number,code,text,critical\ntea,1,ME02,Pills,yes\n";
  text.contracts = "contract_ref,council,lot\nk1,Leicestershire,north\n";
  return text;
}

std::size_t linesOf(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 2;
}

// What must hold for any bytes: faults are whole, bounded and clean to print; without a fault every
// index points at something.
void checkReading(const RotaText& text) {
  FaultList faults;
  const Rota rota = support::readText(text, faults);
  CHECK(faults.listed().size() <= kFaultsListedMax);
  const std::size_t linesMax =
      std::max({linesOf(text.people), linesOf(text.carers), linesOf(text.visits),
                linesOf(*text.tasks), linesOf(*text.contracts)});
  for (const RotaFault& fault : faults.listed()) {
    CHECK_FALSE(fault.file.empty());
    CHECK_FALSE(fault.reason.empty());
    CHECK_FALSE(fault.text.empty());
    CHECK(fault.line <= linesMax);
    CHECK(fault.text.size() < 400);
    CHECK(isUtf8(fault.text + fault.column));
    CHECK_FALSE(hasControlBytes(fault.text, false));
  }
  if (!faults.empty())
    return;
  for (const RotaVisit& visit : rota.visits) {
    CHECK(visit.person < rota.people.size());
    CHECK((visit.after == kNobody || visit.after < rota.visits.size()));
    CHECK(visit.windowEndUnixMs >= visit.windowStartUnixMs);
    CHECK((!visit.carers.empty() && visit.carers.size() <= kCarersRequiredMax));
    for (const std::uint32_t carer : visit.carers)
      CHECK((carer == kNobody || carer < rota.carers.size()));
  }
}

std::string& fileOf(RotaText& text, std::uint64_t which) {
  std::string* const files[] = {&text.people, &text.carers, &text.visits, &*text.tasks,
                                &*text.contracts};
  return *files[which % 5];
}

TEST_CASE(
    "any damage to any file of a rota is read to its end and told in bounded, printable faults") {
  const std::vector<std::string> pieces = {"\"",
                                           "\"\"",
                                           ",",
                                           ",,,,",
                                           "\n",
                                           "\r\n",
                                           "\r",
                                           std::string(1, '\0'),
                                           "\xFF",
                                           "\xC0\x80",
                                           "\xED\xA0\x80",
                                           "\xF4\x90\x80\x80",
                                           "\xEF\xBB\xBF",
                                           "\x1B[31m",
                                           "-1",
                                           "4294967296",
                                           "99999999999999999999",
                                           "1e9",
                                           "NaN",
                                           "2026-11-23T24:00:00",
                                           "2026-02-30T10:00:00",
                                           "9999-12-31T23:59:59",
                                           "0000-00-00T00:00:00",
                                           "' OR 1=1 --",
                                           "=cmd|' /C calc'!A0",
                                           std::string(5000, 'x'),
                                           std::string(100, ','),
                                           "v1",
                                           "v2",
                                           "p1",
                                           "c1",
                                           "\xF0\x9F\x92\x8A",
                                           "\xE2\x80\xAE"};
  support::SeededIds random(42);
  for (int round = 0; round < 3000; ++round) {
    RotaText text = goodRota();
    const auto damages = 1 + random.below(6);
    for (std::uint64_t i = 0; i < damages; ++i) {
      std::string& file = fileOf(text, random.below(5));
      const std::size_t at = random.below(file.size() + 1);
      switch (random.below(5)) {
        case 0:
          file.insert(at, pieces[random.below(pieces.size())]);
          break;
        case 1:
          file.erase(at, 1 + random.below(20));
          break;
        case 2:
          if (at < file.size())
            file[at] = static_cast<char>(random.below(256));
          break;
        case 3:
          file.resize(at);
          break;
        default:
          file.insert(at, file.substr(random.below(file.size() + 1), random.below(80)));
      }
    }
    INFO("round " << round);
    checkReading(text);
  }
}

TEST_CASE("bytes that are no rota at all are faults, never a plan") {
  support::SeededIds random(7);
  for (int round = 0; round < 300; ++round) {
    RotaText text = goodRota();
    std::string& file = round % 2 == 0 ? text.visits : text.people;
    file.resize(random.below(3000));
    random.fillRandom({reinterpret_cast<std::uint8_t*>(file.data()), file.size()});
    FaultList faults;
    support::readText(text, faults);
    CHECK_FALSE(faults.empty());
    checkReading(text);
  }
}

TEST_CASE("what looks like a formula or SQL is text and comes back as it was") {
  support::OfficeFixture office;
  RotaText text;
  text.people += "p1,'); DROP TABLE person; --,,,north\n";
  text.carers += "c1,=HYPERLINK(0)\n";
  text.visits += "v1,p1,1,1,c1,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,45,,,\n";
  office.import(text);
  const auto people = roster::people(office.database(), office.provider, {}, 10);
  REQUIRE(people.ok());
  CHECK(people->at(0).name == "'); DROP TABLE person; --");
  CHECK(roster::carers(office.database(), office.provider, {}, 10)->at(0).name == "=HYPERLINK(0)");
}

}  // namespace
}  // namespace doorstep::roster
