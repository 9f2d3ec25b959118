// SPDX-License-Identifier: Apache-2.0
#include "tools/recompute/recompute_run.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "shared/core/display_text.h"
#include "shared/visits/measure_files/classes_csv.h"
#include "shared/visits/measure_files/limits.h"
#include "shared/visits/measure_files/measures_json.h"
#include "shared/visits/measure_files/rules_file.h"
#include "shared/visits/measure_files/visits_file.h"
#include "shared/visits/measure_files/week_files.h"

namespace doorstep::recompute {
namespace {

using namespace measure_files;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Error classesError(const std::string& path, std::string_view message) {
  return {ErrorCode::InvalidArgument, "CLASSES_WRITE",
          loggedText(path) + ":1:1: " + std::string(message)};
}

// Reads a file that may not be given.
template <class Rows>
Status readOptional(const std::optional<std::string>& path,
                    Result<Rows> (*reader)(const TextFile& file), std::optional<Rows>& rows) {
  if (!path)
    return kDone;
  DOORSTEP_ASSIGN(const TextFile file, readTextFile(*path, kFileBytesMax));
  DOORSTEP_ASSIGN(rows, reader(file));
  return kDone;
}

Status readVisitsInto(const std::string& path, measures::MeasureInput& input, FileCounts& counts) {
  DOORSTEP_ASSIGN(const TextFile file, readTextFile(path, kFileBytesMax));
  DOORSTEP_ASSIGN(VisitsFile read, readVisits(file));
  input.visits = std::move(read.visits);
  counts = {read.rows, read.duplicateRows};
  return kDone;
}

// Writing over what was read would lose it.
Status expectNoInput(const Options& options) {
  const std::string& path = *options.classes;
  for (const auto& input : {std::optional(options.visits), std::optional(options.rules),
                            options.packages, options.invoices, options.people}) {
    std::error_code error;
    if (input && std::filesystem::equivalent(*input, path, error) && !error)
      return classesError(path, "--classes would overwrite an input");
  }
  return kDone;
}

Status writeClasses(const std::string& path, const std::string& content) {
  errno = 0;
  std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "wb"));
  if (!file)
    return classesError(path, std::string("cannot be written: ") + std::strerror(errno));
  const bool written = std::fwrite(content.data(), 1, content.size(), file.get()) == content.size();
  if (!written || std::fclose(file.release()) != 0)
    return classesError(path, std::string("cannot be written: ") + std::strerror(errno));
  return kDone;
}

}  // namespace

Result<std::string> run(const Options& options) {
  DOORSTEP_ASSIGN(const measures::MeasureQuery query, readQuery(options));
  if (options.classes)
    DOORSTEP_TRY(expectNoInput(options));
  measures::MeasureInput input;
  FileCounts counts;
  DOORSTEP_ASSIGN(const TextFile rules, readTextFile(options.rules, kRulesBytesMax));
  DOORSTEP_ASSIGN(input.rules, readRules(rules));
  DOORSTEP_TRY(readVisitsInto(options.visits, input, counts));
  DOORSTEP_TRY(readOptional(options.packages, readPackages, input.packages));
  DOORSTEP_TRY(readOptional(options.invoices, readInvoices, input.invoices));
  DOORSTEP_TRY(readOptional(options.people, readPeople, input.people));
  const measures::Recomputation recomputation(input, query);
  auto json = measuresJson(recomputation, query, counts);
  if (!json) {
    Error error = json.error();
    error.text = loggedText(options.visits) + ":1:1: " + error.text;
    return error;
  }
  if (options.classes)
    DOORSTEP_TRY(writeClasses(*options.classes, classesCsv(recomputation)));
  return json;
}

}  // namespace doorstep::recompute
