// SPDX-License-Identifier: Apache-2.0
#include "shared/visits/measure_files/text_file.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

#include "shared/core/display_text.h"
#include "shared/visits/measure_files/limits.h"

namespace doorstep::measure_files {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kChunkBytes = 1024 * 1024;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

Error fileError(const std::string& path, const char* reason, std::string_view message) {
  return {ErrorCode::InvalidArgument, reason, loggedText(path) + ":1:1: " + std::string(message)};
}

std::size_t findBadByte(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte != 0 && byte < 0x80) {
      ++at;
      continue;
    }
    const TextCharacter character = firstCharacter(text.substr(at, 4));
    if (byte == 0 || character.codePoint == kNoCodePoint)
      return at;
    at += character.length;
  }
  return text.size();
}

void reserveFor(const std::string& path, std::size_t bytesMax, std::string& text) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    return;
  const auto bytes = std::filesystem::file_size(path, error);
  if (!error && bytes <= bytesMax)
    text.reserve(static_cast<std::size_t>(bytes) + kChunkBytes);
}

}  // namespace

TextFile asTextFile(std::string name, std::string text) {
  TextFile file;
  file.name = std::move(name);
  file.text = std::move(text);
  file.begin =
      file.text.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0 ? kByteOrderMark.size() : 0;
  file.firstBadByte = findBadByte(file.text);
  return file;
}

Result<TextFile> readTextFile(const std::string& path, std::size_t bytesMax) {
  errno = 0;
  const std::unique_ptr<std::FILE, CloseFile> input(std::fopen(path.c_str(), "rb"));
  if (!input)
    return fileError(path, "FILE_READ", std::string("cannot be opened: ") + std::strerror(errno));
  std::string text;
  reserveFor(path, bytesMax, text);
  while (true) {
    const std::size_t before = text.size();
    text.resize(before + kChunkBytes);
    errno = 0;
    const std::size_t got = std::fread(text.data() + before, 1, kChunkBytes, input.get());
    text.resize(before + got);
    if (std::ferror(input.get()))
      return fileError(path, "FILE_READ", std::string("cannot be read: ") + std::strerror(errno));
    if (std::memchr(text.data() + before, '\0', got) != nullptr)
      break;  // no text, however long it is
    if (text.size() > bytesMax)
      return fileError(path, "FILE_TOO_LARGE",
                       "has more than " + std::to_string(bytesMax) + " bytes");
    if (got < kChunkBytes)
      break;
  }
  return asTextFile(path, std::move(text));
}

Error faultAt(const TextFile& file, std::size_t offset, std::string_view message) {
  const std::string_view before = std::string_view(file.text).substr(0, offset);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t lineEnd = before.rfind('\n');
  const std::string_view inLine =
      before.substr(lineEnd == std::string_view::npos ? std::min(file.begin, offset) : lineEnd + 1);
  const auto column = 1 + std::count_if(inLine.begin(), inLine.end(),
                                        [](char byte) { return (byte & 0xC0) != 0x80; });
  return {ErrorCode::InvalidArgument, "FILE_FAULT",
          loggedText(file.name) + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " +
              std::string(message)};
}

std::string_view badByteMessage(const TextFile& file) {
  return file.text[file.firstBadByte] == '\0' ? "a NUL byte: this is no text file"
                                              : "these bytes are no UTF-8";
}

std::string shownValue(std::string_view value) {
  if (value.size() <= kShownBytesMax)
    return '"' + loggedText(value) + '"';
  std::size_t end = kShownBytesMax;
  while (end > 0 && (value[end] & 0xC0) == 0x80)
    --end;  // not within a character
  return '"' + loggedText(value.substr(0, end)) + "…\"";
}

}  // namespace doorstep::measure_files
