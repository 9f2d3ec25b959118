// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/command_door.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include "shared/core/guarded.h"
#include "sync-server/commands/limits.h"

namespace doorstep::commands {
namespace {

Condition::Deadline timeNow() { return Condition::deadlineIn(std::chrono::milliseconds(0)); }

std::string exitFrame(int code) { return frameBytes('X', std::string(1, static_cast<char>(code))); }

// Sends the reason to a caller whose command is not run. Does not wait: the caller may be gone.
void refuse(const LocalSocket& caller, const Error& error) {
  const std::string words = fmt::format("{} ({})\n", error.text, error.reason);
  (void)caller.writeSome(frameBytes('E', words) + exitFrame(1));
}

// Buffers output until the command has ended, so that a caller that does not read delays nobody
// else.
class KeptOutput final : public Output {
 public:
  explicit KeptOutput(const LocalSocket& caller) : caller_(caller) {}
  void print(std::string_view text) override { add('O', text); }
  void printError(std::string_view text) override { add('E', text); }
  void progress(std::string_view text) override {
    add('E', text);
    const auto sent = caller_.writeSome(kept_);
    kept_.erase(0, sent.ok() ? *sent : kept_.size());
  }
  const std::string& kept() const { return kept_; }

 private:
  void add(char kind, std::string_view text) {
    for (std::size_t at = 0; at < text.size(); at += kFrameBytesMax)
      kept_ += frameBytes(kind, text.substr(at, kFrameBytesMax));
  }
  const LocalSocket& caller_;
  std::string kept_;
};

}  // namespace

CommandDoor::CommandDoor(const std::filesystem::path& folder, Run run,
                         std::chrono::milliseconds silenceMax, LocalSocket listening, int wake)
    : folder_(folder),
      run_(std::move(run)),
      silenceMax_(silenceMax),
      listening_(std::move(listening)),
      wake_(wake) {
  thread_ = std::thread([this] { loop(); });
}

CommandDoor::~CommandDoor() { stop(); }

Result<std::unique_ptr<CommandDoor>> CommandDoor::open(const std::filesystem::path& folder, Run run,
                                                       std::chrono::milliseconds silenceMax) {
  DOORSTEP_ASSIGN(auto listening, LocalSocket::listen(folder));
  const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0)
    return Error{ErrorCode::ResourceExhausted, "SOCKET_FAILED",
                 "no descriptor is left for the socket for commands"};
  return std::unique_ptr<CommandDoor>(
      new CommandDoor(folder, std::move(run), silenceMax, std::move(listening), wake));
}

void CommandDoor::stop() {
  if (!thread_.joinable())
    return;
  stopping_ = true;
  (void)eventfd_write(wake_.file(), 1);
  thread_.join();
  LocalSocket::remove(folder_);
  for (const auto& caller : callers_)
    refuse(caller->socket,
           {ErrorCode::Unavailable, "SERVER_STOPPING", "the server is stopping; nothing was done"});
  callers_.clear();
}

void CommandDoor::loop() {
  while (!stopping_) {
    wait();
    admit();
    readAll();
    dropSilent();
    if (!stopping_)
      runNext();
  }
}

// Waits for input, a new caller or a wake-up, at most until a caller has been silent for too long.
void CommandDoor::wait() {
  std::vector<pollfd> waiting{{wake_.file(), POLLIN, 0}};
  std::chrono::milliseconds most = silenceMax_;
  if (hasRoom())
    waiting.push_back({listening_.file(), POLLIN, 0});
  else
    most = kRoomAfterSilence;
  for (const auto& caller : callers_) {
    if (caller->complete)
      return;
    if (!mayRead(*caller))
      continue;
    waiting.push_back({caller->socket.file(), POLLIN, 0});
    most = std::min(most, std::chrono::duration_cast<std::chrono::milliseconds>(
                              caller->heard + silenceMax_ - timeNow()));
  }
  const auto waitMs = std::max<std::int64_t>(most.count() + 1, 0);
  (void)poll(waiting.data(), waiting.size(), static_cast<int>(waitMs));
}

CommandDoor::Callers::iterator CommandDoor::quietest() {
  const auto found =
      std::min_element(callers_.begin(), callers_.end(), [](const auto& a, const auto& b) {
        return std::pair(a->complete, a->heard) < std::pair(b->complete, b->heard);
      });
  return found == callers_.end() || (*found)->complete ? callers_.end() : found;
}

