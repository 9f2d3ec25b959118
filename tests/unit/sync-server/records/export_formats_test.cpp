// SPDX-License-Identifier: Apache-2.0
// The formats of an export describe the same rows, and what describes them describes what is there.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "shared/visits/measure_files/csv_table.h"
#include "shared/visits/measure_files/measures_json.h"
#include "shared/visits/measure_files/rules_file.h"
#include "shared/visits/measure_files/visit_columns.h"
#include "shared/visits/measure_files/visits_file.h"
#include "shared/visits/measures/measure_table.h"
#include "shared/visits/measures/recomputation.h"
#include "sync-server/records/files/csv_export.h"
#include "sync-server/records/files/datapackage.h"
#include "sync-server/records/files/measure_definitions.h"
#include "sync-server/records/files/measures_file.h"
#include "sync-server/records/files/packages_csv.h"
#include "sync-server/records/records_reader.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {
namespace {

using nlohmann::json;
using support::ProviderDay;

// A morning with texts that a spreadsheet would run, a double-handed visit and a door that nobody
// opened.
struct Exported {
  ProviderDay day;
  ProviderId provider = day.addProvider("=Dales \"Care\", Ltd", "County", {"-north"});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  PersonId person = day.addPerson(provider, "@p1", "-north");
  identity::AccountCaller officer = day.officer("County");
  crypto::SecretKey key{};

  VisitId plan(const std::string& ref, std::vector<CarerId> carers) {
    ProviderDay::PlannedCare care{.person = person, .carers = std::move(carers)};
    care.from = "2026-11-23T08:00:00";
    care.to = "2026-11-23T08:30:00";
    care.ref = ref;
    care.timeCritical = ref == "'v1";
    return day.addVisit(provider, care);
  }
  Exported() {
    const VisitId first = plan("'v1", {ann});
    day.checkIn(ann, first, "2026-11-23T07:58:00");
    day.checkOut(ann, first, "2026-11-23T08:29:30");
    const VisitId both = plan("v,2", {ann, bea});
    day.checkIn(bea, both, "2026-11-23T09:20:00");
    day.checkOut(bea, both, "2026-11-23T09:45:00");
    day.record(ann, plan("v3", {ann}), visits::NoEntry{visits::NoEntryReason::NoReply, {}},
               "2026-11-23T08:40:00");
    plan("v4", {ann});
    day.send(ann, "2026-11-23T10:00:00");
    day.send(bea, "2026-11-23T10:00:00");
    day.setNow("2026-11-23T20:00:00");
    day.judge();
  }
  std::string write(RowFormat format) {
    const auto lease = day.storage().read();
    const auto piece = exportPiece(reading(lease), {}, {}, format);
    REQUIRE(piece.ok());
    REQUIRE_FALSE(piece->next);
    CHECK(piece->rows == 5);
    return piece->text;
  }
  Reading reading(sql::Database& database) { return {database, officer, day.now(), key}; }
};

// The rows of a CSV file as texts by column; read by the reader of doorstep-recompute.
std::vector<std::map<std::string, std::string>> rowsOf(const std::string& csv) {
  std::vector<measure_files::ColumnSpec> specs;
  for (const ExportColumn& column : visitColumns())
    specs.push_back({column.name});
  const auto file = measure_files::asTextFile("visits.csv", csv);
  measure_files::CsvTable table(file, specs);
  REQUIRE(table.readHeader().ok());
  std::vector<std::map<std::string, std::string>> rows;
  while (table.next().value()) {
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < specs.size(); ++i)
      row[std::string(specs[i].name)] = table.text(i);
  }
  return rows;
}

// As CSV has the value of a JSON member.
std::string csvOf(const json& value, const ExportColumn& column) {
  switch (column.type) {
    case FieldType::Text:
      return guardedText(value.get<std::string>());
    case FieldType::Whole:
      REQUIRE(value.is_number_integer());
      return value.dump();
    case FieldType::Decimal: {
      REQUIRE(value.is_number());
      char text[32];
      std::snprintf(text, sizeof text, "%.3f", value.get<double>());
      return text;
    }
    case FieldType::Flag:
      REQUIRE(value.is_boolean());
      return value.dump();
    default:
      return value.get<std::string>();
  }
}

TEST_CASE("CSV and JSON Lines say the same of each row") {
  Exported site;
  const auto rows = rowsOf(site.write(RowFormat::Csv));
  std::istringstream lines(site.write(RowFormat::JsonLines));
  std::size_t count = 0;
  std::set<std::string> seen;
  for (std::string line; std::getline(lines, line); ++count) {
    REQUIRE(count < rows.size());
    INFO(line);
    const json object = json::parse(line);
    std::size_t members = 0;
    for (const ExportColumn& column : visitColumns()) {
      const std::string name(column.name);
      INFO(name);
      const std::string& field = rows[count].at(name);
      CHECK(object.contains(name) == !field.empty());
      if (column.required)
        CHECK_FALSE(field.empty());
      if (field.empty())
        continue;
      ++members;
      seen.insert(name);
      CHECK(csvOf(object[name], column) == field);
      if (!column.values.empty())
        CHECK(std::count(column.values.begin(), column.values.end(), field) == 1);
    }
    CHECK(object.size() == members);
  }
  CHECK(count == rows.size());
  for (const char* name : {"actual_min", "no_entry_reason", "time_critical", "late_ms",
                           "start_time_class", "person_pseudonym"})
    CHECK(seen.contains(name));
}

