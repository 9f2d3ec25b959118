// SPDX-License-Identifier: Apache-2.0
// What a server exports with its evidence follows from that evidence.
#include "shared/evidence/checkpoint.h"
#include "tests/unit/tools/verify/bundled_day.h"

namespace doorstep::verify {
namespace {

TEST_CASE("every row of a bundle follows from the evidence in it") {
  BundledDay bundled;
  bundled.pass();
  const auto manifest = bundled.write();
  CHECK(manifest.visits() == 6);
  CHECK(manifest.rows() == 7);
  CHECK_FALSE(std::filesystem::exists(bundled.path().string() + ".part"));
  const Verdict verdict = bundled.check();
  INFO(verdictText(verdict));
  CHECK(verdict.clean());
  CHECK(verdict.rows == 7);
  CHECK(verdict.follow == 7);
  CHECK(verdict.unproved == std::map<std::string, std::uint64_t>{{"plan_first_published_utc", 7}});
}

TEST_CASE("a bundle says nothing of who was planned, and of other councils' visits only hashes") {
  BundledDay bundled;
  const PersonId other = bundled.day.addPerson(bundled.provider, "p9", "elsewhere");
  ProviderDay::PlannedCare care{.person = other, .carers = {bundled.carers[0]}};
  care.from = care.to = "2026-11-23T07:00:00";
  const VisitId theirs = bundled.day.addVisit(bundled.provider, care);
  bundled.day.record(bundled.carers[0], theirs, visits::NoteAdded{"of another contract"},
                     "2026-11-23T07:00:00");
  bundled.pass();
  bundled.write();
  const Verdict verdict = bundled.check();
  INFO(verdictText(verdict));
  CHECK(verdict.clean());
  CHECK(verdict.follow == 7);
  for (const std::string& name : bundled.entries()) {
    const auto proof = evidence::parseTlogProof(bundled.read(name));
    REQUIRE(proof.ok());
    CHECK(proof->extra.find("of another contract") == std::string::npos);
  }
  CHECK(bundled.read("evidence.jsonl").find("\"carers\":") == std::string::npos);
  CHECK(bundled.read("evidence.jsonl").find("\"carers_hash\":") != std::string::npos);
}

TEST_CASE("a plan that was changed after its lock and called off is what the office published") {
  BundledDay bundled;
  bundled.pass();
  const VisitId moved = bundled.plan("v7", "15:00", {bundled.carers[0]});
  const VisitId gone = bundled.plan("v8", "16:00", {bundled.carers[0]});
  bundled.day.setNow("2026-11-23T09:00:00");
  bundled.day.change(bundled.provider, moved, [](visits::PlannedVisit& plan) {
    plan.windowStartUnixMs += 3'600'000;
    plan.windowEndUnixMs += 3'600'000;
    plan.durationMin = 45;
  });
  bundled.day.change(
      bundled.provider, gone,
      [](visits::PlannedVisit& plan) { plan.state = visits::VisitState::Cancelled; },
      visits::WantedBy::Person);
  bundled.day.setNow("2026-11-23T20:00:00");
  bundled.write();
  const Verdict verdict = bundled.check();
  INFO(verdictText(verdict));
  CHECK(verdict.clean());
  CHECK(verdict.follow == 9);
  CHECK(verdict.unproved.at("cancelled_by") == 1);
}

TEST_CASE("without the office's log the plan is said to be unproved, and the times still follow") {
  support::TemporaryFolder folder;
  ProviderDay day;
  const ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  const CarerId ann = day.addCarer(provider, "Ann");
  ProviderDay::PlannedCare care{.person = day.addPerson(provider, "p1", "north"), .carers = {ann}};
  care.from = care.to = "2026-11-23T08:00:00";
  const VisitId visit = day.addVisit(provider, care);
  day.checkIn(ann, visit, "2026-11-23T08:00:00");
  day.send(ann, "2026-11-23T08:01:00");
  const auto lease = day.storage().read();
  const auto caller = day.officer("County");
  const crypto::SecretKey key{};
  const pb::BundleManifest asked;
  const records::Reading reading{lease, caller, day.now(), key};
  REQUIRE(records::writeBundle({reading,
                                {},
                                day.log(),
                                [&](ProviderId of) { return day.signers().verifierKey(of); },
                                records::exportRules(reading).value(),
                                asked},
                               folder.path() / "bundle", [](std::uint64_t) {})
              .ok());
  const auto verdict = checkBundle(folder.path() / "bundle", {});
  REQUIRE(verdict.ok());
  INFO(verdictText(*verdict));
  CHECK(verdict->clean());
  CHECK(verdict->follow == 0);
  CHECK(verdict->unchecked.at("no proof of the plan: DECISION_NOT_LOGGED") == 1);
}

TEST_CASE("columns of what an earlier release did not show are said not to be proved") {
  BundledDay bundled;
  bundled.pass();
  bundled.write();
  bundled.drop("commissioned.jsonl");
  bundled.drop("freezes.jsonl");
  const Verdict verdict = bundled.check();
  INFO(verdictText(verdict));
  CHECK(verdict.clean());
  CHECK(verdict.follow == 7);
  CHECK(verdict.unproved == std::map<std::string, std::uint64_t>{{"arranged_by", 7},
                                                                 {"plan_first_published_utc", 7},
                                                                 {"prior_visit_utc", 3},
                                                                 {"service_kind", 7}});
}

TEST_CASE("a bundle is whole or not there") {
  BundledDay bundled;
  bundled.pass();
  std::filesystem::create_directory(bundled.path());
  const auto lease = bundled.day.storage().read();
  const auto caller = bundled.day.officer("County");
  const pb::BundleManifest asked;
  const auto write = [&](const std::filesystem::path& folder) {
    return records::writeBundle(
        {records::Reading{lease, caller, bundled.day.now(), bundled.key},
         {},
         bundled.day.log(),
         [&](ProviderId of) { return bundled.day.signers().verifierKey(of); },
         "{}",
         asked},
        folder, [](std::uint64_t) {});
  };
  CHECK(write(bundled.path()).error().reason == "FOLDER_EXISTS");
  CHECK(write("/dev/null/bundle").error().reason == "FOLDER_FAILED");
  // A decision that is not in the log yet ends an export.
  REQUIRE(bundled.day.storage()
              .write([](sql::Database& database) {
                return database.execute("UPDATE decision_place SET position = 900");
              })
              .ok());
  CHECK(write(bundled.folder.path() / "other").error().reason == "DECISION_TOO_NEW");
  CHECK_FALSE(std::filesystem::exists(bundled.folder.path() / "other"));
  CHECK_FALSE(std::filesystem::exists(bundled.folder.path() / "other.part"));
}

}  // namespace
}  // namespace doorstep::verify
