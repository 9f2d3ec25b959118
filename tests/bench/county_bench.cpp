// SPDX-License-Identifier: Apache-2.0
// What a county's records cost and how fast its figures come: weeks of a county (county_week.h)
// pushed through intake, every other week with records judged between the commits; then the
// questions of a council's desk, beside one SQL statement over raw rows. One thread does it all; a
// server judges on another one than its writer's, so that both are counted apart. TLS and
// signatures are doorstep-bench-push's.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <filesystem>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "shared/core/check.h"
#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/records/figures/measure_reading.h"
#include "tests/bench/county_preview.h"
#include "tests/bench/county_server.h"
#include "tests/bench/percentiles.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::bench {
namespace {

constexpr std::size_t kEntriesPerCommit = 64;
// The server looks so often whether records wait; while they do, a job follows each commit.
constexpr double kTickSeconds = 1;
constexpr int kMonthWeeks = 4;
constexpr int kAsked = 50;
constexpr std::size_t kAskedBeside = 200;
constexpr int kWeeksBeside = 8;
constexpr std::size_t kLateEntries = 200;
constexpr std::int64_t kLateDays = 120;

struct Options {
  int weeks = kMonthWeeks;
  double scale = 0.1;
  std::uint64_t seed = 1;
  std::string directory;
  bool quarter = false;
};

struct Load {
  Pushed pushed;
  Judged judged;  // between the commits, and of what waited at the end
  void add(const Pushed& more) {
    pushed.events += more.events;
    pushed.seconds += more.seconds;
    pushed.cpuSeconds += more.cpuSeconds;
  }
  void add(const Judged& more) {
    judged.visits += more.visits;
    judged.rows += more.rows;
    judged.seconds += more.seconds;
    judged.cpuSeconds += more.cpuSeconds;
    judged.writerSeconds += more.writerSeconds;
    judged.writerCpuSeconds += more.writerCpuSeconds;
  }
};

struct Loads {
  Load without;  // records judged when the week is over
  Load with;
  Load plans;
};

double perSecond(std::size_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}
double usEach(double seconds, std::uint64_t count) {
  return count > 0 ? seconds * 1e6 / static_cast<double>(count) : 0;
}

void loadWeek(CountyServer& server, const Options& options, Loads& loads) {
  Progress& progress = server.progress;
  const int number = progress.weeks;
  auto made = county::makeWeek({options.seed, number, options.scale});
  DOORSTEP_CHECK(made.ok());
  const county::Week& week = *made;
  server.setNow(std::max(server.now(), week.beginUnixMs));
  server.publish(week, number);
  loads.plans.add(server.settleAll());
  const bool withRecords = number % 2 == 1;
  Load& load = withRecords ? loads.with : loads.without;
  bool settling = false;
  double sinceTickSeconds = 0;
  while (progress.sendings < week.sendings.size()) {
    const auto left = std::span(week.sendings).subspan(progress.sendings);
    const auto sent = left.first(std::min(kEntriesPerCommit, left.size()));
    const std::int64_t now = sent.back().sentUnixMs;
    std::size_t changes = progress.changes;
    while (changes < week.changes.size() && week.changes[changes].atUnixMs <= now)
      ++changes;
    server.change(week,
                  std::span(week.changes).subspan(progress.changes, changes - progress.changes),
                  number);
    server.setNow(now);
    const Pushed pushed = server.push(sent, number);
    load.add(pushed);
    sinceTickSeconds += pushed.seconds;
    if (withRecords && (settling || sinceTickSeconds >= kTickSeconds)) {
      load.add(server.settleSome(settling));
      sinceTickSeconds = 0;
    }
    progress.changes = changes;
    progress.sendings += sent.size();
    server.save();
  }
  server.setNow(week.endUnixMs);
  load.add(server.settleAll());
  progress = {number + 1, 0, 0, progress.events};
  server.save();
  fmt::print(stderr, "week {} of {}: {} entries, {} events in all\n", number + 1, options.weeks,
             week.sendings.size(), progress.events);
}

void printLoad(const char* what, const Load& load, const Judged& counted) {
  const std::size_t events = load.pushed.events;
  fmt::print("{:28} {:>7.0f} events/s of the writer, {:>7.0f} a second of CPU\n", what,
             perSecond(events, load.pushed.seconds + counted.writerSeconds),
             perSecond(events, load.pushed.cpuSeconds + counted.writerCpuSeconds));
}

void printJudged(const char* what, const Judged& judged) {
  fmt::print(
      "{:28} {:>7} visits: {:.0f} us each, {:.0f} of CPU ({:.0f} of the writer), {:.1f} rows\n",
      what, judged.visits, usEach(judged.seconds, judged.visits),
      usEach(judged.cpuSeconds, judged.visits), usEach(judged.writerCpuSeconds, judged.visits),
      static_cast<double>(judged.rows) / std::max(1U, judged.visits));
}

void printLoads(const Loads& loads) {
  printJudged("published plans judged:", loads.plans.judged);
  printJudged("a week judged afterwards:", loads.without.judged);
  printLoad("push, records not judged:", loads.without, {});
  const Load& kept = loads.with;
  if (kept.pushed.events == 0)
    return;
  printLoad("push, records judged too:", kept, kept.judged);
  printJudged("  of it, judging:", kept.judged);
  const double plain = perSecond(loads.without.pushed.events, loads.without.pushed.cpuSeconds);
  const double writer =
      perSecond(kept.pushed.events, kept.pushed.cpuSeconds + kept.judged.writerCpuSeconds);
  const double both =
      perSecond(kept.pushed.events, kept.pushed.cpuSeconds + kept.judged.cpuSeconds);
  fmt::print("  records judged to not judged, by the writer's CPU: {:.2f}, by all: {:.2f}\n",
             writer / plain, both / plain);
}

void print(const std::string& what, Percentiles us, const std::string& more = {}) {
  fmt::print("{:52} p50 {:8.2f} ms  p99 {:8.2f} ms  {}\n", what, us.at(50) / 1e3, us.at(99) / 1e3,
             more);
}

// Visits of the first week that nobody recorded are recorded now.
void measureLateEntries(CountyServer& server, const Options& options) {
  const auto week = county::makeWeek({options.seed, 0, options.scale});
  DOORSTEP_CHECK(week.ok());
  server.setNow(std::max(server.now(), week->endUnixMs + kLateDays * kDayMs));
  server.settleAll();
  Percentiles pushUs;
  Percentiles judgeUs;
  std::int64_t rows = 0;
  std::uint64_t visits = 0;
  for (const county::Forgotten& each : week->forgotten) {
    const county::Visit& visit = week->county.providers[each.provider].visits[each.visit];
    if (!visit.carers.front() || pushUs.count() == kLateEntries)
      continue;
    county::Sending late;
    late.provider = each.provider;
    late.carer = *visit.carers.front();
    late.visit = each.visit;
    late.sentUnixMs = server.now();
    late.events = {{visit.windowStartUnixMs, visits::CheckedIn{}},
                   {visit.windowStartUnixMs + visit.durationMin * kMinuteMs, visits::CheckedOut{}}};
    pushUs.add(server.push({&late, 1}, 0).seconds * 1e6);
    const Judged judged = server.settleAll();
    judgeUs.add(judged.seconds * 1e6);
    rows += judged.rows;
    visits += judged.visits;
  }
  server.save();
  if (pushUs.count() == 0)
    return;
  const auto count = static_cast<double>(pushUs.count());
  print("an entry of months ago: its commit", pushUs);
  print("  judging what it touches", judgeUs,
        fmt::format("{:.1f} visits, {:.1f} rows each", static_cast<double>(visits) / count,
                    static_cast<double>(rows) / count));
}

// The month that is asked about: the last four weeks.
struct Month {
  std::int64_t fromUnixMs = 0;
  std::int64_t toUnixMs = 0;
  records::v1::MeasureFilter filter;
};

Month monthOf(CountyServer& server, std::optional<std::size_t> provider) {
  const int weeks = server.progress.weeks;
  Month month;
  const DayBounds first = londonDayBounds(county::kFirstMonday).value();
  const std::int64_t noon = first.beginUnixMs + kDayMs / 2;
  const std::string from = londonDay(noon + std::max(0, weeks - kMonthWeeks) * 7 * kDayMs);
  const std::string to = londonDay(noon + (weeks * 7 - 1) * kDayMs);
  month.fromUnixMs = londonDayBounds(from)->beginUnixMs;
  month.toUnixMs = londonDayBounds(to)->endUnixMs;
  month.filter.set_contract_id(server.contract().value);
  month.filter.set_first_day(from);
  month.filter.set_last_day(to);
  if (provider)
    month.filter.set_provider_id(server.provider(*provider).value);
  return month;
}

// Punctuality alone, as one statement over attendance as it is recorded.
double scanRaw(sql::Database& database, const Month& month, ProviderId provider) {
  auto scan = database.prepare(R"sql(
SELECT COUNT(*), SUM(attendance.in_ruled_unix_ms <= visit.anchor_unix_ms + 2700000)
FROM visit JOIN attendance USING (provider_id, visit_id)
WHERE visit.provider_id = ? AND visit.anchor_unix_ms >= ? AND visit.anchor_unix_ms < ?)sql");
  DOORSTEP_CHECK(scan.ok());
  scan->bindId(0, provider.value).bind(1, month.fromUnixMs).bind(2, month.toUnixMs);
  const Stopwatch watch;
  DOORSTEP_CHECK(scan->step().ok());
  return watch.us();
}

struct Asked {
  Percentiles figuresUs;
  Percentiles openUs;
  Percentiles oneUs;
  Percentiles pageUs;
  Percentiles rawUs;
  std::size_t visits = 0;
};

void ask(CountyServer& server, const records::Reading& reading, const Month& month, Asked& asked) {
  {
    const Stopwatch watch;
    const auto opened = records::MeasureReading::open(reading, month.filter, {});
    DOORSTEP_CHECK(opened.ok());
    asked.openUs.add(watch.us());
    DOORSTEP_CHECK((*opened)->figures({}).ok());
    asked.figuresUs.add(watch.us());
    const Stopwatch one;
    DOORSTEP_CHECK((*opened)->figures({"punctuality.on_time_of_attended"}).ok());
    asked.oneUs.add(one.us());
    asked.visits = std::max(asked.visits, (*opened)->recomputation().visits().size());
  }
  const Stopwatch watch;
  const auto opened = records::MeasureReading::open(reading, month.filter, {});
  DOORSTEP_CHECK(opened.ok());
  DOORSTEP_CHECK(
      (*opened)
          ->visits("punctuality.on_time_of_attended", records::v1::MEASURE_PART_REST, {}, 100)
          .ok());
  asked.pageUs.add(watch.us());
  double rawUs = 0;
  for (std::size_t i = 0; i < server.providers(); ++i) {
    const ProviderId provider = server.provider(i);
    if (month.filter.provider_id() == 0 || month.filter.provider_id() == provider.value)
      rawUs += scanRaw(reading.database, month, provider);
  }
  asked.rawUs.add(rawUs);
}

void print(const std::string& whose, Asked asked) {
  const double ratio = asked.figuresUs.at(50) / asked.rawUs.at(50);
  print(fmt::format("every measure, a month of {} ({} visits)", whose, asked.visits),
        asked.figuresUs, fmt::format("{:.1f} times the scan", ratio));
  print("  of it, facts read, classed and billed", asked.openUs);
  print("  one measure of what is read", asked.oneUs);
  print("  peer: punctuality by one SQL scan of raw rows", asked.rawUs);
  print("  the first 100 visits behind a figure", asked.pageUs);
}

void measureQuestions(CountyServer& server) {
  Asked ofProviders;
  for (int i = 0; i < kAsked; ++i)
    ask(server, server.reading(), monthOf(server, static_cast<std::size_t>(i) % server.providers()),
        ofProviders);
  print("a provider", ofProviders);
  Asked ofContract;
  for (int i = 0; i < kAsked / 5; ++i)
    ask(server, server.reading(), monthOf(server, std::nullopt), ofContract);
  print("all of a contract", ofContract);
  Percentiles listUs;
  const Month month = monthOf(server, 0);
  records::RecordFilter filter;
  filter.provider = server.provider(0);
  filter.fromUnixMs = month.fromUnixMs;
  filter.toUnixMs = month.toUnixMs;
  std::optional<records::RecordPlace> after;
  for (int i = 0; i < kAsked; ++i) {
    const Stopwatch watch;
    const auto page = records::listRecords(server.reading(), filter, after, 100);
    DOORSTEP_CHECK(page.ok());
    listUs.add(watch.us());
    after = page->next;
  }
  print("a page of 100 records", listUs);
}

// The figures of providers' months while phones push as fast as the writer takes it: another
// thread asks, on a connection of its own.
void measureBesidePushes(CountyServer& server, const Options& options) {
  std::vector<Month> months;
  for (std::size_t i = 0; i < server.providers(); ++i)
    months.push_back(monthOf(server, i));
  Pushed pushed;
  Asked asked;
  for (int weeks = 0; weeks < kWeeksBeside && asked.figuresUs.count() < kAskedBeside; ++weeks) {
    const int number = server.progress.weeks;
    const auto week = county::makeWeek({options.seed, number, options.scale});
    DOORSTEP_CHECK(week.ok());
    server.setNow(std::max(server.now(), week->beginUnixMs));
    server.publish(*week, number);
    server.settleAll();
    server.setNow(std::max(server.now(), week->endUnixMs));
    auto connection = server.openReader();
    const records::Reading reading = server.reading(connection);
    std::atomic<bool> ended = false;
    std::thread asking([&] {
      while (!ended)
        ask(server, reading, months[asked.figuresUs.count() % months.size()], asked);
    });
    for (auto left = std::span(week->sendings); !left.empty();) {
      const auto sent = left.first(std::min(kEntriesPerCommit, left.size()));
      left = left.subspan(sent.size());
      const Pushed some = server.push(sent, number);
      pushed.events += some.events;
      pushed.seconds += some.seconds;
    }
    ended = true;
    asking.join();
    server.settleAll();
    server.progress.weeks = number + 1;
    server.save();
  }
  fmt::print("while phones push {:.0f} events a second:\n",
             perSecond(pushed.events, pushed.seconds));
  print("a provider", asked);
}

void printDisk(CountyServer& server) {
  const auto bytes = [&](const char* tables) {
    return server.number(
        fmt::format(
            "SELECT coalesce(SUM(pgsize), 0) FROM dbstat WHERE aggregate = TRUE AND name IN "
            "(SELECT name FROM sqlite_schema WHERE tbl_name IN ({}))",
            tables)
            .c_str());
  };
  const auto records = bytes("'visit_record', 'slot_record'");
  const auto all =
      server.number("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
  const auto visits = server.number("SELECT COUNT(*) FROM visit_record");
  const auto events = static_cast<double>(server.progress.events);
  fmt::print(
      "on disk: {:.0f} bytes an event in all, {:.0f} a visit; of it {:.0f} a visit for "
      "records, {:.1f} an event\n",
      static_cast<double>(all) / events, static_cast<double>(all) / static_cast<double>(visits),
      static_cast<double>(records) / static_cast<double>(visits),
      static_cast<double>(records) / events);
}

int run(const Options& options) {
  std::optional<support::TemporaryFolder> temporary;
  std::filesystem::path directory = options.directory;
  if (directory.empty())
    directory = temporary.emplace().path();
  std::filesystem::create_directories(directory);
  CountyServer server(directory);
  const auto first = county::makeWeek({options.seed, 0, options.scale});
  DOORSTEP_CHECK(first.ok());
  server.setNow(first->beginUnixMs + server.progress.weeks * 7 * kDayMs);
  server.ensureProviders(first->county);
  Loads loads;
  while (server.progress.weeks < options.weeks)
    loadWeek(server, options, loads);
  fmt::print("{:.0f} people, {} weeks, {} visits, {} events\n", 2'061 * options.scale,
             server.progress.weeks, server.number("SELECT COUNT(*) FROM visit_record"),
             server.progress.events);
  if (loads.without.pushed.events > 0)
    printLoads(loads);
  measureLateEntries(server, options);
  measureQuestions(server);
  measurePreview(server, options.weeks);
  printDisk(server);
  measureBesidePushes(server, options);
  const auto [projections, records] = server.rebuild();
  fmt::print("rebuild: {:.0f} events/s, records included {:.0f}\n",
             perSecond(server.progress.events, projections),
             perSecond(server.progress.events, projections + records));
  // Not of a database that is kept: copies are of no log.
  if (temporary || options.quarter)
    measureQuarter(server, options.scale);
  return 0;
}

}  // namespace
}  // namespace doorstep::bench

int main(int count, char** values) {
  CLI::App cli("A county's weeks through intake, and what its council asks.");
  doorstep::bench::Options options;
  cli.add_option("--weeks", options.weeks, "52: a year")->check(CLI::Range(1, 520));
  cli.add_option("--scale", options.scale, "1: 2,061 people")->check(CLI::Range(0.01, 4.0));
  cli.add_option("--seed", options.seed);
  cli.add_option("--directory", options.directory,
                 "keeps the database there; a later run goes on from it");
  cli.add_flag("--quarter", options.quarter,
               "adds a county's quarter of copied records also to a database that is kept");
  CLI11_PARSE(cli, count, values);
  return doorstep::bench::run(options);
}
