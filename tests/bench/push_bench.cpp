// SPDX-License-Identifier: Apache-2.0
// How many events a second phones push over mutual TLS into the SQLite log, durable and receipted.
// The server is a process of its own; phones share its cores. Entries are signed before the clock
// starts, as phones have signed them long ago; receipts are not verified here, which is the phones'
// work too.
#include <absl/synchronization/mutex.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <set>
#include <vector>

#include "shared/core/mutex.h"
#include "tests/bench/percentiles.h"
#include "tests/bench/push_floors.h"
#include "tests/support/sync_client.h"

namespace doorstep::bench {
namespace {

namespace pb = doorstep::sync::v1;

struct Load {
  std::size_t phones = 1;
  std::size_t eventsPerEntry = 12;
  std::size_t entriesPerExchange = 1;
  std::size_t entries = 1'000;  // of all phones
};

struct Totals {
  Percentiles latencyUs;
  std::set<std::uint64_t> checkpoints;  // sizes that were signed: one a commit
  std::size_t failures = 0;
  std::string firstFailure;
};

// What all phones of a run report to.
class Run {
 public:
  explicit Run(std::size_t phones) : phonesLeft_(phones) {}

  void accepted(double us, std::uint64_t logSize) {
    const MutexLock lock(mutex_);
    totals_.latencyUs.add(us);
    totals_.checkpoints.insert(logSize);
  }
  void failed(double us, const std::string& how) {
    const MutexLock lock(mutex_);
    totals_.latencyUs.add(us);
    if (totals_.failures++ == 0)
      totals_.firstFailure = how;
  }
  void phoneEnded() {
    const MutexLock lock(mutex_);
    if (--phonesLeft_ == 0)
      ended_.notifyAll();
  }
  void waitForAll() {
    const MutexLock lock(mutex_);
    while (phonesLeft_ > 0)
      ended_.wait(mutex_);
  }
  Totals totals() {
    const MutexLock lock(mutex_);
    return totals_;
  }

