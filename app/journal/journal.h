// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "app/journal/journal_head.h"
#include "app/platform/platform.h"
#include "shared/core/bytes.h"
#include "shared/core/strong_id.h"
#include "shared/crypto/sealing.h"
#include "shared/evidence/merkle_tree.h"
#include "shared/sql/sqlite.h"
#include "shared/visits/event.h"
#include "shared/visits/visit_fold.h"

namespace doorstep::journal {

// What the server said about one entry, once a verified log extension covers its position, or once
// the server keeps it outside the log.
struct Receipt {
  std::uint64_t n = 0;
  std::optional<std::uint64_t> position;  // none: kept outside the log
  int quarantineReason = 0;               // sync.v1.QuarantineReason; 0: it counts
  std::int64_t serverUnixMs = 0;          // server clock of the answer
  // Server clock when it arrived first, which the log commits to. 0: it is kept outside the log.
  std::int64_t receivedUnixMs = 0;
  bool operator==(const Receipt&) const = default;
};

// An entry as the screens and the engine need it.
struct EntryStanding {
  std::uint64_t n = 0;
  std::uint64_t firstEvent = 0;
  std::uint32_t eventCount = 0;
  std::uint32_t boot = 0;
  Hash hash;
  std::optional<Receipt> receipt;

  std::uint64_t lastEvent() const { return firstEvent + eventCount - 1; }
};

// Encoded visit.v1.SignedEntry, as it is sent.
struct SignedEntryBytes {
  std::uint64_t n = 0;
  std::string bytes;
};

// What the sync engine must find again after a crash.
struct SyncState {
  evidence::Frontier frontier;  // of the log that was verified; size 0: none yet
  std::string checkpointNote;   // signed note of that size; empty: none yet
  std::string
      contradictedCheckpoint;    // older signed note that the log contradicts, still to be sent
  bool logContradicted = false;  // it happened; the carer's screen says so
  std::uint32_t replyBoot = 0;   // newest reply: boot, monotonic time and the server's clock
  std::uint64_t replyBootMs = 0;
  std::int64_t replyServerUnixMs = 0;           // 0: none yet
  std::optional<std::int64_t> replyWallUnixMs;  // what the wall clock showed then
  std::string formatsHeard;  // SHA-256 of the sync.v1.Formats that the server heard; empty: none
};

// What the plan last said of a visit that something was recorded about: encoded roster.v1.Visit and
// roster.v1.Person. The plan may give the visit to somebody else, cancel it or be lost altogether;
// the record keeps its name.
struct KeptPlan {
  std::string visit;
  std::string person;  // empty: the phone did not know whose visit it was
  bool operator==(const KeptPlan&) const = default;
};

enum class EventStanding { OnThisPhone, AtTheOffice, OfficeMustLook };

// The phone's journal: the record itself (docs/architecture.md). Own SQLite file, synchronous FULL.
//
// Invariants. Event numbers and entry numbers are dense and never given twice. An event, an entry
// and its bytes never change. An entry is signed once, and what is sent is what was signed. A row
// leaves only by compact(): received by the server and older than the retention. The last entry
// always stays, because the chain and the numbers go on from it. What an event or entry says is
// sealed with the data key and bound to its device and number, so rows cannot be swapped.
//
// append() is durable when it returns: that is when a tap is confirmed. Events become an entry in
// seal(), which needs the signing key; a signer that refuses leaves them where they are.
//
// Crash: the file is as after the last call that returned ok. A journal that went back behind the
// numbers that it has given (journal_head.h) is damaged. A damaged file is never opened for
// writing: open() fails with JOURNAL_DAMAGED and setAside() (damaged_journal.h) keeps it.
// Thread: the journal's worker.
class Journal {
 public:
  struct Options {
    DeviceId device;
    crypto::SecretKey key{};
    sql::SqliteOptions file;  // exclusive is set by open()
    // Of a device that has recorded already: a file that is missing, empty or says nothing of the
    // device is damage. Beginning at event 1 again would give its numbers to other facts.
    bool mustExist = false;
    CarerId carer;  // whose facts; none: not said
  };
  // Errors: JOURNAL_DAMAGED (DataLoss); JOURNAL_OTHER_DEVICE; what sql::Database says.
  static Result<std::unique_ptr<Journal>> open(const std::string& path, Options options,
                                               platform::Platform& platform);

