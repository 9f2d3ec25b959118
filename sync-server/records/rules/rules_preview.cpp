// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules/rules_preview.h"

#include <utility>

#include "shared/visits/measures/classification.h"

namespace doorstep::records {
namespace {

// A visit under one of the books.
struct Ruled {
  RuledClass visitClass;
  measures::DayNumber day = 0;
};

std::vector<Ruled> ruledVisits(const std::vector<measures::ClassifiedVisit>& visits) {
  std::vector<Ruled> ruled;
  ruled.reserve(visits.size());
  for (const measures::ClassifiedVisit& visit : visits)
    ruled.push_back(
        {{visit.visitClass, visit.cause, visit.exclusion, visit.punctuality}, visit.day});
  return ruled;
}

// Of the later judgement the visits themselves, which have the anchor too: rules do not move it.
std::vector<TwiceRuled> pairUp(const std::vector<Ruled>& before,
                               const std::vector<measures::ClassifiedVisit>& visits,
                               const RulesChange& change) {
  const std::vector<Ruled> after = ruledVisits(visits);
  const auto isOfDays = [&](const Ruled& ruled) {
    return ruled.day >= change.from && ruled.day <= change.to;
  };
  std::vector<TwiceRuled> pairs;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (isOfDays(before[i]) || isOfDays(after[i]))
      pairs.push_back(
          {i, before[i].day, visits[i].anchorMs, {before[i].visitClass, after[i].visitClass}});
  return pairs;
}

}  // namespace

std::vector<TwiceRuled> ruleTwice(std::vector<measures::VisitFacts> visits,
                                  const RulesChange& change) {
  const auto before = ruledVisits(measures::classify(visits, change.before));
  return pairUp(before, measures::classify(visits, change.after), change);
}

RulesPreview::RulesPreview(const RulesChange& change) : change_(change) {
  query_.from = change.from;
  query_.to = change.to;
  add({});  // no visits are figures without a value
}

std::vector<TwiceRuled> RulesPreview::add(std::vector<measures::VisitFacts> visits) {
  measures::MeasureInput input{.visits = std::move(visits), .rules = change_.before};
  const auto sum = [&](const measures::Recomputation& recomputation, measures::GroupSums& sums) {
    // One group: nothing divides them.
    measures::add(recomputation.sumsOf(recomputation.groups().begin()->second), sums);
  };
  std::vector<Ruled> before;
  {
    const measures::Recomputation recomputation(input, query_);
    sum(recomputation, before_);
    before = ruledVisits(recomputation.visits());
  }
  input.rules = change_.after;
  const measures::Recomputation recomputation(input, query_);
  sum(recomputation, after_);
  std::vector<TwiceRuled> pairs = pairUp(before, recomputation.visits(), change_);
  visits_ += pairs.size();
  for (const TwiceRuled& each : pairs)
    ++classes_[each.classes];
  return pairs;
}

std::size_t RulesPreview::visitsChanged() const {
  std::size_t changed = 0;
  for (const auto& [classes, visits] : classes_)
    changed += classes.first == classes.second ? 0 : visits;
  return changed;
}

std::vector<RulesPreview::Measure> RulesPreview::measures() {
  std::map<std::string, Measure> byId;
  for (const measures::NamedFigure& each : measures::figuresOf(before_).figures)
    byId[each.id].before = each.figure;
  for (const measures::NamedFigure& each : measures::figuresOf(after_).figures)
    byId[each.id].after = each.figure;
  std::vector<Measure> all;
  for (auto& [id, measure] : byId) {
    measure.id = id;
    all.push_back(std::move(measure));
  }
  return all;
}

}  // namespace doorstep::records
