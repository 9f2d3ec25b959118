// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/export_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <optional>
#include <utility>

#include "shared/core/local_time.h"
#include "sync-server/records/files/csv_export.h"
#include "sync-server/records/files/measures_file.h"
#include "sync-server/records/keeping/record_keeper.h"

namespace doorstep::commands {
namespace {

namespace fs = std::filesystem;
using records::PackagedAs;
using records::PackagedFile;

constexpr std::uint64_t kRowsBetweenProgress = 2'000;

// A file of the folder while it is written.
struct OpenFile {
  std::ofstream stream;
  HashedStream hashed;

  OpenFile(const fs::path& folder, const std::string& name)
      : stream(folder / name, std::ios::binary), hashed(stream, name) {}
};

Result<measures::DayNumber> dayOf(const std::string& text) {
  const auto day = measures::parseDay(text);
  if (!day)
    return Error{ErrorCode::InvalidArgument, "DAY_FORMAT", "a day is written 2026-11-23"};
  return *day;
}

}  // namespace

// One writing of a folder, in a snapshot of the database.
class ExportFolder::Writing {
 public:
  Writing(ExportWork& work, const ExportFlags& flags, sql::Database& database, fs::path folder)
      : work_(work), flags_(flags), database_(database), folder_(std::move(folder)) {}

  Status run() {
    DOORSTEP_TRY(setDays());
    if (has("csv") || has("jsonl"))
      DOORSTEP_TRY(writeVisits());
    if (has("packages")) {
      OpenFile file(folder_, "packages.csv");
      DOORSTEP_TRY(writePackages(work_, database_, file.hashed));
      DOORSTEP_TRY(finish(file, {.name = "packages",
                                 .title = "Minutes that were ordered, by person and week",
                                 .columns = records::packageColumns()}));
    }
    if (has("rules")) {
      DOORSTEP_ASSIGN(const std::string rules, rulesOf(work_, database_));
      DOORSTEP_TRY(writeJson("rules.json", rules, "rules", "Rules of the contracts"));
    }
    if (has("measures")) {
      DOORSTEP_ASSIGN(const std::string measures, measuresOf());
      DOORSTEP_TRY(writeJson("measures.json", measures, "measures", "Figures, and what they say"));
    }
    const std::string package = records::dataPackage(words_, packaged_);
    return writeJson("datapackage.json", package, "", "");
  }

  std::vector<visits::ExportedFile> written() { return std::move(written_); }

 private:
  bool has(std::string_view format) const {
    return std::find(flags_.formats.begin(), flags_.formats.end(), format) != flags_.formats.end();
  }

  // Which days are asked for, and of which the files have rows.
  Status setDays() {
    words_ = {flags_.contract, flags_.provider, flags_.lot,     flags_.firstDay,
              flags_.lastDay,  flags_.firstDay, flags_.lastDay, work_.nowUnixMs};
    if (!has("measures"))
      return kDone;
    if (work_.message.contract_id() == 0)
      return Error{ErrorCode::InvalidArgument, "CONTRACT_MISSING",
                   "measures are those of one contract: give --contract"};
    if (flags_.firstDay.empty() || flags_.lastDay.empty())
      return Error{ErrorCode::InvalidArgument, "DAYS_MISSING",
                   "measures are those of some days: give --from and --to"};
    if (!flags_.lot.empty())
      return Error{ErrorCode::InvalidArgument, "MEASURES_OF_LOT",
                   "measures are those of a whole contract: leave --lot or the format measures "
                   "out; doorstep-recompute --by lot gives them from the file"};
    DOORSTEP_ASSIGN(firstDay_, dayOf(flags_.firstDay));
    DOORSTEP_ASSIGN(lastDay_, dayOf(flags_.lastDay));
    const ContractId contract(work_.message.contract_id());
    DOORSTEP_ASSIGN(const auto around, records::daysAround(work_.reading(database_), contract));
    words_.firstRowDay = measures::dayText(firstDay_ - around);
    words_.lastRowDay = measures::dayText(lastDay_ + around);
    return kDone;
  }

  // Rows are read once and written in each format.
  Status writeVisits() {
    std::optional<OpenFile> csv;
    std::optional<OpenFile> jsonLines;
    if (has("csv"))
      csv.emplace(folder_, "visits.csv").hashed.write(records::csvHeader());
    if (has("jsonl"))
      jsonLines.emplace(folder_, "visits.jsonl");
    records::v1::RecordFilter message = work_.message;
    message.set_first_day(words_.firstRowDay);
    message.set_last_day(words_.lastRowDay);
    DOORSTEP_ASSIGN(const auto filter, records::readFilter(message));
    DOORSTEP_ASSIGN(const auto query,
                    records::RecordQuery::open(database_, work_.caller, filter, work_.nowUnixMs));
    records::Pseudonyms pseudonyms(work_.pseudonymKey);
    const auto take = [&](const records::SlotRecord& record) {
      const auto row = records::visitRow(record, work_.nowUnixMs, pseudonyms);
      if (!row)
        return true;
      if (csv)
        csv->hashed.write(row->csv(), 1);
      if (jsonLines)
        jsonLines->hashed.write(row->json(), 1);
      showProgress(record);
      return (!csv || csv->hashed.good()) && (!jsonLines || jsonLines->hashed.good());
    };
    constexpr std::uint32_t kAll = std::numeric_limits<std::uint32_t>::max();
    DOORSTEP_TRY(query->run(std::nullopt, {kAll, kAll}, take));
    endProgress();
    const std::vector<std::string> key{"provider", "visit_id", "carer_slot"};
    if (csv)
      DOORSTEP_TRY(finish(*csv, {.name = "visits",
                                 .title = "Visit records, one for each carer slot",
                                 .columns = records::visitColumns(),
                                 .primaryKey = key}));
    if (jsonLines)
      DOORSTEP_TRY(finish(*jsonLines, {.name = "visits-jsonl",
                                       .title = "The same records, a JSON object a line",
                                       .as = PackagedAs::JsonLines,
                                       .columns = records::visitColumns(),
                                       .primaryKey = key}));
    return kDone;
  }

