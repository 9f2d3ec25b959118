// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/tiles.h"

#include "shared/core/decimal.h"

namespace doorstep::evidence {
namespace {

constexpr int kLevelMax = 7;
constexpr std::uint64_t kIndexMax = 1'000'000'000'000'000;  // one more group still fits 64 bits

std::optional<std::string_view> takePart(std::string_view& path) {
  const std::size_t slash = path.find('/');
  const std::string_view part = path.substr(0, slash);
  if (part.empty())
    return std::nullopt;
  path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  return part;
}

std::optional<std::uint64_t> readGroup(std::string_view digits) {
  if (digits.size() != 3 || digits.find_first_not_of("0123456789") != std::string_view::npos)
    return std::nullopt;
  return static_cast<std::uint64_t>((digits[0] - '0') * 100 + (digits[1] - '0') * 10 +
                                    (digits[2] - '0'));
}

}  // namespace

std::string writeTilePath(const TilePath& path) {
  std::string text = path.entries ? "tile/entries/" : "tile/" + std::to_string(path.level) + "/";
  const std::string digits = std::to_string(path.index);
  const std::string padded = std::string((3 - digits.size() % 3) % 3, '0') + digits;
  for (std::size_t i = 0; i < padded.size(); i += 3) {
    const bool last = i + 3 == padded.size();
    text += (last ? "" : "x") + padded.substr(i, 3) + (last ? "" : "/");
  }
  if (path.width != kTileWidth)
    text += ".p/" + std::to_string(path.width);
  return text;
}

std::optional<TilePath> parseTilePath(std::string_view text) {
  std::string_view left = text;
  TilePath path;
  if (takePart(left) != "tile")
    return std::nullopt;
  const auto level = takePart(left);
  if (!level)
    return std::nullopt;
  path.entries = *level == "entries";
  if (!path.entries) {
    const auto number = parseDecimal(*level);
    if (!number || *number > kLevelMax)
      return std::nullopt;
    path.level = static_cast<int>(*number);
  }
  // Groups of three digits, all but the last with an x; the last may be followed by ".p/<width>".
  for (bool more = true; more;) {
    auto part = takePart(left);
    if (!part)
      return std::nullopt;
    more = part->front() == 'x';
    const bool partial = !more && part->size() == 5 && part->substr(3) == ".p";
    const auto group = readGroup(more ? part->substr(1) : partial ? part->substr(0, 3) : *part);
    if (!group || path.index > kIndexMax)
      return std::nullopt;
    path.index = path.index * 1000 + *group;
    if (partial) {
      const auto width = takePart(left);
      const auto number = width ? parseDecimal(*width) : std::nullopt;
      if (!number || *number == 0 || *number >= kTileWidth)
        return std::nullopt;
      path.width = static_cast<std::uint32_t>(*number);
    }
  }
  // Any other spelling (a leading x000, trailing text) is not a tile path.
  if (!left.empty() || writeTilePath(path) != text)
    return std::nullopt;
  return path;
}

bool tileExists(const TilePath& path, std::uint64_t logSize) {
  const int shift = 8 * path.level;
  // Complete subtrees on the tile's level.
  const std::uint64_t hashes = shift >= 64 ? 0 : logSize >> shift;
  const std::uint64_t full = hashes / kTileWidth;
  if (path.index < full)
    return true;  // any width up to the full one
  return path.index == full && path.width != kTileWidth && path.width <= hashes % kTileWidth;
}

}  // namespace doorstep::evidence
