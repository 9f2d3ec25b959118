// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/id_source.h"
#include "shared/core/strong_id.h"
#include "shared/visits/office_fact.h"

namespace doorstep::office {
class OfficeLog;
}

namespace doorstep::event_log {

// Who decides. account 0: the operator's command line. name: empty for an account, which the
// office's log looks up.
struct OfficeActor {
  AccountId account;
  std::string name;
};

// What somebody of the office changes in one transaction, and the facts that say so. Each store
// function that changes a plan, rules or the standing of a device wants one and says its fact to
// it; only office::OfficeLog makes one, and what was said becomes entries of the log in the same
// transaction. So nothing is changed without its fact, and no fact stands for a change that was
// taken back. Thread: the writer, for the length of one job.
class OfficeAct {
 public:
  OfficeAct(const OfficeAct&) = delete;
  OfficeAct& operator=(const OfficeAct&) = delete;

  const OfficeActor& by() const { return by_; }
  std::int64_t decidedUnixMs() const { return decidedUnixMs_; }

  // Facts of one entry; the number is good for as long as the act is.
  using EntryNumber = std::size_t;
  // An entry for a fact that commits to something by the entry's salt. Without a fact it is none.
  EntryNumber openEntry(ProviderId provider);
  const std::string& saltOf(EntryNumber entry) const { return entries_.at(entry).salt; }
  void say(EntryNumber entry, visits::OfficeReason reason, visits::OfficeDecision decision);
  // In the provider's newest entry, or a new one.
  void say(ProviderId provider, visits::OfficeReason reason, visits::OfficeDecision decision);

 private:
  friend class office::OfficeLog;
  struct Entry {
    ProviderId provider;
    std::string salt;
    std::vector<visits::OfficeFact> facts;
  };

  OfficeAct(OfficeActor by, std::int64_t decidedUnixMs, IdSource& ids)
      : by_(std::move(by)), decidedUnixMs_(decidedUnixMs), ids_(ids) {}

  OfficeActor by_;
  const std::int64_t decidedUnixMs_;
  IdSource& ids_;
  std::deque<Entry> entries_;
};

}  // namespace doorstep::event_log