  // Appends a fact with the clocks of now and returns it with its number. Durable, together with
  // the plan that is to be kept beside it, when one is given.
  Result<visits::RecordedEvent> append(VisitId visit, visits::Fact fact,
                                       const KeptPlan* plan = nullptr);
  // Takes over what was salvaged of another device's journal, each event once, under numbers of its
  // own and with the clocks that it was recorded with. An amendment names the number that its event
  // has here; where there is none, it says by itself what it can. One transaction. Returns what was
  // new.
  Result<std::vector<visits::RecordedEvent>> adopt(DeviceId from,
                                                   std::span<const visits::RecordedEvent> events);
  // One transaction: keeps these, in place of older ones of the same visits.
  Status keepPlans(const std::map<VisitId, KeptPlan>& plans);
  // What is to be kept of a visit whose plan is `planned` now; nothing: what is kept says the same.
  // A plan that comes in pieces may lack the person for a while: that is no news of her.
  std::optional<KeptPlan> newerPlan(VisitId visit, KeptPlan planned) const;
  // Forgets what is kept of a visit about which nothing is left here.
  Status dropPlan(VisitId visit);
  // One that cannot be opened is missing here: it was only a copy.
  const std::map<VisitId, KeptPlan>& keptPlans() const { return keptPlans_; }
  // Signs what is not signed yet: one entry for each boot, more when they grow too large or a clock
  // jumped further than an entry can say. Returns how many entries were made.
  Result<std::size_t> seal(std::uint64_t planVersion);

  // Signed entries from number `from` on that have no receipt (or all of them, for a server that
  // lost some), in order, within both bounds; at least one.
  enum class Which { WithoutReceipt, All };
  // Those in `but` are left out.
  Result<std::vector<SignedEntryBytes>> entriesFrom(std::uint64_t from, Which which,
                                                    std::size_t countMax, std::size_t bytesMax,
                                                    const std::set<std::uint64_t>& but = {});
  // One transaction: receipts, and the engine's state as it is then. With heldN, receipts of later
  // entries are forgotten first, because the server has lost these.
  Status recordExchange(const std::vector<Receipt>& receipts, const SyncState& state,
                        std::optional<std::uint64_t> heldN = std::nullopt);
  // Removes what was received longer than kRetentionMs before nowServerUnixMs; a bounded step.
  // Returns how many entries left.
  Result<std::size_t> compact(std::int64_t nowServerUnixMs);

  const SyncState& syncState() const { return syncState_; }
  // By n, dense.
  const std::deque<EntryStanding>& entries() const { return entries_; }
  const EntryStanding* entry(std::uint64_t n) const;
  // Lowest n without a receipt; lastEntry() + 1 when there is none.
  std::uint64_t firstWithoutReceipt() const { return firstWithoutReceipt_; }
  std::uint64_t lastEntry() const { return entries_.empty() ? 0 : entries_.back().n; }
  std::uint64_t lastEvent() const { return lastEvent_; }
  std::uint64_t unsealedEvents() const { return lastEvent_ - lastSealedEvent(); }
  // Some event of this boot that no server has a receipt for, in an entry or not.
  bool hasUnsentOfBoot(std::uint32_t boot) const;
  EventStanding standing(std::uint64_t eventNumber) const;
  DeviceId device() const { return options_.device; }

  // All events that are still here, in order, opened. For the fold at start.
  Result<std::vector<visits::RecordedEvent>> readEvents();

 private:
  struct Statements;
  struct Pending;  // an event that is not in an entry yet
  Journal(sql::Database database, const std::string& path, Options options,
          platform::Platform& platform);

  Status prepare();
  Status load();
  Status loadEntries();
  Status loadSyncState();
  Status loadKeptPlans();
  Status writeKeptPlan(VisitId visit, const KeptPlan& plan);
  Status checkWhole();
  Status checkHead(bool isNew);
  void writeHead() { head_.write({options_.device, lastEvent_, lastEntry()}); }
  Result<bool> claim();  // whether the journal is new
  Status insert(const visits::RecordedEvent& recorded);
  std::uint64_t lastSealedEvent() const {
    return entries_.empty() ? 0 : entries_.back().lastEvent();
  }
  Result<std::vector<Pending>> readPending();
  Result<EntryStanding> writeEntry(std::span<const Pending> pending, std::uint64_t planVersion);
  Status writeSyncState(const SyncState& state);
  void advanceFirstWithoutReceipt();

  sql::Database database_;
  const Options options_;
  platform::Platform& platform_;
  JournalHead head_;
  std::unique_ptr<Statements> statements_;
  std::deque<EntryStanding> entries_;
  SyncState syncState_;
  std::map<VisitId, KeptPlan> keptPlans_;
  std::uint64_t lastEvent_ = 0;
  std::uint32_t lastBoot_ = 0;
  std::uint64_t lastBootMs_ = 0;
  std::uint64_t firstWithoutReceipt_ = 1;

 public:
  ~Journal();
};

}  // namespace doorstep::journal
