// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/pdf_printer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "shared/core/display_text.h"
#include "shared/core/mutex.h"
#include "sync-server/commands/limits.h"

namespace doorstep::commands {
namespace {

namespace fs = std::filesystem;

constexpr int kCannotStart = 127;  // as a shell says it

Error failed(ErrorCode code, const char* reason, std::string text) {
  return {code, reason, std::move(text)};
}

Error writeFailed(const fs::path& path, const std::error_code& why) {
  return failed(ErrorCode::ResourceExhausted, "WRITE_FAILED",
                fmt::format("cannot write {}: {}", loggedText(path.string()), why.message()));
}

// The page, Chromium's profile and what it prints. Mode 0700; removed at the end.
class PrintFolder {
 public:
  static Result<std::unique_ptr<PrintFolder>> make() {
    std::error_code failed;
    std::string path = (fs::temp_directory_path(failed) / "doorstep-report-XXXXXX").string();
    if (failed || ::mkdtemp(path.data()) == nullptr)
      return writeFailed(path, failed ? failed : std::error_code(errno, std::generic_category()));
    return std::unique_ptr<PrintFolder>(new PrintFolder(path));
  }
  ~PrintFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  PrintFolder(const PrintFolder&) = delete;
  PrintFolder& operator=(const PrintFolder&) = delete;

  fs::path file(const char* name) const { return path_ / name; }

