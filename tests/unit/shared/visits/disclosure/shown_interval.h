// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "shared/visits/disclosure/suppression.h"

namespace doorstep::support {

// What a reader who can do algebra finds out about a hidden count: the least and the greatest value
// that it can have, with every sum of the tables, everything shown, and no count negative. By the
// simplex method, which knows nothing of how cells were chosen.
struct Interval {
  double least = 0;
  double greatest = 0;  // infinity: nothing bounds it
};
Interval intervalOf(const disclosure::TableSet& tables, const std::vector<bool>& shown,
                    std::size_t cell, bool ofComplement);

}  // namespace doorstep::support
