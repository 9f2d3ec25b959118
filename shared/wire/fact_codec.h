// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/visits/event.h"

namespace doorstep::wire {

// Facts of shared/visits as encoded visit.v1.Fact. To add a kind: a writer, a reader and a row in
// the table of fact_codec.cpp. Thread: any.

// Records the first field of an entry that is outside its limits. The entry keeps its place in the
// log anyway.
class FieldLimits {
 public:
  void require(bool within, const char* what) {
    if (!within && broken_.empty())
      broken_ = what;
  }
  // Empty: all fields are within their limits.
  const std::string& broken() const { return broken_; }

 private:
  std::string broken_;
};

// Not for a SealedFact.
std::string encodeFact(const visits::Fact& fact);

// Decodes bytes from outside. number: of the event; an amendment may name only earlier ones. A kind
// unknown to this release becomes UnknownFact with the bytes unchanged; so do bytes that are not a
// Fact, which `limits` records.
visits::Fact decodeFact(std::string_view bytes, std::uint64_t number, FieldLimits& limits);

// The same for events about any kind of subject: decisions of the office (office_fact_codec.h) are
// not visit.v1.Fact and become UnknownFact with the bytes unchanged.
visits::Fact decodeFact(visits::SubjectKind kind, std::string_view bytes, std::uint64_t number,
                        FieldLimits& limits);

// Field numbers in visit.v1.Fact that decodeFact knows.
std::vector<std::uint32_t> knownFactKinds();

}  // namespace doorstep::wire
