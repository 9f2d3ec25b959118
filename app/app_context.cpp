// SPDX-License-Identifier: Apache-2.0
#include "app/app_context.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <future>
#include <thread>
#include <utility>

#include "app/phone_folder.h"
#include "app/sync/grpc/enrolment_client.h"
#include "app/sync/grpc/grpc_transport.h"
#include "shared/core/mutex.h"

namespace doorstep::app {
namespace {

// Queued taps. A person makes two a second, a commit takes a few milliseconds.
constexpr std::size_t kTasksMax = 256;
// Interval at which the worker polls a clock that is not the system's.
constexpr std::int64_t kForeignClockLookMs = 50;
// Longest sleep of an idle worker; it is woken for everything that happens.
constexpr std::int64_t kLongestSleepMs = 60'000;

Error notUnlocked() {
  return {ErrorCode::FailedPrecondition, "NOT_UNLOCKED", "the phone is locked"};
}

}  // namespace

// The thread and everything it owns.
class AppContext::Worker final : public sync::TransportEvents {
 public:
  Worker(Options options, platform::Platform& platform);
  ~Worker() override;

  using Task = std::function<void()>;
  // False: the queue is full.
  bool post(Task task);
  std::shared_ptr<const Screens> screens() const;

  // --- on the worker ---
  Status enrol(const std::string& text, const std::string& pin);
  Status enrolAgain(const std::string& text);
  Status unlock(const std::string& pin);
  Status tryUnlock(const std::string& pin);
  void lock();
  void record(const recording::Intent& intent, const Recorded& done);
  void afterRecording(const recording::Intent& intent);
  void showVisit(VisitId visit);
  void engineEvent(const std::function<sync::Actions(sync::SyncEngine&)>& event);

  // --- from the transport's threads ---
  void onExchangeAnswered(std::uint64_t exchange,
                          doorstep::sync::v1::ExchangeResponse response) override;
  void onExchangeFailed(std::uint64_t exchange, Error error) override;
  void onWatchHinted(std::uint64_t watch, std::uint64_t newerPlanCursor) override;
  void onWatchEnded(std::uint64_t watch, Error error) override;

 private:
  void postAnyway(Task task);
  void run();
  std::chrono::milliseconds untilWake() const;
  Status open(const PhoneFolder::Unlocked& unlocked);
  PhoneFolder::EnrolCall enrolCall();
  void close();
  void carryOut(const sync::Actions& actions);
  void publish();

  const Options options_;
  platform::Platform& platform_;

  mutable Mutex mutex_;
  Condition posted_;
  std::deque<Task> tasks_ DOORSTEP_GUARDED_BY(mutex_);
  bool ending_ DOORSTEP_GUARDED_BY(mutex_) = false;
  // shared_ptr: the GUI thread reads these screens while the worker makes the next.
  std::shared_ptr<const Screens> screens_ DOORSTEP_GUARDED_BY(mutex_);

  // Used by the worker only.
  PhoneFolder folder_;
  Access access_ = Access::NotEnrolled;
  std::optional<PhoneFolder::Unlocked> unlocked_;  // with phone_
  std::unique_ptr<Phone> phone_;
  std::unique_ptr<sync::GrpcTransport> transport_;
  VisitId shownVisit_;
  std::optional<std::uint64_t> wakeBootMs_;
  bool changed_ = true;

