// SPDX-License-Identifier: Apache-2.0
// What a spreadsheet, a mail program or a hasty person makes of the files of a rota.
#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "sync-server/roster/limits.h"
#include "sync-server/roster/rota/rota.h"
#include "sync-server/roster/rota/rota_check.h"
#include "tests/support/office_fixture.h"

namespace doorstep::roster {
namespace {

using support::RotaText;

RotaText savedRota() {
  RotaText text;
  text.people += "p1,Ann Example,52.6369,-1.1398,north\np2,Zo\xC3\xAB Example,,,north\n";
  text.carers += "c1,Cara\nc2,Dan\n";
  text.visits +=
      "v1,p1,1,1,c1,morning,2026-11-23T07:30:00,2026-11-23T08:30:00,30,,,\n"
      "v2,p2,1,2,c1,lunch,2026-11-23T11:30:00,2026-11-23T12:30:00,45,v1,60,300\n"
      "v2,p2,2,2,,lunch,2026-11-23T11:30:00,2026-11-23T12:30:00,45,v1,60,300\n";
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
  return text;
}

RotaText changed(const std::function<std::string(const std::string&)>& change) {
  RotaText text = savedRota();
  for (std::string* file : {&text.people, &text.carers, &text.visits})
    *file = change(*file);
  return text;
}

std::string told(const FaultList& faults) {
  std::string all;
  for (const auto& fault : faults.listed())
    all += fault.file + ":" + std::to_string(fault.line) + ":" + fault.column + " " + fault.reason +
           " " + fault.text + "\n";
  return all;
}

// Read as the good rota is, whatever was done to its bytes; its notes.
std::string notesOfGood(const RotaText& text) {
  FaultList faults;
  const Rota rota = support::readText(text, faults);
  INFO(told(faults));
  CHECK(faults.empty());
  REQUIRE(rota.people.size() == 2);
  REQUIRE(rota.carers.size() == 2);
  REQUIRE(rota.visits.size() == 2);
  CHECK(rota.people[0].ref == "p1");
  CHECK(rota.people[1].name == "Zo\xC3\xAB Example");
  CHECK(rota.people[0].latitudeDeg == 52.6369);
  CHECK(rota.visits[0].ref == "v1");
  CHECK(rota.visits[1].after == 0);
  CHECK(rota.visits[1].maxGapMin == 300);
  CHECK(rota.visits[1].carers == std::vector<std::uint32_t>{0, kNobody});
  CHECK(rota.visits[0].windowStartUnixMs == londonToUnixMs("2026-11-23T07:30:00").value());
  return told(rota.notes);
}

std::string allFaultsOf(const RotaText& text) {
  FaultList faults;
  const Rota rota = support::readText(text, faults);
  checkFilled(rota, faults);
  return told(faults);
}

std::string utf16(const std::string& text, bool little, bool mark) {
  std::string out;
  const auto unit = [&](unsigned value) {
    const char low = static_cast<char>(value & 0xFF);
    const char high = static_cast<char>(value >> 8);
    out += little ? std::string{low, high} : std::string{high, low};
  };
  if (mark)
    unit(0xFEFF);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80)
      unit(byte);
    else
      unit((byte & 0x1FU) << 6 | (static_cast<unsigned char>(text[++i]) & 0x3FU));
  }
  return out;
}

TEST_CASE("lines may end with CR alone, with LF or with both, also mixed") {
  CHECK(notesOfGood(changed([](auto& text) { return replaced(text, "\n", "\r"); })).empty());
  CHECK(notesOfGood(changed([](auto& text) { return replaced(text, "\n", "\r\n"); })).empty());
  RotaText mixed = savedRota();
  mixed.people = replaced(mixed.people, "\n", "\r");
  mixed.visits.replace(mixed.visits.find('\n'), 1, "\r");
  CHECK(notesOfGood(mixed).empty());
}

TEST_CASE("a file without a row below its header is a fault, whatever ends its lines") {
  RotaText text = savedRota();
  text.visits = text.visits.substr(0, text.visits.find('\n') + 1);
  CHECK(allFaultsOf(text).find("visits.csv:1: NO_ROWS") == 0);
  text.visits.pop_back();
  CHECK(allFaultsOf(text).find("visits.csv:1: NO_ROWS") == 0);
  text.visits += "\r\n,,,,,,,,,,,\r\n \r\n";
  CHECK(allFaultsOf(text).find("visits.csv:1: NO_ROWS") == 0);
}

