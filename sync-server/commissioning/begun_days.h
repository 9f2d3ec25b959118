// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"

namespace doorstep::commissioning {

// On which days visits have begun, so that what is commissioned cannot change them without a
// reason: a visit is under what held on its own day. Lives for one act. Thread: the connection's.
class BegunDays {
 public:
  BegunDays(sql::Database& database, ProviderId provider, std::int64_t nowUnixMs);
  // Of a provider of which nothing was ever commissioned: no day needs a reason, since no visit was
  // judged by anything that is said otherwise now.
  static BegunDays whereNothingWasSaid(sql::Database& database, ProviderId provider,
                                       std::int64_t nowUnixMs);

  std::int64_t today() const { return today_; }
  // Whether something that holds from the day on needs a reason: of the provider a visit has begun
  // on an earlier day from it on, or today one of the person (none: of anybody). Costs one read of
  // an index a day; today's visits are read once.
  Result<bool> needsReason(std::int64_t fromDay, PersonId person);
  // The first day that needs none: today or tomorrow.
  Result<std::int64_t> firstFree(PersonId person);

 private:
  Result<bool> begunToday(PersonId person);

  sql::Database& database_;
  const ProviderId provider_;
  const std::int64_t nowUnixMs_;
  const std::int64_t today_;
  bool wasAnythingSaid_ = true;
  std::optional<std::set<PersonId>> todays_;  // people with a visit whose window has opened
  std::map<std::int64_t, bool> begunSince_;
};

}  // namespace doorstep::commissioning
