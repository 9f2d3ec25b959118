// SPDX-License-Identifier: Apache-2.0
#include "app/journal/journal.h"

#include <algorithm>
#include <array>

#include "app/journal/event_row.h"
#include "app/journal/statements.h"
#include "app/journal/tuning.h"
#include "shared/crypto/sha256.h"
#include "shared/evidence/entry_chain.h"
#include "shared/visits/limits.h"
#include "shared/wire/entry_codec.h"

namespace doorstep::journal {
namespace {

constexpr std::size_t kRootPrefixBytes = 16;
constexpr std::size_t kSignatureBytes = 64;

}  // namespace

Journal::~Journal() = default;

Result<visits::RecordedEvent> Journal::append(VisitId visit, visits::Fact fact,
                                              const KeptPlan* plan) {
  visits::RecordedEvent recorded;
  recorded.device = options_.device;
  recorded.boot = platform_.clock.boot();
  recorded.event.number = lastEvent_ + 1;
  recorded.event.visit = visit;
  recorded.event.wallUnixMs = platform_.clock.wallUnixMs();
  recorded.event.bootMs = platform_.clock.bootMs();
  if (recorded.boot == lastBoot_)  // a clock that runs back must not prevent recording
    recorded.event.bootMs = std::max(recorded.event.bootMs, lastBootMs_);
  recorded.event.fact = std::move(fact);

  // Without a plan, one statement outside a transaction: SQLite commits it durably.
  std::optional<sql::Transaction> transaction;
  if (plan != nullptr) {
    DOORSTEP_ASSIGN(auto begun, sql::Transaction::begin(database_));
    transaction.emplace(std::move(begun));
    DOORSTEP_TRY(writeKeptPlan(visit, *plan));
  }
  DOORSTEP_TRY(insert(recorded));
  if (transaction) {
    DOORSTEP_TRY(transaction->commit());
    keptPlans_[visit] = *plan;
  }
  lastEvent_ = recorded.event.number;
  lastBoot_ = recorded.boot;
  lastBootMs_ = recorded.event.bootMs;
  writeHead();
  return recorded;
}

Status Journal::insert(const visits::RecordedEvent& recorded) {
  const std::uint64_t number = recorded.event.number;
  const std::string sealed =
      crypto::seal(options_.key, rowContext("event", options_.device, number),
                   encodeEventAlone(recorded), platform_.ids);
  statements_->insertEvent.bindId(0, number)
      .bind(1, recorded.boot)
      .bindId(2, recorded.event.bootMs)
      .bindBlob(3, sealed);
  return statements_->insertEvent.run();
}

Result<std::vector<Journal::Pending>> Journal::readPending() {
  std::vector<Pending> pending;
  auto& statement = statements_->pendingEvents;
  statement.bindId(0, lastSealedEvent());
  for (;;) {
    auto row = statement.step();
    if (!row.ok() || !*row) {
      statement.reset();
      if (!row.ok())
        return row.error();
      return pending;
    }
    const std::string sealed = statement.columnBlob(1);
    auto event = openEventRow(options_.key, options_.device, statement.columnId(0), sealed);
    if (!event.ok()) {
      statement.reset();
      return event.error();
    }
    pending.push_back({std::move(event).value(), sealed.size()});
  }
}

Result<std::size_t> Journal::seal(std::uint64_t planVersion) {
  if (unsealedEvents() == 0)
    return std::size_t{0};
  DOORSTEP_ASSIGN(const std::vector<Pending> pending, readPending());
  DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(database_));
  std::vector<EntryStanding> made;
  Status failure = kDone;
  for (std::size_t begin = 0; begin < pending.size() && failure.ok();) {
    std::size_t end = begin + 1;
    std::size_t bytes = pending[begin].bytes;
    while (end < pending.size() && end - begin < visits::kEventsPerEntryMax &&
           pending[end].event.boot == pending[begin].event.boot &&
           wire::followsInEntry(pending[end - 1].event.event, pending[end].event.event) &&
           bytes + pending[end].bytes <= kEntryEventBytesMax)
      bytes += pending[end++].bytes;
    auto entry = writeEntry(std::span(pending).subspan(begin, end - begin), planVersion);
    if (entry.ok()) {
      made.push_back(*entry);
      entries_.push_back(std::move(entry).value());  // the next entry in this loop chains to it
    } else {
      failure = entry.error();
    }
    begin = end;
  }
  if (failure.ok())
    failure = transaction.commit();
  if (!failure.ok()) {
    entries_.erase(entries_.end() - static_cast<std::ptrdiff_t>(made.size()), entries_.end());
    return failure.error();
  }
  writeHead();
  head_.sync();
  return made.size();
}

