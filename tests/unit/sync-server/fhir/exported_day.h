// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sync-server/fhir/fhir_export.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::fhir {

// A provider with one contract, a person and two carers, and what an export of its day says.
struct ExportedDay {
  support::ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  CarerId ann = day.addCarer(provider, "Ann");
  CarerId bea = day.addCarer(provider, "Bea");
  PersonId person = day.addPerson(provider, "p1", "north");
  identity::AccountCaller officer = day.officer("County");
  crypto::SecretKey key{};
  support::TemporaryFolder scratch;
  int exports = 0;

  VisitId plan(const std::string& ref, std::vector<CarerId> carers,
               const std::string& at = "2026-11-23T08") {
    support::ProviderDay::PlannedCare care{.person = person, .carers = std::move(carers)};
    care.from = at + ":00:00";
    care.to = at + ":30:00";
    care.ref = ref;
    return day.addVisit(provider, care);
  }
  void attend(CarerId carer, VisitId visit, const std::string& from, const std::string& to) {
    day.checkIn(carer, visit, "2026-11-23T" + from);
    day.checkOut(carer, visit, "2026-11-23T" + to);
    day.send(carer, "2026-11-23T" + to);
  }
  records::Reading reading(sql::Database& database) { return {database, officer, day.now(), key}; }
  ContractId contract() { return roster::contracts(day.storage().read())->front().id; }
  ExportAsked asked() {
    return {contract(),
            {},
            "2026-11-23",
            "2026-11-23",
            scratch.file(("fhir" + std::to_string(exports++)).c_str())};
  }

  // Everything of the day, by kind.
  struct Made {
    std::vector<Json> appointments, encounters, provenances, measures, reports;
    ExportWritten written;
  };
  Made exported() {
    day.judge();
    const ExportAsked all = asked();
    const auto lease = day.storage().read();
    const auto done = writeExport(reading(lease), day.log(), all, [](std::uint64_t) {});
    INFO((done.ok() ? std::string() : done.error().reason + " " + done.error().text));
    REQUIRE(done.ok());
    return {lines(all, "Appointment"), lines(all, "Encounter"),     lines(all, "Provenance"),
            lines(all, "Measure"),     lines(all, "MeasureReport"), *done};
  }

 private:
  static std::vector<Json> lines(const ExportAsked& asked, const std::string& kind) {
    std::ifstream file(asked.folder / (kind + ".ndjson"));
    std::vector<Json> found;
    for (std::string text; std::getline(file, text);)
      found.push_back(Json::parse(text));
    return found;
  }
};

// Codes of a CodeableConcept, in order.
inline std::vector<std::string> codesOf(const Json& from) {
  std::vector<std::string> codes;
  for (const Json& coding : from.at("coding"))
    codes.push_back(coding.at("code"));
  return codes;
}

}  // namespace doorstep::fhir
