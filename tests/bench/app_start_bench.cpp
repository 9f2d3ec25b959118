// SPDX-License-Identifier: Apache-2.0
// Start of the phone's app with 14 days of records: to the first frame, to the round after the PIN,
// and its memory, without a display (software renderer). Floor, in the same run: the same program
// with an empty folder, which has nothing to open or show.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "app/phone_folder.h"
#include "app/platform/desktop_platform.h"
#include "app/platform/fakes.h"
#include "doorstep/roster/v1/roster.pb.h"
#include "shared/core/durations.h"
#include "shared/crypto/certificates.h"
#include "shared/evidence/checkpoint.h"
#include "shared/wire/enrolment_text.h"
#include "shared/wire/plan_codec.h"

namespace {

using namespace doorstep;  // a program, not a header

constexpr int kDays = 14;
constexpr int kVisitsPerDay = 15;
constexpr int kTasks = 8;
constexpr int kRuns = 5;
constexpr const char* kPin = "2580";
const DeviceId kDevice(77);
const CarerId kCarer(5);

sync::Enrolment enrolment() {
  sync::Enrolment made;
  made.host = "127.0.0.1";
  made.port = 9;  // nobody answers: the app starts without a network
  made.device = kDevice;
  made.carer = kCarer;
  made.carerName = "Lena Jessop";
  made.logVerifierKey = evidence::NoteVerifier("bench.example/log/1",
                                               crypto::Ed25519PrivateKey::generate().publicKey())
                            .vkey();
  return made;
}

visits::PlannedVisit plannedVisit(std::uint64_t number, std::int64_t startUnixMs) {
  visits::PlannedVisit visit;
  visit.id = VisitId(number);
  visit.ref = "v" + std::to_string(number);
  visit.person = PersonId(1 + number % 40);
  visit.service = "personal care";
  visit.windowStartUnixMs = startUnixMs;
  visit.windowEndUnixMs = startUnixMs + 15 * kMinuteMs;
  visit.durationMin = 30;
  visit.slots.push_back({1, kCarer, "Lena Jessop"});
  for (std::uint32_t task = 1; task <= kTasks; ++task)
    visit.tasks.push_back({task, "PC01", "Wash and dress", false});
  visit.planVersion = 1;
  return visit;
}

// The plan of yesterday to two weeks ahead, as an exchange would bring it.
Status writePlan(const std::string& path, const crypto::SecretKey& key, IdSource& ids,
                 std::int64_t beginUnixMs) {
  DOORSTEP_ASSIGN(auto roster, roster::RosterStore::open(path, key, ids));
  roster::v1::PlanChanges changes;
  wire::ScopeHash hash;
  for (std::uint64_t id = 1; id <= 40; ++id) {
    visits::Person person{
        PersonId(id), "p" + std::to_string(id), "Iris Ingram", "Key safe at the back door", {}, {},
        "north"};
    const auto object = wire::planObject(person);
    hash.add(object);
    *changes.add_changes()->mutable_object() = object;
  }
  for (int i = 0; i < 2 * kDays * kVisitsPerDay; ++i) {
    const auto visit =
        plannedVisit(1 + static_cast<std::uint64_t>(i),
                     beginUnixMs + i / kVisitsPerDay * kDayMs + i % kVisitsPerDay * 45 * kMinuteMs);
    const auto object = wire::planObject(visit);
    hash.add(object);
    *changes.add_changes()->mutable_object() = object;
  }
  changes.set_next_cursor(1);
  changes.set_plan_version(1);
  changes.set_scope_count(hash.count());
  changes.set_scope_hash(hash.bytes());
  DOORSTEP_TRY(roster->apply(changes, 0));
  return kDone;
}

Status recordDay(app::Phone& phone, platform::FakeClock& clock, int day) {
  for (int i = 0; i < kVisitsPerDay; ++i) {
    const VisitId visit(1 + static_cast<std::uint64_t>(day * kVisitsPerDay + i));
    DOORSTEP_TRY(phone.record(recording::CheckIn{visit, std::nullopt}));
    for (std::uint32_t task = 1; task <= kTasks; ++task)
      DOORSTEP_TRY(phone.record(recording::RecordTask{
          visit, {task, visits::TaskOutcome::Done, {}, visits::Independence::Prompted}}));
    DOORSTEP_TRY(
        phone.record(recording::AddNote{visit, "Ate half of her lunch, in good spirits."}));
    const recording::Intent out = recording::CheckOut{visit, std::nullopt};
    DOORSTEP_TRY(phone.record(out));
    (void)phone.afterRecording(out);
    clock.advance(45 * kMinuteMs);
  }
  return kDone;
}

Status fill(const std::string& folder) {
  const std::int64_t todayUnixMs =
      SystemClock().wallUnixMs() / kDayMs * kDayMs + 6 * 60 * kMinuteMs;
  const std::int64_t beginUnixMs = todayUnixMs - (kDays - 1) * kDayMs;
  platform::FakeClock clock(beginUnixMs);
  SystemIdSource ids;
  platform::FileSecretStore secrets(folder, ids);
  platform::FileDeviceSigner signer(folder);
  platform::NoFixSource fixes;
  platform::Platform device{clock, ids, secrets, signer, fixes};
  app::PhoneFolder files(folder, device, crypto::ScryptCost{14});
  const auto authorityKey = crypto::P256PrivateKey::generate();
  const auto authority = crypto::makeAuthority(authorityKey, "bench", clock.wallUnixMs(), 365);
  DOORSTEP_ASSIGN(const std::string authorityDer, crypto::certificateDer(authority.pem));
  const wire::EnrolmentOffer offer{"127.0.0.1", 9, "CODE-CODE", authorityDer};
  DOORSTEP_ASSIGN(
      const auto unlocked,
      files.enrol(wire::writeEnrolmentText(offer), kPin,
                  [](const auto&, const auto&) -> Result<sync::Enrolment> { return enrolment(); }));
  DOORSTEP_TRY(writePlan(folder + "/roster.db", unlocked.dataKey, ids, beginUnixMs));
  DOORSTEP_ASSIGN(auto phone, files.openPhone(unlocked, {}));
  for (int day = 0; day < kDays; ++day) {
    DOORSTEP_TRY(recordDay(*phone, clock, day));
    clock.advance(kDayMs - kVisitsPerDay * 45 * kMinuteMs);
  }
  return kDone;
}

struct Start {
  double firstFrameMs = 0;
  double pageMs = 0;
  double rssMb = 0;
  int visitsToday = 0;
};

// Medians of some starts.
Start measure(const std::string& program, const std::string& folder, const std::string& arguments) {
  std::map<std::string, std::vector<double>> values;
  for (int i = 0; i < kRuns; ++i) {
    const std::string command =
        fmt::format("{} --dir {} {} --measure-start 2>/dev/null", program, folder, arguments);
    FILE* pipe = ::popen(command.c_str(), "r");
    char line[512] = {};
    const bool read = pipe != nullptr && std::fgets(line, sizeof line, pipe) != nullptr;
    if (pipe == nullptr || ::pclose(pipe) != 0 || !read)
      return {};
    const auto measured = nlohmann::json::parse(line);
    for (const auto& [key, value] : measured.items())
      values[key].push_back(value.get<double>());
  }
  const auto median = [&](const char* key) {
    auto& all = values[key];
    std::sort(all.begin(), all.end());
    return all.empty() ? 0 : all[all.size() / 2];
  };
  return {median("first_frame_ms"), median("page_ms"), median("rss_kb") / 1024,
          static_cast<int>(median("visits_today"))};
}

}  // namespace

