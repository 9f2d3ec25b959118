// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "shared/core/result.h"
#include "shared/visits/measures/recomputation.h"

namespace doorstep::recompute {

// The command line as it was typed.
struct Options {
  std::string visits;
  std::string rules;
  std::optional<std::string> packages;
  std::optional<std::string> invoices;
  std::optional<std::string> people;
  std::optional<std::string> by;
  std::optional<std::string> from;
  std::optional<std::string> to;
  std::optional<std::string> classes;
  std::string help;  // not empty: it was asked for
};

// Errors: OPTION_FAULT, text "option:1:column: message".
Result<Options> readOptions(int argc, const char* const* argv);
Result<measures::MeasureQuery> readQuery(const Options& options);

}  // namespace doorstep::recompute
