// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "shared/visits/event.h"

namespace doorstep::wire {

// Encodes an entry with its delta coding. The result is what is hashed, signed, kept and sent;
// nobody encodes an entry twice. Events must be of the entry's boot, and each must follow the one
// before it.
std::string encodeEntry(const visits::Entry& entry);

// Whether `next` can stand behind `before` in one entry: the next number, a monotonic clock that
// did not run back, and steps of both clocks that the delta coding can hold (a wall clock can be
// set anywhere).
bool followsInEntry(const visits::Event& before, const visits::Event& next);

// Bytes from outside. Errors: MALFORMED (no Entry, or delta coding cannot be undone), LIMITS with
// the field in the text. An unknown kind of fact is no error: it becomes UnknownFact. The entry is
// filled as far as it was understood even when an error of LIMITS is reported through `limits`,
// because an authentic entry keeps its place whatever it says.
struct DecodedEntry {
  visits::Entry entry;
  std::string limits;  // empty: all fields are within their limits; otherwise what is not
};
Result<DecodedEntry> decodeEntry(std::string_view bytes);

}  // namespace doorstep::wire
