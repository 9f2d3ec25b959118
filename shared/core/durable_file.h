// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

#include "shared/core/result.h"

namespace doorstep {

// Atomic replacement of small files, on phone and server: write a temporary file beside it, fsync,
// rename, fsync the directory. Mode 0600. Thread: any, one call at a time per path. Errors: those
// of writeError, FILE_READ, FILE_MISSING (NotFound), FILE_TOO_LARGE (DataLoss).
constexpr std::size_t kFileBytesMax = 1024 * 1024;  // a chain of certificates has some 10 KB
Status writeDurably(const std::string& path, std::string_view content);
// Overwrites a file of the same size in place, which works on a full disk too. Atomic across a
// crash only up to one sector. Errors: as above; FILE_WRITE when the size differs.
Status overwriteDurably(const std::string& path, std::string_view content);
Result<std::string> readFile(const std::string& path);
// Makes creations and renames in the folder durable. Errors: those of writeError.
Status syncFolder(const std::string& path);
// Maps the cause of a failed write, create, rename or delete: FILE_FULL (no room), FILE_READONLY
// (not permitted), FILE_WRITE (anything else).
Error writeError(const std::error_code& cause);

}  // namespace doorstep
