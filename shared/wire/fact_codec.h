// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/visits/event.h"

namespace doorstep::wire {

// Facts of shared/visits as encoded visit.v1.Fact. A new kind is a writer, a reader and a line in
// the table of fact_codec.cpp.

// Notes the first field of an entry that is outside its limits; the entry keeps its place in the
// log all the same.
class FieldLimits {
 public:
  void require(bool within, const char* what) {
    if (!within && broken_.empty())
      broken_ = what;
  }
  // Empty: all are within.
  const std::string& broken() const { return broken_; }

 private:
  std::string broken_;
};

// Not of a SealedFact.
std::string encodeFact(const visits::Fact& fact);

// Bytes from outside; number: of the event, for what an amendment may name. A kind that is not
// known becomes UnknownFact with the bytes as they are; so do bytes that are no Fact, and limits
// say so.
visits::Fact decodeFact(std::string_view bytes, std::uint64_t number, FieldLimits& limits);

// The same of an event about subjects of the kind: what the office decided (office_fact_codec.h) is
// no visit.v1.Fact and stays as the bytes are.
visits::Fact decodeFact(visits::SubjectKind kind, std::string_view bytes, std::uint64_t number,
                        FieldLimits& limits);

// Field numbers in visit.v1.Fact of the kinds that decodeFact reads.
std::vector<std::uint32_t> knownFactKinds();

}  // namespace doorstep::wire
