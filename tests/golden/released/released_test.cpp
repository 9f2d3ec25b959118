// SPDX-License-Identifier: Apache-2.0
// Every release that was ever out, by its bytes and files: this build reads them, goes on from
// them and serves them. The certificates in the files of 0.2 end in 2031.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "shared/core/bytes.h"
#include "shared/evidence/checkpoint.h"
#include "shared/wire/enrolment_text.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/proof_extra.h"
#include "tests/golden/released/contract_messages.h"
#include "tests/golden/released/released_carer.h"
#include "tests/support/hex.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_server.h"

namespace doorstep::released {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string readFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  INFO(path);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> releases() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(DOORSTEP_RELEASED_FOLDER))
    if (entry.is_directory())
      found.push_back(entry.path());
  REQUIRE_FALSE(found.empty());
  return found;
}

TEST_CASE("every message of every release is still read whole and written as it was") {
  Contract contract(readFile(DOORSTEP_CONTRACT_DESCRIPTORS));
  for (const fs::path& release : releases()) {
    const json frozen = json::parse(readFile(release / "messages.json"));
    REQUIRE(frozen.size() > 50);
    for (const json& one : frozen) {
      INFO(release << " " << one["type"]);
      const auto message = contract.make(one["type"]);
      REQUIRE(message != nullptr);
      const std::string bytes = support::fromHex(one["bytes"].get<std::string>());
      REQUIRE(message->ParseFromString(bytes));
      CHECK_FALSE(hasUnknownFields(*message));
      CHECK(message->SerializeAsString() == bytes);
    }
  }
}

TEST_CASE("an entry of every release has the hash that it had") {
  for (const fs::path& release : releases()) {
    INFO(release);
    const json frozen = json::parse(readFile(release / "entry.json"));
    const auto opened =
        wire::openEntry(support::fromHex(frozen["signed_entry"].get<std::string>()));
    REQUIRE(opened.ok());
    CHECK(opened->decoded.limits.empty());
    const DeviceId device(frozen["device_id"].get<std::uint64_t>());
    CHECK(toHex(opened->evidence.hash(device).view()) == frozen["entry_hash"]);
  }
}

TEST_CASE("what an office handed out is still read: code, proofs and the columns of an export") {
  for (const fs::path& release : releases()) {
    INFO(release);
    const json code = json::parse(readFile(release / "enrol.json"));
    for (const char* field : {"provider_id", "carer_id", "carer_ref", "carer_name"})
      CHECK(code.contains(field));
    CHECK(wire::parseEnrolmentText(code["enrolment_text"].get<std::string>()).ok());
    const json frozen = json::parse(readFile(release / "entry.json"));
    const auto log =
        evidence::NoteVerifier::fromVkey(frozen["log_verifier_key"].get<std::string>());
    REQUIRE(log.ok());
    std::size_t proofs = 0;
    for (const auto& file : fs::recursive_directory_iterator(release / "export/proofs"))
      if (file.path().extension() == ".tlog-proof") {
        const auto proof = evidence::parseTlogProof(readFile(file.path()));
        REQUIRE(proof.ok());
        const auto shown = wire::readProofExtra(proof->extra);
        REQUIRE(shown.ok());
        CHECK(evidence::verifyTlogProof(*proof, shown->leafData, *log).ok());
        CHECK(shown->arrival.has_value());
        CHECK_FALSE(shown->events.empty());
        ++proofs;
      }
    CHECK(proofs > 0);
  }
}

TEST_CASE("server and phone of every release go on where they were, and lose nothing") {
  for (const fs::path& release : releases()) {
    INFO(release);
    support::TemporaryFolder folder;
    const fs::path phone = folder.file("phone");
    fs::copy(release / "phone", phone, fs::copy_options::recursive);
    support::TestServer server({.carers = 1, .visits = 1});
    server.takeFolder((release / "server").string());
    server.start();
    const json frozen = json::parse(readFile(release / "entry.json"));

    Carer carer(phone.string());
    REQUIRE(carer.open().ok());
    const VisitId begun(frozen["visit_unsent"].get<std::uint64_t>());
    const std::uint64_t events = carer.phone().journal().lastEvent();
    CHECK(events == 6);
    CHECK(carer.phone().journal().readEvents()->size() == events);
    CHECK(carer.phone().visit(begun).has_value());
    CHECK(toHex(carer.phone().journal().entry(1)->hash.view()) == frozen["entry_hash"]);
    REQUIRE(carer.record(recording::CheckOut{begun, std::nullopt}).ok());
    REQUIRE(carer.exchange(server.devicePort()));
    CHECK(carer.phone().journal().firstWithoutReceipt() == carer.phone().journal().lastEntry() + 1);
    CHECK_FALSE(carer.phone().journal().syncState().logContradicted);

    REQUIRE(server.stop() == 0);
    std::string report;
    CHECK(server.run({"verify"}, &report) == 0);
    CHECK(server.run({"rebuild"}) == 0);
    const std::string exported = folder.file("records.csv");
    REQUIRE(server.run({"export", "--output", exported}) == 0);
    const auto header = [](const std::string& text) { return text.substr(0, text.find('\n')); };
    const std::string before = header(readFile(release / "export/records.csv"));
    // Columns are added behind, and none goes.
    CHECK(header(readFile(exported)).starts_with(before.substr(0, before.find('\r'))));
  }
}

}  // namespace
}  // namespace doorstep::released
