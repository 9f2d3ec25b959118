// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace doorstep::support {

// What a power cut leaves of one folder: what was synced, and of the rest what the file system
// wrote by itself. fsync of a file keeps its content, fsync of its folder its name. Files are
// identified by inode, since names change. Thread: one.
class SyncedDisk {
 public:
  // The folder's present state counts as synced.
  explicit SyncedDisk(std::string folder) : folder_(std::move(folder)) {}

  // Call before the content changes, and after a sync of a file or folder.
  void contentChanges(const std::string& path);
  void synced(const std::string& path);
  // Call after a file or folder was created.
  void made(const std::string& path);
  // Call before a rename or removal, and pass the result to renamed() or removed() afterwards.
  struct Gone {
    ino_t file = 0;
    std::string content;  // as on the disk
    bool isFolder = false;
  };
  std::optional<Gone> aboutToGo(const std::string& path) const;
  void removed(const std::string& path, const Gone& gone);
  void renamed(const std::string& from, const std::string& to, const std::optional<Gone>& replaced);

  // What the file system had not written by itself.
  enum class Lost { ContentAndNames, Content, Names };
  // Reduces the folder to what is left. Nothing else may use it meanwhile.
  void cut(Lost lost);

 private:
  // Changes of a folder, in order.
  struct NameChange {
    ino_t folder = 0;      // the one to sync
    std::string name;      // in it, after the change; empty: removed
    ino_t fromFolder = 0;  // of a rename or a removal
    std::string fromName;
    std::optional<Gone> gone;  // what was removed or replaced
  };

  std::string pathOf(ino_t file) const;
  void undo(const NameChange& change);
  void bringBack(const std::string& path, const Gone& gone);

  const std::string folder_;
  std::map<ino_t, std::string> syncedContents_;  // of files that have changed since
  std::vector<NameChange> nameChanges_;
};

}  // namespace doorstep::support
