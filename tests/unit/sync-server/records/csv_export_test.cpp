// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/files/csv_export.h"

#include <catch2/catch.hpp>
#include <map>

#include "sync-server/records/files/export_row.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/records/tuning.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using support::ProviderDay;

// Reads RFC 4180 strictly, as another program would.
std::vector<std::vector<std::string>> parseCsv(const std::string& csv) {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> line;
  std::string field;
  bool quoted = false;
  for (std::size_t at = 0; at < csv.size(); ++at) {
    const char character = csv[at];
    if (quoted && character == '"' && at + 1 < csv.size() && csv[at + 1] == '"') {
      field += '"';
      ++at;
    } else if (character == '"') {
      quoted = !quoted;
    } else if (!quoted && character == ',') {
      line.push_back(std::exchange(field, ""));
    } else if (!quoted && character == '\r') {
      REQUIRE(csv.at(at + 1) == '\n');
      line.push_back(std::exchange(field, ""));
      lines.push_back(std::exchange(line, {}));
      ++at;
    } else {
      field += character;
    }
  }
  CHECK(field.empty());
  return lines;
}

using Row = std::map<std::string, std::string>;

std::vector<Row> exportAll(ProviderDay& day, const identity::AccountCaller& caller) {
  const crypto::SecretKey key{};
  const auto lease = day.storage().read();
  std::string csv;
  std::optional<RecordPlace> after;
  do {
    auto piece = exportPiece({lease, caller, day.now(), key}, {}, after).value();
    csv += piece.text;
    after = piece.next;
  } while (after);
  const auto lines = parseCsv(csv);
  std::vector<Row> rows;
  for (std::size_t line = 1; line < lines.size(); ++line) {
    REQUIRE(lines[line].size() == lines[0].size());
    Row& row = rows.emplace_back();
    for (std::size_t column = 0; column < lines[0].size(); ++column)
      row[lines[0][column]] = lines[line][column];
  }
  return rows;
}

TEST_CASE("a field is quoted only where it must be") {
  CHECK(csvField("plain") == "plain");
  CHECK(csvField("a,b") == "\"a,b\"");
  CHECK(csvField("say \"no\"") == "\"say \"\"no\"\"\"");
  CHECK(csvField("two\r\nlines") == "\"two\r\nlines\"");
  CHECK(csvField("").empty());
}

