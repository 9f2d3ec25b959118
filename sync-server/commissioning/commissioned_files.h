// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "doorstep/commissioning/v1/commissioned.pb.h"
#include "sync-server/roster/rota/rota.h"
#include "sync-server/roster/rota/rota_fault.h"

namespace doorstep::commissioning {

// What is commissioned, as it stands in files beside a rota's (docs/operating.md has the columns).
// Days are local; `line` is the row's line in its file.

struct FileCommissioner {
  std::string name;
  v1::Commissioner commissioner;
  std::uint64_t line = 0;
};
struct FileLot {  // the lines of one contract, lot and first day
  std::string contractRef;
  std::string lot;
  std::optional<std::int64_t> fromDay;  // absent: always, or the first day that has not begun
  v1::LotDescription description;
  std::string correction;  // why it holds for days that have begun
  std::uint64_t line = 0;
};
struct FilePause {
  std::int64_t fromDay = 0;
  std::optional<std::int64_t> untilDay;
  v1::PackagePause pause;
};
struct FilePackage {
  std::string personRef;
  std::int64_t fromDay = 0;
  std::optional<std::int64_t> untilDay;
  v1::Package package;
  std::optional<FilePause> pause;
  std::string tier;         // empty: as people.csv says
  std::string funderSplit;  // the same
  std::string correction;
  std::uint64_t line = 0;
};
struct FileRate {
  std::string contractRef;
  std::string serviceKind;
  std::string dayKind;
  std::int64_t fromDay = 0;
  v1::Rate rate;
  std::string correction;
  std::uint64_t line = 0;
};

struct CommissionedFiles {
  std::istream* councils = nullptr;  // null: no such file, of any
  std::istream* lots = nullptr;
  std::istream* packages = nullptr;
  std::istream* rates = nullptr;
};

struct Commissioned {
  std::vector<FileCommissioner> commissioners;
  std::vector<FileLot> lots;
  std::vector<FilePackage> packages;
  std::vector<FileRate> rates;
  roster::FaultList notes;
};

// Reads and checks the files from arbitrary bytes, as roster::readRota does; may be used only when
// no fault was added. Two packages of one person and service kind must not share a day
// (PACKAGES_OVERLAP). Pure except for the streams. Thread: any.
Commissioned readCommissioned(const CommissionedFiles& files, roster::FaultList& faults);

// Tier and funders of packages.csv are the person's terms (roster/person_terms.h): gives them to
// the rota's people who have none in people.csv. Fault TERMS_DISAGREE when both files say something
// else, or two packages of one day do. Pure. Thread: any.
void giveTerms(const Commissioned& commissioned, roster::Rota& rota, roster::FaultList& faults);

}  // namespace doorstep::commissioning
