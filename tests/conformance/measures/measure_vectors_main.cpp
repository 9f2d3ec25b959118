// SPDX-License-Identifier: Apache-2.0
// measure_vectors FILE: runs every case of a file of measure vectors (columns id, function, input,
// expect, note) and names those that differ. Exit code 77: the file is not there.
#include <cstdio>
#include <fstream>

#include "shared/visits/measure_files/csv_table.h"
#include "tests/conformance/measures/vector_functions.h"

namespace {

constexpr int kSkipped = 77;
constexpr std::size_t kBytesMax = 16 * 1024 * 1024;
constexpr std::array<doorstep::measure_files::ColumnSpec, 5> kColumns{
    {{"id"}, {"function"}, {"input"}, {"expect"}, {"note"}}};

}  // namespace

int main(int argc, char** argv) {
  using namespace doorstep;
  if (argc != 2 || !std::ifstream(argv[1])) {
    std::puts("SKIPPED: no vectors; set DOORSTEP_REFERENCE to the folder of measures-sample/");
    return kSkipped;
  }
  const auto file = measure_files::readTextFile(argv[1], kBytesMax).value();
  measure_files::CsvTable table(file, kColumns);
  int cases = 0;
  int wrong = 0;
  Status header = table.readHeader();
  for (Result<bool> any = header ? table.next() : Result<bool>(header.error());;
       any = table.next()) {
    if (!any) {
      std::puts(any.error().text.c_str());
      return 1;
    }
    if (!*any)
      break;
    const auto input = support::Json::parse(table.text(2));
    const auto expected = support::Json::parse(table.text(3));
    const auto answer = support::answerOf(std::string(table.text(1)), input);
    ++cases;
    if (answer == expected)
      continue;
    ++wrong;
    std::printf("%s (%s): %s\n  expected %s\n", std::string(table.text(0)).c_str(),
                std::string(table.text(4)).c_str(), answer.dump().c_str(), expected.dump().c_str());
  }
  std::printf("%d cases, %d differ\n", cases, wrong);
  return wrong == 0 && cases > 0 ? 0 : 1;
}
