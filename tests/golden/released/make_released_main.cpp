// SPDX-License-Identifier: Apache-2.0
// Makes the frozen files of a release: make_released FOLDER. See tests/golden/make_released.sh.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "shared/core/bytes.h"
#include "tests/golden/released/contract_messages.h"
#include "tests/golden/released/released_carer.h"
#include "tests/support/test_server.h"

namespace doorstep::released {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string readFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void must(bool done, const char* what) {
  if (!done)
    std::fprintf(stderr, "make_released: %s\n", what);
  DOORSTEP_CHECK(done);
}

void writeMessages(const fs::path& folder) {
  json all = json::array();
  for (const auto& sample : Contract(readFile(DOORSTEP_CONTRACT_DESCRIPTORS)).samples())
    all.push_back({{"type", sample.type}, {"bytes", toHex(sample.bytes)}});
  std::ofstream(folder / "messages.json") << all.dump(0) << "\n";
}

// A round that was sent, and a visit that had begun and was not.
void writeFiles(const fs::path& folder) {
  support::TestServer server({.carers = 2, .visits = 6});
  server.start();
  std::string printed;
  must(server.run({"enrol", "--carer", "c0", "--json"}, &printed) == 0, "enrol");
  std::ofstream(folder / "enrol.json") << printed;
  Carer carer((folder / "phone").string());
  must(carer.enrol(json::parse(printed)["enrolment_text"]).ok(), "phone");
  must(carer.exchange(server.devicePort()), "first exchange");
  const VisitId sent = server.visit(0);
  must(carer.record(recording::CheckIn{sent, std::nullopt}).ok(), "check-in");
  must(carer.record(recording::RecordTask{sent, {1, visits::TaskOutcome::Done, {}, {}}}).ok(),
       "task");
  must(carer.record(recording::AddNote{sent, "Zo\xC3\xAB was cheerful"}).ok(), "note");
  must(carer.record(recording::Amend{sent, {2, visits::AmendReason::WrongTap, visits::Withdrawn{}}})
           .ok(),
       "amendment");
  must(carer.record(recording::CheckOut{sent, std::nullopt}).ok(), "check-out");
  must(carer.exchange(server.devicePort()), "exchange");
  must(carer.record(recording::CheckIn{server.visit(2), std::nullopt}).ok(), "check-in");
  const auto entry =
      carer.phone().journal().entriesFrom(1, journal::Journal::Which::All, 1, 1 << 20);
  must(entry.ok() && !entry->empty(), "entry");
  const json frozen = {{"device_id", carer.enrolment().device.value},
                       {"signed_entry", toHex(entry->front().bytes)},
                       {"entry_hash", toHex(carer.phone().journal().entry(1)->hash.view())},
                       {"visit_unsent", server.visit(2).value},
                       {"log_verifier_key", carer.enrolment().logVerifierKey}};
  std::ofstream(folder / "entry.json") << frozen.dump(1) << "\n";
  carer.close();
  must(server.stop() == 0, "stop");
  fs::create_directories(folder / "export");
  must(server.run({"export", "--output", (folder / "export/records.csv").string(), "--proofs",
                   (folder / "export/proofs").string()}) == 0,
       "export");
  must(server.run({"verify"}) == 0, "verify");
  fs::copy(server.path(), folder / "server", fs::copy_options::recursive);
  for (const char* name : {"serve.lock", "ports", "device-port"})
    fs::remove(folder / "server" / name);
}

}  // namespace
}  // namespace doorstep::released

int main(int count, char** values) {
  if (count != 2) {
    std::fprintf(stderr, "make_released FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder(values[1]);
  std::filesystem::create_directories(folder);
  doorstep::released::writeMessages(folder);
  doorstep::released::writeFiles(folder);
  return 0;
}
