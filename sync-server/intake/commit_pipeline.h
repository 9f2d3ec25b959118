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

// Whether a provider has ever planned a visit; implemented by roster::KnownVisits.
using KnowsVisit = std::function<Result<bool>(ProviderId, VisitId)>;

// Numbers of counted events of a visit: of all devices, and of one.
struct CountedEvents {
  std::size_t all = 0;
  std::size_t ofDevice = 0;
};
// Implemented by projections::VisitProjection.
using CountsEvents = std::function<Result<CountedEvents>(ProviderId, VisitId, DeviceId)>;

// Second stage of intake: turns submissions into durable outcomes, in one commit. Decides each
// entry's verdict by the table of docs/sync-protocol.md, appends entries to the log or stores them
// outside it, folds projections and records each device's contact, all in one transaction.
// Deterministic and synchronous: the writer thread and the simulator call the same function.
//
// An entry that cannot count delays neither the other entries of its submission nor its plan and
// time: it gets a verdict of its own, even when the device's limit outside the log is reached. A
// submission for which reading the log fails changes nothing and does not affect the others. When
// the commit itself fails, every submission gets COMMIT_FAILED or DISK_FULL and nothing is changed;
// phones retry. Thread: the writer.
class CommitPipeline {
 public:
  struct Parts {
    event_log::EventLog& log;
    event_log::ContactWriter contacts;
    KnowsVisit knowsVisit;
    std::vector<event_log::Projection*> projections;  // applied in this order
    std::vector<event_log::ContactObserver*> contactObservers;
    CountsEvents countsEvents = nullptr;  // null: visits have no quota
    PlanBindings bindings = {};           // empty: uncounted entries stay uncounted
  };
  explicit CommitPipeline(Parts parts) : parts_(std::move(parts)) {}

  // One outcome per submission, in order. Durable on return.
  std::vector<Outcome> commit(std::span<Submission> submissions);
  // Counts entries that waited for a plan and have one now. commit() does this for the providers in
  // it; this is for a plan that changes while no phone calls.
  Status countWaiting(ProviderId provider);

 private:
  // State of a device during one commit: its head and open numbers, with the entries so far
  // applied.
  struct Chain {
    event_log::DeviceHead head;
    std::optional<event_log::OpenNs> open;  // read when needed
    bool openChanged = false;
    bool changed = false;
    std::vector<std::size_t> entries;  // indices into batch_.commit.entries
    std::vector<std::size_t> outside;  // indices into batch_.commit.outside
    std::size_t eventsToday = 0;       // received on the current day
    NamedCheckpoints checkpoints;
  };
  // Events of one visit, including those of the current commit.
  struct VisitCount {
    std::size_t all = 0;
    std::map<DeviceId, std::size_t> ofDevice;
  };
  // An outcome that needs a position, which the log assigns at the commit.
  struct Pending {
    std::size_t submission = 0;
    std::size_t outcome = 0;
    std::size_t entry = 0;  // index into batch_.commit.entries
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
  // Of a provider: whether entries wait for a plan, and how far they have been examined since the
  // plan last changed.
  struct Waiting {
    bool any = false;
    std::uint64_t planVersion = 0;
    std::optional<std::uint64_t> from;  // absent: all examined
  };
  struct Batch {
    event_log::Commit commit;
    std::vector<visits::Entry> decoded;  // parallel to commit.entries
    std::map<std::pair<ProviderId, DeviceId>, Chain> chains;
    std::vector<Pending> pending;
    std::vector<event_log::DeviceContact> contacts;
    std::map<DeviceId, bool> formatsWanted;  // of contacts
    std::map<std::pair<ProviderId, VisitId>, bool> visits;
    std::map<std::pair<ProviderId, VisitId>, VisitCount> counts;
    std::vector<Bound> bound;
    std::vector<CountedNow> counted;  // parallel to commit.counted
  };
  // Where the next entry of a submission is placed.
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
  // Permitted event numbers of an entry: from low on, all below high; exact: starting at low.
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
    std::optional<Hash> previousHash;  // as stated in the entry
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
  // Events received from each device on the current day (UTC). Cleared each day and at start, so
  // its size is the number of devices active in a day.
  std::map<std::pair<ProviderId, DeviceId>, std::size_t> eventsToday_;
  std::int64_t day_ = 0;
  std::map<ProviderId, Waiting> waiting_;
};

}  // namespace doorstep::intake
