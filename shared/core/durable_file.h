// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

#include "shared/core/result.h"

namespace doorstep {

// Small files that must be whole after a crash, of phone and server: written beside, synced,
// renamed, directory synced. Readable by the owner alone (0600). Thread: any, one at a time for a
// path. Errors: those of writeError, FILE_READ, FILE_MISSING (NotFound), FILE_TOO_LARGE (DataLoss).
constexpr std::size_t kFileBytesMax = 1024 * 1024;  // a chain of certificates has some 10 KB
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

}  // namespace doorstep
