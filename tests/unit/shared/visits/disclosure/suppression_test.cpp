// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/disclosure/suppression.h"

#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <iostream>
#include <string>

#include "tests/unit/shared/visits/disclosure/shown_interval.h"

using namespace doorstep;
using namespace doorstep::disclosure;
using doorstep::support::intervalOf;

namespace {

// Lines (providers, or lots) by months: each line has its quarters and its year where there are
// more months than three; the lines of a kind add up to the contract's.
class Tables {
 public:
  explicit Tables(std::size_t months) : months_(months) {}

  // One kind of line: a cell for each line and month.
  void add(const std::vector<std::vector<Cell>>& lines) {
    std::vector<std::vector<std::size_t>> places;
    for (const auto& line : lines)
      places.push_back(addLine(line));
    std::vector<Cell> total(months_);
    for (const auto& line : lines) {
      for (std::size_t month = 0; month < months_; ++month) {
        total[month].numerator += line[month].numerator;
        total[month].denominator += line[month].denominator;
      }
    }
    if (contract_.empty())
      contract_ = addLine(total);
    for (std::size_t column = 0; column < contract_.size(); ++column) {
      Sum sum{contract_[column], {}};
      for (const auto& line : places)
        sum.parts.push_back(line[column]);
      set.sums.push_back(std::move(sum));
    }
  }
  TableSet set;

