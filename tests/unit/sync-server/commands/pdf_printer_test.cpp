// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/pdf_printer.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/temporary_folder.h"

namespace doorstep::commands {
namespace {

namespace fs = std::filesystem;

std::string textOf(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// Where this program makes its temporary files: others print beside it.
const support::TemporaryFolder& ownTemporary() {
  static const support::TemporaryFolder made;
  static const int set = ::setenv("TMPDIR", made.path().c_str(), 1);
  REQUIRE(set == 0);
  return made;
}

// A program in Chromium's place. $pdf is where it must print, $page what it prints.
struct Printer {
  explicit Printer(const std::string& script) : program(folder.path() / "program") {
    std::ofstream(program)
        << "#!/bin/sh\nfor each in \"$@\"; do case $each in --print-to-pdf=*) pdf=${each#*=};; "
           "file://*) page=${each#file://};; esac; done\n"
        << script << "\n";
    fs::permissions(program, fs::perms::owner_all);
  }
  Status print(std::chrono::milliseconds timeMax = kPrintMax) const {
    return printPdf({program, "<p>the page</p>", "all-is-there", target(), timeMax});
  }
  fs::path target() const { return folder.path() / "report.pdf"; }
  std::string said(const char* name) const { return textOf(folder.path() / name); }
  std::string here(const char* name) const { return folder.file(name); }

  const support::TemporaryFolder& temporary = ownTemporary();
  const support::TemporaryFolder folder;
  const fs::path program;
};

// Folders of prints, of which none may be left.
std::size_t printFolders() {
  std::size_t found = 0;
  for (const auto& entry : fs::directory_iterator(ownTemporary().path()))
    found += entry.path().filename().string().starts_with("doorstep-report-") ? 1 : 0;
  return found;
}

// Nobody waits for it but the system, which takes a moment.
bool isGone(int process) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < until) {
    const std::string state = textOf("/proc/" + std::to_string(process) + "/stat");
    if (state.empty() || state.find(") Z ") != std::string::npos)
      return true;
    std::this_thread::yield();
  }
  return false;
}

TEST_CASE("a page is printed to its file, and nothing of it stays behind") {
  const Printer printer("echo %PDF-1.4 >$pdf; cat $page >>$pdf; echo all-is-there >&2");
  std::ofstream(printer.target()) << "the one before";
  REQUIRE(printer.print().ok());
  CHECK(textOf(printer.target()) == "%PDF-1.4\n<p>the page</p>");
  CHECK_FALSE(fs::exists(printer.target().string() + ".part"));
  CHECK(printFolders() == 0);
}

TEST_CASE("what prints sees neither our environment nor our open files, in a folder of its own") {
  ::setenv("DOORSTEP_TEST_SECRET", "s3cret", 1);
  const Printer printer(
      "here=${0%/*}; env >$here/environment; ls /proc/$$/fd | wc -w >$here/files;"
      "stat -c %a ${page%/*} >$here/mode; echo \"$@\" >$here/arguments; exit 1");
  const std::ofstream open(printer.here("open"));
  CHECK_FALSE(printer.print().ok());
  CHECK(printer.said("environment").find("s3cret") == std::string::npos);
  // The three standard ones, and the script that the shell reads.
  CHECK(std::stoi(printer.said("files")) <= 4);
  CHECK(printer.said("mode") == "700\n");
  const std::string arguments = printer.said("arguments");
  for (const char* argument :
       {"--headless", "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9"})
    CHECK(arguments.find(argument) != std::string::npos);
  CHECK(printFolders() == 0);
}

TEST_CASE("a print that fails says why and leaves the file of before") {
  const auto reasonOf = [](const std::string& script, const std::string& word) {
    const Printer printer(script);
    std::ofstream(printer.target()) << "the one before";
    const Status printed = printer.print();
    REQUIRE_FALSE(printed.ok());
    INFO(printed.error().text);
    CHECK(printed.error().text.find(word) != std::string::npos);
    CHECK(printed.error().text.find('\n') == std::string::npos);
    CHECK(textOf(printer.target()) == "the one before");
    CHECK(printFolders() == 0);
    return printed.error().reason;
  };
  CHECK(reasonOf("printf 'first\\nit broke\\033[31m' >&2; exit 3", "it broke\\u{1b}[31m") ==
        "CHROMIUM_FAILED");
  CHECK(reasonOf("exit 0", "without a PDF") == "CHROMIUM_FAILED");
  CHECK(reasonOf("echo no pdf >$pdf", "without a PDF") == "CHROMIUM_FAILED");
  CHECK(reasonOf("kill -9 $$", "without a PDF") == "CHROMIUM_FAILED");
  CHECK(reasonOf("echo 'No usable sandbox!' >&2; exit 1", "chromium-sandbox") == "CHROMIUM_FAILED");
  CHECK(reasonOf("echo %PDF-1.4 >$pdf", "another release") == "PAGE_FAILED");
}

TEST_CASE("a program that is not there is named, with what to install") {
  const support::TemporaryFolder folder;
  std::ofstream(folder.file("text")) << "no program";
  fs::permissions(folder.file("text"), fs::perms::owner_read);
  for (const std::string& path :
       {std::string("/no/chromium"), std::string(), folder.file("text"), folder.path().string()}) {
    const Status found = checkChromium(path);
    REQUIRE_FALSE(found.ok());
    CHECK(found.error().reason == "CHROMIUM_MISSING");
    CHECK(found.error().text.find("chromium") != std::string::npos);
  }
}

TEST_CASE("a print ends after its time, or when its command is told to end, with all it started") {
  const auto endedBy = [](const std::string& script, std::chrono::milliseconds timeMax) {
    const Printer printer("sleep 60 & echo $! >${0%/*}/started; " + script + "; wait");
    const Status printed = printer.print(timeMax);
    REQUIRE_FALSE(printed.ok());
    const int started = std::stoi(printer.said("started"));
    CHECK(isGone(started));
    CHECK(printFolders() == 0);
    return printed.error().reason;
  };
  CHECK(endedBy(":", std::chrono::milliseconds(1'500)) == "PRINT_TOO_SLOW");
  for (const char* signal : {"TERM", "INT", "HUP"})
    CHECK(endedBy(std::string("kill -") + signal + " $PPID", kPrintMax) == "INTERRUPTED");
}

}  // namespace
}  // namespace doorstep::commands
