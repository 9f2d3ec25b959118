// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/csv_rows.h"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

using namespace doorstep;
using namespace doorstep::measure_files;

namespace {

using Table = std::vector<std::vector<std::string>>;

// The rows, or the text of the first fault.
Result<Table> read(const std::string& text) {
  const TextFile file = asTextFile("f", text);
  CsvRows rows(file);
  Table table;
  while (true) {
    DOORSTEP_ASSIGN(const bool any, rows.next());
    if (!any)
      return table;
    auto& row = table.emplace_back();
    for (const CsvField& field : rows.fields())
      row.emplace_back(field.text);
  }
}

std::string faultOf(const std::string& text) {
  const auto table = read(text);
  return table ? std::string("none") : table.error().text.substr(0, table.error().text.find(": "));
}

std::string quoted(const std::string& field) {
  std::string text = "\"";
  for (const char c : field)
    text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

}  // namespace

TEST_CASE("lines end with CRLF or LF, the last one with the file") {
  const Table expected{{"a", "b"}, {"1", ""}};
  CHECK(read("a,b\n1,\n").value() == expected);
  CHECK(read("a,b\r\n1,").value() == expected);
  CHECK(read("\xEF\xBB\xBF\"a\",b\r\n1,\r\n").value() == expected);
  CHECK(read("").value().empty());
  CHECK(read("\n").value() == Table{{""}});
}

TEST_CASE("a field in quotes holds separators, line ends and doubled quotes") {
  CHECK(read("\"a,\r\n\rb\",\"\"\"\"\n").value() == Table{{"a,\r\n\rb", "\""}});
  CHECK(read("\"\",\"x\"\"y\"\"\"").value() == Table{{"", "x\"y\""}});
}

TEST_CASE("what a lenient reader would guess at is told with its place") {
  CHECK(faultOf("a\nb\"c\n") == "f:2:2");
  CHECK(faultOf("a,\"b\" ,c\n") == "f:1:6");
  CHECK(faultOf("a\n\"b,\nc") == "f:2:1");
  CHECK(faultOf("a\rb\n") == "f:1:2");
  CHECK(faultOf("a\r") == "f:1:2");
  CHECK(faultOf("é,\"\xC3\"\n") == "f:1:4");
  CHECK(faultOf(std::string("a\nb\0c\n", 6)) == "f:2:2");
  CHECK(faultOf(std::string("a\r\0", 3)) == "f:1:3");
}

TEST_CASE("of two faults the first is told") {
  CHECK(faultOf(std::string("a\"\n\0", 4)) == "f:1:2");
  CHECK(faultOf(std::string("a\n\"\0\n", 5)) == "f:2:2");
}

TEST_CASE("any fields are read back from quotes") {
  CHECK(rc::check([](const std::vector<std::string>& texts) {
    std::string text;
    std::vector<std::string> fields{"first"};
    for (std::string field : texts) {
      for (char& c : field)
        if (c == '\0' || (c & 0x80) != 0)
          c = '"';
      fields.push_back(field);
    }
    for (const std::string& field : fields)
      text += (text.empty() ? "" : ",") + quoted(field);
    RC_ASSERT(read(text + "\r\n").value() == Table{fields});
  }));
}

TEST_CASE("any bytes are rows or a fault") {
  CHECK(rc::check([](const std::string& bytes) {
    const auto table = read(bytes);
    if (!table)
      RC_ASSERT(table.error().reason == "FILE_FAULT");
  }));
}
