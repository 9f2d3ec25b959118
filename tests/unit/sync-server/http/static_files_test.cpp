// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/static_files.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

using namespace doorstep::http;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "doorstep-static-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~Folder() { fs::remove_all(path_); }
  void write(const fs::path& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("files are served with their type; the root and a page's own paths are the index") {
  const Folder folder;
  folder.write("index.html", "<html>");
  folder.write("assets/app-1a2b.js", "js");
  const StaticFiles files = StaticFiles::load(folder.path()).value();
  CHECK(files.get("/", "").content() == "<html>");
  CHECK(files.get("/board/2026-11-23", "").content() == "<html>");
  CHECK(files.get("/index.html", "").cacheControl == "no-cache");
  const HttpReply script = files.get("/assets/app-1a2b.js", "");
  CHECK(script.content() == "js");
  CHECK(script.contentType == "text/javascript; charset=utf-8");
  CHECK(script.cacheControl.find("immutable") != std::string::npos);
  CHECK(files.get("/assets/gone.js", "").status == 404);
}

TEST_CASE("a page that is known already is not sent again") {
  const Folder folder;
  folder.write("index.html", "<html>");
  const StaticFiles files = StaticFiles::load(folder.path()).value();
  const HttpReply first = files.get("/", "");
  REQUIRE(first.headers.size() == 1);
  const HttpReply second = files.get("/", first.headers[0].second);
  CHECK(second.status == 304);
  CHECK(second.body.empty());
  CHECK(files.get("/", "\"other\"").status == 200);
}

TEST_CASE("no path leaves the folder: not by dots, not by links, not to hidden files") {
  const Folder outside;
  outside.write("secret.txt", "secret");
  const Folder folder;
  folder.write("a.txt", "a");
  folder.write(".env", "hidden");
  folder.write(".git/config.txt", "hidden");
  fs::create_symlink(outside.path() / "secret.txt", folder.path() / "link.txt");
  fs::create_directory_symlink(outside.path(), folder.path() / "linked");
  const StaticFiles files = StaticFiles::load(folder.path()).value();
  const std::string up = "/../" + outside.path().filename().string() + "/secret.txt";
  for (const std::string& path :
       {up, std::string("/%2e%2e/secret.txt"), std::string("//etc/hosts.txt"),
        std::string("/link.txt"), std::string("/linked/secret.txt"), std::string("/.env"),
        std::string("/.git/config.txt"), std::string("/sub/../a.txt")}) {
    CHECK(files.get(path, "").status == 404);
  }
  CHECK(files.get("/a.txt", "").status == 200);
}

TEST_CASE("without a dashboard nothing is found, and a folder that is not there is an error") {
  CHECK(StaticFiles().get("/", "").status == 404);
  CHECK(StaticFiles::load("/no/such/folder").error().reason == "STATIC_FOLDER_UNREADABLE");
}