TEST_CASE("JSON Lines guard no text, CSV does") {
  Exported site;
  const std::string csv = site.write(RowFormat::Csv);
  const std::string text = site.write(RowFormat::JsonLines);
  const json first = json::parse(text.substr(0, text.find('\n')));
  CHECK(first["provider"] == "=Dales \"Care\", Ltd");
  CHECK(first["person_la_id"] == "@p1");
  CHECK(first["lot"] == "-north");
  CHECK(first["time_critical"].is_boolean());
  CHECK(first["schema_version"] == 2);
  CHECK(csv.find("\"'=Dales \"\"Care\"\", Ltd\"") != std::string::npos);
  CHECK(csv.find(",'@p1,") != std::string::npos);
}

TEST_CASE("the columns that are written are those that a recomputation reads") {
  std::set<std::string_view> written;
  for (const ExportColumn& column : visitColumns()) {
    INFO(column.name);
    CHECK(written.insert(column.name).second);
    const auto& read = measure_files::visitColumns()[measure_files::visitColumn(column.name)].spec;
    using Values = measure_files::ValueKind;
    if (read.kind == Values::Time)
      CHECK(column.type == FieldType::Time);
    if (read.kind == Values::Flag)
      CHECK(column.type == FieldType::Flag);
    if (read.kind == Values::Number)
      CHECK(column.type == FieldType::Whole);
    for (const std::string_view value : column.values)
      if (read.kind == Values::Choice)
        CHECK(std::count(read.choices.begin(), read.choices.end(), value) == 1);
  }
  CHECK(written.size() == measure_files::visitColumns().size());
}

TEST_CASE("a package describes the header of each of its tables") {
  const std::vector<PackagedFile> files{
      {.name = "visits",
       .path = "visits.csv",
       .title = "Visits",
       .columns = visitColumns(),
       .primaryKey = {"provider", "visit_id", "carer_slot"},
       .rows = 3,
       .bytes = 9,
       .sha256 = Hash{{0xAB}}},
      {.name = "packages", .path = "packages.csv", .title = "P", .columns = packageColumns()},
      {.name = "rules", .path = "rules.json", .title = "R", .as = PackagedAs::Json}};
  const json package = json::parse(
      dataPackage({.contract = "\"C\" \xff", .firstDay = "2026-11-01", .asOfUnixMs = 0}, files));
  CHECK(package["created"] == "1970-01-01T00:00:00.000Z");
  CHECK(package["asked"]["first_day"] == "2026-11-01");
  CHECK_FALSE(package["asked"].contains("last_day"));
  const auto headerOf = [](const json& resource) {
    std::string line = "\xEF\xBB\xBF";
    for (const json& field : resource["schema"]["fields"])
      line += (line.size() > 3 ? "," : "") + field["name"].get<std::string>();
    return line + "\r\n";
  };
  REQUIRE(package["resources"].size() == 3);
  CHECK(headerOf(package["resources"][0]) == csvHeader());
  CHECK(headerOf(package["resources"][1]) == packagesHeader());
  CHECK(package["resources"][0]["hash"].get<std::string>().substr(0, 11) == "sha256:ab00");
  CHECK(package["resources"][0]["rows"] == 3);
  CHECK_FALSE(package["resources"][2].contains("schema"));
}

TEST_CASE("each measure has the words of the pages") {
  std::ifstream catalogue(DOORSTEP_PAGE_WORDS);
  const json words = json::parse(catalogue);
  for (const measures::Measure& measure : measures::measureTable()) {
    INFO(measure.id);
    const MeasureDefinition* found = findDefinition(measure.id);
    REQUIRE(found != nullptr);
    CHECK(words.at("measure." + std::string(measure.id)) ==
          "{part, select, name {" + std::string(found->name) + "} other {" +
              std::string(found->says) + "}}");
  }
  CHECK(measureDefinitions().size() == measures::measureTable().size());
}

TEST_CASE("measures.json has the figures that the files give") {
  Exported site;
  const auto lease = site.day.storage().read();
  const Reading reading = site.reading(lease);
  const auto contract = roster::contracts(lease).value().front();
  const auto asked = *measures::parseDay("2026-11-23");
  REQUIRE(daysAround(reading, contract.id).value() == 1);
  const auto file = measuresFile(reading, {contract.id, {}, asked, asked, 5});
  INFO((file.ok() ? "" : file.error().text));
  REQUIRE(file.ok());
  CHECK(file->ends_with("}\n"));

  measures::MeasureInput input;
  auto read = measure_files::readVisits(measure_files::asTextFile("v", site.write(RowFormat::Csv)));
  REQUIRE(read.ok());
  input.visits = std::move(read->visits);
  const auto rules = exportRules(reading);
  REQUIRE(rules.ok());
  auto book = measure_files::readRules(measure_files::asTextFile("r", *rules));
  REQUIRE(book.ok());
  input.rules = *std::move(book);
  const measures::MeasureQuery query{{}, asked, asked};
  const measures::Recomputation recomputed(input, query);
  const auto canonical = measure_files::measuresJson(recomputed, query, {5, 0});
  REQUIRE(canonical.ok());
  const json whole = json::parse(*file);
  const json again = json::parse(*canonical);
  for (const char* member : {"as_of_utc", "by", "file", "groups", "period", "schema"}) {
    INFO(member);
    CHECK(whole["values"][member].dump() == again[member].dump());
  }
  CHECK(whole["schema"] == "doorstep-measures-file/1");
  CHECK(whole["definitions"].size() == measures::measureTable().size());
  const auto& figure = whole["values"]["groups"][0]["measures"]["missed.rate"];
  CHECK(figure["numerator"] == 1);
  CHECK(whole["definitions"][0].contains("definition"));
  CHECK(measuresFile(reading, {ContractId(1), {}, asked, asked, 0}).error().reason ==
        "CONTRACT_UNKNOWN");
}

}  // namespace
}  // namespace doorstep::records
