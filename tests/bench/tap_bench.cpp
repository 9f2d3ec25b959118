// SPDX-License-Identifier: Apache-2.0
// From a tap to durable: how long a carer's record takes until the journal has it, on a phone that
// holds 14 days of records. Floor, in the same run and folder: the sealed bytes of an event
// appended to a file with fdatasync, and inserted as one row into SQLite FULL.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "app/phone.h"
#include "app/platform/fakes.h"
#include "shared/crypto/keys.h"
#include "shared/evidence/checkpoint.h"
#include "tests/bench/percentiles.h"

namespace {

using namespace doorstep;  // a program, not a header

constexpr int kDays = 14;
constexpr int kVisitsPerDay = 15;
constexpr int kEventsPerVisit = 15;
constexpr int kTaps = 2000;
constexpr std::size_t kSealedEventBytes = 60;

double floorFile(const std::string& folder, bench::Percentiles& taps) {
  const int file = ::open((folder + "/floor.bin").c_str(), O_CREAT | O_WRONLY | O_APPEND, 0600);
  const std::string bytes(kSealedEventBytes, 'x');
  for (int i = 0; i < kTaps; ++i) {
    const bench::Stopwatch watch;
    if (::write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
        ::fdatasync(file) != 0)
      return 0;
    taps.add(watch.us());
  }
  ::close(file);
  return taps.at(50);
}

double floorSqlite(const std::string& folder, bench::Percentiles& taps) {
  auto database = sql::openSqlite(folder + "/floor.db", {.exclusive = true});
  if (!database || !database->execute("CREATE TABLE row(n INTEGER PRIMARY KEY, bytes BLOB) STRICT"))
    return 0;
  auto insert = database->prepare("INSERT INTO row(bytes) VALUES (?)");
  const std::string bytes(kSealedEventBytes, 'x');
  for (int i = 0; i < kTaps; ++i) {
    const bench::Stopwatch watch;
    if (!insert->bindBlob(0, bytes).run())
      return 0;
    taps.add(watch.us());
  }
  return taps.at(50);
}

sync::Enrolment enrolment() {
  sync::Enrolment made;
  made.device = DeviceId(77);
  made.carer = CarerId(5);
  made.logVerifierKey = evidence::NoteVerifier("bench.example/log/1",
                                               crypto::Ed25519PrivateKey::generate().publicKey())
                            .vkey();
  return made;
}

// One visit: check-in, tasks, a note, check-out.
bool recordVisit(app::Phone& phone, VisitId visit) {
  bool ok = phone.record(recording::CheckIn{visit, std::nullopt}).ok();
  for (std::uint32_t task = 1; ok && task <= kEventsPerVisit - 3; ++task)
    ok = phone
             .record(recording::RecordTask{
                 visit, {task, visits::TaskOutcome::Done, {}, visits::Independence::Prompted}})
             .ok();
  ok =
      ok && phone.record(recording::AddNote{visit, "Ate half of her lunch, in good spirits."}).ok();
  return ok && phone.record(recording::CheckOut{visit, std::nullopt}).ok();
}

int run(const std::string& folder) {
  platform::FakeClock clock(1'795'420'800'000);
  platform::SeededIdSource ids(1);
  platform::FakeSecretStore secrets;
  platform::MemorySigner signer;
  platform::FakeFixSource fixes;
  platform::Platform device{clock, ids, secrets, signer, fixes};
  app::Phone::Options options;
  options.folder = folder;
  auto phone = app::Phone::open(options, enrolment(), device);
  if (!phone) {
    fmt::print(stderr, "the phone does not open: {} {}\n", phone.error().reason,
               phone.error().text);
    return 1;
  }
  for (std::uint64_t visit = 1; visit <= kDays * kVisitsPerDay; ++visit) {
    if (!recordVisit(**phone, VisitId(visit)))
      return 1;
    clock.advance(45 * 60'000);
  }
  (*phone).reset();

  const bench::Stopwatch openWatch;
  phone = app::Phone::open(options, enrolment(), device);
  const double openMs = openWatch.us() / 1000;
  if (!phone)
    return 1;
  bench::Percentiles taps;
  const VisitId visit(1'000'000);
  if (!(*phone)->record(recording::CheckIn{visit, std::nullopt}))
    return 1;
  for (int i = 0; i < kTaps; ++i) {
    clock.advance(4'000);
    const std::uint32_t task = 1 + static_cast<std::uint32_t>(i) % 12;
    const bench::Stopwatch watch;
    if (!(*phone)->record(recording::RecordTask{visit, {task, visits::TaskOutcome::Done, {}, {}}}))
      return 1;
    taps.add(watch.us());
  }
  bench::Percentiles file;
  bench::Percentiles sqlite;
  const double fileP50 = floorFile(folder, file);
  const double sqliteP50 = floorSqlite(folder, sqlite);
  fmt::print("journal with {} events opens in {:.1f} ms\n", kDays * kVisitsPerDay * kEventsPerVisit,
             openMs);
  fmt::print(
      "tap to durable         p50 {:6.0f} us  p99 {:6.0f} us   {:.2f} x append+fdatasync, {:.2f} x "
      "SQLite FULL\n",
      taps.at(50), taps.at(99), taps.at(50) / fileP50, taps.at(50) / sqliteP50);
  fmt::print("floor append+fdatasync p50 {:6.0f} us  p99 {:6.0f} us\n", fileP50, file.at(99));
  fmt::print("floor SQLite FULL row  p50 {:6.0f} us  p99 {:6.0f} us\n", sqliteP50, sqlite.at(99));
  return 0;
}

}  // namespace

int main() {
  // Beside the program, so that the floor and the journal are on the same disk, not in memory.
  std::string folder = (std::filesystem::current_path() / "doorstep-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr)
    return 1;
  const int code = run(folder);
  std::filesystem::remove_all(folder);
  return code;
}
