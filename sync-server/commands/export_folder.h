// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "shared/core/result.h"
#include "sync-server/commands/export_work.h"
#include "sync-server/records/files/datapackage.h"

namespace doorstep::commands {

// What `export --out` writes by `--format`, in this order; datapackage.json describes it, and
// checksums.txt (as sha256sum has it) is the last file of a whole folder.
constexpr std::array<std::string_view, 5> kExportFormats{"csv", "jsonl", "packages", "rules",
                                                         "measures"};

// The folder of an export while it is written: FOLDER.part, which finish() renames, so that FOLDER
// is whole or not there. What was not finished is removed by the destructor; after a crash it
// stays, and write() refuses it by name. All files are of one state of the database. Memory: a
// row, but for measures.json, which has its figures' visits (records::MeasureReading). Thread: one.
class ExportFolder {
 public:
  // Writes the files, with progress on standard error, and adds them to work.written. With
  // measures, rows of the days around the asked ones are in the files (records::daysAround).
  // Errors: FOLDER_EXISTS, FOLDER_FAILED, WRITE_FAILED, DAYS_MISSING, CONTRACT_MISSING,
  // MEASURES_OF_LOT, RECORDS_BEHIND, and those of what is read.
  static Result<ExportFolder> write(ExportWork& work, const ExportFlags& flags);
  ExportFolder(ExportFolder&& other) noexcept { *this = std::move(other); }
  ExportFolder& operator=(ExportFolder&& other) noexcept {
    std::swap(folder_, other.folder_);
    std::swap(files_, other.files_);
    return *this;
  }
  ~ExportFolder();

  // Writes checksums.txt and gives the folder its name. Called when the export was written down.
  Status finish();

 private:
  class Writing;
  explicit ExportFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path part() const;

  std::filesystem::path folder_;  // empty: finished, or moved from
  std::vector<visits::ExportedFile> files_;
};

}  // namespace doorstep::commands