TEST_CASE("a text that a spreadsheet would run is defused") {
  for (const char* formula : {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"})
    CHECK(parseCsv(csvText(formula) + "\r\n").front().front() == "'" + std::string(formula));
  CHECK(csvText("a=1") == "a=1");
  // In full width, behind a blank and behind what a spreadsheet does not show.
  for (const char* formula : {"\uFF1D1+1", "\uFF0B1", "\uFF0D1", "\uFF20A", " =1", "\u00A0=1"})
    CHECK(csvText(formula).front() == '\'');
  CHECK(csvText("\uFEFF=1").front() != '=');
}

TEST_CASE("a text that was stored with characters that turn or hide it is shown without them") {
  CHECK(csvText("Ann\u202E x\u200By") == "Ann\uFFFD x\uFFFDy");
  CHECK(csvText("caf\xE9") == "caf\uFFFD");
}

TEST_CASE("a file begins with the mark that makes a spreadsheet read its letters") {
  CHECK(csvHeader().starts_with("\xEF\xBB\xBFschema_version,"));
}

TEST_CASE("a delivered visit has its times in UTC, its grades and its bands") {
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales, \"Care\"", "County", {"=lot"});
  const CarerId ann = day.addCarer(provider, "Ann");
  ProviderDay::PlannedCare care{.person = day.addPerson(provider, "p1", "=lot"), .carers = {ann}};
  care.from = "2026-07-01T08:00:00";  // summer time: UTC is an hour behind
  care.to = "2026-07-01T08:30:00";
  care.ref = "visit, one";
  const VisitId visit = day.addVisit(provider, care);
  const visits::PlaceEvidence place{visits::PlaceMethod::NfcTag, 60, 10, 5};
  day.record(ann, visit, visits::CheckedIn{place}, "2026-07-01T08:50:00");
  day.checkOut(ann, visit, "2026-07-01T09:20:30");
  day.send(ann, "2026-07-01T09:21:00");
  day.setNow("2026-07-01T10:00:00");

  const auto rows = exportAll(day, day.officer("County"));
  REQUIRE(rows.size() == 1);
  Row row = rows.front();
  CHECK(row["provider"] == "Dales, \"Care\"");
  CHECK(row["lot"] == "'=lot");
  CHECK(row["visit_id"] == "visit, one");
  CHECK(row["person_la_id"] == "p1");
  CHECK(row["final_plan_start"] == "2026-07-01T07:00:00.000Z");
  CHECK(row["final_plan_start_latest"] == "2026-07-01T07:30:00.000Z");
  CHECK(row["final_plan_end"] == "2026-07-01T08:00:00.000Z");
  CHECK(row["raw_start_utc"] == "2026-07-01T07:50:00.000Z");
  CHECK(row["ruled_start_utc"] == "2026-07-01T07:50:00.000Z");
  CHECK(row["start_time_class"] == "A");
  CHECK(row["start_received_utc"] == "2026-07-01T08:21:00.000Z");
  CHECK(row["start_method"] == "nfc_tag");
  CHECK(row["start_grade"] == "A");
  CHECK(row["start_distance_band"] == "51-150");
  CHECK(row["end_method"] == "none");
  CHECK(row["end_grade"] == "E");
  CHECK(row["status"] == "delivered");
  CHECK(row["punctuality"] == "late");
  CHECK(row["late_ms"] == "1200000");
  CHECK(row["actual_min"] == "30.500");
  CHECK(row["rule_version"] == "1");
  CHECK(row["carer_pseudonym"].size() == 20);
}

TEST_CASE("a file names no carer and no person, and holds no distance in metres") {
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  const CarerId ann = day.addCarer(provider, "Ann");
  ProviderDay::PlannedCare care{.person = day.addPerson(provider, "p1", "north"), .carers = {ann}};
  care.from = care.to = "2026-11-23T08:00:00";
  care.ref = "v1";  // not one made of a random number
  const VisitId visit = day.addVisit(provider, care);
  day.record(ann, visit,
             visits::CheckedIn{visits::PlaceEvidence{visits::PlaceMethod::Position, 777, 8, 9}},
             "2026-11-23T08:00:00");
  day.record(ann, visit, visits::NoteAdded{"a private note"}, "2026-11-23T08:01:00");
  day.send(ann, "2026-11-23T08:05:00");
  const auto rows = exportAll(day, day.officer("County"));
  for (const auto& [column, value] : rows.front()) {
    if (column == "carer_pseudonym" || column == "person_pseudonym")
      continue;  // random digits
    INFO(column);
    CHECK(value.find("Ann") == std::string::npos);
    CHECK(value.find("Person p1") == std::string::npos);
    CHECK(value.find("777") == std::string::npos);
    CHECK(value.find("note") == std::string::npos);
  }
}

TEST_CASE("a long export comes in pieces that make one file") {
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  const CarerId ann = day.addCarer(provider, "Ann");
  const PersonId person = day.addPerson(provider, "p1", "north");
  for (std::uint32_t visit = 0; visit < kExportPieceRecords + 3; ++visit) {
    ProviderDay::PlannedCare care{.person = person, .carers = {ann}};
    care.from = care.to = "2026-11-23T08:00:00";
    care.ref = "v" + std::to_string(visit);
    day.addVisit(provider, care);
  }
  const crypto::SecretKey key{};
  const identity::AccountCaller caller = day.officer("County");
  const auto first =
      exportPiece({day.storage().read(), caller, day.now(), key}, {}, std::nullopt).value();
  CHECK(first.next);
  const auto rows = exportAll(day, caller);
  REQUIRE(rows.size() == kExportPieceRecords + 3);
  CHECK(rows.back().at("visit_id") == "v" + std::to_string(kExportPieceRecords + 2));
}

TEST_CASE("an empty export is a header") {
  ProviderDay day;
  const crypto::SecretKey key{};
  const identity::AccountCaller caller = day.officer("County");
  const auto piece =
      exportPiece({day.storage().read(), caller, day.now(), key}, {}, std::nullopt).value();
  CHECK(piece.text == csvHeader());
  CHECK_FALSE(piece.next);
}

}  // namespace
}  // namespace doorstep::records
