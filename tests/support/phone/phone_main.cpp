// SPDX-License-Identifier: Apache-2.0
// doorstep-phone: a phone without a screen, for replay, demo and benchmarks. The same journal,
// engine and transport as the app's; what a carer would tap stands in a script (phone_script.h). It
// may be killed at any moment and started again.
#include <absl/synchronization/mutex.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "app/phone_folder.h"
#include "app/platform/desktop_platform.h"
#include "app/platform/fakes.h"
#include "app/sync/grpc/enrolment_client.h"
#include "shared/core/shared_clock.h"
#include "tests/support/phone/headless_phone.h"
#include "tests/support/phone/phone_script.h"

namespace doorstep::support {
namespace {

struct Arguments {
  std::string folder;
  std::string clockFile;
  std::string pin = "123456";
  std::string enrolmentText;
  std::string script;
  int scryptLogN = 14;
  bool untilDrained = false;
  bool stay = false;
  int timeoutS = 60;
};

volatile std::sig_atomic_t stopAsked = 0;

int report(const Error& error) {
  std::fprintf(stderr, "doorstep-phone: %s: %s\n", error.reason.c_str(), error.text.c_str());
  return 1;
}

// Everything of one run: clock, device, folder, phone.
class Run {
 public:
  explicit Run(const Arguments& arguments, std::unique_ptr<SharedClock> shared)
      : arguments_(arguments),
        shared_(std::move(shared)),
        clock_(shared_ ? static_cast<const Clock&>(*shared_) : system_),
        secrets_(arguments.folder, ids_),
        signer_(arguments.folder),
        platform_{clock_, ids_, secrets_, signer_, fixes_},
        folder_(arguments.folder, platform_, crypto::ScryptCost{arguments.scryptLogN}) {}

  int enrol();
  int record();
  int exchange();
  int live();
  int status();

 private:
  Status open(bool watch);
  Result<std::vector<Step>> readScript();
  // True: durable now or before.
  Result<bool> doStep(Step& step, const std::vector<visits::RecordedEvent>& before);
  void printStanding(bool drained) const;

