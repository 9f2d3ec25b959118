// SPDX-License-Identifier: Apache-2.0
#include "sync-server/roster/rota/csv_reader.h"

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "sync-server/roster/limits.h"

namespace doorstep::roster {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// All rows; a fault stands as a row of its reason and line.
Rows readAll(const std::string& text) {
  std::istringstream input(text);
  CsvReader reader(input);
  Rows rows;
  while (true) {
    switch (reader.next()) {
      case CsvReader::Next::Row:
        rows.push_back(reader.fields());
        break;
      case CsvReader::Next::Fault:
        rows.push_back({reader.reason(), std::to_string(reader.line())});
        break;
      case CsvReader::Next::End:
        return rows;
    }
  }
}

TEST_CASE("rows are read with either line end and without one at the end") {
  CHECK(readAll("a,b\r\n1,2\n3,4") == Rows{{"a", "b"}, {"1", "2"}, {"3", "4"}});
}

TEST_CASE("a byte order mark is no part of the first value") {
  CHECK(readAll("\xEF\xBB\xBF"
                "a,b\n") == Rows{{"a", "b"}});
  CHECK(readAll("\xEF\xBB\xBF").empty());
}

TEST_CASE("quoted values hold commas, quotation marks and line ends") {
  CHECK(readAll("\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\"\nnext,,\n") ==
        Rows{{"a,b", "say \"hi\"", "two\r\nlines"}, {"next", "", ""}});
}

TEST_CASE("empty values at the ends of a row are values") {
  CHECK(readAll(",\n\"\",\"\"\n") == Rows{{"", ""}, {"", ""}});
}

TEST_CASE("blank lines are skipped") { CHECK(readAll("\n\r\na\n\n\nb\n\n") == Rows{{"a"}, {"b"}}); }

TEST_CASE("a misplaced quotation mark faults its row and reading goes on with the next") {
  CHECK(readAll("a\nb\"c,d\ne\n") == Rows{{"a"}, {"QUOTE_MISPLACED", "2"}, {"e"}});
  CHECK(readAll("\"a\"b,c\nd\n") == Rows{{"QUOTE_MISPLACED", "1"}, {"d"}});
}

TEST_CASE("a quotation mark that is never closed faults its row") {
  CHECK(readAll("a\n\"b\nc\nd") == Rows{{"a"}, {"QUOTE_OPEN", "2"}});
}

TEST_CASE("an open quotation mark in a long file costs a bounded stretch of it") {
  std::string text = "a\n\"open\n";
  for (int i = 0; i < 20'000; ++i)
    text += "row\n";
  const Rows rows = readAll(text);
  REQUIRE(rows.size() > 2);
  CHECK(rows[1] == std::vector<std::string>{"QUOTE_OPEN", "2"});
  CHECK(rows.back() == std::vector<std::string>{"row"});
}

TEST_CASE("a row that is too long is skipped whole") {
  const std::string text = "a\n" + std::string(kCsvRowBytesMax + 10, 'x') + "\nb\n";
  CHECK(readAll(text) == Rows{{"a"}, {"ROW_TOO_LONG", "2"}, {"b"}});
}

TEST_CASE("a zero byte faults its row") {
  CHECK(readAll(std::string("a\nb\0c\nd\n", 8)) == Rows{{"a"}, {"NUL_BYTE", "2"}, {"d"}});
}

TEST_CASE("more columns than are allowed fault the row") {
  CHECK(readAll(std::string(kCsvColumnsMax, ',') + "\na\n") ==
        Rows{{"TOO_MANY_COLUMNS", "1"}, {"a"}});
  CHECK(readAll(std::string(kCsvColumnsMax - 1, ',') + "\n") ==
        Rows{std::vector<std::string>(kCsvColumnsMax)});
}

TEST_CASE("a row's line is where it begins, counting line ends inside quotes") {
  std::istringstream input("a\n\"x\ny\"\nb\n");
  CsvReader reader(input);
  std::vector<std::uint64_t> lines;
  while (reader.next() == CsvReader::Next::Row)
    lines.push_back(reader.line());
  CHECK(lines == std::vector<std::uint64_t>{1, 2, 4});
}

}  // namespace
}  // namespace doorstep::roster