Result<EntryStanding> Journal::writeEntry(std::span<const Pending> pending,
                                          std::uint64_t planVersion) {
  visits::Entry entry;
  entry.n = lastEntry() + 1;
  if (!entries_.empty())
    entry.previousHash = entries_.back().hash;
  std::array<std::uint8_t, evidence::kSaltBytes> salt{};
  platform_.ids.fillRandom(salt);
  entry.salt.assign(salt.begin(), salt.end());
  entry.checkpointSize = syncState_.frontier.size();
  if (entry.checkpointSize > 0)
    entry.checkpointRootPrefix = syncState_.frontier.root().view().substr(0, kRootPrefixBytes);
  entry.planVersion = planVersion;
  entry.boot = pending.front().event.boot;
  for (const Pending& one : pending)
    entry.events.push_back(one.event.event);
  std::string encoded = wire::encodeEntry(entry);
  DOORSTEP_ASSIGN(const std::string message, wire::messageToSign(options_.device, encoded));
  DOORSTEP_ASSIGN(const std::string signature, platform_.signer.sign(message));
  if (signature.size() != kSignatureBytes)  // the key store is external
    return Error{ErrorCode::Unavailable, "SIGNATURE_SHAPE", "the key store gave no signature"};

  EntryStanding standing{entry.n,
                         pending.front().event.event.number,
                         static_cast<std::uint32_t>(pending.size()),
                         entry.boot,
                         crypto::sha256(message),
                         std::nullopt};
  const std::string sealed =
      crypto::seal(options_.key, rowContext("entry", options_.device, entry.n),
                   wire::withSignature(std::move(encoded), signature), platform_.ids);
  statements_->insertEntry.bindId(0, standing.n)
      .bindId(1, standing.firstEvent)
      .bind(2, standing.eventCount)
      .bind(3, standing.boot)
      .bindBlob(4, standing.hash.view())
      .bindBlob(5, sealed);
  DOORSTEP_TRY(statements_->insertEntry.run());
  return standing;
}

Result<std::vector<SignedEntryBytes>> Journal::entriesFrom(std::uint64_t from, Which which,
                                                           std::size_t countMax,
                                                           std::size_t bytesMax,
                                                           const std::set<std::uint64_t>& but) {
  std::vector<SignedEntryBytes> found;
  std::size_t bytes = 0;
  const std::uint64_t first = entries_.empty() ? 1 : entries_.front().n;
  for (std::uint64_t n = std::max(from, first); n <= lastEntry() && found.size() < countMax; ++n) {
    if ((which == Which::WithoutReceipt && entry(n)->receipt) || but.contains(n))
      continue;
    auto& statement = statements_->entryContent;
    statement.bindId(0, n);
    const auto row = statement.step();
    const std::string sealed = row.ok() && *row ? statement.columnBlob(0) : std::string();
    statement.reset();
    if (!row.ok())
      return row.error();
    DOORSTEP_ASSIGN(std::string content,
                    crypto::open(options_.key, rowContext("entry", options_.device, n), sealed));
    bytes += content.size();
    if (!found.empty() && bytes > bytesMax)
      break;
    found.push_back({n, std::move(content)});
  }
  return found;
}

Status Journal::recordExchange(const std::vector<Receipt>& receipts, const SyncState& state,
                               std::optional<std::uint64_t> heldN) {
  DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(database_));
  if (heldN) {
    DOORSTEP_ASSIGN(auto forget, database_.prepare("DELETE FROM receipt WHERE n > ?"));
    DOORSTEP_TRY(forget.bindId(0, *heldN).run());
  }
  for (const Receipt& receipt : receipts) {
    auto& insert = statements_->insertReceipt;
    insert.bindId(0, receipt.n)
        .bind(2, receipt.quarantineReason)
        .bind(3, receipt.serverUnixMs)
        .bind(4, receipt.receivedUnixMs);
    if (receipt.position)
      insert.bindId(1, *receipt.position);
    DOORSTEP_TRY(insert.run());
  }
  DOORSTEP_TRY(writeSyncState(state));
  DOORSTEP_TRY(transaction.commit());

  syncState_ = state;
  if (heldN) {
    for (EntryStanding& standing : entries_) {
      if (standing.n > *heldN)
        standing.receipt.reset();
    }
    firstWithoutReceipt_ = entries_.empty() ? 1 : entries_.front().n;
  }
  for (const Receipt& receipt : receipts) {
    if (entry(receipt.n) != nullptr)
      entries_[receipt.n - entries_.front().n].receipt = receipt;
  }
  advanceFirstWithoutReceipt();
  return kDone;
}

