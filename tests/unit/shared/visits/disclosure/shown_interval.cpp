// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/shared/visits/disclosure/shown_interval.h"

#include <cmath>
#include <limits>
#include <map>
#include <optional>

namespace doorstep::support {
namespace {

constexpr double kNothing = 1e-9;
using Row = std::vector<double>;

// rows: equations over variables that are not negative, the last column the right side, which is
// not negative. Bland's rule, so that it ends.
class Simplex {
 public:
  Simplex(std::vector<Row> rows, std::size_t variables)
      : rows_(std::move(rows)), variables_(variables) {
    const std::size_t equations = rows_.size();
    for (std::size_t i = 0; i < equations; ++i) {
      const double right = rows_[i].back();
      rows_[i].pop_back();
      rows_[i].resize(variables_ + equations, 0);
      rows_[i][variables_ + i] = 1;
      rows_[i].push_back(right);
      basis_.push_back(variables_ + i);
    }
    // Phase 1: what was put in must be nothing again.
    Row cost(variables_ + equations, 0);
    for (std::size_t i = 0; i < equations; ++i)
      cost[variables_ + i] = -1;
    maximize(cost, variables_ + equations);
    for (std::size_t i = 0; i < equations; ++i) {
      if (basis_[i] < variables_)
        continue;
      for (std::size_t j = 0; j < variables_; ++j) {
        if (std::abs(rows_[i][j]) > kNothing) {
          pivot(i, j);
          break;
        }
      }
    }
  }

  // nullopt: without bound.
  std::optional<double> greatest(std::size_t variable, double sign) {
    Row cost(rows_.empty() ? variables_ : rows_.front().size() - 1, 0);
    cost[variable] = sign;
    if (!maximize(cost, variables_))
      return std::nullopt;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (basis_[i] == variable)
        return rows_[i].back();
    return 0;
  }

 private:
  bool maximize(const Row& cost, std::size_t usable) {
    while (true) {
      std::optional<std::size_t> enters;
      for (std::size_t j = 0; j < usable && !enters; ++j) {
        double gain = cost[j];
        for (std::size_t i = 0; i < rows_.size(); ++i)
          gain -= cost[basis_[i]] * rows_[i][j];
        if (gain > kNothing)
          enters = j;
      }
      if (!enters)
        return true;
      std::optional<std::size_t> leaves;
      double least = 0;
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        if (rows_[i][*enters] <= kNothing)
          continue;
        const double ratio = rows_[i].back() / rows_[i][*enters];
        if (!leaves || ratio < least - kNothing ||
            (ratio < least + kNothing && basis_[i] < basis_[*leaves])) {
          leaves = i;
          least = ratio;
        }
      }
      if (!leaves)
        return false;
      pivot(*leaves, *enters);
    }
  }

  void pivot(std::size_t row, std::size_t column) {
    const double by = rows_[row][column];
    for (double& value : rows_[row])
      value /= by;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double factor = rows_[i][column];
      if (i == row || factor == 0)
        continue;
      for (std::size_t j = 0; j < rows_[i].size(); ++j)
        rows_[i][j] -= factor * rows_[row][j];
    }
    basis_[row] = column;
  }

  std::vector<Row> rows_;
  std::size_t variables_;
  std::vector<std::size_t> basis_;
};

}  // namespace

Interval intervalOf(const disclosure::TableSet& tables, const std::vector<bool>& shown,
                    std::size_t cell, bool ofComplement) {
  const auto countOf = [&](std::size_t each) {
    const disclosure::Cell& of = tables.cells[each];
    return static_cast<double>(ofComplement ? of.denominator - of.numerator : of.numerator);
  };
  // Everybody knows where there were no visits.
  std::map<std::size_t, std::size_t> variables;
  for (std::size_t each = 0; each < tables.cells.size(); ++each)
    if (!shown[each] && tables.cells[each].denominator > 0)
      variables.emplace(each, variables.size());
  const auto own = variables.find(cell);
  if (own == variables.end())
    return {countOf(cell), countOf(cell)};
  std::vector<Row> rows;
  for (const disclosure::Sum& sum : tables.sums) {
    Row row(variables.size() + 1, 0);
    const auto add = [&](std::size_t each, double sign) {
      const auto found = variables.find(each);
      if (found == variables.end())
        row.back() -= sign * countOf(each);
      else
        row[found->second] += sign;
    };
    add(sum.total, 1);
    for (const std::size_t part : sum.parts)
      add(part, -1);
    if (row.back() < 0)
      for (double& value : row)
        value = value == 0 ? 0 : -value;
    rows.push_back(std::move(row));
  }
  Simplex simplex(std::move(rows), variables.size());
  const auto greatest = simplex.greatest(own->second, 1);
  const auto least = simplex.greatest(own->second, -1);
  return {least.value_or(0), greatest.value_or(std::numeric_limits<double>::infinity())};
}

}  // namespace doorstep::support
