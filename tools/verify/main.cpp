// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "tools/verify/bundle_check.h"

namespace {

constexpr int kFollows = 0;
constexpr int kUnknown = 1;
constexpr int kDiffers = 2;

int refuse(const std::string& text) {
  std::fprintf(stderr, "%s\n", doorstep::verify::oneLine(text).c_str());
  return kUnknown;
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder;
  std::vector<std::string> keys;
  CLI::App app(
      "Checks exported records against the evidence in their bundle, without a server. One line "
      "for "
      "each thing that does not follow, with its place. Exit code 0: every row follows; 2: "
      "something does not; 1: nothing is wrong, but rows cannot be checked, or the bundle cannot "
      "be "
      "read.",
      "doorstep-verify");
  app.add_option("bundle", folder, "folder that `doorstep-server export --bundle` wrote")
      ->required();
  app.add_option("--log-key", keys,
                 "verifier key of a log that you know from elsewhere; the bundle's must be among "
                 "those given");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return kFollows;
  } catch (const CLI::ParseError& error) {
    return refuse(std::string("command line:1:1: ") + error.what() + "; --help says more");
  }
  const auto verdict = doorstep::verify::checkBundle(folder, keys);
  if (!verdict.ok())
    return refuse(verdict.error().text);
  const std::string text = doorstep::verify::verdictText(*verdict);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    return refuse("standard output:1:1: cannot be written");
  if (!verdict->clean())
    return kDiffers;
  return verdict->follow == verdict->rows ? kFollows : kUnknown;
}
