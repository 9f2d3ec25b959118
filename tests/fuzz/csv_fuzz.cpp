// SPDX-License-Identifier: Apache-2.0
// Any bytes as a CSV file.
#include <sstream>

#include "sync-server/roster/limits.h"
#include "sync-server/roster/rota/csv_reader.h"
#include "tests/fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  std::istringstream stream{std::string(fuzz::Input(bytes, size).rest())};
  roster::CsvReader reader(stream);
  std::uint64_t line = 0;
  for (auto next = reader.next(); next != roster::CsvReader::Next::End; next = reader.next()) {
    fuzz::require(reader.line() > line);
    line = reader.line();
    if (next == roster::CsvReader::Next::Fault)
      fuzz::require(reader.reason() != nullptr);
    else
      fuzz::require(!reader.fields().empty() && reader.fields().size() <= roster::kCsvColumnsMax);
  }
  fuzz::require(line <= 2 * size + 1);
  return 0;
}
