// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "shared/core/clock.h"
#include "shared/core/mutex.h"
#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "sync-server/event_log/event_log.h"

namespace doorstep::rpc {

// What an operator reads about calls that were refused, entries that do not count, and alarms:
//   refused SyncService.Exchange PERMISSION_DENIED DEVICE_REVOKED device 7
//   quarantined GAP provider 3 device 7 n 12
//   alarm FORK provider 3 device 7
//   library gRPC server.cc:90
// A line holds names of methods, codes, REASONs and numbers, and nothing else: never a person's
// name, note, login or address, a key, a token, or Error::text.
//
// Of each of the four at most kLogLinesPerMinuteMax lines a minute; what is over is counted, and
// one line says how many when the next minute begins. Nothing is kept: after a crash the database
// still has quarantine and alarms. Thread: any.
class RefusalLog {
 public:
  // write: takes one line, from any thread, also from two at once.
  using Write = std::function<void(const std::string& line)>;

  RefusalLog(const Clock& clock, Write write) : clock_(clock), write_(std::move(write)) {}

  // device: none when no certificate of ours names one.
  void refused(std::string_view method, const Error& error, DeviceId device = {});
  // reason: as in sync.v1.QuarantineReason without its prefix.
  void quarantined(ProviderId provider, DeviceId device, std::uint64_t n, std::string_view reason);
  void alarm(ProviderId provider, DeviceId device, event_log::AlarmKind kind);
  // A library's complaint, by the place of its source that made it: its words may quote a caller.
  void library(std::string_view name, std::string_view file, int line);

  // From time to time: tells what was left out, also when nothing else happens.
  void tick();
  // Tells it before the minute is over, because the server stops.
  void tellUnwritten();

 private:
  enum class Kind { Refusal, Quarantine, Alarm, Library };
  // So that a flood of one kind does not hide another.
  struct Share {
    std::uint32_t written = 0;
    std::uint64_t unwritten = 0;
  };

  // False: it is counted and not written.
  bool admit(Kind kind);
  std::string takeUnwritten() DOORSTEP_REQUIRES(mutex_);

  const Clock& clock_;
  const Write write_;
  Mutex mutex_;
  std::uint64_t minute_ DOORSTEP_GUARDED_BY(mutex_) = 0;  // since the boot: no one sets that clock
  std::array<Share, 4> shares_ DOORSTEP_GUARDED_BY(mutex_);  // by Kind
};

}  // namespace doorstep::rpc
