// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "shared/core/result.h"

namespace doorstep::disclosure {

// Which figures of fixed tables may be shown to somebody who may not read records: no count of 1 to
// 4 visits, none that can be worked out from a margin or from another table of the same set, such
// as a quarter less two of its months or a contract less its other providers. Pure. Thread: any.

// Counts below this are not shown, except 0.
constexpr std::int64_t kShownFrom = 5;
// Some lines of providers and lots by the months of a year, with their margins.
constexpr std::size_t kCellsMax = 4'000;

// A figure of a table. Its complement, denominator less numerator, is a count of visits too.
struct Cell {
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;
};

// total = the sum of parts, of numerators as of denominators: indices of cells.
struct Sum {
  std::size_t total = 0;
  std::vector<std::size_t> parts;
};

// Every table that the same readers see, as one: what one cell is the sum of others must be said,
// across tables too, or it is not protected against.
struct TableSet {
  std::vector<Cell> cells;
  std::vector<Sum> sums;
};

// Whether the cell's figure may be shown, by cell. Hidden are
//   the small ones, with a numerator or a complement of 1 to 4 (a denominator of 1 to 4 has one);
//   others, so that nothing small follows from what is shown: for each count of 1 to 4 there are
//   tables of whole numbers, none of them negative, that agree with everything shown, say the same
//   of cells without visits, and have another number in its place.
// Neither marked nor ordered otherwise than the small ones: a reader cannot tell why a cell is
// hidden. The smallest denominators are hidden first; not always the fewest cells. Deterministic.
// Errors: INVALID_ARGUMENT (CELLS_TOO_MANY, TABLE_COUNTS: a negative count, or a numerator above
// its denominator; TABLE_SUMS: a sum of no part, of a cell that there is not, or that is wrong).
// Cost: bounded by kStepsInAll moves that are tried (suppression.cpp).
Result<std::vector<bool>> shownCells(const TableSet& tables);

}  // namespace doorstep::disclosure
