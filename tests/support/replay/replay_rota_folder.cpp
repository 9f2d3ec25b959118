// SPDX-License-Identifier: Apache-2.0
#include "tests/support/replay/replay_rota_folder.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <optional>
#include <set>

#include "shared/core/durations.h"
#include "shared/core/local_time.h"
#include "sync-server/roster/rota/csv_reader.h"

namespace doorstep::replay {
namespace {

constexpr std::size_t kNotThere = std::numeric_limits<std::size_t>::max();

// One CSV file, its columns by name, in whatever order they stand.
class Table {
 public:
  Table(const std::filesystem::path& folder, const char* name, std::string& faults)
      : name_(name), stream_(folder / name, std::ios::binary), reader_(stream_), faults_(faults) {
    if (reader_.next() == roster::CsvReader::Next::Row)
      header_ = reader_.fields();
  }

  bool opened() const { return stream_.is_open(); }

  std::size_t column(const char* name) {
    const auto found = std::find(header_.begin(), header_.end(), name);
    if (found != header_.end())
      return static_cast<std::size_t>(found - header_.begin());
    fault(name, "there is no such column");
    return kNotThere;
  }

  bool nextRow() {
    for (;;) {
      switch (reader_.next()) {
        case roster::CsvReader::Next::Row:
          return true;
        case roster::CsvReader::Next::End:
          return false;
        case roster::CsvReader::Next::Fault:
          fault("", reader_.reason());
      }
    }
  }

  // Without the blanks around it; empty where the row is shorter.
  std::string text(std::size_t column) const {
    const auto& fields = reader_.fields();
    if (column >= fields.size())
      return {};
    const std::string& field = fields[column];
    const auto first = field.find_first_not_of(" \t");
    if (first == std::string::npos)
      return {};
    return field.substr(first, field.find_last_not_of(" \t") - first + 1);
  }

  std::optional<std::int64_t> time(std::size_t column) {
    const std::string written = text(column);
    if (written.empty())
      return std::nullopt;
    const auto unixMs = londonToUnixMs(written);
    if (unixMs.ok())
      return *unixMs;
    fault(column < header_.size() ? header_[column] : "", unixMs.error().text);
    return std::nullopt;
  }

  void fault(const std::string& column, const std::string& text) {
    faults_ += where() + (column.empty() ? "" : " " + column + ":") + " " + text + "\n";
  }

  std::string where() const {
    return std::string(name_) + ":" + std::to_string(reader_.line()) + ":";
  }

 private:
  const char* name_;
  std::ifstream stream_;
  roster::CsvReader reader_;
  std::vector<std::string> header_;
  std::string& faults_;
};

class FolderReader {
 public:
  explicit FolderReader(const std::filesystem::path& folder) : folder_(folder) {}

  Result<RotaFolder> read() {
    for (const char* name : {"people.csv", "carers.csv", "visits.csv", "actuals.csv"}) {
      if (!std::filesystem::is_regular_file(folder_ / name))
        return Error{ErrorCode::NotFound, "ROTA_FILE_MISSING", (folder_ / name).string()};
    }
    readCarers();
    readVisits();
    readActuals();
    if (!faults_.empty())
      return Error{ErrorCode::InvalidArgument, "ROTA_FAULTS", faults_};
    std::stable_sort(rota_.taps.begin(), rota_.taps.end(),
                     [](const PlannedTap& a, const PlannedTap& b) {
                       return std::pair(a.unixMs, a.tap) < std::pair(b.unixMs, b.tap);
                     });
    if (first_ > last_)
      return Error{ErrorCode::InvalidArgument, "ROTA_FAULTS",
                   "visits.csv and actuals.csv hold no time\n"};
    rota_.firstUnixMs = first_;
    rota_.lastUnixMs = last_;
    return std::move(rota_);
  }

 private:
  void readCarers() {
    Table table(folder_, "carers.csv", faults_);
    const std::size_t ref = table.column("carer_ref");
    while (table.nextRow()) {
      if (carers_.insert(table.text(ref)).second)
        rota_.carerRefs.push_back(table.text(ref));
    }
  }

  void readVisits() {
    Table table(folder_, "visits.csv", faults_);
    const std::size_t ref = table.column("visit_ref");
    const std::size_t start = table.column("window_start");
    const std::size_t end = table.column("window_end");
    while (table.nextRow()) {
      visits_.insert(table.text(ref));
      // A wrong window is the server's to tell.
      for (const std::size_t column : {start, end}) {
        if (const auto unixMs = londonToUnixMs(table.text(column)); unixMs.ok())
          span(*unixMs);
      }
    }
  }

  void readActuals() {
    Table table(folder_, "actuals.csv", faults_);
    const std::size_t visit = table.column("visit_ref");
    const std::size_t carer = table.column("carer_ref");
    const std::size_t in = table.column("check_in");
    const std::size_t out = table.column("check_out");
    std::set<std::pair<std::string, std::string>> seen;
    while (table.nextRow()) {
      const std::string visitRef = table.text(visit);
      const std::string carerRef = table.text(carer);
      if (carerRef.empty()) {
        rota_.warnings.push_back(table.where() + " no carer, so nobody's phone records it");
        continue;
      }
      if (!carers_.contains(carerRef))
        table.fault("carer_ref", "this carer is not in carers.csv");
      if (!visits_.contains(visitRef))
        table.fault("visit_ref", "this visit is not in visits.csv");
      if (!seen.emplace(visitRef, carerRef).second) {
        rota_.warnings.push_back(table.where() +
                                 " the carer has recorded this visit in an earlier line");
        continue;
      }
      addTaps(carerRef, visitRef, table.time(in), table.time(out));
    }
  }

  void addTaps(const std::string& carer, const std::string& visit, std::optional<std::int64_t> in,
               std::optional<std::int64_t> out) {
    // In the hour that autumn repeats, a time stands for the first; a check-out that then comes
    // before its check-in was in the second.
    if (in && out && *out < *in && unixMsToLondon(*out) == unixMsToLondon(*out + kHourMs))
      *out += kHourMs;
    if (in) {
      rota_.taps.push_back({carer, visit, Tap::CheckIn, *in});
      span(*in);
    }
    if (out) {
      rota_.taps.push_back({carer, visit, Tap::CheckOut, *out});
      span(*out);
    }
  }

  void span(std::int64_t unixMs) {
    first_ = std::min(first_, unixMs);
    last_ = std::max(last_, unixMs);
  }

  const std::filesystem::path folder_;
  RotaFolder rota_;
  std::set<std::string> carers_;
  std::set<std::string> visits_;
  std::string faults_;
  std::int64_t first_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace

Result<RotaFolder> readRotaFolder(const std::filesystem::path& folder) {
  return FolderReader(folder).read();
}

}  // namespace doorstep::replay
