// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace doorstep::platform {

// Small files that must be whole after a crash: written beside, synced, renamed, directory synced.
// Readable by the owner alone (0600). Errors: FILE_WRITE, FILE_READ, FILE_MISSING (NotFound),
// FILE_TOO_LARGE (DataLoss): none of ours comes near kFileBytesMax.
constexpr std::size_t kFileBytesMax = 256 * 1024;
Status writeDurably(const std::string& path, std::string_view content);
Result<std::string> readFile(const std::string& path);
// What was renamed or made in it is durable after this. Error: FILE_WRITE.
Status syncFolder(const std::string& path);

}  // namespace doorstep::platform
