// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>

#include "shared/core/result.h"
#include "sync-server/fhir/terms.h"

namespace doorstep::fhir {

// Kinds of resource, each a file: Appointment.ndjson and so on.
enum class Kind { Appointment, Encounter, Provenance, Measure, MeasureReport };
inline constexpr std::array<const char*, 5> kKindNames{"Appointment", "Encounter", "Provenance",
                                                       "Measure", "MeasureReport"};

// The folder of an export while it is written: FOLDER.part, which finish() renames, so that FOLDER
// is whole or not there. What was not finished is removed by the destructor; after a crash it
// stays, and create() refuses it by name. Memory: a line. Thread: one.
class NdjsonFolder {
 public:
  // Errors: FAILED_PRECONDITION (FOLDER_EXISTS, FOLDER_FAILED).
  static Result<NdjsonFolder> create(const std::filesystem::path& folder);
  NdjsonFolder(NdjsonFolder&&) = default;
  NdjsonFolder& operator=(NdjsonFolder&&) = delete;
  ~NdjsonFolder();

  // Error: RESOURCE_EXHAUSTED (WRITE_FAILED).
  Status add(Kind kind, const Json& resource);
  Status finish();

  std::uint64_t written(Kind kind) const { return lines_[static_cast<std::size_t>(kind)]; }

 private:
  explicit NdjsonFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::filesystem::path part() const { return folder_.string() + ".part"; }
  std::filesystem::path pathOf(std::size_t kind) const;

  std::filesystem::path folder_;  // empty: finished, or moved from
  std::array<std::ofstream, kKindNames.size()> files_;
  std::array<std::uint64_t, kKindNames.size()> lines_{};
};

}  // namespace doorstep::fhir
