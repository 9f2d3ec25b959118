// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/static_files.h"

#include <array>
#include <cstdint>
#include <fstream>
#include <system_error>
#include <utility>

#include "shared/core/bytes.h"
#include "shared/crypto/sha256.h"
#include "sync-server/http/limits.h"

namespace doorstep::http {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kContentTypes{{
    {".css", "text/css; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".ico", "image/x-icon"},
    {".js", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".png", "image/png"},
    {".svg", "image/svg+xml"},
    {".txt", "text/plain; charset=utf-8"},
    {".woff2", "font/woff2"},
}};

std::string contentTypeOf(const fs::path& file) {
  const std::string extension = file.extension().string();
  for (const auto& [known, type] : kContentTypes) {
    if (extension == known) {
      return std::string(type);
    }
  }
  return "application/octet-stream";
}

Error unreadable() {
  return Error{ErrorCode::NotFound, "STATIC_FOLDER_UNREADABLE",
               "the dashboard's folder cannot be read"};
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const fs::path& folder) {
  std::error_code error;
  StaticFiles loaded;
  std::uint64_t totalBytes = 0;
  fs::recursive_directory_iterator walk(folder, error);
  for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    const fs::path& path = walk->path();
    if (path.filename().string().starts_with(".")) {
      walk.disable_recursion_pending();
      continue;
    }
    if (walk->is_symlink(error) || !walk->is_regular_file(error)) {
      continue;
    }
    totalBytes += walk->file_size(error);
    if (totalBytes > kStaticFilesMaxBytes) {
      return Error{ErrorCode::ResourceExhausted, "STATIC_FOLDER_TOO_LARGE",
                   "the dashboard's folder is too large"};
    }
    std::ifstream in(path, std::ios::binary);
    File file;
    file.body.assign(std::istreambuf_iterator<char>(in), {});
    if (!in) {
      return unreadable();
    }
    file.contentType = contentTypeOf(path);
    file.etag = '"' + toHex(crypto::sha256(file.body).view().substr(0, 16)) + '"';
    loaded.files_["/" + path.lexically_relative(folder).generic_string()] = std::move(file);
  }
  if (error) {
    return unreadable();
  }
  return loaded;
}

HttpReply StaticFiles::get(std::string_view path, std::string_view ifNoneMatch) const {
  auto found = files_.find(path);
  const bool isPage = path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos;
  if (found == files_.end() && isPage) {
    found = files_.find("/index.html");
  }
  if (found == files_.end()) {
    return plainReply(404, "not found");
  }
  const File& file = found->second;
  HttpReply reply;
  reply.cacheControl =
      path.starts_with("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  reply.headers.emplace_back("ETag", file.etag);
  if (ifNoneMatch == file.etag) {
    reply.status = 304;
    return reply;
  }
  reply.contentType = file.contentType;
  reply.sharedBody = file.body;
  return reply;
}

}  // namespace doorstep::http