TEST_CASE("rows of commas, of blanks and of empty quotes are no rows") {
  RotaText text = savedRota();
  text.people += ",,,,\n , ,\t,,\n\"\",\"\",\"\",\"\",\"\"\n" + std::string(200, ',') + "\n";
  text.visits += ",,,,,,,,,,,\n,,\n\xC2\xA0,,,\n";
  CHECK(notesOfGood(text) == "");
}

TEST_CASE("empty values at the end of a line may be missing or surplus") {
  RotaText text = savedRota();
  text.visits = replaced(text.visits, ",30,,,\n", ",30\n");
  text.people = replaced(text.people, "north\n", "north,,,,\n");
  text.people = replaced(text.people, ",lot\n", ",lot,,\n");
  CHECK(notesOfGood(text).empty());
  text.visits += "v3,p1,1,1\n";
  CHECK(allFaultsOf(text).find("visits.csv:5: COLUMN_COUNT The line has 4 values") == 0);
}

TEST_CASE("blanks and no-break spaces at the ends of a value are no part of it") {
  RotaText text = savedRota();
  text.visits = replaced(text.visits, "v1,p1,1,1,c1", "\xC2\xA0v1,p1 , 1,1\xC2\xA0,c1\xC2\xA0");
  text.carers = replaced(text.carers, "c2,Dan",
                         "\xEF\xBB\xBF"
                         "c2\t,\xE3\x80\x80"
                         "Dan ");
  CHECK(notesOfGood(text).empty());
}

TEST_CASE("a ref is one ref in every spelling of its letters") {
  RotaText text = savedRota();
  text.people += "Zo\xC3\xA9,Zo,,,north\n";
  text.visits += "v3,Zoe\xCC\x81,1,1,c2,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n";
  CHECK(allFaultsOf(text).empty());
}

TEST_CASE("a truth value is read in either case and as other languages' spreadsheets write it") {
  for (const char* yes : {"TRUE", "Yes", "YES", "y", "1", "WAHR", "VRAI", "PRAWDA", "Tak", "1.0"}) {
    RotaText text = savedRota();
    text.tasks =
        std::string("service,task_number,code,text,critical\nlunch,1,A,Pills,") + yes + "\n";
    FaultList faults;
    const Rota rota = support::readText(text, faults);
    INFO(yes);
    REQUIRE(faults.empty());
    CHECK(rota.tasks.at("lunch")[0].critical);
  }
  for (const char* no : {"FALSE", "No", "n", "0", "FALSCH", "FAUX", "FA\xC5\x81SZ", ""}) {
    RotaText text = savedRota();
    text.tasks =
        std::string("service,task_number,code,text,critical\nlunch,1,A,Pills,") + no + "\n";
    FaultList faults;
    CHECK_FALSE(support::readText(text, faults).tasks.at("lunch")[0].critical);
    CHECK(faults.empty());
  }
  RotaText text = savedRota();
  text.tasks = "service,task_number,code,text,critical\nlunch,1,A,Pills,maybe\n";
  CHECK(allFaultsOf(text).find("tasks.csv:2:critical NOT_YES_OR_NO \"maybe\" is neither yes") == 0);
}

TEST_CASE("semicolons, tabs and bars are read as what separates, and said in a note") {
  const struct {
    char separator;
    const char* name;
  } kinds[] = {{';', "semicolons"}, {'\t', "tabs"}, {'|', "vertical bars"}};
  for (const auto& kind : kinds) {
    const RotaText text =
        changed([&](auto& file) { return replaced(file, ",", std::string(1, kind.separator)); });
    CHECK(notesOfGood(text).find(std::string("separated by ") + kind.name) != std::string::npos);
  }
}

TEST_CASE("with semicolons a decimal comma is a decimal point") {
  RotaText text = savedRota();
  text.people = replaced(replaced(text.people, ",", ";"), ".", ",");
  notesOfGood(text);
}

TEST_CASE("a first line that names the separator is no header") {
  CHECK(notesOfGood(changed([](auto& file) { return "sep=,\r\n" + file; })).empty());
  CHECK(notesOfGood(changed([](auto& file) {
          return "\xEF\xBB\xBFsep=;\n" + replaced(file, ",", ";");
        })).find("semicolons") != std::string::npos);
}

TEST_CASE("a row with other separators than the header is told in the words of who made it") {
  RotaText text = savedRota();
  text.carers += "c3;Eve;;\n";
  CHECK(allFaultsOf(text) ==
        "carers.csv:4: COLUMN_COUNT The line is separated by semicolons and the first line is "
        "not.\n");
}

