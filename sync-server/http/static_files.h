// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "shared/core/result.h"
#include "sync-server/http/http_reply.h"

namespace doorstep::http {

// The dashboard's files, read once into memory: a request looks up a name in a map, so no path of a
// request ever reaches the file system. Thread: any, it does not change.
class StaticFiles {
 public:
  StaticFiles() = default;
  // Reads all regular files below the folder; links and names that begin with a dot are left out.
  // Errors: STATIC_FOLDER_UNREADABLE, STATIC_FOLDER_TOO_LARGE.
  static Result<StaticFiles> load(const std::filesystem::path& folder);

  // 200, 304 or 404. "/" and a page's own paths (last part without a dot) are index.html; files
  // below /assets/ have a hash in their name and may be kept for ever.
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
