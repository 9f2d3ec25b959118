// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/measures/visit_facts.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::commissioning {

// The weeks that are asked about: those that begin from the one day up to the other.
struct WeekRange {
  std::int64_t firstDay = 0;
  std::int64_t lastDay = 0;
  // The first day of the contract's week of a day (measures::weekOf with the contract's rules).
  std::function<std::int64_t(std::int64_t day)> weekOf;
};

// Minutes of carers that a contract ordered, a row of each person, service kind and week, and of
// each part of a week where lot, patch, tier, role, model or purchase change in it: packages.csv
// of docs/measures.md. A package of 300 minutes a week gives each of its days a seventh, by
// cumulated rounding, so that the parts of a week sum up to it; days on which the package is paused
// give none. Handed over person by person, in weeks of one person by (week, kind), the person named
// by her id; each's error ends it. weekOf must be given. Cost: the packages of the contract's
// providers, times the weeks. Thread: the connection's.
using WeekSink = std::function<Status(ProviderId provider, PersonId person,
                                      std::vector<measures::WeekMinutes> weeks)>;
Status weekMinutes(sql::Database& database, const roster::Contract& contract,
                   const WeekRange& range, const WeekSink& each);

}  // namespace doorstep::commissioning
