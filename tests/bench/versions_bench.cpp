// SPDX-License-Identifier: Apache-2.0
// What the versions that a visit has cost: importing a rota that changes every visit, and exporting
// all records, after one version and after nine. The peer of each figure is its first one, from the
// same run: a ratio near 1 is a cost that does not grow.
#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <sstream>
#include <string>

#include "shared/core/check.h"
#include "shared/core/local_time.h"
#include "sync-server/config/server_context.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/roster/provider_setup.h"
#include "sync-server/roster/rota/rota_reader.h"
#include "sync-server/roster/rota_import.h"
#include "tests/bench/percentiles.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/unlogged_office.h"

namespace doorstep::bench {
namespace {

constexpr int kVisits = 10'000;
constexpr int kPeople = 1'000;
constexpr int kCarers = 200;
constexpr int kVersions = 9;

roster::Rota rotaOf(int version, std::int64_t dayUnixMs) {
  std::stringstream people;
  std::stringstream carers;
  std::stringstream visits;
  carers << "carer_ref,name\n";
  for (int i = 0; i < kCarers; ++i)
    carers << "c" << i << ",Carer\n";
  people << "person_ref,name,latitude,longitude,lot\n";
  for (int i = 0; i < kPeople; ++i)
    people << "p" << i << ",Person,,,north\n";
  visits << "visit_ref,person_ref,carer_slot,carers_required,carer_ref,service,window_start,"
            "window_end,duration_min,after_visit_ref,min_gap_min,max_gap_min\n";
  for (int i = 0; i < kVisits; ++i) {
    const std::int64_t start = dayUnixMs + (7 * 60 + i % 800 + version) * 60'000LL;
    visits << "v" << i << ",p" << i % kPeople << ",1,1,c" << i % kCarers << ",personal,"
           << unixMsToLondon(start).substr(0, 19) << ","
           << unixMsToLondon(start + 1'800'000).substr(0, 19) << ",30,,,\n";
  }
  roster::FaultList faults;
  auto rota = roster::readRota({.people = &people, .carers = &carers, .visits = &visits}, faults);
  for (const auto& fault : faults.listed())
    std::fprintf(stderr, "%s: %s\n", fault.file.c_str(), fault.text.c_str());
  return rota;
}

class Office {
 public:
  Office()
      : storage_(storage::Storage::open({.path = folder_.file("bench.db"), .singleThreaded = true})
                     .value()) {
    DOORSTEP_CHECK(config::migrateAll(storage_->writer()).ok());
    DOORSTEP_CHECK(storage_
                       ->write([&](sql::Database& database) -> Status {
                         DOORSTEP_ASSIGN(target_.provider,
                                         roster::ensureProvider(database, "Care", clock_, ids_));
                         DOORSTEP_ASSIGN(target_.council,
                                         roster::ensureCouncil(database, "County", clock_, ids_));
                         return kDone;
                       })
                       .ok());
  }
  double importMs(int version) {
    const auto rota = rotaOf(version, day_);
    const Stopwatch watch;
    roster::FaultList faults;
    const Status imported =
        unlogged_.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
          DOORSTEP_TRY(roster::importRota(database, rota, target_, clock_, ids_, act, faults));
          return kDone;
        });
    DOORSTEP_CHECK(imported.ok());
    return watch.us() / 1000.0;
  }
  double exportMs() {
    const Stopwatch watch;
    identity::AccountCaller caller;
    caller.role = identity::Role::Operator;
    std::optional<records::RecordPlace> after;
    do {
      const auto piece =
          records::exportPiece({storage_->read(), caller, clock_.wallUnixMs(), key_}, {}, after);
      DOORSTEP_CHECK(piece.ok());
      after = piece->next;
    } while (after);
    return watch.us() / 1000.0;
  }

 private:
  support::TemporaryFolder folder_;
  SystemClock clock_;
  SystemIdSource ids_;
  std::unique_ptr<storage::Storage> storage_;
  support::UnloggedOffice unlogged_{*storage_, clock_, ids_};
  roster::ImportTarget target_;
  const crypto::SecretKey key_{};
  // A midnight of next week: the lock is still to come.
  const std::int64_t day_ =
      londonToUnixMs(londonDay(clock_.wallUnixMs() + 7 * 24 * 3'600'000LL) + "T00:00:00").value();
};

int run() {
  Office office;
  office.importMs(0);
  const double exportOne = office.exportMs();
  const double second = office.importMs(1);
  double last = 0;
  for (int version = 2; version < kVersions; ++version)
    last = office.importMs(version);
  const double exportNine = office.exportMs();
  fmt::print("{} visits, each changed by each import\n", kVisits);
  fmt::print("import: 2nd version {:.0f} ms, {}th {:.0f} ms, ratio {:.2f}\n", second, kVersions,
             last, last / second);
  fmt::print("export: 1 version {:.0f} ms, {} versions {:.0f} ms, ratio {:.2f}\n", exportOne,
             kVersions, exportNine, exportNine / exportOne);
  return 0;
}

}  // namespace
}  // namespace doorstep::bench

int main() { return doorstep::bench::run(); }
