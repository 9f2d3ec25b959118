// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/rules_preview.h"

#include "shared/visits/measures/recomputation.h"

namespace doorstep::records {
namespace {

RuledClass classOf(const measures::ClassifiedVisit& visit) {
  return {visit.visitClass, visit.cause, visit.exclusion, visit.punctuality};
}

struct Ruled {
  std::vector<RuledClass> classes;  // in the order of the visits
  std::vector<measures::DayNumber> days;
  std::vector<measures::NamedFigure> figures;  // by id
};

Ruled rule(const measures::MeasureInput& input) {
  const measures::MeasureQuery query;
  const measures::Recomputation recomputation(input, query);
  Ruled ruled;
  ruled.classes.reserve(input.visits.size());
  ruled.days.reserve(input.visits.size());
  for (const measures::ClassifiedVisit& visit : recomputation.visits()) {
    ruled.classes.push_back(classOf(visit));
    ruled.days.push_back(visit.day);
  }
  for (const auto& [key, group] : recomputation.groups())
    ruled.figures = recomputation.figuresOf(group).figures;  // one group: nothing divides them
  return ruled;
}

void addMeasures(const Ruled& before, const Ruled& after, RulesPreview& preview) {
  std::map<std::string, RulesPreview::Measure> byId;
  for (const measures::NamedFigure& each : before.figures)
    byId[each.id].before = each.figure;
  for (const measures::NamedFigure& each : after.figures)
    byId[each.id].after = each.figure;
  for (auto& [id, measure] : byId) {
    measure.id = id;
    preview.measures.push_back(std::move(measure));
  }
}

}  // namespace

Result<RulesPreview> previewRules(std::vector<measures::VisitFacts> visits,
                                  measures::RuleBook before, measures::RuleBook after,
                                  std::size_t changedMax, const std::function<Status()>& goOn) {
  RulesPreview preview;
  preview.visits = visits.size();
  measures::MeasureInput input{.visits = std::move(visits), .rules = std::move(before)};
  DOORSTEP_TRY(goOn());
  const Ruled old = rule(input);
  DOORSTEP_TRY(goOn());
  input.rules = std::move(after);
  const Ruled next = rule(input);
  DOORSTEP_TRY(goOn());
  addMeasures(old, next, preview);
  for (std::size_t i = 0; i < old.classes.size(); ++i) {
    if (old.classes[i] == next.classes[i])
      continue;
    ++preview.visitsChanged;
    ++preview.classChanges[{old.classes[i], next.classes[i]}];
    if (preview.changed.size() < changedMax)
      preview.changed.push_back({i, old.days[i], old.classes[i], next.classes[i]});
  }
  return preview;
}

}  // namespace doorstep::records