 private:
  explicit PrintFolder(fs::path path) : path_(std::move(path)) {}
  const fs::path path_;
};

Status writePage(const fs::path& path, const std::string& page) {
  std::ofstream file(path, std::ios::binary);
  file << page;
  file.close();
  return file ? Status(kDone)
              : Status(writeFailed(path, std::make_error_code(std::errc::io_error)));
}

std::vector<std::string> argumentsOf(const PrintJob& job, const PrintFolder& folder) {
  std::vector<std::string> arguments{
      job.chromium.string(),
      "--headless",
      "--disable-gpu",
      "--no-first-run",
      "--disable-extensions",
      "--disable-sync",
      "--disable-background-networking",
      "--disable-component-update",
      "--no-pings",
      // No name resolves, and nobody listens at the proxy: nothing leaves the machine.
      "--host-resolver-rules=MAP * ~NOTFOUND",
      "--proxy-server=127.0.0.1:9",
      // What the page says stands on standard error.
      "--enable-logging=stderr",
      "--log-level=0",
      "--no-pdf-header-footer",
      "--generate-pdf-document-outline",
      "--user-data-dir=" + folder.file("profile").string(),
      "--print-to-pdf=" + folder.file("report.pdf").string(),
  };
  // Chromium has no sandbox for root; the page holds our own script alone.
  if (::geteuid() == 0)
    arguments.push_back("--no-sandbox");
  arguments.push_back("file://" + folder.file("page.html").string());
  return arguments;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Between fork and exec: system calls alone. Does not return.
[[noreturn]] void becomeChromium(char* const* arguments, char* const* environment, int output,
                                 const sigset_t& signals, pid_t parent) {
  ::setpgid(0, 0);
  // Chromium ends when this command does, however that ends.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent)
    ::_exit(kCannotStart);
  // A network without devices, where the system grants it.
  static_cast<void>(::unshare(CLONE_NEWNET));
  const rlimit size{kPrintBytesMax, kPrintBytesMax};
  ::setrlimit(RLIMIT_FSIZE, &size);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  ::close_range(STDERR_FILENO + 1, ~0U, 0);
  ::sigprocmask(SIG_SETMASK, &signals, nullptr);
  ::execve(arguments[0], arguments, environment);
  ::_exit(kCannotStart);
}

// The signals that end a command, and the one that says that Chromium has ended, are waited for
// instead of delivered while this lives.
class HeldSignals {
 public:
  HeldSignals() {
    sigemptyset(&held_);
    for (const int signal : {SIGCHLD, SIGINT, SIGTERM, SIGHUP})
      sigaddset(&held_, signal);
    ::sigprocmask(SIG_BLOCK, &held_, &before_);
  }
  ~HeldSignals() { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

  const sigset_t& before() const { return before_; }
  // 0: none came in that time.
  int wait(std::chrono::nanoseconds time) const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
    const timespec most{.tv_sec = static_cast<time_t>(seconds.count()),
                        .tv_nsec = static_cast<long>((time - seconds).count())};
    const int signal = ::sigtimedwait(&held_, nullptr, &most);
    return signal > 0 ? signal : 0;
  }

 private:
  sigset_t held_{};
  sigset_t before_{};
};

// With whatever it started.
void end(pid_t chromium) {
  ::kill(-chromium, SIGKILL);
  ::kill(chromium, SIGKILL);
  ::waitpid(chromium, nullptr, 0);
}

// Its status, as of waitpid.
Result<int> waitFor(pid_t chromium, const HeldSignals& signals, std::chrono::milliseconds timeMax) {
  const auto deadline = Condition::deadlineIn(timeMax);
  while (true) {
    int status = 0;
    if (::waitpid(chromium, &status, WNOHANG) == chromium)
      return status;
    const auto left = deadline - Condition::deadlineIn(std::chrono::milliseconds(0));
    const int signal = left.count() > 0 ? signals.wait(left) : 0;
    if (signal == SIGCHLD)
      continue;
    end(chromium);
    if (signal != 0)
      return failed(ErrorCode::Cancelled, "INTERRUPTED", "ended before the PDF was written");
    return failed(ErrorCode::DeadlineExceeded, "PRINT_TOO_SLOW",
                  fmt::format("Chromium did not print within {} s: try again when the machine has "
                              "less to do",
                              std::chrono::duration_cast<std::chrono::seconds>(timeMax).count()));
  }
}

Result<int> runChromium(const PrintJob& job, const PrintFolder& folder) {
  auto arguments = argumentsOf(job, folder);
  const std::string home = folder.file("home").string();
  std::vector<std::string> environment{"HOME=" + home, "TMPDIR=" + home, "PATH=/usr/bin:/bin",
                                       "LANG=C.UTF-8"};
  std::error_code failedToMake;
  fs::create_directory(home, failedToMake);
  const auto argumentPointers = pointersTo(arguments);
  const auto environmentPointers = pointersTo(environment);
  const std::string log = folder.file("log").string();
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (failedToMake || output < 0)
    return writeFailed(log, std::error_code(errno, std::generic_category()));
  const HeldSignals signals;
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0)
    becomeChromium(argumentPointers.data(), environmentPointers.data(), output, signals.before(),
                   parent);
  ::close(output);
  if (child < 0)
    return failed(ErrorCode::ResourceExhausted, "CHROMIUM_FAILED",
                  fmt::format("cannot start Chromium: {}", std::strerror(errno)));
  return waitFor(child, signals, job.timeMax);
}

// The beginning of what Chromium wrote, at most kPrintLogBytesMax.
std::string readLog(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kPrintLogBytesMax, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

// Its last line, which is the reason when there is one.
std::string lastLine(const std::string& log) {
  std::istringstream lines(log);
  std::string last;
  for (std::string line; std::getline(lines, line);)
    if (!line.empty())
      last = line;
  constexpr std::size_t kShownMax = 300;
  return loggedText(last.substr(0, kShownMax));
}

bool isPdf(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  char begin[5] = {};
  return file.read(begin, sizeof begin) && std::memcmp(begin, "%PDF-", sizeof begin) == 0;
}

Status checkPrinted(const PrintJob& job, const PrintFolder& folder, int status) {
  const std::string log = readLog(folder.file("log"));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || !isPdf(folder.file("report.pdf"))) {
    const bool noSandbox = log.find("No usable sandbox") != std::string::npos;
    return failed(ErrorCode::Internal, "CHROMIUM_FAILED",
                  noSandbox ? "Chromium finds no sandbox to work in: install Debian's package "
                              "chromium-sandbox"
                            : fmt::format("Chromium ended without a PDF: {}", lastLine(log)));
  }
  if (log.find(job.readyMark) == std::string::npos)
    return failed(ErrorCode::Internal, "PAGE_FAILED",
                  "the page that prints did not come to its end: the folder of pages in "
                  "config.toml is of another release than this program");
  return kDone;
}

// Beside the file first, so that whoever reads it has the old one or the new one.
Status moveTo(const fs::path& from, const fs::path& to) {
  const fs::path beside = to.string() + ".part";
  std::error_code failed;
  fs::copy_file(from, beside, fs::copy_options::overwrite_existing, failed);
  if (!failed)
    fs::rename(beside, to, failed);
  if (!failed)
    return kDone;
  std::error_code ignored;
  fs::remove(beside, ignored);
  return writeFailed(to, failed);
}

}  // namespace

Status checkChromium(const fs::path& chromium) {
  std::error_code ignored;
  if (fs::is_regular_file(chromium, ignored) && ::access(chromium.c_str(), X_OK) == 0)
    return kDone;
  return failed(ErrorCode::FailedPrecondition, "CHROMIUM_MISSING",
                fmt::format("{} is not installed: install Debian's package chromium, or name "
                            "another one with --chromium",
                            loggedText(chromium.string())));
}

Status printPdf(const PrintJob& job) {
  DOORSTEP_TRY(checkChromium(job.chromium));
  DOORSTEP_ASSIGN(const auto folder, PrintFolder::make());
  DOORSTEP_TRY(writePage(folder->file("page.html"), job.page));
  DOORSTEP_ASSIGN(const int status, runChromium(job, *folder));
  DOORSTEP_TRY(checkPrinted(job, *folder, status));
  return moveTo(folder->file("report.pdf"), job.pdf);
}

}  // namespace doorstep::commands
