// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "sync-server/http/http_reply.h"

namespace doorstep::http {

// The dashboard's files, read once into memory. A request's path is only looked up in a map and
// never reaches the file system. Immutable. Thread: any.
class StaticFiles {
 public:
  StaticFiles() = default;
  // Reads all regular files below the folder, except links and names that begin with a dot. Errors:
  // STATIC_FOLDER_UNREADABLE, STATIC_FOLDER_TOO_LARGE.
  static Result<StaticFiles> load(const std::filesystem::path& folder);

  // 200, 304 or 404. "/" and page routes (last part without a dot) return index.html; files below
  // /assets/ have a hash in their name and are cached without limit.
  HttpReply get(std::string_view path, std::string_view ifNoneMatch) const;

 private:
  struct File {
    std::string body;
    std::string contentType;
    std::string etag;
  };
  std::map<std::string, File, std::less<>> files_;  // by path, "/assets/index-1a2b.js"
};

}  // namespace doorstep::http
