// SPDX-License-Identifier: Apache-2.0
#include "tests/support/county/county_rota.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "tests/support/county/county_names.h"
#include "tests/support/county/county_random.h"

namespace doorstep::county {
namespace {

constexpr int kPeopleFullSize = 2500;
constexpr int kLeads = 6;

std::string numbered(const char* format, int number) {
  char text[32];
  std::snprintf(text, sizeof text, format, number);
  return text;
}

// What a person's day is made of, for as long as the county is made.
struct Package {
  std::vector<std::string> services;
  bool doubleHanded = false;
  bool timeCritical = false;  // a dose that must not slip
};

Package makePackage(Random& random) {
  Package package;
  switch (random.weighted({5, 10, 20, 60, 5})) {  // 3.5 visits a day: 25 a week
    case 0:
      package.services = {"morning"};
      break;
    case 1:
      package.services = {"morning", "bedtime"};
      break;
    case 2:
      package.services = {"morning", "lunch", "bedtime"};
      break;
    case 3:
      package.services = {"morning", "lunch", "tea", "bedtime"};
      break;
    default:
      package.services = {"morning", "medicine", "lunch", "tea", "bedtime"};
  }
  package.doubleHanded = random.percent(20);
  package.timeCritical = random.percent(10);
  return package;
}

// Minutes after midnight at which a window may begin: the morning carries a third of the day.
struct Hours {
  int fromMin;
  int toMin;
};
Hours hoursOf(const std::string& service) {
  if (service == "morning")
    return {7 * 60, 9 * 60 + 30};
  if (service == "medicine")
    return {10 * 60, 11 * 60};
  if (service == "lunch")
    return {11 * 60 + 45, 13 * 60 + 15};
  if (service == "tea")
    return {16 * 60, 17 * 60 + 45};
  return {19 * 60 + 15, 21 * 60 + 30};
}

std::uint32_t durationOf(const std::string& service, Random& random) {
  if (service == "medicine")
    return 15;
  switch (random.weighted({30, 55, 15})) {  // with the medicine visits: 32 %, 54 %, 14 %
    case 0:
      return static_cast<std::uint32_t>(random.percent(20) ? 10 : 15);
    case 1:
      return static_cast<std::uint32_t>(random.percent(80) ? 30 : 25);
    default:
      return static_cast<std::uint32_t>(random.percent(70) ? 45 : 60);
  }
}

// Gives visits in the order of their windows to whoever is free first; takes on another carer when
// nobody is. Carers stay for all days.
class Planner {
 public:
  Planner(Provider& provider, Random& random) : provider_(provider), random_(random) {}

  void planDay(std::int64_t midnightUnixMs, std::size_t firstVisit) {
    freeAt_.assign(provider_.carers.size(), 0);
    midnightUnixMs_ = midnightUnixMs;
    for (std::size_t i = firstVisit; i < provider_.visits.size(); ++i) {
      Visit& visit = provider_.visits[i];
      for (auto& slot : visit.carers) {
        if (random_.percent(2))
          continue;  // the office has not found anyone yet
        slot = freeCarer(visit);
        const std::int64_t begins = std::max(freeAt_[*slot], visit.windowStartUnixMs);
        freeAt_[*slot] =
            begins + visit.durationMin * kMinuteMs + random_.between(4, 12) * kMinuteMs;
      }
    }
  }

 private:
  std::size_t freeCarer(const Visit& visit) {
    const bool early = visit.windowStartUnixMs < midnightUnixMs_ + 14 * 60 * kMinuteMs;
    for (std::size_t i = 0; i < provider_.carers.size(); ++i) {
      const bool taken = std::find(visit.carers.begin(), visit.carers.end(), std::optional(i)) !=
                         visit.carers.end();
      if (!taken && provider_.carers[i].early == early && freeAt_[i] <= visit.windowEndUnixMs)
        return i;
    }
    const int number = static_cast<int>(provider_.carers.size()) + 1;
    provider_.carers.push_back({numbered("c%03d", number), carerName(random_), early});
    freeAt_.push_back(0);
    return provider_.carers.size() - 1;
  }

