// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/report_page.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "shared/core/bytes.h"
#include "sync-server/commands/limits.h"
#include "tests/support/temporary_folder.h"

namespace doorstep::commands {
namespace {

struct Pages {
  Pages(const std::string& script, const std::string& style) {
    std::filesystem::create_directory(folder.path() / "report");
    std::ofstream(folder.path() / "report/page.js") << script;
    std::ofstream(folder.path() / "report/page.css") << style;
  }
  support::TemporaryFolder folder;
};

TEST_CASE("the page lets its own script and style in, by their hashes, and nothing else") {
  const Pages pages("abc", "def");
  const auto page = reportPage(pages.folder.path(), {});
  REQUIRE(page.ok());
  // SHA-256 of "abc" and "def" (FIPS 180-2, B.1, and sha256sum).
  CHECK(page->find("default-src 'none'; "
                   "script-src 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='; "
                   "style-src 'sha256-y4N5rCCYqhZQKeOTilHaC87PwAj9Z5X0AReGR/lsWzQ='; ") !=
        std::string::npos);
  CHECK(page->find("<style>def</style>") != std::string::npos);
  CHECK(page->find("<script>abc</script>") != std::string::npos);
}

TEST_CASE("no text of the data can end the element that it stands in") {
  const Pages pages("abc", "def");
  records::v1::MonthReport report;
  report.mutable_contract()->set_ref("</script><script>alert(1)</script><!--");
  const auto page = reportPage(pages.folder.path(), report);
  REQUIRE(page.ok());
  CHECK(page->find("alert") == std::string::npos);
  CHECK(page->find(toBase64(report.SerializeAsString())) != std::string::npos);
}

TEST_CASE("a folder that has no page of this release is refused with what to do") {
  const auto reasonOf = [](const Pages& pages) {
    const auto page = reportPage(pages.folder.path(), {});
    REQUIRE_FALSE(page.ok());
    return page.error().reason;
  };
  CHECK(reportPage("", {}).error().reason == "PAGES_MISSING");
  CHECK(reportPage("/no/folder", {}).error().reason == "PAGES_MISSING");
  CHECK(reasonOf(Pages("", "def")) == "PAGES_MISSING");
  CHECK(reasonOf(Pages("abc", "")) == "PAGES_MISSING");
  CHECK(reasonOf(Pages("a</script>", "def")) == "PAGES_DAMAGED");
  CHECK(reasonOf(Pages("abc", "d</style>")) == "PAGES_DAMAGED");
  CHECK(reasonOf(Pages("\xff", "def")) == "PAGES_DAMAGED");
  CHECK(reasonOf(Pages(std::string(kReportPartBytesMax + 1, 'a'), "def")) == "PAGES_DAMAGED");
}

}  // namespace
}  // namespace doorstep::commands
