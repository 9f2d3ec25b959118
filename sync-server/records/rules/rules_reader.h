// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "doorstep/records/v1/rules_service.pb.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/roster/rule_versions.h"

namespace doorstep::records {

// RulesService without the transport. Errors of all: NOT_FOUND (CONTRACT_UNKNOWN, also for one that
// the caller may not see). Thread: the connection's.

Result<v1::ListRuleVersionsResponse> listRuleVersions(const Reading& reading, ContractId contract);

// A contract whose rules the caller may change: its versions, by number; at least one. Error
// besides: PERMISSION_DENIED (ROLE_NOT_ALLOWED).
Result<std::vector<roster::KeptRules>> versionsToChange(const Reading& reading, ContractId id);

// What the caller may publish, to be given to roster::publishRules. Errors besides:
// PERMISSION_DENIED (ROLE_NOT_ALLOWED), those of wire::readRules, DAY_FORMAT.
Result<roster::RulesDraft> readDraft(const Reading& reading,
                                     const v1::PublishRulesRequest& request);

}  // namespace doorstep::records
