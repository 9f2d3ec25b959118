// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "tools/recompute/recompute_run.h"

namespace {

constexpr int kRefused = 2;

int refuse(const doorstep::Error& error) {
  std::fprintf(stderr, "%s\n", error.text.c_str());
  return kRefused;
}

int print(const std::string& text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
    return 0;
  std::fprintf(stderr, "standard output:1:1: cannot be written: %s\n", std::strerror(errno));
  return kRefused;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace doorstep::recompute;
  const auto options = readOptions(argc, argv);
  if (!options)
    return refuse(options.error());
  if (!options->help.empty())
    return print(options->help);
  const auto json = run(*options);
  return json ? print(*json) : refuse(json.error());
}
