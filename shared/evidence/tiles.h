// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace doorstep::evidence {

// C2SP tlog-tiles v0.1.0: paths below a log's prefix. Thread: any.
constexpr std::uint64_t kTileWidth = 256;

struct TilePath {
  bool entries = false;  // tile/entries/…: leaf data; otherwise tile/<level>/…: hashes
  int level = 0;         // 0 to 7; a tile level spans eight tree levels
  std::uint64_t index = 0;
  std::uint32_t width = 256;  // 1 to 255 for a partial tile (".p/<width>")
};
// nullopt unless the path is written exactly so.
std::optional<TilePath> parseTilePath(std::string_view path);
std::string writeTilePath(const TilePath& path);

// Whether a log of this size has the tile at that width: full tiles, and the partial tile at its
// right edge.
bool tileExists(const TilePath& path, std::uint64_t logSize);

}  // namespace doorstep::evidence
