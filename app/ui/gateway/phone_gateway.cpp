// SPDX-License-Identifier: Apache-2.0
#include "app/ui/gateway/phone_gateway.h"

#include <utility>

namespace doorstep::ui {

void PhoneGateway::setAccess(Access access, std::int64_t pinWaitMs, bool canRecordMeanwhile) {
  canRecordMeanwhile_ = canRecordMeanwhile;
  if (std::exchange(pinWaitMs_, pinWaitMs) != pinWaitMs)
    Q_EMIT pinWaitChanged();
  if (std::exchange(access_, access) != access)
    Q_EMIT accessChanged();
}

void PhoneGateway::setScreens(projections::RoundScreen round,
                              std::optional<projections::VisitScreen> visit,
                              projections::OfficeScreen office) {
  round_ = std::move(round);
  visit_ = std::move(visit);
  office_ = std::move(office);
  Q_EMIT screensChanged();
}

}  // namespace doorstep::ui