  Provider& provider_;
  Random& random_;
  std::int64_t midnightUnixMs_ = 0;
  std::vector<std::int64_t> freeAt_;
};

void addPerson(Provider& provider, const Lot& lot, Random& random) {
  Person person;
  person.ref = numbered("p%04d", static_cast<int>(provider.people.size()) + 1);
  person.name = personName(random);
  person.lot = lot.ref;
  person.latitudeDeg = lot.latitudeDeg + static_cast<double>(random.between(-200, 200)) / 10'000;
  person.longitudeDeg = lot.longitudeDeg + static_cast<double>(random.between(-300, 300)) / 10'000;
  person.accessNote = accessNote(random);
  provider.people.push_back(std::move(person));
}

Visit makeVisit(const std::string& dayDigits, std::size_t person, const std::string& personRef,
                int number, const std::string& service, const Package& package,
                std::int64_t midnightUnixMs, Random& random) {
  Visit visit;
  visit.ref = personRef + "-" + dayDigits + "-" + std::to_string(number);
  visit.person = person;
  visit.service = service;
  const Hours hours = hoursOf(service);
  const std::int64_t beginMin = random.between(hours.fromMin / 5, hours.toMin / 5) * 5;
  visit.timeCritical = package.timeCritical && (service == "morning" || service == "tea");
  visit.windowStartUnixMs = midnightUnixMs + beginMin * kMinuteMs;
  visit.windowEndUnixMs = visit.windowStartUnixMs + (visit.timeCritical ? 15 : 30) * kMinuteMs;
  visit.durationMin = durationOf(service, random);
  visit.carers.resize(package.doubleHanded && service != "medicine" ? 2 : 1);
  return visit;
}

void addDay(Provider& provider, const std::vector<Package>& packages, const std::string& day,
            std::int64_t midnightUnixMs, Planner& planner, Random& random) {
  const std::size_t first = provider.visits.size();
  const std::string digits = day.substr(0, 4) + day.substr(5, 2) + day.substr(8, 2);
  for (std::size_t person = 0; person < provider.people.size(); ++person) {
    int number = 0;
    for (const std::string& service : packages[person].services)
      provider.visits.push_back(makeVisit(digits, person, provider.people[person].ref, ++number,
                                          service, packages[person], midnightUnixMs, random));
  }
  const auto begin = provider.visits.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, provider.visits.end(), [](const Visit& a, const Visit& b) {
    return std::pair(a.windowStartUnixMs, a.ref) < std::pair(b.windowStartUnixMs, b.ref);
  });
  // Two doses of a time-critical medicine stand apart.
  for (std::size_t later = first; later < provider.visits.size(); ++later) {
    Visit& tea = provider.visits[later];
    if (!tea.timeCritical || tea.service != "tea")
      continue;
    for (std::size_t earlier = first; earlier < later; ++earlier) {
      if (provider.visits[earlier].person == tea.person &&
          provider.visits[earlier].service == "morning") {
        tea.after = earlier;
        tea.minGapMin = 300;
      }
    }
  }
  planner.planDay(midnightUnixMs, first);
}

// Lots of a provider: three that a lead leads, and every fourth in turn for one that supplements.
std::vector<int> lotsOf(int provider) {
  std::vector<int> lots;
  for (int index = 0; index < kLots; ++index) {
    const bool leads = provider < kLeads && index / 3 == provider;
    const bool supplements =
        provider >= kLeads && index % (kProviders - kLeads) == provider - kLeads;
    if (leads || supplements)
      lots.push_back(index);
  }
  return lots;
}

}  // namespace

Result<County> makeCounty(const CountyOptions& options) {
  if (options.days < 1 || options.days > 28 || !(options.scale > 0) || options.scale > 10)
    return Error{ErrorCode::InvalidArgument, "OUT_OF_RANGE", "1 to 28 days, and a scale up to 10"};
  County county;
  county.council = "Leicestershire County Council";
  // A lead takes three of four people of its lot, whoever supplements the fourth.
  const double peopleALot = kPeopleFullSize * options.scale / kLots;
  for (int index = 0; index < kProviders; ++index) {
    // Streams of their own: another provider's size does not change this one.
    Random random(options.seed * 1000 + static_cast<std::uint64_t>(index));
    Provider provider;
    provider.folder = providerName(index).folder;
    provider.name = providerName(index).name;
    std::vector<Package> packages;
    for (const int lotIndex : lotsOf(index)) {
      provider.lots.push_back(lot(lotIndex).ref);
      const double share = index < kLeads ? 0.75 : 0.25;
      const int people = std::max(1, static_cast<int>(std::lround(peopleALot * share)));
      for (int i = 0; i < people; ++i) {
        addPerson(provider, lot(lotIndex), random);
        packages.push_back(makePackage(random));
      }
    }
    Planner planner(provider, random);
    std::string day = options.firstDay;
    for (int i = 0; i < options.days; ++i) {
      DOORSTEP_ASSIGN(const DayBounds bounds, londonDayBounds(day));
      addDay(provider, packages, day, bounds.beginUnixMs, planner, random);
      day = londonDay(bounds.endUnixMs);
    }
    county.providers.push_back(std::move(provider));
  }
  return county;
}

}  // namespace doorstep::county
