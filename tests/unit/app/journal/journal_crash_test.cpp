// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "app/journal/journal.h"
#include "tests/unit/app/phone_fixture.h"

namespace doorstep::test {
namespace {

struct Writer {
  explicit Writer(std::string file) : path(std::move(file)) {}
  Result<std::unique_ptr<journal::Journal>> open() {
    return journal::Journal::open(path, {DeviceId(7), {}, {}}, platform);
  }
  // Appends and seals for ever, and says the number of each event once it is durable.
  [[noreturn]] void run(int pipe) {
    auto journal = open();
    while (journal.ok()) {
      auto recorded = (*journal)->append(VisitId(101), visits::NoteAdded{"durable"});
      if (!recorded.ok())
        break;
      const std::uint64_t number = recorded->event.number;
      if (::write(pipe, &number, sizeof number) != sizeof number)
        break;
      if (number % 3 == 0 && !(*journal)->seal(0).ok())
        break;
    }
    ::_exit(1);
  }

  const std::string path;
  platform::FakeClock clock{kMorningUnixMs};
  SystemIdSource ids;
  platform::FakeSecretStore secrets;
  platform::MemorySigner signer;
  platform::FakeFixSource fixes;
  platform::Platform platform{clock, ids, secrets, signer, fixes};
};

}  // namespace

TEST_CASE("a phone that is killed keeps every event that it confirmed, once, with its number") {
  support::TemporaryFolder folder;
  Writer writer(folder.file("journal.db"));
  std::uint64_t confirmed = 0;
  for (int round = 0; round < 6; ++round) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(ends[0]);
      writer.run(ends[1]);
    }
    ::close(ends[1]);
    // Killed after a number of events that falls differently between append and seal each time.
    const std::uint64_t enough = confirmed + 10 + static_cast<std::uint64_t>(round);
    std::uint64_t number = 0;
    while (confirmed < enough && ::read(ends[0], &number, sizeof number) == sizeof number) {
      CHECK(number == confirmed + 1);
      confirmed = number;
    }
    ::kill(child, SIGKILL);
    while (::read(ends[0], &number, sizeof number) == sizeof number)
      confirmed = number;
    ::close(ends[0]);
    ::waitpid(child, nullptr, 0);

    auto journal = writer.open();
    REQUIRE(journal.ok());
    const auto events = (*journal)->readEvents();
    REQUIRE(events.ok());
    // One more may be durable whose confirmation the kill cut off: it counts, and numbers go on
    // after.
    CHECK(events->size() >= confirmed);
    CHECK(events->size() <= confirmed + 1);
    confirmed = events->size();
    for (std::size_t i = 0; i < events->size(); ++i)
      CHECK((*events)[i].event.number == i + 1);
  }
  REQUIRE(confirmed >= 60);
}

}  // namespace doorstep::test