bool CommandDoor::hasRoom() {
  if (callers_.size() < kCallersMax)
    return true;
  const auto quiet = quietest();
  return quiet != callers_.end() && (*quiet)->heard + kRoomAfterSilence <= timeNow();
}

void CommandDoor::admit() {
  while (hasRoom()) {
    LocalSocket socket = listening_.accept();
    if (!socket)
      return;
    if (!socket.isOwners(folder_)) {
      refuse(socket, {ErrorCode::PermissionDenied, "NOT_OWNER",
                      "a command beside a running server is for the user whom its folder belongs "
                      "to"});
      continue;
    }
    if (callers_.size() >= kCallersMax) {
      const auto quiet = quietest();
      refuse((*quiet)->socket, {ErrorCode::ResourceExhausted, "CALLERS_TOO_MANY",
                                "too many commands at once: try again later"});
      callers_.erase(quiet);
    }
    auto caller = std::make_unique<Caller>();
    caller->socket = std::move(socket);
    caller->admitted = caller->heard = timeNow();
    callers_.push_back(std::move(caller));
  }
}

// The oldest caller may always be read, so that two half-sent calls cannot block each other.
bool CommandDoor::mayRead(const Caller& caller) const {
  std::size_t held = 0;
  for (const auto& each : callers_)
    held += each->call.heldBytes();
  return held < kCallFileBytesMax || callers_.front().get() == &caller;
}

void CommandDoor::readAll() {
  for (std::size_t i = 0; i < callers_.size();) {
    Caller& caller = *callers_[i];
    const bool isGone = !caller.complete && mayRead(caller) && !read(caller);
    if (isGone)
      callers_.erase(callers_.begin() + static_cast<std::ptrdiff_t>(i));
    else
      ++i;
  }
}

bool CommandDoor::read(Caller& caller) {
  const auto bytes = caller.socket.readSome(kReadBytes);
  if (!bytes.ok())
    return false;  // disconnected before the call was complete
  if (bytes->empty())
    return true;
  caller.heard = timeNow();
  caller.frames.add(*bytes);
  while (!caller.complete) {
    auto frame = caller.frames.next();
    if (frame.ok() && !*frame)
      return true;
    const Result<bool> complete = frame.ok() ? caller.call.take(std::move(**frame)) : frame.error();
    if (!complete.ok()) {
      refuse(caller.socket, complete.error());
      return false;
    }
    caller.complete = *complete;
  }
  return true;
}

void CommandDoor::dropSilent() {
  const auto now = timeNow();
  std::erase_if(callers_, [&](const auto& caller) {
    const bool isLate =
        caller->heard + silenceMax_ <= now || caller->admitted + kCallWholeMax <= now;
    if (caller->complete || !isLate || !mayRead(*caller))
      return false;
    refuse(caller->socket, {ErrorCode::DeadlineExceeded, "CALL_UNFINISHED",
                            "the command did not come whole; nothing was done"});
    return true;
  });
}

Status CommandDoor::mayGoOn(const Caller& caller) const {
  if (stopping_)
    return Error{ErrorCode::Unavailable, "SERVER_STOPPING",
                 "the server is stopping; nothing was done"};
  if (!caller.socket.isOpen())
    return Error{ErrorCode::Cancelled, "CALLER_LEFT", "whoever asked has left; nothing was done"};
  return kDone;
}

void CommandDoor::runNext() {
  const auto next = std::find_if(callers_.begin(), callers_.end(),
                                 [](const auto& caller) { return caller->complete; });
  if (next == callers_.end())
    return;
  const std::unique_ptr<Caller> caller = std::move(*next);
  callers_.erase(next);
  const auto begun = timeNow();
  KeptOutput out(caller->socket);
  const auto code = guarded([&]() -> Result<int> {
    return run_(caller->call.call(), out, [&] { return mayGoOn(*caller); });
  });
  if (!code.ok())
    out.printError(fmt::format("{} ({})\n", code.error().text, code.error().reason));
  (void)caller->socket.writeAll(out.kept() + exitFrame(code.ok() ? *code : 1),
                                Condition::deadlineIn(kAnswerSendMax));
  // The time during which the command ran does not count as silence of the other callers.
  for (const auto& each : callers_) {
    each->admitted += timeNow() - begun;
    each->heard += timeNow() - begun;
  }
}

}  // namespace doorstep::commands
