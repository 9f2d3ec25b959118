// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/default_tasks.h"

#include <algorithm>
#include <initializer_list>

namespace doorstep::roster {
namespace {

struct CatalogueTask {
  const char* code;
  const char* text;
  bool critical;
};

// The task number is the index in this array: append only, never reorder.
constexpr CatalogueTask kCatalogue[] = {
    {"PC01", "Wash, shower or bath", false},
    {"PC02", "Dress or undress", false},
    {"PC03", "Mouth care and dentures", false},
    {"PC04", "Toilet, pad or catheter bag", false},
    {"PC05", "Check the skin, apply cream", false},
    {"MO01", "Transfer with the hoist, two carers", true},
    {"MO02", "Change position", false},
    {"ME02", "Remind of medicines and see them taken", true},
    {"NU01", "Prepare a meal", false},
    {"NU02", "Help to eat", false},
    {"NU03", "Offer a drink", false},
    {"HO01", "Laundry, housework, shopping", false},
    {"SO01", "Keep company", false},
    {"SA01", "See that the person is safe and well", true},
    {"SA02", "Lock the door, return the key", false},
    {"SA03", "Pendant alarm is worn", false},
    {"RE01", "Practise the goal of the week", false},
};

struct ServiceTasks {
  std::string_view service;
  std::initializer_list<std::string_view> codes;
};

using Codes = std::initializer_list<std::string_view>;

Codes codesOf(std::string_view service, std::uint32_t durationMin) {
  static const ServiceTasks kServices[] = {
      {"morning", {"PC01", "PC02", "PC03", "PC04", "ME02", "NU01", "NU03", "SA01"}},
      {"lunch", {"PC04", "ME02", "NU01", "NU03", "SA01"}},
      {"tea", {"PC04", "ME02", "NU01", "NU03", "SA01"}},
      {"bedtime", {"PC02", "PC03", "PC04", "ME02", "NU03", "SA01", "SA02", "SA03"}},
      {"medicine", {"ME02", "NU03", "SA01"}},
      {"welfare", {"NU03", "SA01", "SA03"}},
      {"domestic", {"HO01", "NU03", "SA01"}},
      {"company", {"SO01", "NU03", "SA01"}},
      {"reablement", {"PC01", "PC02", "NU01", "RE01", "SA01"}},
  };
  for (const ServiceTasks& each : kServices)
    if (each.service == service)
      return each.codes;
  static const Codes kShort = {"ME02", "NU03", "SA01"};
  static const Codes kUsual = {"PC01", "PC02", "PC04", "NU03", "SA01"};
  static const Codes kLong = {"PC01", "PC02", "PC03", "PC04", "PC05", "NU01", "NU03", "SA01"};
  return durationMin <= 15 ? kShort : durationMin <= 30 ? kUsual : kLong;
}

}  // namespace

std::vector<visits::PlannedTask> defaultTasks(std::string_view service, std::uint32_t durationMin,
                                              std::uint32_t carersRequired) {
  const Codes codes = codesOf(service, durationMin);
  std::vector<visits::PlannedTask> tasks;
  for (std::uint32_t number = 1; number <= std::size(kCatalogue); ++number) {
    const CatalogueTask& task = kCatalogue[number - 1];
    const bool planned = std::find(codes.begin(), codes.end(), task.code) != codes.end();
    if (planned || (carersRequired > 1 && std::string_view(task.code) == "MO01"))
      tasks.push_back({number, task.code, task.text, task.critical});
  }
  return tasks;
}

}  // namespace doorstep::roster
