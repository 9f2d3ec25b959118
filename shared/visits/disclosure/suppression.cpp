// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/disclosure/suppression.h"

#include <algorithm>
#include <array>
#include <set>

namespace doorstep::disclosure {
namespace {

// Cells that one search may move: a loop through providers, lots, months and a quarter has 12.
constexpr std::size_t kMovedMax = 16;
// Cells that one search may hide; beyond that everything is hidden, which is always enough.
constexpr std::size_t kHiddenAnewMax = 8;
// Moves that are tried in one search, and in all.
constexpr std::size_t kStepsMax = 20'000;
constexpr std::size_t kStepsInAll = 4'000'000;

constexpr std::size_t kLayers = 2;  // numerators, complements

bool isSmall(std::int64_t count) { return count > 0 && count < kShownFrom; }

// Looks for another table that agrees with what is shown. A move is +1 or -1 in a cell; every sum
// that it breaks is mended by a move in another cell of the sum, until all hold again.
class Search {
 public:
  explicit Search(const TableSet& tables)
      : tables_(tables),
        hidden_(tables.cells.size(), false),
        moves_(tables.cells.size(), 0),
        excess_(tables.sums.size(), 0),
        sumsOf_(tables.cells.size()),
        members_(tables.sums.size()) {
    for (auto& protectedOf : protected_)
      protectedOf.assign(tables.cells.size(), false);
    for (std::size_t i = 0; i < tables.sums.size(); ++i) {
      members_[i] = tables.sums[i].parts;
      members_[i].push_back(tables.sums[i].total);
      std::stable_sort(members_[i].begin(), members_[i].end(), [&](std::size_t a, std::size_t b) {
        return tables.cells[a].denominator < tables.cells[b].denominator;
      });
      sumsOf_[tables.sums[i].total].push_back({i, 1});
      for (const std::size_t part : tables.sums[i].parts)
        sumsOf_[part].push_back({i, -1});
    }
  }

  void hide(std::size_t cell) { hidden_[cell] = true; }

  // Hides what must be hidden so that the cell's count is not determined.
  void protect(std::size_t layer, std::size_t cell) {
    if (protected_[layer][cell])
      return;
    layer_ = layer;
    for (std::size_t anew = 0; anew <= kHiddenAnewMax && stepsInAll_ < kStepsInAll; ++anew) {
      for (const int by : {1, -1}) {
        steps_ = 0;
        move(cell, by);
        const bool found = mend(anew, 1);
        if (found)
          accept();
        reset();
        if (found)
          return;
      }
    }
    // Twice the table agrees with itself.
    for (std::size_t each = 0; each < tables_.cells.size(); ++each)
      moves_[each] = countOf(each) > 0 ? 1 : 0;
    accept();
    reset();
  }

  std::vector<bool> shown() const {
    std::vector<bool> shown = hidden_;
    shown.flip();
    return shown;
  }

 private:
  struct Place {
    std::size_t sum = 0;
    int sign = 0;  // of the cell in total - parts
  };

  std::int64_t countOf(std::size_t cell) const {
    const Cell& of = tables_.cells[cell];
    return layer_ == 0 ? of.numerator : of.denominator - of.numerator;
  }
  // That there were no visits at all is known elsewhere.
  bool mayMove(std::size_t cell, int by) const {
    return moves_[cell] == 0 && tables_.cells[cell].denominator > 0 && countOf(cell) + by >= 0;
  }

  void move(std::size_t cell, int by) {
    moves_[cell] += by;
    for (const Place& place : sumsOf_[cell]) {
      excess_[place.sum] += by * place.sign;
      if (excess_[place.sum] == 0)
        broken_.erase(place.sum);
      else
        broken_.insert(place.sum);
    }
  }

  // anew: how many more cells may be hidden.
  bool mend(std::size_t anew, std::size_t moved) {
    if (broken_.empty())
      return true;
    if (moved == kMovedMax)
      return false;
    const std::size_t sum = *broken_.begin();
    const int excess = excess_[sum] > 0 ? 1 : -1;
    for (const bool ofHidden : {true, false}) {
      if (!ofHidden && anew == 0)
        continue;
      for (const std::size_t cell : members_[sum]) {
        const int by = cell == tables_.sums[sum].total ? -excess : excess;
        if (hidden_[cell] != ofHidden || !mayMove(cell, by))
          continue;
        ++stepsInAll_;
        if (++steps_ > kStepsMax)
          return false;
        move(cell, by);
        if (mend(ofHidden ? anew : anew - 1, moved + 1))
          return true;
        move(cell, -by);
      }
    }
    return false;
  }

  void accept() {
    for (std::size_t cell = 0; cell < moves_.size(); ++cell) {
      if (moves_[cell] == 0)
        continue;
      hidden_[cell] = true;
      protected_[layer_][cell] = true;
    }
  }
  void reset() {
    std::fill(moves_.begin(), moves_.end(), 0);
    std::fill(excess_.begin(), excess_.end(), 0);
    broken_.clear();
  }

  const TableSet& tables_;
  std::vector<bool> hidden_;
  std::array<std::vector<bool>, kLayers> protected_;
  // Of one search.
  std::size_t layer_ = 0;
  std::vector<int> moves_;   // by cell
  std::vector<int> excess_;  // by sum: total less parts, of the moves
  std::set<std::size_t> broken_;
  std::size_t steps_ = 0;
  std::size_t stepsInAll_ = 0;
  std::vector<std::vector<Place>> sumsOf_;         // by cell
  std::vector<std::vector<std::size_t>> members_;  // by sum, the smallest denominators first
};

Error invalid(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}

Status check(const TableSet& tables) {
  if (tables.cells.size() > kCellsMax || tables.sums.size() > kCellsMax)
    return invalid("CELLS_TOO_MANY", "the tables have more than 4,000 cells or sums");
  for (const Cell& cell : tables.cells)
    if (cell.numerator < 0 || cell.numerator > cell.denominator)
      return invalid("TABLE_COUNTS", "a numerator is negative or above its denominator");
  for (const Sum& sum : tables.sums) {
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;
    for (const std::size_t part : sum.parts) {
      if (part >= tables.cells.size() || part == sum.total)
        return invalid("TABLE_SUMS", "a sum has a part that is no other cell");
      if (__builtin_add_overflow(numerator, tables.cells[part].numerator, &numerator) ||
          __builtin_add_overflow(denominator, tables.cells[part].denominator, &denominator))
        return invalid("TABLE_SUMS", "a sum has more than 64 bits");
    }
    if (sum.parts.empty() || sum.total >= tables.cells.size() ||
        numerator != tables.cells[sum.total].numerator ||
        denominator != tables.cells[sum.total].denominator)
      return invalid("TABLE_SUMS", "a total is not the sum of its parts");
  }
  return kDone;
}

}  // namespace

Result<std::vector<bool>> shownCells(const TableSet& tables) {
  DOORSTEP_TRY(check(tables));
  Search search(tables);
  const auto countIn = [&](std::size_t layer, std::size_t cell) {
    const Cell& of = tables.cells[cell];
    return layer == 0 ? of.numerator : of.denominator - of.numerator;
  };
  for (std::size_t layer = 0; layer < kLayers; ++layer)
    for (std::size_t cell = 0; cell < tables.cells.size(); ++cell)
      if (isSmall(countIn(layer, cell)))
        search.hide(cell);
  for (std::size_t layer = 0; layer < kLayers; ++layer)
    for (std::size_t cell = 0; cell < tables.cells.size(); ++cell)
      if (isSmall(countIn(layer, cell)))
        search.protect(layer, cell);
  return search.shown();
}

}  // namespace doorstep::disclosure
