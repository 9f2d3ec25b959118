// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <set>
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

// Who decides. account 0: the operator's command line. name: empty for an account; the office's log
// looks it up.
struct OfficeActor {
  AccountId account;
  std::string name;
};

// One transaction of an office's changes and the facts that record them. Each store function that
// changes a plan, rules or the state of a device requires an act and adds its fact to it; only
// office::OfficeLog creates one, and its facts become log entries in the same transaction. So there
// is no change without its fact, and no fact of a change that was rolled back. Thread: the writer,
// during one job.
class OfficeAct {
 public:
  OfficeAct(const OfficeAct&) = delete;
  OfficeAct& operator=(const OfficeAct&) = delete;

  const OfficeActor& by() const { return by_; }
  std::int64_t decidedUnixMs() const { return decidedUnixMs_; }

  // True the first time that it is asked for the provider: before the act has written anything.
  bool isFirstFor(ProviderId provider) { return writtenFor_.insert(provider).second; }

  // Identifies an entry of this act; valid while the act exists.
  using EntryNumber = std::size_t;
  // Starts an entry for a fact that commits to something by the entry's salt. Dropped if it gets no
  // fact.
  EntryNumber openEntry(ProviderId provider);
  const std::string& saltOf(EntryNumber entry) const { return entries_.at(entry).salt; }
  void say(EntryNumber entry, visits::OfficeReason reason, visits::OfficeDecision decision);
  // In the provider's newest entry, or a new one. reasonText: what was said in words besides.
  void say(ProviderId provider, visits::OfficeReason reason, visits::OfficeDecision decision,
           std::string reasonText = {});
  // The same in the log of each: with more than one, facts with a common id (OfficeFact.act).
  void sayToEach(const std::vector<ProviderId>& providers, visits::OfficeReason reason,
                 const visits::OfficeDecision& decision, const std::string& reasonText = {});

 private:
  friend class office::OfficeLog;
  struct Entry {
    ProviderId provider;
    std::string salt;
    std::vector<visits::OfficeFact> facts;
  };

  OfficeAct(OfficeActor by, std::int64_t decidedUnixMs, IdSource& ids)
      : by_(std::move(by)), decidedUnixMs_(decidedUnixMs), ids_(ids) {}

  std::uint64_t newActId();
  // A fact of it to the provider, with the common id when there is one.
  visits::OfficeFact& sayWithId(ProviderId provider, visits::OfficeReason reason,
                                visits::OfficeDecision decision, std::uint64_t act);

  OfficeActor by_;
  const std::int64_t decidedUnixMs_;
  IdSource& ids_;
  std::deque<Entry> entries_;
  std::set<ProviderId> writtenFor_;
};

}  // namespace doorstep::event_log
