// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "shared/core/result.h"
#include "sync-server/commands/limits.h"

namespace doorstep::commands {

struct PrintJob {
  std::filesystem::path chromium;  // the program
  std::string page;                // HTML that needs nothing else
  // The page writes it to its console when everything is there to be printed.
  std::string readyMark;
  std::filesystem::path pdf;  // replaced when the PDF is complete
  std::chrono::milliseconds timeMax = kPrintMax;
};

// Prints a page as PDF with headless Chromium: in a new temporary folder that only this user may
// read and that is removed again, without a network as far as the system lets us (ADR 50), for at
// most timeMax. SIGINT, SIGTERM and SIGHUP end it early and leave nothing behind. Errors:
// CHROMIUM_MISSING, CHROMIUM_FAILED, PRINT_TOO_SLOW, PAGE_FAILED (a script of the page),
// INTERRUPTED, WRITE_FAILED; the text says what to do. Thread: the only one of the process.
Status printPdf(const PrintJob& job);

// Error CHROMIUM_MISSING: there is no such program to run.
Status checkChromium(const std::filesystem::path& chromium);

}  // namespace doorstep::commands
