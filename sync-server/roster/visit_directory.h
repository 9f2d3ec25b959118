// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "shared/core/result.h"
#include "shared/core/strong_id.h"

namespace doorstep::roster {

// Whether a provider ever planned a visit: an entry about any other is kept, but not counted. Asked by
// the commit pipeline for each distinct visit of a commit. Thread: the writer, inside a write job.
class VisitDirectory {
 public:
  virtual ~VisitDirectory() = default;
  // Cancelled visits count as planned.
  virtual Result<bool> everPlanned(ProviderId provider, VisitId visit) = 0;
};

}  // namespace doorstep::roster
