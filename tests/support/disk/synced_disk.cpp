// SPDX-License-Identifier: Apache-2.0
#include "tests/support/disk/synced_disk.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace doorstep::support {
namespace {

namespace fs = std::filesystem;

// 0: nothing there.
ino_t inodeOf(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_ino : 0;
}

std::string read(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

void write(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

std::string parentOf(const std::string& path) { return path.substr(0, path.rfind('/')); }
std::string nameOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

void SyncedDisk::contentChanges(const std::string& path) {
  const ino_t file = inodeOf(path);
  if (file != 0 && !syncedContents_.contains(file))
    syncedContents_.emplace(file, read(path));
}

void SyncedDisk::synced(const std::string& path) {
  const ino_t inode = inodeOf(path);
  syncedContents_.erase(inode);
  std::erase_if(nameChanges_, [&](const NameChange& change) { return change.folder == inode; });
}

void SyncedDisk::made(const std::string& path) {
  if (!fs::is_directory(path))
    syncedContents_[inodeOf(path)] = "";
  nameChanges_.push_back({.folder = inodeOf(parentOf(path)), .name = nameOf(path)});
}

std::optional<SyncedDisk::Gone> SyncedDisk::aboutToGo(const std::string& path) const {
  const ino_t file = inodeOf(path);
  if (file == 0)
    return std::nullopt;
  const bool isFolder = fs::is_directory(path);
  const auto changed = syncedContents_.find(file);
  return Gone{file,
              isFolder                           ? std::string()
              : changed == syncedContents_.end() ? read(path)
                                                 : changed->second,
              isFolder};
}

void SyncedDisk::removed(const std::string& path, const Gone& gone) {
  syncedContents_.erase(gone.file);
  const ino_t folder = inodeOf(parentOf(path));
  nameChanges_.push_back(
      {.folder = folder, .fromFolder = folder, .fromName = nameOf(path), .gone = gone});
}

void SyncedDisk::renamed(const std::string& from, const std::string& to,
                         const std::optional<Gone>& replaced) {
  if (replaced)
    syncedContents_.erase(replaced->file);
  nameChanges_.push_back({.folder = inodeOf(parentOf(to)),
                          .name = nameOf(to),
                          .fromFolder = inodeOf(parentOf(from)),
                          .fromName = nameOf(from),
                          .gone = replaced});
}

// Empty: the file has no name any more.
std::string SyncedDisk::pathOf(ino_t file) const {
  if (inodeOf(folder_) == file)
    return folder_;
  for (const auto& entry : fs::recursive_directory_iterator(folder_))
    if (inodeOf(entry.path()) == file)
      return entry.path();
  return {};
}

void SyncedDisk::bringBack(const std::string& path, const Gone& gone) {
  if (gone.isFolder)
    fs::create_directory(path);
  else
    write(path, gone.content);
}

void SyncedDisk::undo(const NameChange& change) {
  const std::string folder = pathOf(change.folder);
  // Of a folder that is itself not there after the cut nothing is.
  if (folder.empty())
    return;
  const std::string path = folder + "/" + change.name;
  if (change.name.empty())
    return bringBack(folder + "/" + change.fromName, *change.gone);
  if (change.fromName.empty()) {
    fs::remove_all(path);
    return;
  }
  const std::string fromFolder = pathOf(change.fromFolder);
  if (fromFolder.empty())
    fs::remove_all(path);
  else
    fs::rename(path, fromFolder + "/" + change.fromName);
  if (change.gone)
    bringBack(path, *change.gone);
}

void SyncedDisk::cut(Lost lost) {
  if (lost != Lost::Content)
    for (; !nameChanges_.empty(); nameChanges_.pop_back())
      undo(nameChanges_.back());
  if (lost != Lost::Names)
    for (const auto& [file, content] : syncedContents_)
      if (const std::string path = pathOf(file); !path.empty())
        write(path, content);
  nameChanges_.clear();
  syncedContents_.clear();
}

}  // namespace doorstep::support
