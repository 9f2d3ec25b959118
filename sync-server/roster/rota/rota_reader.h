// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <istream>

#include "sync-server/roster/rota/rota.h"

namespace doorstep::roster {

// The files of a rota. A null one is missing: a fault for the first three, and for none of the
// others.
struct RotaFiles {
  std::istream* people = nullptr;
  std::istream* carers = nullptr;
  std::istream* visits = nullptr;
  std::istream* tasks = nullptr;
  std::istream* contracts = nullptr;
};

// Reads and checks a rota whole, whatever the bytes are: every fault that does not follow from
// another is added, and the rota may be used only when there is none. Memory grows with the rows,
// within limits.h. Pure but for the streams. Thread: any.
Rota readRota(const RotaFiles& files, FaultList& faults);

}  // namespace doorstep::roster
