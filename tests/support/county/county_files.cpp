// SPDX-License-Identifier: Apache-2.0
#include "tests/support/county/county_files.h"

#include <cstdio>
#include <fstream>

#include "shared/core/local_time.h"
#include "tests/support/county/county_day.h"

namespace doorstep::county {
namespace {

std::string csv(const std::string& value) {
  if (value.find_first_of(",\"\n") == std::string::npos)
    return value;
  std::string quoted = "\"";
  for (const char c : value)
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string degrees(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

Status write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file)
    return Error{ErrorCode::Internal, "CANNOT_WRITE", path.string()};
  return kDone;
}

std::string peopleCsv(const Provider& provider) {
  std::string text = "person_ref,name,latitude,longitude,lot,access_note\n";
  for (const Person& person : provider.people)
    text += person.ref + "," + csv(person.name) + "," + degrees(person.latitudeDeg) + "," +
            degrees(person.longitudeDeg) + "," + person.lot + "," + csv(person.accessNote) + "\n";
  return text;
}

std::string carersCsv(const Provider& provider) {
  std::string text = "carer_ref,name\n";
  for (const Carer& carer : provider.carers)
    text += carer.ref + "," + csv(carer.name) + "\n";
  return text;
}

std::string visitsCsv(const Provider& provider) {
  std::string text =
      "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,window_end,"
      "duration_min,"
      "after_visit_ref,min_gap_min,max_gap_min,time_critical\n";
  for (const Visit& visit : provider.visits) {
    const std::string rest =
        visit.service + "," + unixMsToLondon(visit.windowStartUnixMs) + "," +
        unixMsToLondon(visit.windowEndUnixMs) + "," + std::to_string(visit.durationMin) + "," +
        (visit.after ? provider.visits[*visit.after].ref + "," + std::to_string(visit.minGapMin)
                     : std::string(",")) +
        ",," + (visit.timeCritical ? "yes" : "no") + "\n";
    for (std::size_t slot = 0; slot < visit.carers.size(); ++slot)
      text += visit.ref + "," + provider.people[visit.person].ref + "," + std::to_string(slot + 1) +
              "," + std::to_string(visit.carers.size()) + "," +
              (visit.carers[slot] ? provider.carers[*visit.carers[slot]].ref : "") + "," + rest;
  }
  return text;
}

// The first two providers share a contract; each other has one of its own.
std::string contractsCsv(const County& county, const Provider& provider) {
  const Provider& lead = county.providers.front();
  const bool shares = county.providers.size() > 1 && &provider == &county.providers[1];
  const std::string ref = "HC-" + (shares ? lead : provider).folder.substr(0, 2);
  std::string text =
      "contract_ref,council,lot,late_tolerance_min,early_tolerance_min,time_critical_tolerance_"
      "min,provider_role\n";
  for (const std::string& lot : provider.lots)
    text += ref + "," + csv(county.council) + "," + lot + ",15,15,5," +
            (shares ? "supplementary" : "lead") + "\n";
  return text;
}

}  // namespace

Status writeCounty(const County& county, const std::filesystem::path& path, std::uint64_t seed) {
  std::string list = "folder,name\n";
  for (const Provider& provider : county.providers) {
    const auto folder = path / provider.folder;
    std::error_code failed;
    std::filesystem::create_directories(folder / "scripts", failed);
    if (failed)
      return Error{ErrorCode::Internal, "CANNOT_WRITE", folder.string()};
    DOORSTEP_TRY(write(folder / "people.csv", peopleCsv(provider)));
    DOORSTEP_TRY(write(folder / "carers.csv", carersCsv(provider)));
    DOORSTEP_TRY(write(folder / "visits.csv", visitsCsv(provider)));
    DOORSTEP_TRY(write(folder / "contracts.csv", contractsCsv(county, provider)));
    for (std::size_t carer = 0; carer < provider.carers.size(); ++carer)
      DOORSTEP_TRY(write(folder / "scripts" / (provider.carers[carer].ref + ".csv"),
                         carerScript(provider, carer, seed)));
    list += provider.folder + "," + csv(provider.name) + "\n";
  }
  return write(path / "providers.csv", list);
}

}  // namespace doorstep::county
