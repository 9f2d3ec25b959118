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

// Log lines for an operator: refused calls, uncounted entries, and alarms:
//   refused SyncService.Exchange PERMISSION_DENIED DEVICE_REVOKED device 7
//   quarantined GAP provider 3 device 7 n 12
//   alarm FORK provider 3 device 7
//   library gRPC server.cc:90
// A line contains names of methods, codes, REASONs and numbers only: never a person's name, note,
// login or address, a key, a token, or Error::text.
//
// At most kLogLinesPerMinuteMax lines a minute of each kind; the rest is counted, and the next
// minute begins with a line giving their number. Nothing is stored: after a crash the database
// still has quarantine and alarms. Thread: any.
class RefusalLog {
 public:
  // write: takes one line; called from any thread, possibly concurrently.
  using Write = std::function<void(const std::string& line)>;

  RefusalLog(const Clock& clock, Write write) : clock_(clock), write_(std::move(write)) {}

  // device: absent when no certificate of ours names one.
  void refused(std::string_view method, const Error& error, DeviceId device = {});
  // reason: a sync.v1.QuarantineReason without its prefix.
  void quarantined(ProviderId provider, DeviceId device, std::uint64_t n, std::string_view reason);
  void alarm(ProviderId provider, DeviceId device, event_log::AlarmKind kind);
  // A message of a library, logged by its place in the source: its text may quote a caller.
  void library(std::string_view name, std::string_view file, int line);

  // Call periodically: logs the number of suppressed lines even when nothing else happens.
  void tick();
  // Logs it before the minute is over, because the server stops.
  void tellUnwritten();

 private:
  enum class Kind { Refusal, Quarantine, Alarm, Library };
  // Per kind, so that a flood of one does not hide another.
  struct Share {
    std::uint32_t written = 0;
    std::uint64_t unwritten = 0;
  };

  // False: counted but not to be written.
  bool admit(Kind kind);
  std::string takeUnwritten() DOORSTEP_REQUIRES(mutex_);

  const Clock& clock_;
  const Write write_;
  Mutex mutex_;
  std::uint64_t minute_ DOORSTEP_GUARDED_BY(mutex_) = 0;     // since boot, not wall clock
  std::array<Share, 4> shares_ DOORSTEP_GUARDED_BY(mutex_);  // by Kind
};

}  // namespace doorstep::rpc