  std::thread thread_;  // last: it uses all of the above
};

AppContext::Worker::Worker(Options options, platform::Platform& platform)
    : options_(std::move(options)),
      platform_(platform),
      screens_(std::make_shared<Screens>()),
      folder_(options_.folder, platform, options_.scryptCost) {
  access_ = folder_.access();
  publish();
  thread_ = std::thread([this] { run(); });
}

AppContext::Worker::~Worker() {
  {
    const MutexLock lock(mutex_);
    ending_ = true;
  }
  posted_.notifyAll();
  thread_.join();
  transport_.reset();  // ends its calls before their receiver is destroyed
}

bool AppContext::Worker::post(Task task) {
  {
    const MutexLock lock(mutex_);
    if (tasks_.size() >= kTasksMax)
      return false;
    tasks_.push_back(std::move(task));
  }
  posted_.notifyAll();
  return true;
}

// For answers: at most one exchange and one watch are outstanding, which bounds them.
void AppContext::Worker::postAnyway(Task task) {
  {
    const MutexLock lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  posted_.notifyAll();
}

std::shared_ptr<const Screens> AppContext::Worker::screens() const {
  const MutexLock lock(mutex_);
  return screens_;
}

void AppContext::Worker::run() {
  for (;;) {
    Task task;
    {
      const MutexLock lock(mutex_);
      const auto wake = Condition::deadlineIn(untilWake());
      while (tasks_.empty() && !ending_ && !changed_ && posted_.waitUntil(mutex_, wake)) {
      }
      if (ending_ && tasks_.empty())
        return;
      if (!tasks_.empty()) {
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
    }
    if (task)
      task();
    if (wakeBootMs_ && platform_.clock.bootMs() >= *wakeBootMs_) {
      wakeBootMs_.reset();
      engineEvent([](sync::SyncEngine& engine) { return engine.wake(); });
    }
    if (changed_)
      publish();
  }
}

std::chrono::milliseconds AppContext::Worker::untilWake() const {
  std::int64_t delayMs = kLongestSleepMs;
  if (wakeBootMs_) {
    const std::uint64_t now = platform_.clock.bootMs();
    delayMs = *wakeBootMs_ > now ? static_cast<std::int64_t>(*wakeBootMs_ - now) : 0;
  }
  const std::int64_t longest = options_.clockIsReal ? kLongestSleepMs : kForeignClockLookMs;
  return std::chrono::milliseconds(std::min(delayMs, longest));
}

Status AppContext::Worker::enrol(const std::string& text, const std::string& pin) {
  changed_ = true;
  if (phone_ && !phone_->awaitsCode())
    return enrolAgain(text);
  auto unlocked = folder_.enrol(text, pin, enrolCall());
  if (!unlocked.ok()) {
    access_ = folder_.access();
    return unlocked.error();
  }
  return open(*unlocked);
}

// The phone is closed meanwhile: its journal may have to be set aside.
Status AppContext::Worker::enrolAgain(const std::string& text) {
  const PhoneFolder::Unlocked before{unlocked_->dataKey, phone_->enrolment()};
  close();
  const auto again = folder_.enrolAgain(before, text, enrolCall());
  if (again.ok())
    return open(*again);
  // As before, or, when it was interrupted, as one that waits for the code.
  const bool isDevice = folder_.access() == Access::Locked;
  if (isDevice)
    (void)open(before);
  access_ = phone_ ? Access::Unlocked : folder_.access();
  return again.error();
}

PhoneFolder::EnrolCall AppContext::Worker::enrolCall() {
  return [this](const wire::EnrolmentOffer& offer, const sync::TlsApplicant& applicant) {
    return sync::enrol(offer, applicant, options_.deviceDescription, platform_);
  };
}

Status AppContext::Worker::unlock(const std::string& pin) {
  changed_ = true;
  if (phone_)
    return kDone;
  const Status opened = tryUnlock(pin);
  // The ended identity is set aside by now: the carer continues and is asked for a new code.
  if (!opened.ok() && opened.error().reason == "JOURNAL_DAMAGED" && folder_.canRecordMeanwhile())
    return tryUnlock(pin);
  return opened;
}

Status AppContext::Worker::tryUnlock(const std::string& pin) {
  auto unlocked = folder_.unlock(pin);
  if (!unlocked.ok()) {
    access_ = folder_.access();
    return unlocked.error();
  }
  return open(*unlocked);
}

Status AppContext::Worker::open(const PhoneFolder::Unlocked& unlocked) {
  auto phone = folder_.openPhone(unlocked, {});
  access_ = phone.ok() ? Access::Unlocked : folder_.access();
  if (!phone.ok())
    return phone.error();
  phone_ = std::move(phone).value();
  unlocked_ = unlocked;
  if (phone_->awaitsCode())
    return kDone;  // no device, so no server to talk to
  transport_ = std::make_unique<sync::GrpcTransport>(unlocked.enrolment, *this);
  engineEvent([](sync::SyncEngine& engine) { return engine.start(); });
  return kDone;
}

void AppContext::Worker::close() {
  engineEvent([](sync::SyncEngine& engine) { return engine.stop(); });
  transport_.reset();
  phone_.reset();
  unlocked_.reset();
  wakeBootMs_.reset();
}

void AppContext::Worker::lock() {
  if (!phone_)
    return;
  close();
  shownVisit_ = VisitId();
  access_ = folder_.access();
  changed_ = true;
}

void AppContext::Worker::record(const recording::Intent& intent, const Recorded& done) {
  if (!phone_) {
    done(notUnlocked());
    return;
  }
  auto recorded = phone_->record(intent);
  const bool durable = recorded.ok();
  if (durable)
    publish();  // the screen is updated before signing and sending
  done(std::move(recorded));
  if (durable)
    afterRecording(intent);
}

void AppContext::Worker::afterRecording(const recording::Intent& intent) {
  const sync::Actions actions = phone_->afterRecording(intent);
  if (phone_->awaitsCode())
    changed_ = true;
  else
    carryOut(actions);
}

void AppContext::Worker::showVisit(VisitId visit) {
  shownVisit_ = visit;
  changed_ = true;
}

void AppContext::Worker::engineEvent(const std::function<sync::Actions(sync::SyncEngine&)>& event) {
  if (phone_ && !phone_->awaitsCode())
    carryOut(event(phone_->engine()));
}

void AppContext::Worker::carryOut(const sync::Actions& actions) {
  const sync::OwnerActions left = sync::carryOut(actions, *transport_);
  if (left.wakeBootMs)
    wakeBootMs_ = left.wakeBootMs;
  changed_ = changed_ || left.screensChanged;
}

void AppContext::Worker::publish() {
  changed_ = false;
  auto made = std::make_shared<Screens>();
  made->access = access_;
  made->pinWaitMs = phone_ ? 0 : folder_.pinWaitMs();
  made->canRecordMeanwhile = !phone_ && folder_.canRecordMeanwhile();
  if (phone_) {
    made->round = phone_->round();
    if (shownVisit_)
      made->visit = phone_->visit(shownVisit_);
    made->office = phone_->office();
  }
  {
    const MutexLock lock(mutex_);
    screens_ = std::move(made);
  }
  if (options_.onChanged)
    options_.onChanged();
}

void AppContext::Worker::onExchangeAnswered(std::uint64_t exchange,
                                            doorstep::sync::v1::ExchangeResponse response) {
  postAnyway([this, exchange, response = std::move(response)] {
    engineEvent(
        [&](sync::SyncEngine& engine) { return engine.exchangeAnswered(exchange, response); });
  });
}

void AppContext::Worker::onExchangeFailed(std::uint64_t exchange, Error error) {
  postAnyway([this, exchange, error = std::move(error)] {
    engineEvent([&](sync::SyncEngine& engine) { return engine.exchangeFailed(exchange, error); });
  });
}

void AppContext::Worker::onWatchHinted(std::uint64_t watch, std::uint64_t newerPlanCursor) {
  postAnyway([this, watch, newerPlanCursor] {
    engineEvent(
        [&](sync::SyncEngine& engine) { return engine.watchHinted(watch, newerPlanCursor); });
  });
}

void AppContext::Worker::onWatchEnded(std::uint64_t watch, Error error) {
  postAnyway([this, watch, error = std::move(error)] {
    engineEvent([&](sync::SyncEngine& engine) { return engine.watchEnded(watch, error); });
  });
}

AppContext::AppContext(Options options, platform::Platform& platform)
    : worker_(std::make_unique<Worker>(std::move(options), platform)) {}
AppContext::~AppContext() = default;

namespace {

Error queueFull() { return {ErrorCode::ResourceExhausted, "QUEUE_FULL", "the worker is behind"}; }

}  // namespace

void AppContext::enrol(std::string text, std::string pin, const Done& done) {
  const auto task = [worker = worker_.get(), text = std::move(text), pin = std::move(pin), done] {
    done(worker->enrol(text, pin));
  };
  if (!worker_->post(task))
    done(queueFull());
}

void AppContext::unlock(std::string pin, const Done& done) {
  if (!worker_->post(
          [worker = worker_.get(), pin = std::move(pin), done] { done(worker->unlock(pin)); }))
    done(queueFull());
}

void AppContext::lock() {
  (void)worker_->post([worker = worker_.get()] { worker->lock(); });
}

void AppContext::record(recording::Intent intent, const Recorded& done) {
  const auto task = [worker = worker_.get(), intent = std::move(intent), done] {
    worker->record(intent, done);
  };
  if (!worker_->post(task))
    done(queueFull());
}

void AppContext::showVisit(VisitId visit) {
  (void)worker_->post([worker = worker_.get(), visit] { worker->showVisit(visit); });
}

std::shared_ptr<const Screens> AppContext::screens() const { return worker_->screens(); }

void AppContext::syncNow() {
  (void)worker_->post([worker = worker_.get()] {
    worker->engineEvent([](sync::SyncEngine& engine) { return engine.syncNow(); });
  });
}

void AppContext::networkChanged(bool up) {
  (void)worker_->post([worker = worker_.get(), up] {
    worker->engineEvent([up](sync::SyncEngine& engine) { return engine.networkChanged(up); });
  });
}

void AppContext::settle() {
  std::promise<void> done;
  if (worker_->post([&done] { done.set_value(); }))
    done.get_future().wait();
}

}  // namespace doorstep::app