  Result<std::string> measuresOf() {
    const records::Reading reading = work_.reading(database_);
    DOORSTEP_ASSIGN(const bool behind, records::isBehind(database_, work_.nowUnixMs));
    if (behind)
      return Error{ErrorCode::Unavailable, "RECORDS_BEHIND",
                   "visits wait to be judged, as after an import: try again in a minute"};
    return records::measuresFile(
        reading, {ContractId(work_.message.contract_id()), ProviderId(work_.message.provider_id()),
                  firstDay_, lastDay_, rows_});
  }

  Status finish(OpenFile& file, PackagedFile packaged) {
    DOORSTEP_ASSIGN(auto done, file.hashed.finish());
    packaged.path = done.format;
    packaged.rows = done.rows;
    packaged.bytes = done.bytes;
    packaged.sha256 = done.sha256;
    packaged_.push_back(std::move(packaged));
    written_.push_back(std::move(done));
    return kDone;
  }

  // name: of the resource. Empty: the file is not one.
  Status writeJson(const std::string& path, const std::string& json, const char* name,
                   const char* title) {
    OpenFile file(folder_, path);
    file.hashed.write(json);
    DOORSTEP_TRY(finish(file, {.name = name, .title = title, .as = PackagedAs::Json}));
    return kDone;
  }

  // For a person at a terminal, when it takes long.
  void showProgress(const records::SlotRecord& record) {
    if (++rows_ % kRowsBetweenProgress == 0 && isatty(STDERR_FILENO) != 0)
      fmt::print(stderr, "\r{} rows, until {}", rows_,
                 londonDay(record.plan.plan.windowStartUnixMs));
  }
  void endProgress() const {
    if (rows_ >= kRowsBetweenProgress && isatty(STDERR_FILENO) != 0)
      fmt::print(stderr, "\n");
  }

  ExportWork& work_;
  const ExportFlags& flags_;
  sql::Database& database_;
  const fs::path folder_;
  records::PackageWords words_;
  measures::DayNumber firstDay_ = 0;
  measures::DayNumber lastDay_ = 0;
  std::uint64_t rows_ = 0;
  std::vector<PackagedFile> packaged_;
  std::vector<visits::ExportedFile> written_;
};

Result<ExportFolder> ExportFolder::write(ExportWork& work, const ExportFlags& flags) {
  fs::path folder = fs::path(flags.out).lexically_normal();
  if (!folder.has_filename())
    folder = folder.parent_path();
  std::error_code failed;
  for (const fs::path& path : {folder, fs::path(folder.string() + ".part")}) {
    if (folder.empty() || fs::exists(fs::symlink_status(path, failed)))
      return Error{ErrorCode::FailedPrecondition, "FOLDER_EXISTS",
                   path.string() + " is there already: name a new folder, or remove it"};
  }
  if (!fs::create_directories(folder.string() + ".part", failed) || failed)
    return Error{ErrorCode::FailedPrecondition, "FOLDER_FAILED",
                 folder.string() + ".part cannot be made: " + failed.message()};
  ExportFolder made(std::move(folder));
  const auto lease = work.context.storage->read();
  DOORSTEP_ASSIGN(const auto snapshot,
                  sql::Transaction::begin(*lease, sql::TransactionKind::Snapshot));
  Writing writing(work, flags, lease, made.part());
  DOORSTEP_TRY(writing.run());
  made.files_ = writing.written();
  work.written.insert(work.written.end(), made.files_.begin(), made.files_.end());
  return made;
}

fs::path ExportFolder::part() const { return folder_.string() + ".part"; }

ExportFolder::~ExportFolder() {
  std::error_code ignored;
  if (!folder_.empty())
    fs::remove_all(part(), ignored);
}

Status ExportFolder::finish() {
  std::ofstream sums(part() / "checksums.txt", std::ios::binary);
  for (const visits::ExportedFile& file : files_)
    sums << toHex(file.sha256.view()) << "  " << file.format << "\n";
  sums.close();
  std::error_code failed;
  if (sums)
    fs::rename(part(), folder_, failed);
  if (!sums || failed)
    return Error{ErrorCode::ResourceExhausted, "WRITE_FAILED",
                 folder_.string() + " cannot be written: is the disk full?"};
  folder_.clear();
  return kDone;
}

}  // namespace doorstep::commands
