// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

#include "shared/core/result.h"

namespace doorstep::platform {

// Small files that must be whole after a crash: written beside, synced, renamed, directory synced.
// Readable by the owner alone (0600). Errors: those of writeError, FILE_READ, FILE_MISSING
// (NotFound), FILE_TOO_LARGE (DataLoss): none of ours comes near kFileBytesMax.
constexpr std::size_t kFileBytesMax = 256 * 1024;
Status writeDurably(const std::string& path, std::string_view content);
// In place, for a file that has the size already: a disk that is full still takes it. Not whole
// after a crash, unless it is as small as a sector. Errors: as above; FILE_WRITE for another size.
Status overwriteDurably(const std::string& path, std::string_view content);
Result<std::string> readFile(const std::string& path);
// What was renamed or made in it is durable after this. Errors: those of writeError.
Status syncFolder(const std::string& path);
// Why a file could not be written, made, moved or deleted: FILE_FULL (no room), FILE_READONLY (not
// allowed), FILE_WRITE (anything else).
Error writeError(const std::error_code& cause);

}  // namespace doorstep::platform
