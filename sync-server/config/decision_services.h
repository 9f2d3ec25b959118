// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "sync-server/rpc/people/adjustment_service.h"
#include "sync-server/rpc/people/commissioning_service.h"
#include "sync-server/rpc/people/exports_service.h"
#include "sync-server/rpc/people/freeze_service.h"
#include "sync-server/rpc/people/replies_service.h"
#include "sync-server/rpc/people/rules_service.h"

namespace doorstep::config {

// Services with which people decide about records and what judges them, and take them away:
// composed in one place, since they need the same parts. Thread: as the services.
class DecisionServices {
 public:
  explicit DecisionServices(const rpc::AdjustmentService::Parts& parts)
      : adjustments_(parts),
        commissioning_({parts.storage, parts.office, parts.callers, parts.shortQuestions,
                        parts.refusals, parts.clock, parts.lookIds, parts.pageKey}),
        exports_({parts.storage, parts.office, parts.callers, parts.shortQuestions,
                  parts.longQuestions, parts.refusals, parts.clock, parts.lookIds, parts.pageKey,
                  parts.pseudonymKey}),
        freezes_({parts.storage, parts.office, parts.callers, parts.shortQuestions,
                  parts.longQuestions, parts.refusals, parts.clock, parts.lookIds, parts.pageKey,
                  parts.pseudonymKey}),
        replies_({parts.storage, parts.office, parts.callers, parts.shortQuestions,
                  parts.longQuestions, parts.refusals, parts.clock, parts.lookIds, parts.pageKey,
                  parts.pseudonymKey}),
        rules_({parts.storage, parts.office, parts.callers, parts.shortQuestions,
                parts.longQuestions, parts.refusals, parts.clock, parts.lookIds, parts.pageKey,
                parts.pseudonymKey}) {}

  std::vector<grpc::Service*> services() {
    return {&adjustments_.service(), &commissioning_.service(), &exports_.service(),
            &freezes_.service(),     &replies_.service(),       &rules_.service()};
  }

 private:
  rpc::AdjustmentService adjustments_;
  rpc::CommissioningService commissioning_;
  rpc::ExportsService exports_;
  rpc::FreezeService freezes_;
  rpc::RepliesService replies_;
  rpc::RulesService rules_;
};

}  // namespace doorstep::config
