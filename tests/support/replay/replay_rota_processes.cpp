// SPDX-License-Identifier: Apache-2.0
#include "tests/support/replay/replay_rota_processes.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "shared/core/check.h"

extern char** environ;

namespace doorstep::replay {
namespace {

// A pipe whose ends are not inherited but by being made a child's standard stream.
struct Pipe {
  Pipe() { DOORSTEP_CHECK(pipe2(ends.data(), O_CLOEXEC) == 0); }
  ~Pipe() {
    closeEnd(0);
    closeEnd(1);
  }
  void closeEnd(std::size_t end) {
    if (ends[end] >= 0)
      close(ends[end]);
    ends[end] = -1;
  }
  std::array<int, 2> ends{};
};

std::string readAll(int file) {
  std::string all;
  std::array<char, 4096> buffer{};
  ssize_t count = 0;
  while ((count = read(file, buffer.data(), buffer.size())) > 0)
    all.append(buffer.data(), static_cast<std::size_t>(count));
  return all;
}

}  // namespace

Processes::~Processes() {
  std::vector<pid_t> left;
  {
    const MutexLock lock(mutex_);
    for (const auto& [process, child] : children_)
      left.push_back(process);
  }
  for (const pid_t process : left)
    stop(process, SIGKILL);
}

pid_t Processes::spawn(const std::vector<std::string>& arguments, int input, int output,
                       bool killable) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  if (input >= 0)
    posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  else
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  if (output >= 0)
    posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
  else
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, errorFile_.c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0600);
  std::vector<char*> raw;
  for (const std::string& argument : arguments)
    raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  pid_t process = -1;
  const MutexLock lock(mutex_);
  if (posix_spawn(&process, raw[0], &files, nullptr, raw.data(), environ) != 0)
    process = -1;
  else
    children_[process].killable = killable;
  posix_spawn_file_actions_destroy(&files);
  return process;
}

Ended Processes::run(const std::vector<std::string>& arguments, const std::string& input,
                     bool killable) {
  Pipe toChild;
  Pipe fromChild;
  const pid_t process = spawn(arguments, toChild.ends[0], fromChild.ends[1], killable);
  Ended ended;
  if (process < 0)
    return ended;
  toChild.closeEnd(0);
  fromChild.closeEnd(1);
  // Less than a pipe holds: it does not block, and a child that ended already does not matter.
  (void)!write(toChild.ends[1], input.data(), input.size());
  toChild.closeEnd(1);
  ended.output = readAll(fromChild.ends[0]);
  int status = 0;
  siginfo_t info{};
  // Waited for without being reaped, so that its number cannot be another process's while it is
  // here.
  while (waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOWAIT) != 0) {
  }
  const MutexLock lock(mutex_);
  while (waitpid(process, &status, 0) != process) {
  }
  ended.killed = children_[process].killed;
  children_.erase(process);
  ended.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

pid_t Processes::start(const std::vector<std::string>& arguments) {
  return spawn(arguments, -1, -1, false);
}

bool Processes::running(pid_t process) {
  siginfo_t info{};
  return process > 0 &&
         waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
         info.si_pid == 0;
}

void Processes::stop(pid_t process, int signal) {
  if (process <= 0)
    return;
  kill(process, signal);
  const MutexLock lock(mutex_);
  if (children_.erase(process) == 1)
    waitpid(process, nullptr, 0);
}

bool Processes::killAny(std::uint64_t choice) {
  const MutexLock lock(mutex_);
  std::vector<pid_t> killable;
  for (const auto& [process, child] : children_) {
    if (child.killable && !child.killed)
      killable.push_back(process);
  }
  if (killable.empty())
    return false;
  const pid_t process = killable[choice % killable.size()];
  children_[process].killed = true;
  kill(process, SIGKILL);
  return true;
}

}  // namespace doorstep::replay
