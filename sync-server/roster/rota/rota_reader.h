// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <istream>

#include "sync-server/roster/rota/rota.h"

namespace doorstep::roster {

// The files of a rota. Null: missing, which is a fault for the first three only.
struct RotaFiles {
  std::istream* people = nullptr;
  std::istream* carers = nullptr;
  std::istream* visits = nullptr;
  std::istream* tasks = nullptr;
  std::istream* contracts = nullptr;
};

// Reads and checks a whole rota from arbitrary bytes: adds every fault that does not follow from
// another; the rota may be used only if there is none. Memory grows with the rows, within limits.h.
// Pure except for the streams. Thread: any.
Rota readRota(const RotaFiles& files, FaultList& faults);

}  // namespace doorstep::roster
