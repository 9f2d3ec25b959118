// SPDX-License-Identifier: Apache-2.0
// The five files of a rota, one behind the other.
#include <sstream>

#include "shared/core/display_text.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/rota/rota.h"
#include "sync-server/roster/rota/rota_check.h"
#include "sync-server/roster/rota/rota_reader.h"
#include "tests/fuzz/input.h"

namespace {

void checkList(const doorstep::roster::FaultList& list) {
  using namespace doorstep;
  fuzz::require(list.listed().size() <= roster::kFaultsInAllMax);
  for (const auto& fault : list.listed())
    fuzz::require(!fault.reason.empty() && fault.text.size() < 600 &&
                  textFlaw(fault.text, TextKind::Line) == TextFlaw::None);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  const auto parts = fuzz::Input(bytes, size).parts(5);
  std::istringstream people(parts[0]);
  std::istringstream carers(parts[1]);
  std::istringstream visits(parts[2]);
  std::istringstream tasks(parts[3]);
  std::istringstream contracts(parts[4]);
  roster::FaultList faults;
  const auto rota =
      roster::readRota({&people, &carers, &visits, parts[3].empty() ? nullptr : &tasks,
                        parts[4].empty() ? nullptr : &contracts},
                       faults);
  roster::checkFilled(rota, faults);
  checkList(faults);
  checkList(rota.notes);
  if (!faults.empty())
    return 0;
  for (const auto& visit : rota.visits) {
    fuzz::require(visit.person < rota.people.size());
    fuzz::require(visit.windowEndUnixMs >= visit.windowStartUnixMs && visit.windowStartUnixMs >= 0);
    fuzz::require(visit.windowEndUnixMs - visit.windowStartUnixMs <= roster::kWindowMsMax);
    fuzz::require(visit.after == roster::kNobody || visit.after < rota.visits.size());
    fuzz::require(textFlaw(visit.ref, TextKind::Ref) == TextFlaw::None && !isBlankText(visit.ref));
  }
  for (const auto& person : rota.people)
    fuzz::require(!isBlankText(person.name));
  return 0;
}
