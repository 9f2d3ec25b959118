// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "shared/core/bytes.h"
#include "sync-server/records/files/export_columns.h"

namespace doorstep::records {

// datapackage.json: a Frictionless Data Package (specs.frictionlessdata.io, version 1) that
// describes the files of an export, written from the columns that the files are written from. A
// CSV column of text written by people has the property `formulaGuard`: a field that begins with
// this character and a sign that spreadsheets read as a formula is without it what was written.
// Pure. Thread: any.

enum class PackagedAs { Csv, JsonLines, Json };

struct PackagedFile {
  std::string name;   // of the resource: a-z 0-9 - . _ /
  std::string path;   // in the package's folder
  std::string title;  // for people
  PackagedAs as = PackagedAs::Csv;
  std::span<const ExportColumn> columns = {};  // none: no table
  std::vector<std::string> primaryKey = {};    // names of columns; none: there is no key
  std::uint64_t rows = 0;                      // of a table
  std::uint64_t bytes = 0;
  Hash sha256 = {};
};

struct PackageWords {
  std::string contract;  // its ref; empty: all
  std::string provider;
  std::string lot;
  // Local days that were asked for, and those of which rows are in the files; empty: no limit.
  std::string firstDay, lastDay;
  std::string firstRowDay, lastRowDay;
  std::int64_t asOfUnixMs = 0;
};

std::string dataPackage(const PackageWords& words, const std::vector<PackagedFile>& files);

}  // namespace doorstep::records