int main() {
  std::string base = (std::filesystem::current_path() / "doorstep-bench-XXXXXX").string();
  if (::mkdtemp(base.data()) == nullptr)
    return 1;
  const std::string folder = base + "/phone";
  std::filesystem::create_directories(folder);
  int code = 1;
  if (const Status filled = fill(folder); !filled) {
    fmt::print(stderr, "cannot make the phone: {} {}\n", filled.error().reason,
               filled.error().text);
  } else {
    const Start floor = measure(DOORSTEP_APP, base + "/empty", "");
    const Start full = measure(DOORSTEP_APP, folder, std::string("--pin ") + kPin);
    fmt::print("{} visits with {} events, {} of today; medians of {}\n", kDays * kVisitsPerDay,
               kDays * kVisitsPerDay * (kTasks + 3), full.visitsToday, kRuns);
    fmt::print("start to first frame {:5.0f} ms   {:.2f} x the empty app's {:.0f} ms\n",
               full.firstFrameMs, full.firstFrameMs / floor.firstFrameMs, floor.firstFrameMs);
    fmt::print("start to the round   {:5.0f} ms   PIN's scrypt included\n", full.pageMs);
    fmt::print("memory               {:5.1f} MB   {:.2f} x the empty app's {:.1f} MB\n", full.rssMb,
               full.rssMb / floor.rssMb, floor.rssMb);
    code = full.visitsToday == 0 ? 1 : 0;
  }
  std::filesystem::remove_all(base);
  return code;
}