TEST_CASE("UTF-16 is read with and without its mark, in either order of bytes") {
  for (const bool little : {true, false})
    for (const bool mark : {true, false}) {
      const RotaText text = changed([&](auto& file) { return utf16(file, little, mark); });
      CHECK(notesOfGood(text).find("UTF-16") != std::string::npos);
    }
}

TEST_CASE("UTF-16 that is cut within a character or holds half a pair is a fault") {
  RotaText text = savedRota();
  text.carers = utf16(text.carers, true, true);
  text.carers.pop_back();
  CHECK(allFaultsOf(text).find("carers.csv:3:name NOT_UTF8") != std::string::npos);
  text.carers = utf16("carer_ref,name\nc1,Cara\nc2,D", true, true) + std::string("\x00\xD8", 2) +
                utf16("\n", true, false);
  CHECK(allFaultsOf(text).find("carers.csv:3:name NOT_UTF8") != std::string::npos);
}

TEST_CASE("letters of an old Windows code page are a fault that says what to do") {
  RotaText text = savedRota();
  text.people += "p3,Zo\xEB,,,north\n";
  CHECK(allFaultsOf(text).find("people.csv:4:name NOT_UTF8") == 0);
  CHECK(allFaultsOf(text).find("CSV UTF-8") != std::string::npos);
}

TEST_CASE("a header is read in any case, with blanks and hyphens, in any order") {
  RotaText text = savedRota();
  text.people =
      "Name, Person Ref ,LATITUDE,longitude,\"Lot\"\nAnn Example,p1,52.6369,-1.1398,"
      "north\nZo\xC3\xAB Example,p2,,,north\n";
  text.carers = replaced(text.carers, "carer_ref", "Carer-Ref");
  CHECK(notesOfGood(text).empty());
  text.carers = "carer_ref,Carer Ref,name\nc1,c1,Cara\nc2,c2,Dan\n";
  CHECK(allFaultsOf(text).find("carers.csv:1:carer_ref COLUMN_TWICE") == 0);
}

TEST_CASE("columns that are not read are named in a note") {
  RotaText text = savedRota();
  text.carers = "carer_ref,name,access_notes\nc1,Cara,x\nc2,Dan,\n";
  CHECK(notesOfGood(text) ==
        "carers.csv:1: COLUMN_NOT_READ The column \"access_notes\" is not read.\n");
}

TEST_CASE("a first line that names nothing that is known says so") {
  RotaText text = savedRota();
  text.carers = "c1,Cara\nc2,Dan\n";
  CHECK(allFaultsOf(text).find(
            "COLUMN_MISSING Add the column carer_ref to the first line. It seems to "
            "name no column at all.") != std::string::npos);
}

TEST_CASE("byte order marks inside and a header that comes again are skipped") {
  RotaText text = savedRota();
  text.carers =
      "\xEF\xBB\xBF"
      "carer_ref,name\nc1,Cara\n\xEF\xBB\xBF"
      "carer_ref,name\nc2,Dan\n";
  CHECK(notesOfGood(text).empty());
}

TEST_CASE("quoted values with line ends are read and lines are counted on") {
  RotaText text = savedRota();
  text.people =
      "person_ref,name,latitude,longitude,lot,access_note\n"
      "p1,Ann Example,52.6369,-1.1398,north,\"Key safe\r\nby the door\rcode\n1234\"\n"
      "p2,Zo\xC3\xAB Example,,,north,\n";
  CHECK(notesOfGood(text).empty());
  text.people += "p3,,,,north,\n";
  CHECK(allFaultsOf(text) == "people.csv:7:name EMPTY A value is needed here.\n");
}

TEST_CASE("a name of blanks or of what cannot be seen is missing") {
  for (const char* blank : {" ", "\xC2\xA0", "\xE2\x80\x8B", "\xE2\xA0\x80", "\xE3\x85\xA4"}) {
    RotaText text = savedRota();
    text.carers += std::string("c3,") + blank + "\n";
    CHECK(allFaultsOf(text) == "carers.csv:4:name EMPTY A value is needed here.\n");
  }
}

