// SPDX-License-Identifier: Apache-2.0
#include "app/gallery/fake_round.h"

#include "shared/core/durations.h"

namespace doorstep::ui {
namespace {

constexpr std::int64_t kDayStartUnixMs = kFakeNowUnixMs - (8 * 60 + 2) * kMinuteMs;

struct Plan {
  int startMin;  // since midnight
  const char* person;
  const char* service;
  unsigned durationMin;
  const char* colleague;  // "" for none
  const char* access;
  std::vector<const char*> tasks;  // a leading '!' makes one important
};

projections::VisitScreen screenOf(std::uint64_t id, const Plan& plan) {
  projections::VisitScreen screen;
  screen.row.visit = VisitId(id);
  screen.row.personName = plan.person;
  screen.row.service = plan.service;
  screen.row.windowStartUnixMs = kDayStartUnixMs + plan.startMin * kMinuteMs;
  screen.row.windowEndUnixMs = screen.row.windowStartUnixMs + 30 * kMinuteMs;
  screen.row.durationMin = plan.durationMin;
  if (*plan.colleague != '\0')
    screen.row.colleagues.push_back({2, plan.colleague});
  screen.accessNote = plan.access;
  for (const char* text : plan.tasks) {
    const bool important = *text == '!';
    screen.tasks.push_back({{static_cast<std::uint32_t>(screen.tasks.size() + 1), "",
                             important ? text + 1 : text, important},
                            {}});
  }
  screen.canCheckIn = true;
  screen.canReportNoEntry = true;
  return screen;
}

std::vector<Plan> normal() {
  return {
      {480,
       "Margaret Ashdown",
       "Personal care",
       30,
       "",
       "Key safe left of the door. Code 2580.",
       {"Wash and dress", "!Check the pressure areas", "Breakfast and tea", "Make the bed"}},
      {540,
       "Derek Holloway",
       "Personal care",
       45,
       "Sofia Marsh",
       "Ring twice. He is slow to the door.",
       {"!Hoist from bed to chair", "Wash", "Breakfast"}},
      {615,
       "Joyce Pemberton",
       "Meal",
       15,
       "",
       "",
       {"Tea and toast", "Check that the heating is on"}},
      {720,
       "Margaret Ashdown",
       "Meal",
       30,
       "",
       "Key safe left of the door. Code 2580.",
       {"Lunch", "A drink"}},
      {780,
       "Winston Clarke",
       "Welfare check",
       15,
       "",
       "Flat 12, third floor. Lift on the left.",
       {"See that he is well"}},
  };
}

std::vector<Plan> longWords() {
  return {
      {480,
       "Wilhelmina Bartholomäa von Hohenstein-Rauschenberg",
       "Körperpflege mit Mobilitätsunterstützung",
       45,
       "Włodzimierz Brzęczyszczykiewicz-Konstantynopolski",
       "Schlüsseltresor hinter der Regenwassertonne im Hinterhof, dritte Eingangstür. Bitte nach "
       "dem Öffnen wieder "
       "verschließen, weil der Hund sonst hinausläuft.",
       {"!Druckstellen an Fersen und Steißbein kontrollieren und Lagerungsprotokoll "
        "vervollständigen",
        "Haferflocken-Frühstück zubereiten; Flüssigkeitsaufnahme ermöglichen",
        "Przygotować śniadanie i przypomnieć o piciu"}},
      {540,
       "Bartholomew Featherstonehaugh-Cholmondeley",
       "Reablement, morning",
       60,
       "",
       "",
       {"Walk to the kitchen with the frame"}},
      {615,
       "Nkechinyere Oluwaseun Adebayo-Williams",
       "Meal",
       15,
       "Siobhán Ní Dhomhnaill",
       "",
       {"Tea"}},
  };
}

std::vector<Plan> fourteen() {
  const char* people[] = {"Margaret Ashdown", "Derek Holloway",   "Joyce Pemberton",
                          "Winston Clarke",   "Edith Ramsbottom", "Harbhajan Singh",
                          "Doris Eccleston",  "Frank Tully",      "Ivy Marchbanks",
                          "Olive Thackeray"};
  std::vector<Plan> plans;
  plans.reserve(14);
  for (int i = 0; i < 14; ++i)
    plans.push_back({420 + i * 50,
                     people[i % 10],
                     i % 3 == 0   ? "Personal care"
                     : i % 3 == 1 ? "Meal"
                                  : "Welfare check",
                     i % 3 == 0 ? 45u : 15u,
                     i % 5 == 2 ? "Sofia Marsh" : "",
                     "",
                     {"Wash and dress", "Breakfast"}});
  return plans;
}

// A visit that began yesterday and is not over, and one after midnight.
std::vector<Plan> night() {
  return {{-30, "Winston Clarke", "Waking night", 480, "", "", {"Turn every two hours"}},
          {480, "Margaret Ashdown", "Personal care", 30, "", "", {"Breakfast and tea"}},
          {1425, "Joyce Pemberton", "Welfare check", 15, "", "", {"See that she is well"}},
          {1445, "Derek Holloway", "Personal care", 45, "Sofia Marsh", "", {"Turn in bed"}}};
}

}  // namespace

std::vector<projections::VisitScreen> fakeVisits(FakeRound kind) {
  const std::vector<Plan> plans = kind == FakeRound::Normal      ? normal()
                                  : kind == FakeRound::LongWords ? longWords()
                                  : kind == FakeRound::Fourteen  ? fourteen()
                                  : kind == FakeRound::Night     ? night()
                                                                 : std::vector<Plan>{};
  std::vector<projections::VisitScreen> visits;
  visits.reserve(plans.size());
  for (const Plan& plan : plans)
    visits.push_back(screenOf((1ULL << 60) + visits.size() + 1, plan));
  return visits;
}

}  // namespace doorstep::ui
