// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/report_page.h"

#include <fmt/format.h>

#include <fstream>

#include "shared/core/bytes.h"
#include "shared/core/display_text.h"
#include "shared/crypto/sha256.h"
#include "sync-server/commands/limits.h"

namespace doorstep::commands {
namespace {

namespace fs = std::filesystem;

// One of the page's two parts. end: what would end its element early.
Result<std::string> readPart(const fs::path& path, std::string_view end) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kReportPartBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  const std::string shown = loggedText(path.string());
  if (text.empty())
    return Error{ErrorCode::FailedPrecondition, "PAGES_MISSING",
                 fmt::format("{} is not there: let dashboard_directory of config.toml name this "
                             "release's folder of pages",
                             shown)};
  if (text.size() > kReportPartBytesMax || !isUtf8(text) || text.find(end) != std::string::npos)
    return Error{ErrorCode::FailedPrecondition, "PAGES_DAMAGED",
                 fmt::format("{} is not the file of a release: put it back", shown)};
  return text;
}

std::string sourceOf(std::string_view text) {
  return "'sha256-" + toBase64(crypto::sha256(text).view()) + "'";
}

}  // namespace

Result<std::string> reportPage(const fs::path& pagesFolder,
                               const records::v1::MonthReport& report) {
  if (pagesFolder.empty())
    return Error{ErrorCode::FailedPrecondition, "PAGES_MISSING",
                 "a report is printed from the pages: let dashboard_directory of config.toml name "
                 "the folder of built pages"};
  DOORSTEP_ASSIGN(const std::string script, readPart(pagesFolder / "report/page.js", "</script"));
  DOORSTEP_ASSIGN(const std::string style, readPart(pagesFolder / "report/page.css", "</style"));
  return fmt::format(
      "<!doctype html><html><head><meta charset=\"utf-8\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src {}; "
      "style-src {}; base-uri 'none'; form-action 'none'\">"
      "<style>{}</style></head><body><main id=\"report\"></main>"
      "<script id=\"figures\" type=\"application/octet-stream\">{}</script>"
      "<script>{}</script></body></html>",
      sourceOf(script), sourceOf(style), style, toBase64(report.SerializeAsString()), script);
}

}  // namespace doorstep::commands
