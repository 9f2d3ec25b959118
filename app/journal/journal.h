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

// The server's verdict on one entry, stored once a verified log extension covers its position or
// once the server keeps it outside the log.
struct Receipt {
  std::uint64_t n = 0;
  std::optional<std::uint64_t> position;  // absent: kept outside the log
  int quarantineReason = 0;               // sync.v1.QuarantineReason; 0: counted
  std::int64_t serverUnixMs = 0;          // server clock of the answer
  // Server clock at first arrival, committed to by the log. 0: kept outside the log.
  std::int64_t receivedUnixMs = 0;
  bool operator==(const Receipt&) const = default;
};

// State of an entry for the screens and the engine.
struct EntryStanding {
  std::uint64_t n = 0;
  std::uint64_t firstEvent = 0;
  std::uint32_t eventCount = 0;
  std::uint32_t boot = 0;
  Hash hash;
  std::optional<Receipt> receipt;

  std::uint64_t lastEvent() const { return firstEvent + eventCount - 1; }
};

// Encoded visit.v1.SignedEntry, as sent.
struct SignedEntryBytes {
  std::uint64_t n = 0;
  std::string bytes;
};

// State of the sync engine that survives a crash.
struct SyncState {
  evidence::Frontier frontier;  // of the last verified log; size 0: none yet
  std::string checkpointNote;   // signed note for that size; empty: none yet
  std::string
      contradictedCheckpoint;    // older signed note that the log contradicts, still to be sent
  bool logContradicted = false;  // a contradiction was found; shown on the carer's screen
  std::uint32_t replyBoot = 0;   // newest reply: boot, monotonic time and the server's clock
  std::uint64_t replyBootMs = 0;
  std::int64_t replyServerUnixMs = 0;           // 0: none yet
  std::optional<std::int64_t> replyWallUnixMs;  // the phone's wall clock at that moment
  std::string formatsHeard;  // SHA-256 of the sync.v1.Formats that the server has; empty: none
};

// The newest plan of a visit with records: encoded roster.v1.Visit and roster.v1.Person. The plan
// may assign the visit to another carer, cancel it or be lost; the record keeps its name.
struct KeptPlan {
  std::string visit;
  std::string person;  // empty: unknown to the phone
  bool operator==(const KeptPlan&) const = default;
};

enum class EventStanding { OnThisPhone, AtTheOffice, OfficeMustLook };

// The phone's journal: the primary record (docs/architecture.md). Its own SQLite file, synchronous
// FULL.
//
// Invariants. Event numbers and entry numbers are dense and never reused. An event, an entry and
// its bytes never change. An entry is signed once and sent exactly as signed. Only compact()
// removes rows: those received into the server's log longer ago than the retention. The last entry
// always stays, because the chain and the numbers continue from it. Contents are sealed with the
// data key and bound to device and number, so rows cannot be swapped.
//
// append() is durable when it returns; then the tap is confirmed. seal() turns events into entries
// and needs the signing key; if the signer fails they stay events.
//
// Crash: the file is as after the last call that returned ok. A journal that is behind its own
// numbers (journal_head.h) is damaged. A damaged file is never opened for writing: open() fails
// with JOURNAL_DAMAGED and setAside() (damaged_journal.h) preserves it. Thread: the journal's
// worker.
class Journal {
 public:
  struct Options {
    DeviceId device;
    crypto::SecretKey key{};
    sql::SqliteOptions file;  // open() sets exclusive
    // For a device that has already recorded: a file that is missing, empty or without the device
    // is damage. Starting at event 1 again would reuse its numbers.
    bool mustExist = false;
    CarerId carer;  // who records; absent: unknown
  };
  // Errors: JOURNAL_DAMAGED (DataLoss); JOURNAL_OTHER_DEVICE; those of sql::Database.
  static Result<std::unique_ptr<Journal>> open(const std::string& path, Options options,
                                               platform::Platform& platform);

  // Appends a fact with the current clocks and returns it with its number. Durable, in one
  // transaction with the plan to keep for its visit, if one is given.
  Result<visits::RecordedEvent> append(VisitId visit, visits::Fact fact,
                                       const KeptPlan* plan = nullptr);
  // Records the salvaged events of another device's journal, each event once, with new numbers and
  // their original clocks. An amendment is changed to the new number of its event; without that
  // event it becomes a fact of its own where possible. One transaction. Returns the events that
  // were new.
  Result<std::vector<visits::RecordedEvent>> adopt(DeviceId from,
                                                   std::span<const visits::RecordedEvent> events);
  // Keeps these plans, replacing older ones of the same visits. One transaction.
  Status keepPlans(const std::map<VisitId, KeptPlan>& plans);
  // The plan to keep of a visit whose current plan is `planned`; nullopt: no change. A plan that
  // arrives in pages may lack the person for a while; that does not replace her.
  std::optional<KeptPlan> newerPlan(VisitId visit, KeptPlan planned) const;
  // Deletes the kept plan of a visit without events in the journal.
  Status dropPlan(VisitId visit);
  // Kept plans by visit, without any that cannot be opened: they are only copies.
  const std::map<VisitId, KeptPlan>& keptPlans() const { return keptPlans_; }
  // Signs all unsealed events: one entry per boot, or more if an entry would be too large or cannot
  // represent a clock's jump. Returns the number of new entries.
  Result<std::size_t> seal(std::uint64_t planVersion);

  // Signed entries from number `from` on without a receipt (or all, for a server that lost some),
  // ascending, within both bounds but at least one.
  enum class Which { WithoutReceipt, All };
  // Omits those in `but`.
  Result<std::vector<SignedEntryBytes>> entriesFrom(std::uint64_t from, Which which,
                                                    std::size_t countMax, std::size_t bytesMax,
                                                    const std::set<std::uint64_t>& but = {});
  // Stores receipts and the engine's state in one transaction. With heldN, first deletes the
  // receipts of later entries, which the server has lost.
  Status recordExchange(const std::vector<Receipt>& receipts, const SyncState& state,
                        std::optional<std::uint64_t> heldN = std::nullopt);
  // Removes entries in the server's log that were received longer than kRetentionMs before
  // nowServerUnixMs; a bounded step. Returns the number of removed entries.
  Result<std::size_t> compact(std::int64_t nowServerUnixMs);

  const SyncState& syncState() const { return syncState_; }
  // Ascending and dense by n.
  const std::deque<EntryStanding>& entries() const { return entries_; }
  const EntryStanding* entry(std::uint64_t n) const;
  // Lowest n without a receipt; lastEntry() + 1 if all have one.
  std::uint64_t firstWithoutReceipt() const { return firstWithoutReceipt_; }
  std::uint64_t lastEntry() const { return entries_.empty() ? 0 : entries_.back().n; }
  std::uint64_t lastEvent() const { return lastEvent_; }
  std::uint64_t unsealedEvents() const { return lastEvent_ - lastSealedEvent(); }
  // Whether an event of this boot, sealed or not, has no receipt.
  bool hasUnsentOfBoot(std::uint32_t boot) const;
  EventStanding standing(std::uint64_t eventNumber) const;
  DeviceId device() const { return options_.device; }

  // All events in the journal, in order, opened. For the fold at start.
  Result<std::vector<visits::RecordedEvent>> readEvents();

 private:
  struct Statements;
  struct Pending;  // an unsealed event
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
