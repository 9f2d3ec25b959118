// SPDX-License-Identifier: Apache-2.0
#include "shared/core/bytes.h"

#include <algorithm>

#include "shared/core/check.h"

namespace doorstep {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::int8_t, 256> makeBase64Values() {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t i = 0; i < kBase64.size(); ++i)
    values[static_cast<unsigned char>(kBase64[i])] = static_cast<std::int8_t>(i);
  return values;
}
constexpr auto kBase64Values = makeBase64Values();

Error base64Invalid(const char* text) {
  return {ErrorCode::InvalidArgument, "BASE64_INVALID", text};
}

}  // namespace

Result<Hash> hashFromBytes(std::string_view bytes) {
  Hash hash;
  if (bytes.size() != hash.bytes.size())
    return Error{ErrorCode::InvalidArgument, "HASH_LENGTH", "a hash has 32 bytes"};
  std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
  return hash;
}

std::string toHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

std::string toBase64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      text += k <= have ? kBase64[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

Result<std::string> fromBase64(std::string_view text) {
  if (text.size() % 4 != 0)
    return base64Invalid("the length is no multiple of four");
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::size_t padding = 0;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const char c = text[i + k];
      const bool last = i + 4 == text.size();
      if (c == '=' && last && k >= 2) {
        ++padding;
        group <<= 6;
        continue;
      }
      const std::int8_t value = kBase64Values[static_cast<unsigned char>(c)];
      if (value < 0 || padding != 0)
        return base64Invalid("a character is not of the alphabet");
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    if ((padding == 1 && (group & 0xFF) != 0) || (padding == 2 && (group & 0xFFFF) != 0))
      return base64Invalid("the unused bits are not zero");
    for (std::size_t k = 0; k < 3 - padding; ++k)
      bytes += static_cast<char>(group >> (16 - 8 * k) & 0xFF);
  }
  return bytes;
}

std::string bigEndian64(std::uint64_t value) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i)
    bytes[i] = static_cast<char>(value >> (56 - 8 * i) & 0xFF);
  return bytes;
}

std::uint64_t fromBigEndian(std::string_view bytes) {
  DOORSTEP_CHECK(bytes.size() <= sizeof(std::uint64_t));
  std::uint64_t value = 0;
  for (const char byte : bytes)
    value = value << 8 | static_cast<unsigned char>(byte);
  return value;
}

}  // namespace doorstep
