// SPDX-License-Identifier: Apache-2.0
// Makes what the checks of the FHIR export read: a week of a small county (county_week.h) with some
// adjusted and explained slots, exported as FHIR R4 and, of the same moment, as the files that
// doorstep-recompute reads.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <fstream>

#include "shared/core/check.h"
#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/fhir/fhir_export.h"
#include "sync-server/projections/touched_visits.h"
#include "sync-server/records/records_reader.h"
#include "tests/bench/county_server.h"

namespace doorstep {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEntriesPerCommit = 64;
constexpr std::size_t kAdjustedEvery = 20;  // visits

void must(const Status& done) {
  if (done.ok())
    return;
  fmt::print(stderr, "{}: {}\n", done.error().reason, done.error().text);
  std::exit(1);
}
template <typename T>
T must(Result<T> result) {
  if (!result.ok())
    must(Status(result.error()));
  return std::move(result).value();
}

void load(bench::CountyServer& server, const county::Week& week) {
  server.setNow(week.beginUnixMs);
  server.publish(week, 0);
  server.settleAll();
  std::size_t changed = 0;
  for (std::size_t sent = 0; sent < week.sendings.size(); sent += kEntriesPerCommit) {
    const auto left = std::span(week.sendings).subspan(sent);
    const auto some = left.first(std::min(kEntriesPerCommit, left.size()));
    std::size_t changes = changed;
    while (changes < week.changes.size() &&
           week.changes[changes].atUnixMs <= some.back().sentUnixMs)
      ++changes;
    server.change(week, std::span(week.changes).subspan(changed, changes - changed), 0);
    changed = changes;
    server.setNow(some.back().sentUnixMs);
    server.push(some, 0);
  }
  server.setNow(week.endUnixMs);
  server.settleAll();
}

// Every so many visits have approved times, and every so many an explanation.
void adjust(bench::CountyServer& server, const records::RecordFilter& filter) {
  const auto query = must(
      records::RecordQuery::open(server.database(), server.reading().caller, filter, server.now()));
  std::vector<adjustments::Adjustment> said;
  std::size_t seen = 0;
  const auto take = [&](const records::SlotRecord& slot) {
    adjustments::Adjustment row;
    row.provider = slot.provider;
    row.visit = slot.visit.id;
    row.slot = slot.slot;
    row.revision = 1;
    row.account = AccountId(7);
    row.byRole = "supervisor";
    row.madeUnixMs = server.now() - kDayMs;
    row.note = "Her son Peter told us";
    if (++seen % kAdjustedEvery == 0) {
      row.kind = adjustments::AdjustmentKind::TimesApproved;
      row.startUnixMs = slot.visit.windowStartUnixMs;
      row.endUnixMs = slot.visit.windowStartUnixMs + slot.visit.durationMin * kMinuteMs;
      row.reason = "C7";
      row.action = "A3";
      said.push_back(row);
    } else if (seen % kAdjustedEvery == 1) {
      row.kind = adjustments::AdjustmentKind::Explained;
      row.reason = "V1";
      row.responsibility = "provider";
      said.push_back(row);
    }
    return true;
  };
  constexpr std::uint32_t kAll = std::numeric_limits<std::uint32_t>::max();
  must(query->run(std::nullopt, {kAll, kAll}, take));
  auto write = must(sql::Transaction::begin(server.database(), sql::TransactionKind::Write));
  for (const adjustments::Adjustment& row : said) {
    must(adjustments::addAdjustment(server.database(), row));
    must(projections::touchVisit(server.database(), row.provider, row.visit));
  }
  must(write.commit());
  server.settleAll();
}

void writeFile(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << text;
  file.close();
  DOORSTEP_CHECK(file.good());
}

void run(const fs::path& folder, double scale, std::uint64_t seed) {
  const auto week = must(county::makeWeek({seed, 0, scale}));
  fs::create_directories(folder / "server");
  bench::CountyServer server(folder / "server");
  load(server, week);
  const std::string first = londonDay(week.beginUnixMs + kDayMs / 2);
  const std::string last = londonDay(week.beginUnixMs + 6 * kDayMs + kDayMs / 2);
  records::RecordFilter filter;
  filter.contract = server.contract();
  filter.fromUnixMs = must(londonDayBounds(first)).beginUnixMs;
  filter.toUnixMs = must(londonDayBounds(last)).endUnixMs + kDayMs;
  adjust(server, filter);
  const auto done = must(fhir::writeExport(server.reading(), server.log(),
                                           {server.contract(), {}, first, last, folder / "fhir"},
                                           [](std::uint64_t) {}));
  std::optional<records::RecordPlace> after;
  do {
    const auto piece = must(records::exportPiece(server.reading(), filter, after));
    writeFile(folder / "visits.csv", piece.text);
    after = piece.next;
  } while (after);
  writeFile(folder / "rules.json", must(records::exportRules(server.reading())));
  std::string names;
  for (const county::Provider& provider : week.county.providers) {
    for (const county::Person& person : provider.people)
      names += person.name + "\n";
    for (const county::Carer& carer : provider.carers)
      names += carer.name + "\n";
  }
  writeFile(folder / "names.txt", names);
  fmt::print("{{\"first\":\"{}\",\"last\":\"{}\",\"visits\":{}}}\n", first, last, done.visits);
}

}  // namespace
}  // namespace doorstep

int main(int argc, char** argv) {
  CLI::App app{"Exports a week of a small county as FHIR R4 and as the council's files"};
  std::string folder;
  double scale = 0.01;
  std::uint64_t seed = 1;
  app.add_option("folder", folder, "New folder")->required();
  app.add_option("--scale", scale, "Size of the county; 1 is 2,061 people");
  app.add_option("--seed", seed);
  CLI11_PARSE(app, argc, argv);
  doorstep::run(folder, scale, seed);
  return 0;
}
