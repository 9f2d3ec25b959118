// SPDX-License-Identifier: Apache-2.0
#include "sync-server/monitoring/live_boards.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "sync-server/monitoring/tuning.h"
#include "sync-server/roster/plan_pull.h"

namespace doorstep::monitoring {

LiveBoards::LiveBoards(storage::Storage& storage, roster::PlanFeed& plans, const Clock& clock,
                       IdSource& ids)
    : storage_(storage), plans_(plans), clock_(clock), ids_(ids), signBootMs_(clock.bootMs()) {
  planWatch_ = plans_.watch([this](ProviderId provider, std::uint64_t,
                                   const roster::ConcernedCarers&) { planChanged(provider); });
  thread_ = std::thread([this] { run(); });
}

LiveBoards::~LiveBoards() { stop(); }

void LiveBoards::stop() {
  {
    const MutexLock lock(inboxMutex_);
    if (stopping_)
      return;
    stopping_ = true;
  }
  plans_.unwatch(planWatch_);
  wake_.notifyAll();
  thread_.join();
  for (const auto& board : boards())
    board->feed().close();
}

Result<BoardAnswer> LiveBoards::page(ProviderId provider, const std::string& day,
                                     const std::optional<BoardKey>& after, std::size_t size) {
  DOORSTEP_ASSIGN(const auto board, open(provider, day));
  const MutexLock lock(board->mutex_);
  return BoardAnswer{board->content_->board.page(after, size), board->feed().revision(),
                     board->content_->providerName, board->content_->board.lateAlerts()};
}

Result<std::shared_ptr<LiveBoard>> LiveBoards::open(ProviderId provider, const std::string& day) {
  DOORSTEP_ASSIGN(const DayBounds bounds, londonDayBounds(day));
  bool mustLoad = false;
  DOORSTEP_ASSIGN(auto board, find({provider, bounds.beginUnixMs}, bounds, mustLoad));
  if (mustLoad)
    load(*board);
  const MutexLock lock(board->mutex_);
  while (board->stage_ == LiveBoard::Stage::Loading)
    board->loaded_.wait(board->mutex_);
  if (board->stage_ == LiveBoard::Stage::Failed)
    return board->failure_;
  goOverMidnight(*board, clock_.wallUnixMs());
  return board;
}

Result<std::shared_ptr<LiveBoard>> LiveBoards::find(const Address& address, const DayBounds& day,
                                                    bool& mustLoad) {
  const MutexLock lock(boardsMutex_);
  if (hasStopped())
    return Error{ErrorCode::Unavailable, "SERVER_STOPPING", "no board is opened any more"};
  Place& place = boards_[address];
  if (place.board == nullptr) {
    if (boards_.size() > kLiveBoardsMax && !makeRoom()) {
      boards_.erase(address);
      return Error{ErrorCode::ResourceExhausted, "TOO_MANY_BOARDS",
                   "all boards in memory are being watched"};
    }
    place.board = std::make_shared<LiveBoard>(address.first, day, firstRevision());
    mustLoad = true;
    // Before the database is read: no later change is missed.
    const MutexLock inboxLock(inboxMutex_);
    ++liveProviders_[address.first];
  }
  place.usedUnixMs = clock_.wallUnixMs();
  return place.board;
}

bool LiveBoards::hasStopped() {
  const MutexLock lock(inboxMutex_);
  return stopping_;
}

// Larger than any revision of an earlier run: a board changes about twenty times a second, and each
// millisecond has a million numbers. The lower part is random, because the clock may repeat.
std::uint64_t LiveBoards::firstRevision() {
  constexpr int kRandomBits = 20;
  std::array<std::uint8_t, 4> random{};
  ids_.fillRandom(random);
  const std::uint32_t low =
      std::uint32_t{random[0]} << 16 | std::uint32_t{random[1]} << 8 | random[2];
  return static_cast<std::uint64_t>(clock_.wallUnixMs()) << kRandomBits |
         (low & ((1U << kRandomBits) - 1));
}

bool LiveBoards::makeRoom() {
  auto oldest = boards_.end();
  for (auto at = boards_.begin(); at != boards_.end(); ++at) {
    const bool idle = at->second.board != nullptr && at->second.board.use_count() == 1;
    if (idle && (oldest == boards_.end() || at->second.usedUnixMs < oldest->second.usedUnixMs))
      oldest = at;
  }
  if (oldest == boards_.end())
    return false;
  forget(*oldest->second.board);
  boards_.erase(oldest);
  return true;
}

void LiveBoards::forget(const LiveBoard& board) {
  const MutexLock lock(inboxMutex_);
  const auto provider = liveProviders_.find(board.provider_);
  if (--provider->second == 0)
    liveProviders_.erase(provider);
}

void LiveBoards::load(LiveBoard& board) {
  const std::int64_t now = clock_.wallUnixMs();
  Result<LoadedBoard> loaded = loadBoard(storage_.read(), board.provider_, board.day_, now);
  if (!loaded.ok()) {
    const MutexLock boardsLock(boardsMutex_);
    forget(board);
    boards_.erase({board.provider_, board.day_.beginUnixMs});
  }
  const MutexLock lock(board.mutex_);
  if (loaded.ok()) {
    board.content_ = std::move(loaded).value();
    for (const auto& [carer, phone] : board.earlyPhones_)
      board.content_->board.putPhone(carer, phone, now);
    for (const auto& [key, record] : board.earlyRecords_)
      applyRecord(board, record, now);
    board.stage_ = LiveBoard::Stage::Ready;
    if (board.earlyPlan_)
      planChanged(board.provider_);
  } else {
    board.failure_ = loaded.error();
    board.stage_ = LiveBoard::Stage::Failed;
  }
  board.earlyPhones_.clear();
  board.earlyRecords_.clear();
  board.loaded_.notifyAll();
}

void LiveBoards::attendancesChanged(std::span<const projections::AttendanceRecord> records) {
  bool any = false;
  {
    const MutexLock lock(inboxMutex_);
    for (const projections::AttendanceRecord& record : records) {
      if (stopping_ || !liveProviders_.contains(record.provider))
        continue;
      inbox_.records.insert_or_assign({record.provider, {record.visit, record.carer}}, record);
      any = true;
    }
  }
  if (any)
    wake_.notifyOne();
}

void LiveBoards::heard(std::span<const event_log::DeviceContact> contacts) {
  bool any = false;
  {
    const MutexLock lock(inboxMutex_);
    for (const event_log::DeviceContact& contact : contacts) {
      if (stopping_ || !liveProviders_.contains(contact.provider))
        continue;
      inbox_.contacts.insert_or_assign({contact.provider, contact.carer}, contact);
      any = true;
    }
  }
  if (any)
    wake_.notifyOne();
}

void LiveBoards::planChanged(ProviderId provider) {
  {
    const MutexLock lock(inboxMutex_);
    if (!liveProviders_.contains(provider))
      return;
    inbox_.plans.insert(provider);
  }
  wake_.notifyOne();
}

void LiveBoards::run() {
  bool publishedJustNow = false;
  while (waitForWork(publishedJustNow))
    publishedJustNow = work();
}

// False: the thread must end.
bool LiveBoards::waitForWork(bool publishedJustNow) {
  const MutexLock lock(inboxMutex_);
  // More changes are likely to follow: publish them together.
  const auto together = Condition::deadlineIn(kPublishInterval);
  while (publishedJustNow && !stopping_ && wake_.waitUntil(inboxMutex_, together)) {
  }
  const auto timer = Condition::deadlineIn(kTimerStep);
  while (!stopping_ && inbox_.empty() && wake_.waitUntil(inboxMutex_, timer)) {
  }
  return !stopping_;
}

bool LiveBoards::work() {
  Inbox inbox;
  {
    const MutexLock lock(inboxMutex_);
    inbox = std::exchange(inbox_, {});
  }
  inbox.plans.merge(plansToRetry_);
  plansToRetry_.clear();
  resolvePhones(inbox);
  const std::int64_t now = clock_.wallUnixMs();
  const Boards live = boards();
  bool published = false;
  for (const auto& board : live) {
    const MutexLock lock(board->mutex_);
    apply(*board, inbox, now);
    if (board->stage_ == LiveBoard::Stage::Ready)
      published = publish(*board, now) || published;
  }
  sendSignsOfLife(live, now);
  return published;
}

// Reads which plan version a phone has when its cursor has moved, not at each contact.
void LiveBoards::resolvePhones(const Inbox& inbox) {
  if (inbox.contacts.empty())
    return;
  const storage::ReadLease database = storage_.read();
  for (const auto& [key, contact] : inbox.contacts) {
    KnownPhone& known = phones_[key];
    known.phone.heardUnixMs = contact.heardUnixMs;
    if (known.cursor == contact.planCursor && known.phone.planVersion != 0)
      continue;
    const auto version =
        roster::heldPlanVersion(database, key.first, key.second, contact.planCursor);
    if (!version.ok())
      continue;  // retried at the next contact; until then the phone counts as behind
    known.cursor = contact.planCursor;
    known.phone.planVersion = *version;
  }
}

void LiveBoards::apply(LiveBoard& board, const Inbox& inbox, std::int64_t nowUnixMs) {
  const bool ready = board.stage_ == LiveBoard::Stage::Ready;
  const ProviderId provider = board.provider_;
  if (inbox.plans.contains(provider)) {
    if (ready)
      applyPlan(board, nowUnixMs);
    else
      board.earlyPlan_ = true;
  }
  for (auto at = inbox.contacts.lower_bound({provider, CarerId{}});
       at != inbox.contacts.end() && at->first.first == provider; ++at) {
    const CarerPhone& phone = phones_[at->first].phone;
    if (ready)
      board.content_->board.putPhone(at->first.second, phone, nowUnixMs);
    else
      board.earlyPhones_[at->first.second] = phone;
  }
  for (auto at = inbox.records.lower_bound({provider, {}});
       at != inbox.records.end() && at->first.first == provider; ++at) {
    if (ready)
      applyRecord(board, at->second, nowUnixMs);
    else
      board.earlyRecords_.insert_or_assign(at->first.second, at->second);
  }
}

void LiveBoards::applyRecord(LiveBoard& board, const projections::AttendanceRecord& record,
                             std::int64_t nowUnixMs) {
  LoadedBoard& content = *board.content_;
  // A visit of another day that a carer has begun: its plan was moved, or it begins after midnight.
  // If storage fails now, it is read when the board is opened again.
  if (content.carriesOver && !content.board.holds(record.visit) && isOpenRecord(record))
    (void)carryBegun(storage_.read(), board.provider_, record.visit, nowUnixMs, content);
  content.board.putAttendance(record, nowUnixMs);
}

void LiveBoards::goOverMidnight(LiveBoard& board, std::int64_t nowUnixMs) {
  LoadedBoard& content = *board.content_;
  if (!content.carriesOver && isToday(board.day_, nowUnixMs) &&
      !carryOver(storage_.read(), board.provider_, board.day_, nowUnixMs, content).ok())
    content.carriesOver = false;  // retried at the next timer step
  if (dropPassed(nowUnixMs, content))
    board.feed().resetAll();
}

void LiveBoards::applyPlan(LiveBoard& board, std::int64_t nowUnixMs) {
  const auto left =
      refreshPlan(storage_.read(), board.provider_, board.day_, nowUnixMs, *board.content_);
  if (!left.ok())
    plansToRetry_.insert(board.provider_);
  else if (*left)
    board.feed().resetAll();
}

bool LiveBoards::publish(LiveBoard& board, std::int64_t nowUnixMs) {
  goOverMidnight(board, nowUnixMs);
  board.content_->board.advance(nowUnixMs);
  const std::vector<const v1::BoardRow*> rows = board.content_->board.takeChanged();
  for (std::size_t from = 0; from < rows.size(); from += kRowsPerChangeMax) {
    v1::WatchBoardResponse change;
    change.set_revision(board.feed().revision() + 1);
    change.set_server_time_unix_ms(nowUnixMs);
    for (std::size_t at = from; at < std::min(rows.size(), from + kRowsPerChangeMax); ++at)
      *change.add_rows() = *rows[at];
    board.feed().publish(change.SerializeAsString());
  }
  return !rows.empty();
}

void LiveBoards::sendSignsOfLife(const Boards& live, std::int64_t nowUnixMs) {
  const std::uint64_t bootMs = clock_.bootMs();
  const std::chrono::milliseconds interval = kSignOfLifeInterval;
  if (bootMs - signBootMs_ < static_cast<std::uint64_t>(interval.count()))
    return;
  signBootMs_ = bootMs;
  for (const auto& board : live) {
    v1::WatchBoardResponse sign;
    sign.set_revision(board->feed().revision());
    sign.set_server_time_unix_ms(nowUnixMs);
    board->feed().signOfLife(sign.SerializeAsString());
  }
}

LiveBoards::Boards LiveBoards::boards() {
  const MutexLock lock(boardsMutex_);
  Boards found;
  for (const auto& [address, place] : boards_)
    found.push_back(place.board);
  return found;
}

}  // namespace doorstep::monitoring
