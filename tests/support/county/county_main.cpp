// SPDX-License-Identifier: Apache-2.0
// doorstep-county: a made-up county's rota as files, and the shared clock on which a demo lives it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "shared/core/local_time.h"
#include "shared/core/shared_clock.h"
#include "tests/support/county/county_files.h"

namespace doorstep::county {
namespace {

int report(const Status& done) {
  if (!done.ok())
    std::fprintf(stderr, "doorstep-county: %s (%s)\n", done.error().text.c_str(),
                 done.error().reason.c_str());
  return done.ok() ? 0 : 1;
}

Status writeRota(const CountyOptions& options, const std::string& folder) {
  DOORSTEP_ASSIGN(const County county, makeCounty(options));
  DOORSTEP_TRY(writeCounty(county, folder, options.seed));
  std::size_t people = 0;
  std::size_t carers = 0;
  std::size_t visits = 0;
  for (const Provider& provider : county.providers) {
    people += provider.people.size();
    carers += provider.carers.size();
    visits += provider.visits.size();
  }
  std::printf("%zu providers, %zu people, %zu carers, %zu visits\n", county.providers.size(),
              people, carers, visits);
  return kDone;
}

Status setClock(const std::string& file, const std::string& time, double rate) {
  DOORSTEP_ASSIGN(const std::int64_t unixMs, londonToUnixMs(time));
  return setSharedClock(file, unixMs, static_cast<std::int64_t>(rate * 1e6));
}

int main(int count, char** values) {
  CLI::App cli("A made-up county for tests and the demo.");
  cli.require_subcommand(1);
  CountyOptions options;
  std::string folder;
  auto* rota = cli.add_subcommand("rota", "write a folder a provider, as import-rota reads them");
  rota->add_option("--day", options.firstDay, "first local day, 2026-11-23")->required();
  rota->add_option("--days", options.days)->capture_default_str();
  rota->add_option("--seed", options.seed)->capture_default_str();
  rota->add_option("--scale", options.scale, "1: 2,500 people")->capture_default_str();
  rota->add_option("folder", folder)->required();
  std::string file;
  std::string time;
  double rate = 1;
  auto* clock = cli.add_subcommand("clock", "make a shared clock, or move it forward");
  clock->add_option("--file", file)->required();
  clock->add_option("--time", time, "local time, 2026-11-23T07:00:00")->required();
  clock->add_option("--rate", rate, "times as fast as real time")
      ->check(CLI::Range(0.0, 100'000.0));
  CLI11_PARSE(cli, count, values);
  return report(rota->parsed() ? writeRota(options, folder) : setClock(file, time, rate));
}

}  // namespace
}  // namespace doorstep::county

int main(int count, char** values) { return doorstep::county::main(count, values); }