 private:
  Mutex mutex_;
  Condition ended_;
  std::size_t phonesLeft_ DOORSTEP_GUARDED_BY(mutex_);
  Totals totals_ DOORSTEP_GUARDED_BY(mutex_);
};

// A phone with its journal full, one exchange outstanding at a time.
class PushingPhone {
 public:
  // visit: the first of its carer's visits; the next ones follow at a distance of load.phones.
  PushingPhone(support::TestServer& server, support::EnrolledPhone phone, std::size_t visit,
               const Load& load, std::size_t exchanges, Run& run)
      : client_(server, &phone), run_(run) {
    std::size_t recorded = 0;
    for (std::size_t i = 0; i < exchanges; ++i) {
      auto& request = requests_.emplace_back();
      doorstep::sync::v1::ClockReading clock;
      clock.set_boot(1);
      clock.set_sent_boot_ms(1'000 + i);
      request.set_clock(clock.SerializeAsString());
      for (std::size_t k = 0; k < load.entriesPerExchange; ++k) {
        // Twelve events a visit, as a visit has them.
        const auto sealed = phone.signer.record(
            server.visit(visit + recorded++ * load.eventsPerEntry / 12 * load.phones),
            load.eventsPerEntry);
        request.add_entries(sealed.bytes);
        entryBytes_ = sealed.bytes.size();
      }
    }
  }
  // Connects and takes the plan, so that the run measures neither.
  void warmUp() {
    pb::ExchangeRequest request;
    while (true) {
      request.set_plan_cursor(planCursor_);
      const auto answer = client_.exchange(request);
      if (!answer.status.ok())
        fmt::print(stderr, "exchange: {} {}\n", answer.reason, answer.status.error_message());
      DOORSTEP_CHECK(answer.status.ok());
      if (!answer.response.has_plan())
        return;
      planCursor_ = answer.response.plan().next_cursor();
    }
  }
  void sendNext() {
    if (next_ == requests_.size())
      return run_.phoneEnded();
    auto& request = requests_[next_++];
    request.set_plan_cursor(planCursor_);
    request.set_held_log_size(heldLogSize_);
    context_ = std::make_unique<grpc::ClientContext>();
    response_.Clear();
    sent_ = Stopwatch();
    client_.stub().async()->Exchange(context_.get(), &request, &response_,
                                     [this](const grpc::Status& status) { answered(status); });
  }
  std::size_t entryBytes() const { return entryBytes_; }

 private:
  void answered(const grpc::Status& status) {
    const double us = sent_.us();
    const bool accepted =
        status.ok() &&
        response_.verdicts(response_.verdicts_size() - 1).verdict() == pb::VERDICT_ACCEPTED;
    if (accepted)
      run_.accepted(us, response_.log().size());
    else
      run_.failed(us, describe(status));
    heldLogSize_ = response_.log().size();
    sendNext();
  }
  std::string describe(const grpc::Status& status) const {
    if (!status.ok())
      return fmt::format("status {}: {}", static_cast<int>(status.error_code()),
                         status.error_message());
    return response_.verdicts(response_.verdicts_size() - 1).ShortDebugString();
  }

  support::SyncClient client_;
  Run& run_;
  std::vector<pb::ExchangeRequest> requests_;
  std::size_t next_ = 0;
  std::size_t entryBytes_ = 0;
  std::uint64_t planCursor_ = 0;
  std::uint64_t heldLogSize_ = 0;
  std::unique_ptr<grpc::ClientContext> context_;
  pb::ExchangeResponse response_;
  Stopwatch sent_;
};

double cpuSeconds(pid_t process) {
  std::ifstream stat("/proc/" + std::to_string(process) + "/stat");
  std::string field;
  double ticks = 0;
  for (int i = 1; stat >> field && i <= 15; ++i)
    if (i >= 14)
      ticks += std::stod(field);
  return ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
}

void printHeader() {
  fmt::print("{:>6} {:>7} {:>8} {:>9} {:>9} {:>8} {:>8} {:>8} {:>10} {:>11} {:>11}\n", "phones",
             "ev/entry", "ent/exch", "events/s", "entries/s", "p50 ms", "p99 ms", "ent/com.",
             "CPU us/ev", "SQLite ev/s", "append ev/s");
}

void measure(const Load& load) {
  const std::size_t exchanges =
      std::max<std::size_t>(1, load.entries / load.phones / load.entriesPerExchange);
  const std::size_t visits =
      exchanges * load.entriesPerExchange * load.phones * load.eventsPerEntry / 12 + load.phones;
  support::TestServer server(
      {.carers = static_cast<int>(load.phones), .visits = static_cast<int>(visits)});
  std::vector<support::EnrolledPhone> enrolled = server.enrolAll();
  server.start();
  Run run(enrolled.size());
  std::vector<std::unique_ptr<PushingPhone>> phones;
  phones.reserve(enrolled.size());
  for (auto& phone : enrolled)
    phones.push_back(std::make_unique<PushingPhone>(server, std::move(phone), phones.size(), load,
                                                    exchanges, run));
  for (auto& phone : phones)
    phone->warmUp();
  const double cpuBefore = cpuSeconds(server.process());
  const Stopwatch watch;
  for (auto& phone : phones)
    phone->sendNext();
  run.waitForAll();
  const double seconds = watch.seconds();
  const double cpu = cpuSeconds(server.process()) - cpuBefore;
  Totals totals = run.totals();
  const std::size_t entries = exchanges * load.entriesPerExchange * load.phones;
  const auto events = static_cast<double>(entries * load.eventsPerEntry);
  const std::size_t perCommit =
      std::max<std::size_t>(1, entries / std::max<std::size_t>(1, totals.checkpoints.size()));
  const FloorLoad floor{entries, phones.front()->entryBytes(), perCommit};
  const auto perEntry = static_cast<double>(load.eventsPerEntry);
  fmt::print(
      "{:>6} {:>7} {:>8} {:>9.0f} {:>9.0f} {:>8.2f} {:>8.2f} {:>8} {:>10.2f} {:>11.0f} {:>11.0f}\n",
      load.phones, load.eventsPerEntry, load.entriesPerExchange, events / seconds,
      static_cast<double>(entries) / seconds, totals.latencyUs.at(50) / 1e3,
      totals.latencyUs.at(99) / 1e3, perCommit, cpu / events * 1e6,
      sqliteRowsPerSecond(server.path(), floor) * perEntry,
      rawAppendsPerSecond(server.path(), floor) * perEntry);
  if (totals.failures > 0)
    fmt::print("  {} exchanges FAILED, the first with {}\n", totals.failures, totals.firstFailure);
  std::fflush(stdout);
}

}  // namespace
}  // namespace doorstep::bench

// With arguments: PHONES EVENTS_PER_ENTRY ENTRIES_PER_EXCHANGE ENTRIES, for one line.
int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  using doorstep::bench::measure;
  const auto number = [&](int i) {
    return static_cast<std::size_t>(std::strtoul(argv[i], nullptr, 10));
  };
  doorstep::bench::printHeader();
  if (argc == 5) {
    measure({number(1), number(2), number(3), number(4)});
    return 0;
  }
  for (const std::size_t phones : {1, 16, 128, 1'000})
    for (const std::size_t events : {12, 1})
      measure({phones, events, 1, phones == 1 ? 4'000U : 30'000U});
  measure({128, 12, 8, 60'000});
  return 0;
}
