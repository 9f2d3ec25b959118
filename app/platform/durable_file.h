// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::platform {

// Small files that must be whole after a crash: written beside, synced, renamed, directory synced.
// Readable by the owner alone (0600). Errors: FILE_WRITE, FILE_READ, FILE_MISSING (NotFound).
Status writeDurably(const std::string& path, std::string_view content);
Result<std::string> readFile(const std::string& path);

}  // namespace doorstep::platform