  const Arguments& arguments_;
  SystemClock system_;
  std::unique_ptr<SharedClock> shared_;
  ScriptClock clock_;
  SystemIdSource ids_;
  platform::FileSecretStore secrets_;
  platform::FileDeviceSigner signer_;
  platform::NoFixSource fixes_;
  platform::Platform platform_;
  app::PhoneFolder folder_;
  app::PhoneFolder::Unlocked unlocked_;
  std::unique_ptr<app::Phone> phone_;
};

Status Run::open(bool watch) {
  DOORSTEP_ASSIGN(unlocked_, folder_.unlock(arguments_.pin));
  DOORSTEP_ASSIGN(phone_, folder_.openPhone(unlocked_, {watch}));
  return kDone;
}

int Run::enrol() {
  const auto call = [this](const wire::EnrolmentOffer& offer, const sync::TlsApplicant& applicant) {
    return sync::enrol(offer, applicant, "doorstep-phone", platform_);
  };
  const auto unlocked = folder_.enrol(arguments_.enrolmentText, arguments_.pin, call);
  if (!unlocked.ok())
    return report(unlocked.error());
  std::printf("{\"device\":%llu,\"carer\":%llu}\n",
              static_cast<unsigned long long>(unlocked->enrolment.device.value),
              static_cast<unsigned long long>(unlocked->enrolment.carer.value));
  return 0;
}

Result<std::vector<Step>> Run::readScript() {
  std::ifstream file(arguments_.script, std::ios::binary);
  if (!file)
    return Error{ErrorCode::NotFound, "SCRIPT_MISSING", arguments_.script};
  return parseScript(std::string(std::istreambuf_iterator<char>(file), {}));
}

Result<bool> Run::doStep(Step& step, const std::vector<visits::RecordedEvent>& before) {
  DOORSTEP_TRY(resolve(step, *phone_));
  if (isRecorded(step, before))
    return true;
  DOORSTEP_TRY(phone_->record(step.intent));
  return true;
}

int Run::record() {
  if (const Status opened = open(false); !opened.ok())
    return report(opened.error());
  auto steps = readScript();
  if (!steps.ok())
    return report(steps.error());
  const auto before = phone_->journal().readEvents();
  if (!before.ok())
    return report(before.error());
  for (std::size_t i = 0; i < steps->size(); ++i) {
    Step& step = (*steps)[i];
    if (!clock_.set(step.unixMs))
      return report(
          {ErrorCode::InvalidArgument, "TIME_BEFORE_BOOT", "line " + std::to_string(i + 1)});
    const auto done = doStep(step, *before);
    if (!done.ok())
      return report(done.error());
    std::printf("done %zu\n", i + 1);
    std::fflush(stdout);
    // The engine is not started: this seals at the end of a visit and sends nothing. After a kill,
    // what followed an older step was done then; doing it again would seal a visit that has only
    // begun.
    const bool older = isRecorded(step, *before) && !isRecorded(step, {before->back()});
    if (!older)
      (void)phone_->afterRecording(step.intent);
  }
  return 0;
}

int Run::exchange() {
  if (const Status opened = open(false); !opened.ok())
    return report(opened.error());
  HeadlessPhone headless(*phone_, unlocked_.enrolment, clock_);
  headless.start();
  const bool drained = headless.drain(arguments_.timeoutS * 1000, !arguments_.untilDrained);
  printStanding(drained);
  return drained ? 0 : 1;
}

int Run::live() {
  if (const Status opened = open(true); !opened.ok())
    return report(opened.error());
  auto steps = readScript();
  if (!steps.ok())
    return report(steps.error());
  const auto before = phone_->journal().readEvents();
  if (!before.ok())
    return report(before.error());
  HeadlessPhone headless(*phone_, unlocked_.enrolment, clock_);
  headless.start();
  for (std::size_t i = 0; stopAsked == 0;) {
    headless.turn(20);
    if (i < steps->size() && clock_.wallUnixMs() >= (*steps)[i].unixMs) {
      Step& step = (*steps)[i];
      // The plan comes with the first exchange: a visit that is not there yet is waited for.
      if (phone_->roster().cursor() == 0)
        continue;
      clock_.set(step.unixMs);  // so that a restart finds the step in the journal
      const auto done = doStep(step, *before);
      clock_.follow();
      if (!done.ok())
        report(done.error());
      else
        std::printf("done %zu\n", i + 1);
      std::fflush(stdout);
      headless.carryOut(phone_->afterRecording(step.intent));
      ++i;
    } else if (i == steps->size() && !arguments_.stay) {
      break;
    }
  }
  const bool drained = headless.drain(arguments_.timeoutS * 1000, stopAsked != 0);
  printStanding(drained);
  return drained || stopAsked != 0 ? 0 : 1;
}

int Run::status() {
  if (const Status opened = open(false); !opened.ok())
    return report(opened.error());
  printStanding(false);
  return 0;
}

void Run::printStanding(bool drained) const {
  const journal::Journal& journal = phone_->journal();
  std::uint64_t acknowledged = 0;
  std::uint64_t acknowledgedEvents = 0;
  std::uint64_t quarantined = 0;
  for (const journal::EntryStanding& entry : journal.entries()) {
    if (!entry.receipt)
      continue;
    quarantined += entry.receipt->quarantineReason != 0 ? 1 : 0;
    if (!entry.receipt->position)
      continue;  // kept outside the log: nothing proves it
    ++acknowledged;
    acknowledgedEvents += entry.eventCount;
  }
  std::printf(
      "{\"entries\":%llu,\"events\":%llu,\"acknowledged\":%llu,\"acknowledged_events\":%llu,"
      "\"quarantined\":%llu,\"plan_version\":%llu,\"visits\":%zu,\"log_size\":%llu,"
      "\"log_contradicted\":%s,\"drained\":%s,\"reason\":\"%s\"}\n",
      static_cast<unsigned long long>(journal.lastEntry()),
      static_cast<unsigned long long>(journal.lastEvent()),
      static_cast<unsigned long long>(acknowledged),
      static_cast<unsigned long long>(acknowledgedEvents),
      static_cast<unsigned long long>(quarantined),
      static_cast<unsigned long long>(phone_->roster().planVersion()),
      phone_->roster().visits().size(),
      static_cast<unsigned long long>(journal.syncState().frontier.size()),
      journal.syncState().logContradicted ? "true" : "false", drained ? "true" : "false",
      phone_->engine().lastFailureReason().c_str());
}

int main(int count, char** values) {
  CLI::App cli("A phone without a screen.");
  Arguments arguments;
  cli.add_option("--dir", arguments.folder, "folder of the phone")->required();
  cli.add_option("--clock", arguments.clockFile, "shared clock; without it the system's");
  cli.add_option("--pin", arguments.pin, "PIN");
  cli.add_option("--scrypt-log-n", arguments.scryptLogN, "cost of the PIN, for tests")
      ->check(CLI::Range(1, 20));
  cli.require_subcommand(1);
  cli.fallthrough();
  auto* enrol = cli.add_subcommand("enrol", "become a device");
  enrol->add_option("--text", arguments.enrolmentText, "what the office printed")->required();
  auto* record =
      cli.add_subcommand("record", "do what a script says, offline, at the script's times");
  record->add_option("--script", arguments.script)->required();
  auto* exchange = cli.add_subcommand("exchange", "connect, exchange, print where things stand");
  exchange->add_flag("--until-drained", arguments.untilDrained,
                     "try again until everything is at the office");
  exchange->add_option("--timeout-s", arguments.timeoutS);
  auto* live =
      cli.add_subcommand("live", "stay connected and do what a script says when its time comes");
  live->add_option("--script", arguments.script)->required();
  live->add_flag("--stay", arguments.stay, "stay until SIGTERM after the last step");
  live->add_option("--timeout-s", arguments.timeoutS);
  cli.add_subcommand("status", "print where things stand");
  CLI11_PARSE(cli, count, values);

  std::signal(SIGTERM, [](int) { stopAsked = 1; });
  std::signal(SIGINT, [](int) { stopAsked = 1; });
  std::unique_ptr<SharedClock> shared;
  if (!arguments.clockFile.empty()) {
    auto opened = SharedClock::open(arguments.clockFile);
    if (!opened.ok())
      return report(opened.error());
    shared = std::move(opened).value();
  }
  Run run(arguments, std::move(shared));
  if (enrol->parsed())
    return run.enrol();
  if (record->parsed())
    return run.record();
  if (exchange->parsed())
    return run.exchange();
  return live->parsed() ? run.live() : run.status();
}

}  // namespace
}  // namespace doorstep::support

int main(int count, char** values) {
  // Debian's absl checks for deadlocks on every lock of gRPC's, which costs a sixth of the time.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return doorstep::support::main(count, values);
}
