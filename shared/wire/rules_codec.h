// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "doorstep/roster/v1/contract_rules.pb.h"
#include "shared/core/result.h"
#include "shared/visits/measures/rules.h"

namespace doorstep::wire {

// A contract's rules as roster.v1.RuleParameters, for the log, the database and the pages: one
// field of the message a parameter of measures::ruleParameters(), by its name. Thread: any.

// States every parameter. Numbers are bounded by the message's 32 bits.
void writeRules(const measures::Rules& rules, roster::v1::RuleParameters& message);

// Parameters that the message leaves out are those of `unstated`. Whether they fit together is
// measures::ruleFaults' to say. Error: INVALID_ARGUMENT (RULES_FORMAT), with the parameter's name,
// for a name that no choice has and a time that is none.
Result<measures::Rules> readRules(const roster::v1::RuleParameters& message,
                                  const measures::Rules& unstated = {});

// Equal rules are equal bytes. unknown: parameters of a later release, encoded.
std::string encodeRules(const measures::Rules& rules, std::string_view unknown = {});

struct StoredRules {
  measures::Rules rules;
  std::string unknown;
};
// Errors: as readRules.
Result<StoredRules> decodeRules(std::string_view bytes);
Result<StoredRules> storedRules(const roster::v1::RuleParameters& message);

}  // namespace doorstep::wire
