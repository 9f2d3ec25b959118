// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/util/json_util.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "doorstep/records/v1/bundle.pb.h"
#include "shared/crypto/sha256.h"
#include "sync-server/records/evidence/evidence_bundle.h"
#include "sync-server/records/records_reader.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/sync-server/records/provider_day.h"
#include "tools/verify/bundle_check.h"

namespace doorstep::verify {

namespace pb = doorstep::records::v1;
using support::ProviderDay;

// A morning of visits whose plan stands in the office's log, and the bundle of it. What a forger of
// bundles can do is here: change files, and have the manifest agree.
struct BundledDay {
  BundledDay() : day(options()) {
    carers = {day.addCarer(provider, "Ann"), day.addCarer(provider, "Bea")};
    day.addProvider("Vale Care", "City", {"south"});
  }

  static ProviderDay::Options options() {
    ProviderDay::Options options;
    options.officeInLog = true;
    return options;
  }

  VisitId plan(const std::string& ref, const std::string& from, std::vector<CarerId> by) {
    ProviderDay::PlannedCare care{.person = person, .carers = std::move(by)};
    care.from = "2026-11-23T" + from + ":00";
    care.to = "2026-11-23T" + from.substr(0, 3) + "30:00";
    care.ref = ref;
    care.tasks = {{1, "wash", "Wash", true}, {2, "meal", "Meal", false}};
    return day.addVisit(provider, care);
  }
  void attend(CarerId carer, VisitId visit, const std::string& from, const std::string& to) {
    const visits::PlaceEvidence tag{visits::PlaceMethod::NfcTag, 40, 12, 20};
    day.record(carer, visit, visits::CheckedIn{tag}, "2026-11-23T" + from);
    day.record(carer, visit, visits::TaskRecorded{1, visits::TaskOutcome::Done},
               "2026-11-23T" + from);
    day.record(
        carer, visit,
        visits::TaskRecorded{2, visits::TaskOutcome::NotDone, visits::NotDoneReason::Refused},
        "2026-11-23T" + to);
    day.record(carer, visit, visits::CheckedOut{}, "2026-11-23T" + to);
  }
  // v1 and v2 stand in one entry; v3 is two carers', v4 missed, v5 a shut door, v6 of a phone whose
  // clock nothing bounds.
  void pass() {
    const CarerId ann = carers[0];
    const CarerId bea = carers[1];
    const VisitId v1 = plan("v1", "08:00", {ann});
    const VisitId v2 = plan("v2", "09:00", {ann});
    const VisitId v3 = plan("v3", "10:00", {ann, bea});
    plan("v4", "11:00", {bea});
    const VisitId v5 = plan("v5", "12:00", {bea});
    const VisitId v6 = plan("v6", "13:00", {bea});
    attend(ann, v1, "08:05:00", "08:34:00");
    attend(ann, v2, "09:50:00", "10:05:00");
    day.send(ann, "2026-11-23T10:06:00");
    attend(ann, v3, "10:10:00", "10:40:00");
    day.send(ann, "2026-11-23T10:45:00");
    attend(bea, v3, "10:12:00", "10:40:00");
    day.record(bea, v5, visits::NoEntry{visits::NoEntryReason::NoReply, {}}, "2026-11-23T12:10:00");
    day.send(bea, "2026-11-23T12:20:00");
    attend(bea, v6, "13:02:00", "13:31:00");
    day.send(bea, "2026-11-23T13:40:00", false);
    day.setNow("2026-11-23T20:00:00");
  }

  // Of the council's contract alone, and of those days.
  pb::BundleManifest write(const pb::BundleManifest& asked = {}) {
    day.judge();
    const auto lease = day.storage().read();
    const auto caller = day.officer("County");
    pb::RecordFilter filter;
    filter.set_first_day(asked.first_day());
    filter.set_last_day(asked.last_day());
    const records::Reading reading{lease, caller, day.now(), key};
    const auto rules = records::exportRules(reading);
    REQUIRE(rules.ok());
    const auto manifest = records::writeBundle(
        {reading, records::readFilter(filter).value(), day.log(),
         [&](ProviderId of) { return day.signers().verifierKey(of); }, *rules, asked},
        path(), [](std::uint64_t) {});
    INFO((manifest.ok() ? "" : manifest.error().reason + ": " + manifest.error().text));
    REQUIRE(manifest.ok());
    return *manifest;
  }
  Verdict check(const std::vector<std::string>& keys = {}) const {
    auto verdict = checkBundle(path(), keys);
    INFO((verdict.ok() ? "" : verdict.error().reason + ": " + verdict.error().text));
    REQUIRE(verdict.ok());
    return *std::move(verdict);
  }

  std::filesystem::path path() const { return folder.path() / "bundle"; }
  std::string read(const std::string& name) const {
    std::ifstream file(path() / name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  void change(const std::string& name, const std::string& content) const {
    std::ofstream(path() / name, std::ios::binary) << content;
  }
  // Changes a file, and the manifest with it.
  void forge(const std::string& name, const std::string& content) const {
    change(name, content);
    pb::BundleManifest manifest;
    REQUIRE(google::protobuf::util::JsonStringToMessage(read("manifest.json"), &manifest).ok());
    for (pb::BundledFile& file : *manifest.mutable_files()) {
      if (file.name() != name)
        continue;
      file.set_bytes(content.size());
      file.set_sha256_hex(toHex(crypto::sha256(content).view()));
    }
    std::string json;
    REQUIRE(google::protobuf::util::MessageToJsonString(manifest, &json).ok());
    change("manifest.json", json);
  }
  std::vector<std::string> entries() const { return files("entries"); }
  std::vector<std::string> files(const std::string& below) const {
    std::set<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(path() / below))
      names.insert(below + "/" + file.path().filename().string());
    return {names.begin(), names.end()};
  }
  // Takes a file away, from the manifest too.
  void drop(const std::string& name) const {
    std::filesystem::remove(path() / name);
    pb::BundleManifest manifest;
    REQUIRE(google::protobuf::util::JsonStringToMessage(read("manifest.json"), &manifest).ok());
    auto& listed = *manifest.mutable_files();
    for (int i = listed.size() - 1; i >= 0; --i)
      if (listed.Get(i).name() == name)
        listed.DeleteSubrange(i, 1);
    std::string json;
    REQUIRE(google::protobuf::util::MessageToJsonString(manifest, &json).ok());
    change("manifest.json", json);
  }
  // The line of a file that has the words.
  std::string line(const std::string& file, const std::string& words) const {
    const std::string text = read(file);
    const std::size_t at = text.find(words);
    INFO(file << ": " << words);
    REQUIRE(at != std::string::npos);
    const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at) + 1;
    return text.substr(begin, text.find('\n', at) + 1 - begin);
  }

  support::TemporaryFolder folder;
  ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  PersonId person = day.addPerson(provider, "p1", "north");
  std::vector<CarerId> carers;
  crypto::SecretKey key{};
};

// Whether one of the findings begins so and has the words.
inline bool finds(const Verdict& verdict, const std::string& begin, const std::string& words) {
  for (const std::string& line : verdict.findings.lines())
    if (line.starts_with(begin) && line.find(words) != std::string::npos)
      return true;
  UNSCOPED_INFO(verdictText(verdict));
  return false;
}

// Replaces the nth part of a text, from 0.
inline std::string replaced(std::string text, const std::string& from, const std::string& to,
                            int nth = 0) {
  std::size_t at = text.find(from);
  for (; nth > 0 && at != std::string::npos; --nth)
    at = text.find(from, at + 1);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace doorstep::verify