TEST_CASE("characters that steer, turn or hide are faults in words") {
  const auto faultOfName = [](const std::string& name) {
    RotaText text = savedRota();
    text.carers += "c3," + name + "\n";
    return allFaultsOf(text);
  };
  CHECK(faultOfName("Ann\xE2\x80\xAEnaD")
            .find("DIRECTION_CHARACTERS \"AnnnaD\" holds characters "
                  "that turn the direction") != std::string::npos);
  CHECK(faultOfName("A\xE2\x81\xA6"
                    "B")
            .find("DIRECTION_CHARACTERS") != std::string::npos);
  CHECK(faultOfName("A\xC2\x9B"
                    "B")
            .find("CONTROL_BYTES") != std::string::npos);
  CHECK(faultOfName("A\xE2\x80\x8B"
                    "B")
            .find("INVISIBLE_CHARACTERS") != std::string::npos);
  RotaText text = savedRota();
  text.visits +=
      "v\xE2\x80\x8D"
      "3,p1,1,1,c2,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30\n";
  CHECK(allFaultsOf(text).find("visits.csv:5:visit_ref INVISIBLE_CHARACTERS") == 0);
}

TEST_CASE("zeros and case that a spreadsheet took from a ref are hinted at") {
  RotaText text = savedRota();
  text.people += "007,James,,,north\n";
  text.visits += "v3,7,1,1,C2,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n";
  CHECK(allFaultsOf(text) ==
        "visits.csv:5:person_ref UNKNOWN_REFERENCE \"7\" is not in people.csv. \"007\" is: write "
        "refs alike in every file, in columns of text.\n"
        "visits.csv:5:carer_ref UNKNOWN_REFERENCE \"C2\" is not in carers.csv. \"c2\" is: write "
        "refs alike in every file, in columns of text.\n");
}

TEST_CASE("what a spreadsheet shows in place of a value is a fault") {
  for (const char* error : {"#REF!", "#N/A", "#NAME?", "########"}) {
    RotaText text = savedRota();
    text.carers += std::string("c3,") + error + "\n";
    CHECK(allFaultsOf(text).find("carers.csv:4:name SPREADSHEET_ERROR") == 0);
  }
  RotaText text = savedRota();
  text.carers += "1.23E+11,Eve\n";
  CHECK(allFaultsOf(text).find("carers.csv:4:carer_ref SPREADSHEET_NUMBER") == 0);
  text = savedRota();
  text.visits = replaced(text.visits, ",30,,,", ",30.0,,,");
  CHECK(allFaultsOf(text).empty());
}

TEST_CASE("a file of another kind is named") {
  const std::pair<const char*, const char*> kinds[] = {{"PK\x03\x04 and more", "workbook"},
                                                       {"\xD0\xCF\x11\xE0", "workbook"},
                                                       {"<!DOCTYPE html><table>", "web page"},
                                                       {"%PDF-1.4", "PDF"}};
  for (const auto& [bytes, name] : kinds) {
    RotaText text = savedRota();
    text.people = bytes;
    CHECK(allFaultsOf(text).find("people.csv:1: NOT_CSV The file is") == 0);
    CHECK(allFaultsOf(text).find(name) != std::string::npos);
  }
}

TEST_CASE("a file that is cut in the middle of a line is a fault, at the end of a value a note") {
  RotaText text = savedRota();
  text.visits.resize(text.visits.rfind(",45,"));
  CHECK(allFaultsOf(text).find(
            "visits.csv:4: FILE_CUT The file ends in the middle of this line, after "
            "8 of 12 values.") == 0);
  text = savedRota();
  text.visits.pop_back();
  CHECK(notesOfGood(text).find("visits.csv:4: LAST_LINE_OPEN") == 0);
}

TEST_CASE("faults of one reason do not hide those of another") {
  RotaText text = savedRota();
  for (int i = 0; i < 500; ++i)
    text.visits += "w" + std::to_string(i) + ",p1,1,1,c1,tea,26-7-26,2026-11-23T17:00:00,30,,,\n";
  text.visits += "x,p9,1,1,c1,tea,2026-11-23T16:00:00,2026-11-23T17:00:00,30,,,\n";
  FaultList faults;
  support::readText(text, faults);
  CHECK(told(faults).find("UNKNOWN_REFERENCE \"p9\"") != std::string::npos);
  CHECK(faults.listed().size() == kFaultsListedMax + 1);
  REQUIRE(faults.more().size() == 1);
  CHECK(faults.more()[0].count == 500 - kFaultsListedMax);
  CHECK(faults.notListed() == 500 - kFaultsListedMax);
}

}  // namespace
}  // namespace doorstep::roster