 private:
  std::size_t addSum(const std::vector<std::size_t>& parts) {
    Cell total;
    for (const std::size_t part : parts) {
      total.numerator += set.cells[part].numerator;
      total.denominator += set.cells[part].denominator;
    }
    set.cells.push_back(total);
    set.sums.push_back({set.cells.size() - 1, parts});
    return set.cells.size() - 1;
  }
  std::vector<std::size_t> addLine(const std::vector<Cell>& months) {
    std::vector<std::size_t> places;
    for (const Cell& cell : months) {
      places.push_back(set.cells.size());
      set.cells.push_back(cell);
    }
    std::vector<std::size_t> quarters;
    for (std::size_t from = 0; from < months_; from += 3)
      quarters.push_back(addSum({places.begin() + static_cast<long>(from),
                                 places.begin() + static_cast<long>(std::min(from + 3, months_))}));
    places.insert(places.end(), quarters.begin(), quarters.end());
    if (quarters.size() > 1)
      places.push_back(addSum(quarters));
    return places;
  }
  const std::size_t months_;
  std::vector<std::size_t> contract_;
};

bool isSmall(std::int64_t count) { return count >= 1 && count <= 4; }
bool isSmall(const Cell& cell) {
  return isSmall(cell.numerator) || isSmall(cell.denominator - cell.numerator) ||
         isSmall(cell.denominator);
}

// What is wrong with the choice; empty: nothing.
std::string flawOf(const TableSet& tables, const std::vector<bool>& shown) {
  for (std::size_t i = 0; i < tables.cells.size(); ++i) {
    const Cell& cell = tables.cells[i];
    if (shown[i] && isSmall(cell))
      return "cell " + std::to_string(i) + " is small and shown";
    if (shown[i])
      continue;
    const auto numerator = intervalOf(tables, shown, i, false);
    const auto complement = intervalOf(tables, shown, i, true);
    const bool numeratorKnown = numerator.greatest - numerator.least < 0.5;
    const bool complementKnown = complement.greatest - complement.least < 0.5;
    if ((isSmall(cell.numerator) && numeratorKnown) ||
        (isSmall(cell.denominator - cell.numerator) && complementKnown) ||
        (numeratorKnown && complementKnown))
      return "cell " + std::to_string(i) + " follows from what is shown";
  }
  return "";
}

// Few and many, and none.
rc::Gen<std::int64_t> counts() {
  return rc::gen::weightedOneOf<std::int64_t>({{3, rc::gen::just<std::int64_t>(0)},
                                               {3, rc::gen::inRange<std::int64_t>(1, 5)},
                                               {4, rc::gen::inRange<std::int64_t>(5, 30)}});
}

// The contract by provider and by lot, over the months, from visits that have all three.
TableSet randomTables() {
  const auto providers = *rc::gen::inRange<std::size_t>(1, 5);
  const auto lots = *rc::gen::inRange<std::size_t>(0, 4);
  const auto months = *rc::gen::element<std::size_t>(1, 2, 3, 5, 6);
  std::vector byProvider(providers, std::vector<Cell>(months));
  std::vector byLot(lots, std::vector<Cell>(months));
  for (std::size_t provider = 0; provider < providers; ++provider) {
    for (std::size_t month = 0; month < months; ++month) {
      for (std::size_t lot = 0; lot < std::max<std::size_t>(lots, 1); ++lot) {
        const std::int64_t numerator = *counts();
        const std::int64_t denominator = numerator + *counts();
        byProvider[provider][month].numerator += numerator;
        byProvider[provider][month].denominator += denominator;
        if (lots == 0)
          continue;
        byLot[lot][month].numerator += numerator;
        byLot[lot][month].denominator += denominator;
      }
    }
  }
  Tables tables(months);
  tables.add(byProvider);
  if (lots > 0)
    tables.add(byLot);
  return tables.set;
}

TEST_CASE("what is hidden in random tables follows from nothing that is shown") {
  const bool holds = rc::check([] {
    const TableSet tables = randomTables();
    const auto shown = shownCells(tables);
    RC_ASSERT(shown.ok());
    const std::string flaw = flawOf(tables, *shown);
    if (!flaw.empty())
      RC_FAIL(flaw);
    const bool anySmall = std::any_of(tables.cells.begin(), tables.cells.end(),
                                      [](const Cell& cell) { return isSmall(cell); });
    const auto hidden = std::count(shown->begin(), shown->end(), false);
    RC_ASSERT((hidden > 0) == anySmall);
  });
  CHECK(holds);
}

TEST_CASE("hiding the small cells alone is found to be too little") {
  Tables tables(3);
  tables.add({{{3, 40}, {9, 40}, {9, 40}}, {{8, 30}, {7, 30}, {6, 30}}});
  std::vector<bool> shown(tables.set.cells.size(), true);
  shown[0] = false;
  CHECK(flawOf(tables.set, shown) == "cell 0 follows from what is shown");
  CHECK(intervalOf(tables.set, shown, 0, false).least == Approx(3));
  shown[1] = false;  // the quarter still says both together, and the contract each
  CHECK_FALSE(flawOf(tables.set, shown).empty());
  shown[4] = shown[5] = false;
  CHECK(flawOf(tables.set, shown).empty());
}

TEST_CASE("one small count hides four cells of a table of providers by months") {
  Tables tables(3);
  tables.add(
      {{{3, 40}, {9, 50}, {9, 60}}, {{8, 30}, {7, 35}, {6, 36}}, {{9, 90}, {9, 90}, {9, 90}}});
  const auto shown = shownCells(tables.set);
  REQUIRE(shown.ok());
  std::vector<std::size_t> hidden;
  for (std::size_t i = 0; i < shown->size(); ++i)
    if (!(*shown)[i])
      hidden.push_back(i);
  // Both months of two providers: a quarter has four places, months first.
  CHECK(hidden == std::vector<std::size_t>{0, 1, 4, 5});
  CHECK(flawOf(tables.set, *shown).empty());
}

TEST_CASE(
    "a small contract of one provider hides its month in each table, and all is shown of a "
    "large one") {
  Tables small(1);
  small.add({{{2, 30}}});
  const auto hidden = shownCells(small.set);
  REQUIRE(hidden.ok());
  CHECK(std::count(hidden->begin(), hidden->end(), true) == 0);
  Tables large(3);
  large.add({{{0, 40}, {40, 40}, {20, 40}}, {{0, 0}, {5, 10}, {6, 12}}});
  const auto shown = shownCells(large.set);
  REQUIRE(shown.ok());
  CHECK(std::count(shown->begin(), shown->end(), false) == 0);
}

TEST_CASE("a complement or a denominator of one to four is as small as a numerator") {
  for (const Cell cell : {Cell{4, 40}, Cell{37, 40}, Cell{0, 3}, Cell{3, 3}}) {
    Tables tables(2);
    tables.add({{cell, {9, 40}}, {{8, 30}, {7, 30}}});
    const auto shown = shownCells(tables.set);
    REQUIRE(shown.ok());
    CHECK_FALSE((*shown)[0]);
    CHECK(flawOf(tables.set, *shown).empty());
  }
}

TEST_CASE("where there were no visits nothing can hide") {
  Tables tables(2);
  tables.add({{{3, 40}, {9, 40}}, {{0, 0}, {0, 0}}, {{8, 30}, {7, 30}}});
  const auto shown = shownCells(tables.set);
  REQUIRE(shown.ok());
  CHECK((*shown)[3]);
  CHECK((*shown)[4]);
  CHECK(flawOf(tables.set, *shown).empty());
}

TEST_CASE("tables that do not add up, and too many cells, are refused") {
  const auto reasonOf = [](const TableSet& tables) {
    const auto shown = shownCells(tables);
    return shown.ok() ? std::string() : shown.error().reason;
  };
  CHECK(reasonOf({}).empty());
  CHECK(reasonOf({{{-1, 3}}, {}}) == "TABLE_COUNTS");
  CHECK(reasonOf({{{4, 3}}, {}}) == "TABLE_COUNTS");
  CHECK(reasonOf({{{9, 9}, {8, 9}}, {{0, {1}}}}) == "TABLE_SUMS");
  CHECK(reasonOf({{{9, 9}, {9, 8}}, {{0, {1}}}}) == "TABLE_COUNTS");
  CHECK(reasonOf({{{9, 9}, {9, 9}}, {{0, {2}}}}) == "TABLE_SUMS");
  CHECK(reasonOf({{{9, 9}, {9, 9}}, {{2, {1}}}}) == "TABLE_SUMS");
  CHECK(reasonOf({{{9, 9}}, {{0, {0}}}}) == "TABLE_SUMS");
  CHECK(reasonOf({{{0, 0}}, {{0, {}}}}) == "TABLE_SUMS");
  CHECK(reasonOf({{{INT64_MAX, INT64_MAX}, {INT64_MAX, INT64_MAX}, {9, 9}}, {{2, {0, 1}}}}) ==
        "TABLE_SUMS");
  CHECK(reasonOf({std::vector<Cell>(kCellsMax + 1), {}}) == "CELLS_TOO_MANY");
}

TEST_CASE("a county's year of providers and lots is done while a person waits") {
  // 12 providers and 18 lots; missed visits are few, most counts of them small.
  std::uint32_t seed = 7;
  const auto next = [&](std::uint32_t below) {
    seed = seed * 1'664'525 + 1'013'904'223;
    return (seed >> 8) % below;
  };
  std::vector byProvider(12, std::vector<Cell>(12));
  std::vector byLot(18, std::vector<Cell>(12));
  for (std::size_t lot = 0; lot < 18; ++lot) {
    for (std::size_t month = 0; month < 12; ++month) {
      const std::int64_t visits = 900 + next(900);
      const std::int64_t missed = next(9) < 5 ? next(6) : 4 + next(16);
      const std::size_t provider = lot % 12;
      byLot[lot][month] = {missed, visits};
      byProvider[provider][month].numerator += missed;
      byProvider[provider][month].denominator += visits;
    }
  }
  Tables tables(12);
  tables.add(byProvider);
  tables.add(byLot);
  const auto begun = std::chrono::steady_clock::now();
  const auto shown = shownCells(tables.set);
  const auto took = std::chrono::steady_clock::now() - begun;
  REQUIRE(shown.ok());
  const auto kept = std::count(shown->begin(), shown->end(), true);
  const auto small = std::count_if(tables.set.cells.begin(), tables.set.cells.end(),
                                   [](const Cell& cell) { return isSmall(cell); });
  std::cout << shown->size() << " cells, " << small << " small, " << kept << " shown, "
            << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms\n";
  CHECK(kept > static_cast<std::ptrdiff_t>(shown->size()) / 3);
  CHECK(flawOf(tables.set, *shown).empty());
}

}  // namespace
