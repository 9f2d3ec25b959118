// SPDX-License-Identifier: Apache-2.0
// Our codec and hashes against entries.json, which entry_vectors.py made by docs/sync-protocol.md
// without any code of ours.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "shared/crypto/keys.h"
#include "shared/crypto/sha256.h"
#include "shared/evidence/entry_chain.h"
#include "shared/evidence/leaf_path.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/evidence/plan_root.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/office_fact_codec.h"
#include "shared/wire/plan_codec.h"
#include "tests/support/hex.h"

namespace doorstep {
namespace {

using nlohmann::json;

std::string bytesOf(const json& hex) { return support::fromHex(hex.get<std::string>()); }

void checkEvent(const json& expected, const wire::EventEvidence& event) {
  CHECK(toHex(event.hash.view()) == expected["event_hash"]);
  CHECK(event.sealed == expected.contains("sealed"));
  if (event.sealed)
    return;
  CHECK(toHex(event.salt) == expected["salt"]);
  CHECK(toHex(event.fact) == expected["fact"]);
  CHECK(event.subjectId == expected["subject_id"].get<std::uint64_t>());
  CHECK(event.bootMs == expected["boot_ms"].get<std::uint64_t>());
  CHECK(event.wallUnixMs == expected["wall_unix_ms"].get<std::int64_t>());
}

// The root over the hashes, and the path of each.
void checkTree(const json& expected, const std::vector<Hash>& hashes, const Hash& root) {
  REQUIRE(expected.size() == hashes.size());
  for (std::size_t marked = 0; marked < hashes.size(); ++marked) {
    evidence::LeafPath leaves;
    for (std::size_t i = 0; i < hashes.size(); ++i)
      leaves.add(evidence::leafHash(hashes[i].view()), i == marked);
    const auto path = leaves.path();
    CHECK(path->root == root);
    json hex = json::array();
    for (const Hash& each : path->hashes)
      hex.push_back(toHex(each.view()));
    CHECK(hex == expected[marked]["path"]);
  }
}

// Rows of persons' terms, or of contracts' lots.
void checkTerms(const json& expected, const std::string& entrySalt, const Hash& root) {
  const evidence::PlanTerms terms(entrySalt);
  std::vector<Hash> hashes;
  for (const json& row : expected) {
    const evidence::TermsLeaf leaf{
        row["person_id"],        row["lot"],         row["from_day"], row["made_version"],
        row["replaced_version"], row["contract_id"], row["role"],     row["tier"],
        row["funder_split"],     row["reason"]};
    CHECK(toHex(terms.saltOf(leaf)) == row["salt"]);
    hashes.push_back(terms.hashOf(leaf));
    CHECK(toHex(hashes.back().view()) == row["hash"]);
  }
  checkTree(expected, hashes, root);
}

// What an office decided: its fact, and the root over the visits that it published.
void checkPlan(const json& expected, const visits::Entry& entry) {
  const auto* fact = std::get_if<visits::UnknownFact>(&entry.events.front().fact);
  REQUIRE(fact != nullptr);
  const auto decided = wire::decodeOfficeFact(fact->bytes);
  REQUIRE(decided.ok());
  CHECK(decided->accountName == "Zoë Office");
  CHECK(wire::encodeOfficeFact(*decided) == fact->bytes);
  const auto& published = std::get<visits::PlanPublished>(decided->decision);
  CHECK(published.planVersion == expected["plan_version"].get<std::uint64_t>());
  CHECK(toHex(published.visitsRoot.view()) == expected["visits_root"]);
  REQUIRE(published.termsRoot);
  CHECK(toHex(published.termsRoot->view()) == expected["terms_root"]);
  REQUIRE(published.lotsRoot);
  CHECK(toHex(published.lotsRoot->view()) == expected["lots_root"]);
  const evidence::PlanVisits hashes(entry.salt);
  std::vector<Hash> leaves;
  for (const json& visit : expected["visits"]) {
    const VisitId id(visit["visit_id"].get<std::uint64_t>());
    const auto leaf =
        hashes.leafOf(id, published.planVersion, visit["wanted_by"].get<std::uint64_t>(),
                      bytesOf(visit["bytes"]));
    CHECK(toHex(leaf.salt) == visit["salt"]);
    CHECK(toHex(leaf.open) == visit["open"]);
    CHECK(toHex(evidence::splitVisit(bytesOf(visit["bytes"])).carers) == visit["carers"]);
    CHECK(toHex(hashes.carersSalt(id)) == visit["carers_salt"]);
    CHECK(toHex(leaf.carersHash.view()) == visit["carers_hash"]);
    CHECK(wire::decodeVisit(id, bytesOf(visit["bytes"]))->planVersion == published.planVersion);
    leaves.push_back(evidence::planVisitHash(leaf));
    CHECK(toHex(leaves.back().view()) == visit["hash"]);
  }
  checkTree(expected["visits"], leaves, published.visitsRoot);
  checkTerms(expected["terms"], entry.salt, *published.termsRoot);
  checkTerms(expected["lots"], entry.salt, *published.lotsRoot);
}

TEST_CASE("an entry is written, hashed, signed and put into the log as the protocol's page says") {
  const json vectors = json::parse(std::ifstream(DOORSTEP_ENTRY_VECTORS));
  const auto key = crypto::P256PublicKey::fromSpki(bytesOf(vectors["signing_public_key"])).value();
  REQUIRE(vectors["entries"].size() == 7);
  for (const json& vector : vectors["entries"]) {
    INFO(vector["name"]);
    const DeviceId device(vector["device_id"].get<std::uint64_t>());
    const auto opened = wire::openEntry(bytesOf(vector["signed_entry"]));
    REQUIRE(opened.ok());
    CHECK(opened->decoded.limits.empty());
    const wire::EntryEvidence& shown = opened->evidence;
    CHECK(toHex(shown.header) == vector["header"]);
    REQUIRE(shown.events.size() == vector["entry"]["events"].size());
    for (std::size_t i = 0; i < shown.events.size(); ++i)
      checkEvent(vector["entry"]["events"][i], shown.events[i]);
    CHECK(toHex(shown.signedMessage(device)) == vector["signed_message"]);
    CHECK(toHex(shown.hash(device).view()) == vector["entry_hash"]);
    CHECK(key.verify(shown.signedMessage(device), shown.signature));
    CHECK(toHex(wire::encodeEntry(opened->decoded.entry)) == vector["unsigned_entry"]);

    if (vector.contains("plan"))
      checkPlan(vector["plan"], opened->decoded.entry);

    const json& arrival = vector["arrival"];
    CHECK(toHex(shown.arrivalSalt) == arrival["salt"]);
    const Hash arrivalHash = evidence::arrivalHash(
        shown.arrivalSalt,
        {arrival["received_unix_ms"].get<std::int64_t>(), bytesOf(arrival["clock"])});
    CHECK(toHex(arrivalHash.view()) == arrival["hash"]);
    const std::string leaf = evidence::leafData(shown.hash(device), arrivalHash);
    CHECK(toHex(leaf) == vector["leaf_data"]);
    CHECK(toHex(evidence::leafHash(leaf).view()) == vector["leaf_hash"]);
  }
}

}  // namespace
}  // namespace doorstep
