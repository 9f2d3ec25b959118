// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "sync-server/event_log/contacts.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/intake/entry_anchor.h"
#include "sync-server/intake/plan_bindings.h"
#include "sync-server/intake/submission.h"

namespace doorstep::intake {

// Whether a provider ever planned a visit; roster::KnownVisits answers.
using KnowsVisit = std::function<Result<bool>(ProviderId, VisitId)>;

// How many events of a visit count already: of all devices, and of one.
struct CountedEvents {
  std::size_t all = 0;
  std::size_t ofDevice = 0;
};
// projections::VisitProjection answers.
using CountsEvents = std::function<Result<CountedEvents>(ProviderId, VisitId, DeviceId)>;

// Second stage of intake: from submissions to durable outcomes, in one commit. Gives each entry its
// verdict by the table of docs/sync-protocol.md, appends what belongs into the log, keeps the rest
// beside it, folds projections and notes each device's contact, all in one transaction.
// Deterministic and synchronous: the writer thread and the simulator call the same function.
//
// An entry that cannot count never holds up the others of its submission, nor its plan and time: it
// has a verdict of its own, also when more of its device is outside the log than is kept. A
// submission at which reading the log fails changes nothing and stops nobody else. When the commit
// itself fails every submission gets COMMIT_FAILED, or DISK_FULL, and nothing was changed; phones
// try again.
// Thread: the writer.
class CommitPipeline {
 public:
  struct Parts {
    event_log::EventLog& log;
    event_log::ContactWriter contacts;
    KnowsVisit knowsVisit;
    std::vector<event_log::Projection*> projections;  // in the order in which they apply
    std::vector<event_log::ContactObserver*> contactObservers;
    CountsEvents countsEvents = nullptr;  // none: no visit has a quota
    PlanBindings bindings = {};           // without: what is set aside stays so
  };
  explicit CommitPipeline(Parts parts) : parts_(std::move(parts)) {}

  // One outcome for each submission, in order. Returns when they are durable.
  std::vector<Outcome> commit(std::span<Submission> submissions);
  // Counts what was set aside for lack of a plan and has one now. commit() does the same for the
  // providers that it meets; this is for a plan that changes while no phone calls.
  Status countWaiting(ProviderId provider);

 private:
  // A device during one commit: its head, and what is open, as the entries so far have left them.
  struct Chain {
    event_log::DeviceHead head;
    std::optional<event_log::OpenNs> open;  // read when it is asked for
    bool openChanged = false;
    bool changed = false;
    std::vector<std::size_t> entries;  // of batch_.commit.entries
    std::vector<std::size_t> outside;  // of batch_.commit.outside
    std::size_t eventsToday = 0;       // of the day that is received
    NamedCheckpoints checkpoints;
  };
  // Events of one visit, those of the commit at hand included.
  struct VisitCount {
    std::size_t all = 0;
    std::map<DeviceId, std::size_t> ofDevice;
  };
  // Where an outcome waits for a position that the log gives at the commit.
  struct Pending {
    std::size_t submission = 0;
    std::size_t outcome = 0;
    std::size_t entry = 0;  // of batch_.commit.entries
  };
  // An entry of the log that counts from this commit on.
  struct CountedNow {
    event_log::StoredEntry stored;
    visits::Entry entry;
  };
  struct Bound {
    ProviderId provider;
    VisitId alias;
    VisitId planned;
  };
  // Of a provider: whether anything waits for a plan, and how far it was looked through since the
  // plan last changed.
  struct Waiting {
    bool any = false;
    std::uint64_t planVersion = 0;
    std::optional<std::uint64_t> from;  // nothing: to the end
  };
  struct Batch {
    event_log::Commit commit;
    std::vector<visits::Entry> decoded;  // beside commit.entries
    std::map<std::pair<ProviderId, DeviceId>, Chain> chains;
    std::vector<Pending> pending;
    std::vector<event_log::DeviceContact> contacts;
    std::map<DeviceId, bool> formatsWanted;  // of those
    std::map<std::pair<ProviderId, VisitId>, bool> visits;
    std::map<std::pair<ProviderId, VisitId>, VisitCount> counts;
    std::vector<Bound> bound;
    std::vector<CountedNow> counted;  // beside commit.counted
  };
  // Where the next entry of a submission goes.
  struct Placement {
    const Submission& submission;
    std::size_t submissionIndex = 0;
    std::size_t outcomeIndex = 0;
    Chain& chain;
  };

  Status place(Submission& submission, std::size_t index, Outcome& outcome);
  Result<EntryOutcome> placeEntry(Placement& at, SubmittedEntry& entry);
  Result<EntryOutcome> answerHeld(Placement& at, SubmittedEntry& entry);
  Result<EntryOutcome> takeNext(Placement& at, SubmittedEntry& entry);
  Result<EntryOutcome> takeLate(Placement& at, SubmittedEntry& entry);
  EntryOutcome append(Placement& at, SubmittedEntry& entry, QuarantineReason reason, bool late);
  Result<EntryOutcome> keepOutside(Placement& at, SubmittedEntry& entry, QuarantineReason reason);
  Result<EntryOutcome> passOver(Placement& at, SubmittedEntry& entry, QuarantineReason reason);
  // Event numbers that an entry may have: from low on, all below high; exact: beginning with low.
  struct EventRange {
    std::uint64_t low = 1;
    std::uint64_t high = UINT64_MAX;
    bool exact = false;
  };
  Result<QuarantineReason> contentReason(Placement& at, const SubmittedEntry& entry,
                                         const EventRange& range);
  Result<QuarantineReason> quotaReason(Placement& at, const visits::Entry& entry);
  bool isFull(const Chain& chain, QuarantineReason reason) const;
  Result<bool> isKnownVisit(ProviderId provider, VisitId visit);
  Result<event_log::OpenNs*> openOf(Placement& at);
  struct Neighbour {
    Hash hash;
    std::optional<Hash> previousHash;  // what it says the entry before it is
  };
  Result<std::optional<Neighbour>> neighbour(const Placement& at, std::uint64_t n);
  Result<bool> fitsNeighbours(const Placement& at, const SubmittedEntry& entry);
  Result<Chain*> chainOf(const Submission& submission);
  void raiseAlarms(const Submission& submission, const event_log::LogHead& log);
  Status bindHeldVisits(const Submission& submission);
  Result<bool> countNow(ProviderId provider, std::uint64_t position);
  Status takeWaiting(ProviderId provider);
  bool waitsForMore(ProviderId provider) const;
  Status writeAll();
  void finish(std::span<Submission> submissions, std::vector<Outcome>& outcomes);

  Parts parts_;
  Batch batch_;
  // Events that each device brought on the day that is received (UTC); begins anew with the day and
  // with the server, so it holds what is heard from in a day.
  std::map<std::pair<ProviderId, DeviceId>, std::size_t> eventsToday_;
  std::int64_t day_ = 0;
  std::map<ProviderId, Waiting> waiting_;
};

}  // namespace doorstep::intake
