// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "doorstep/records/v1/bundle.pb.h"
#include "shared/core/result.h"
#include "shared/sql/database.h"
#include "sync-server/records/evidence/bundle_log.h"
#include "sync-server/records/listing/record_query.h"

namespace doorstep::records {

// The proofs of a visit's plan, terms and rules. Errors: those of PlanProofMaker, and
// FAILED_PRECONDITION for a plan that cannot be proved. Thread: the connection's, also of the next.
Status addPlanEvidence(const SlotRecord& record, BundleLog& log, v1::VisitEvidence& evidence);

// Everything that was said of the visit's slots. Errors: FAILED_PRECONDITION (DECISION_NOT_LOGGED,
// DECISION_ERASED; NOTE_IN_DECISION, when an earlier release wrote the supervisor's note into the
// decision, which whoever reads a bundle may not see), and the database's.
Status addAdjustmentEvidence(sql::Database& database, const SlotRecord& record, BundleLog& log,
                             v1::VisitEvidence& evidence);

}  // namespace doorstep::records
