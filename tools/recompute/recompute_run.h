// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tools/recompute/recompute_options.h"

namespace doorstep::recompute {

// Reads the files, computes, writes the classes if they are asked for, and returns what is to be
// printed. Nothing is written before everything is computed. Errors: what a file or the command
// line says wrongly, with its place; CLASSES_WRITE.
Result<std::string> run(const Options& options);

}  // namespace doorstep::recompute
