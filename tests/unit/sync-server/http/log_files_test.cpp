// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/log_files.h"

#include <catch2/catch.hpp>

using namespace doorstep;
using namespace doorstep::http;

namespace {

// A log of 70,000 leaves of provider 7, the example of the tiles' specification.
class FakeLog final : public LogReader {
 public:
  Result<Head> head(ProviderId provider) const override {
    if (provider != ProviderId(7)) {
      return Error{ErrorCode::NotFound, "LOG_UNKNOWN", "no such log"};
    }
    return Head{70'000, "signed note\n"};
  }
  Result<std::string> tile(ProviderId, const evidence::TilePath& path) const override {
    return evidence::writeTilePath(path);
  }
};

int statusOf(const char* path) { return getLogFile(path, FakeLog())->status; }

}  // namespace

TEST_CASE("the checkpoint is the newest signed note and is not kept by caches") {
  const HttpReply reply = *getLogFile("/log/7/checkpoint", FakeLog());
  CHECK(reply.body == "signed note\n");
  CHECK(reply.contentType == "text/plain; charset=utf-8");
  CHECK(reply.cacheControl == "no-cache");
}

TEST_CASE("tiles that the log's size has are served and may be kept for ever") {
  for (const std::string tile :
       {"tile/0/000", "tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17",
        "tile/2/000.p/1", "tile/entries/272", "tile/entries/273.p/112"}) {
    const HttpReply reply = *getLogFile("/log/7/" + tile, FakeLog());
    CHECK(reply.status == 200);
    CHECK(reply.body == tile);
    CHECK(reply.contentType == "application/octet-stream");
    CHECK(reply.cacheControl.find("immutable") != std::string::npos);
  }
}

TEST_CASE("tiles that the log's size does not have are not found") {
  for (const char* tile : {"/log/7/tile/0/273", "/log/7/tile/0/273.p/113", "/log/7/tile/0/274.p/1",
                           "/log/7/tile/1/001", "/log/7/tile/2/000", "/log/7/tile/3/000.p/1"}) {
    CHECK(statusOf(tile) == 404);
  }
}

TEST_CASE("paths below the log that are not written as the specification says are not found") {
  for (const char* path :
       {"/log/", "/log/7", "/log/7/", "/log//checkpoint", "/log/07/checkpoint", "/log/x/checkpoint",
        "/log/-7/checkpoint", "/log/8/checkpoint", "/log/7/checkpoint/", "/log/7/../7/checkpoint",
        "/log/7/tile/0/0", "/log/7/tile/0/000.p/0", "/log/7/tile/0/000.p/256", "/log/7/tile/00/000",
        "/log/7/tile/8/000", "/log/7/tile/0/x001", "/log/99999999999999999999/checkpoint"}) {
    CHECK(statusOf(path) == 404);
  }
}

TEST_CASE("paths outside the log are for others to serve") {
  CHECK_FALSE(getLogFile("/", FakeLog()).has_value());
  CHECK_FALSE(getLogFile("/logs/7/checkpoint", FakeLog()).has_value());
}
