// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/county_preview.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <vector>

#include "shared/core/check.h"
#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "shared/visits/measures/civil_time.h"
#include "sync-server/records/keeping/facts_codec.h"
#include "sync-server/records/keeping/record_store.h"
#include "sync-server/records/rules/preview_reader.h"
#include "sync-server/records/tuning.h"
#include "tests/bench/percentiles.h"

namespace doorstep::bench {
namespace {

constexpr int kQuarterWeeks = 13;
constexpr int kDaysAWeek = 7;
constexpr std::uint64_t kVisitsApart = 1ULL << 44;
constexpr std::uint64_t kPeopleApart = 100'000'000;

double threadCpuSeconds() {
  timespec spent{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
  return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
}

double peakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// A draft that changes what is late, what is missed and how bills are made.
records::v1::PreviewRulesRequest draftOver(CountyServer& server, int firstWeek, int weeks) {
  const std::int64_t noon = londonDayBounds(county::kFirstMonday)->beginUnixMs + kDayMs / 2;
  records::v1::PreviewRulesRequest request;
  request.set_contract_id(server.contract().value);
  request.set_first_day(londonDay(noon + firstWeek * kDaysAWeek * kDayMs));
  request.set_last_day(londonDay(noon + ((firstWeek + weeks) * kDaysAWeek - 1) * kDayMs));
  request.mutable_draft()->set_late_tolerance_min(30);
  request.mutable_draft()->mutable_missed_rules()->add_names("merged");
  request.mutable_draft()->mutable_missed_rules()->add_names("next_planned");
  request.mutable_draft()->set_rounding_stage("week");
  request.mutable_draft()->set_rounding_unit_min(15);
  return request;
}

records::v1::RulesPreview preview(CountyServer& server,
                                  const records::v1::PreviewRulesRequest& request,
                                  const char* what) {
  std::uint64_t read = 0;
  double longestUs = 0;
  const double memoryBefore = peakMegabytes();
  const double cpu = threadCpuSeconds();
  const Stopwatch watch;
  Stopwatch step;
  const auto answer =
      records::previewRules(server.reading(), request, [&](std::uint64_t, std::uint64_t all) {
        read = all;
        longestUs = std::max(longestUs, step.us());
        step = {};
        return kDone;
      });
  const double seconds = watch.seconds();
  const double cpuSeconds = threadCpuSeconds() - cpu;
  DOORSTEP_CHECK(answer.ok() && answer->preview.faults().empty());
  fmt::print("preview of rules, {}: {} visits, {} change\n", what, answer->preview.visits(),
             answer->preview.visits_changed());
  fmt::print("  {:.2f} s, of CPU {:.2f} s: {:.1f} us a visit read; none of the writer's\n", seconds,
             cpuSeconds, cpuSeconds * 1e6 / static_cast<double>(std::max<std::uint64_t>(1, read)));
  fmt::print("  longest without progress {:.0f} ms; peak of memory {:.0f} MB, before {:.0f} MB\n",
             longestUs / 1e3, peakMegabytes(), memoryBefore);
  return answer->preview;
}

// How many of the contract's visits are on time under either tolerance, from attendance as it is
// recorded.
void scanRaw(CountyServer& server, const records::v1::PreviewRulesRequest& request) {
  auto scan = server.database().prepare(R"sql(
SELECT COUNT(*), SUM(attendance.in_ruled_unix_ms <= visit.anchor_unix_ms + 900000),
  SUM(attendance.in_ruled_unix_ms <= visit.anchor_unix_ms + 1800000)
FROM visit JOIN attendance USING (provider_id, visit_id)
WHERE visit.anchor_unix_ms >= ? AND visit.anchor_unix_ms < ?)sql");
  DOORSTEP_CHECK(scan.ok());
  scan->bind(0, londonDayBounds(request.first_day())->beginUnixMs);
  scan->bind(1, londonDayBounds(request.last_day())->endUnixMs);
  const double cpu = threadCpuSeconds();
  const Stopwatch watch;
  DOORSTEP_CHECK(scan->step().ok());
  fmt::print(
      "  peer: punctuality under both by one SQL scan of raw rows: {:.2f} s, of CPU {:.2f} "
      "s, {} rows\n",
      watch.seconds(), threadCpuSeconds() - cpu, scan->columnInt(0));
}

void shift(std::optional<std::int64_t>& moment, std::int64_t byMs) {
  if (moment)
    *moment += byMs;
}

void shift(measures::VisitFacts& facts, std::int64_t byMs) {
  for (auto* plan : {&facts.commissioned, &facts.locked, &facts.final})
    if (*plan)
      *plan = measures::Plan{(*plan)->startMs + byMs, (*plan)->latestStartMs + byMs,
                             (*plan)->endMs + byMs};
  shift(facts.firstPublishedMs, byMs);
  shift(facts.cancelledMs, byMs);
  for (measures::SlotFacts& slot : facts.slots) {
    for (measures::EndFacts* end : {&slot.start, &slot.end})
      for (auto* moment : {&end->rawMs, &end->ruledMs, &end->adjustedMs, &end->receivedMs})
        shift(*moment, byMs);
    for (auto* moment :
         {&slot.noEntryMs, &slot.adjustedAtMs, &slot.priorVisitMs, &slot.lateAlertRaisedMs,
          &slot.lateAlertAckedMs, &slot.missedAlertRaisedMs})
      shift(*moment, byMs);
  }
}

std::vector<records::VisitRow> keptRows(CountyServer& server) {
  std::vector<records::VisitRow> kept;
  auto store = records::RecordStore::open(server.database());
  DOORSTEP_CHECK(store.ok());
  const auto all = records::keptVisits(server.database(), ProviderId(), VisitId(), UINT32_MAX);
  DOORSTEP_CHECK(all.ok());
  for (const auto& [provider, visit] : *all) {
    auto row = store->visit(provider, visit);
    DOORSTEP_CHECK(row.ok() && *row);
    if ((*row)->contract == server.contract())
      kept.push_back(**std::move(row));
  }
  return kept;
}

// The rows as those of other people, some weeks later.
void copyRows(CountyServer& server, const std::vector<records::VisitRow>& rows, std::uint64_t copy,
              int people, int weeks) {
  const measures::DayNumber first = *measures::parseDay(county::kFirstMonday);
  auto transaction = sql::Transaction::begin(server.database());
  DOORSTEP_CHECK(transaction.ok());
  auto writer = records::RecordWriter::open(server.database());
  DOORSTEP_CHECK(writer.ok());
  for (records::VisitRow row : rows) {
    row.day += weeks * kDaysAWeek;
    if (row.day >= first + kQuarterWeeks * kDaysAWeek)
      continue;
    row.basisDay += weeks * kDaysAWeek;
    row.visit.value += copy * kVisitsApart;
    row.person.value += static_cast<std::uint64_t>(people) * kPeopleApart;
    row.dueUnixMs.reset();
    auto facts = records::decodeFacts(row.facts);
    DOORSTEP_CHECK(facts.ok());
    shift(*facts, weeks * kDaysAWeek * kDayMs);
    row.facts = records::encodeFacts(*facts);
    DOORSTEP_CHECK(writer->put(row).ok());
  }
  DOORSTEP_CHECK(transaction->commit().ok());
}

}  // namespace

void measurePreview(CountyServer& server, int weeks) {
  const int asked = std::min(weeks, kQuarterWeeks);
  const auto request = draftOver(server, weeks - asked, asked);
  const auto found = preview(server, request, fmt::format("{} weeks", asked).c_str());
  scanRaw(server, request);
  records::v1::ListRuledVisitsRequest list;
  list.set_contract_id(request.contract_id());
  *list.mutable_draft() = request.draft();
  list.set_first_day(request.first_day());
  list.set_last_day(request.last_day());
  const double cpu = threadCpuSeconds();
  const Stopwatch watch;
  const auto page = records::listRuledVisits(server.reading(), list, {}, 100);
  DOORSTEP_CHECK(page.ok());
  fmt::print("  the first {} visits that change: {:.1f} ms, of CPU {:.1f} ms\n",
             page->response.visits_size(), watch.us() / 1e3, (threadCpuSeconds() - cpu) * 1e3);
  DOORSTEP_CHECK(found.visits() > 0);
}

void measureQuarter(CountyServer& server, double scale) {
  const int people = std::max(1, static_cast<int>(std::lround(1 / scale)));
  const int weeks = server.progress.weeks;
  const std::vector<records::VisitRow> rows = keptRows(server);
  std::uint64_t copy = 0;
  for (int later = 0; later < kQuarterWeeks; later += weeks)
    for (int other = 0; other < people; ++other)
      if (++copy > 1)  // the first are the rows themselves
        copyRows(server, rows, copy, other, later);
  const auto request = draftOver(server, 0, kQuarterWeeks);
  preview(server, request, "a county's quarter");
}

}  // namespace doorstep::bench
