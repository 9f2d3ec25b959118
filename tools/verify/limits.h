// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace doorstep::verify {

// What a bundle may make us hold; whatever is larger is refused with its name.
constexpr std::size_t kManifestBytesMax = std::size_t{1} << 30;  // 200 bytes a file
// 64 KiB of an entry, as base64 in its proof, with a path of 64 hashes.
constexpr std::size_t kProofBytesMax = 1024 * 1024;
// Some 3 KB a visit.
constexpr std::size_t kEvidenceBytesMax = std::size_t{4} << 30;
// A visit's line: its plan's proofs are at most 1 MiB.
constexpr std::size_t kEvidenceLineBytesMax = std::size_t{8} << 20;
constexpr std::size_t kFileNameBytesMax = 200;
// Findings that are printed; the others are counted.
constexpr std::size_t kFindingsShown = 1'000;

}  // namespace doorstep::verify