Status Journal::writeSyncState(const SyncState& state) {
  std::string frontier;
  for (const Hash& hash : state.frontier.hashes())
    frontier += hash.view();
  auto& write = statements_->writeState;
  write.bindId(0, state.frontier.size())
      .bindBlob(1, frontier)
      .bindText(2, state.checkpointNote)
      .bindText(3, state.contradictedCheckpoint)
      .bind(4, state.logContradicted ? 1 : 0)
      .bind(5, state.replyBoot)
      .bindId(6, state.replyBootMs)
      .bind(7, state.replyServerUnixMs);
  if (state.replyWallUnixMs)
    write.bind(8, *state.replyWallUnixMs);
  write.bindBlob(9, state.formatsHeard);
  return write.run();
}

Result<std::size_t> Journal::compact(std::int64_t nowServerUnixMs) {
  std::uint64_t upTo = 0;  // the last entry stays: chain and numbers continue from it
  for (std::size_t i = 0; i + 1 < entries_.size() && i < kCompactedEntriesMax; ++i) {
    const auto& receipt = entries_[i].receipt;
    // An entry outside the server's log has no other proof than this copy: it stays.
    if (!receipt || !receipt->position || nowServerUnixMs - receipt->serverUnixMs < kRetentionMs)
      break;
    upTo = entries_[i].n;
  }
  if (upTo == 0)
    return std::size_t{0};
  const std::uint64_t lastEvent = entry(upTo)->lastEvent();
  DOORSTEP_ASSIGN(auto transaction, sql::Transaction::begin(database_));
  DOORSTEP_ASSIGN(auto events, database_.prepare("DELETE FROM event WHERE number <= ?"));
  DOORSTEP_TRY(events.bindId(0, lastEvent).run());
  DOORSTEP_ASSIGN(auto entries, database_.prepare("DELETE FROM entry WHERE n <= ?"));
  DOORSTEP_TRY(entries.bindId(0, upTo).run());
  DOORSTEP_ASSIGN(auto receipts, database_.prepare("DELETE FROM receipt WHERE n <= ?"));
  DOORSTEP_TRY(receipts.bindId(0, upTo).run());
  DOORSTEP_TRY(transaction.commit());
  std::size_t removed = 0;
  while (!entries_.empty() && entries_.front().n <= upTo) {
    entries_.pop_front();
    ++removed;
  }
  return removed;
}

const EntryStanding* Journal::entry(std::uint64_t n) const {
  if (entries_.empty() || n < entries_.front().n || n > entries_.back().n)
    return nullptr;
  return &entries_[n - entries_.front().n];
}

bool Journal::hasUnsentOfBoot(std::uint32_t boot) const {
  if (unsealedEvents() > 0 && lastBoot_ == boot)
    return true;
  return std::any_of(entries_.rbegin(), entries_.rend(), [&](const EntryStanding& standing) {
    return standing.boot == boot && !standing.receipt;
  });
}

EventStanding Journal::standing(std::uint64_t eventNumber) const {
  const auto after = std::upper_bound(entries_.begin(), entries_.end(), eventNumber,
                                      [](std::uint64_t number, const EntryStanding& standing) {
                                        return number < standing.firstEvent;
                                      });
  if (after == entries_.begin())  // removed earlier, with a receipt
    return entries_.empty() ? EventStanding::OnThisPhone : EventStanding::AtTheOffice;
  if (eventNumber > std::prev(after)->lastEvent())
    return EventStanding::OnThisPhone;
  const auto& receipt = std::prev(after)->receipt;
  if (!receipt)
    return EventStanding::OnThisPhone;
  return receipt->quarantineReason == 0 ? EventStanding::AtTheOffice
                                        : EventStanding::OfficeMustLook;
}

void Journal::advanceFirstWithoutReceipt() {
  while (firstWithoutReceipt_ <= lastEntry()) {
    const EntryStanding* standing = entry(firstWithoutReceipt_);
    if (standing != nullptr && !standing->receipt)
      return;
    ++firstWithoutReceipt_;
  }
}

}  // namespace doorstep::journal
