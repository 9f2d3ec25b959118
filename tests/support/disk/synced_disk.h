// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace doorstep::support {

// What a power cut leaves of one folder: what was synced, and of the rest as much as the file
// system wrote by itself. A file's content is kept by fsync of the file, its name by fsync of the
// folder that it stands in. Files are known by their inodes, as names move. Thread: one.
class SyncedDisk {
 public:
  // All that is there now is on the disk.
  explicit SyncedDisk(std::string folder) : folder_(std::move(folder)) {}

  // Before the content changes, and after a sync of a file or folder.
  void contentChanges(const std::string& path);
  void synced(const std::string& path);
  // After a file or folder was made.
  void made(const std::string& path);
  // Before, with what is to be given to renamed() or removed() once it was done.
  struct Gone {
    ino_t file = 0;
    std::string content;  // as it is on the disk
    bool isFolder = false;
  };
  std::optional<Gone> aboutToGo(const std::string& path) const;
  void removed(const std::string& path, const Gone& gone);
  void renamed(const std::string& from, const std::string& to, const std::optional<Gone>& replaced);

  // What the file system did not write by itself.
  enum class Lost { ContentAndNames, Content, Names };
  // Brings the folder to what is left. Nothing else may use it meanwhile.
  void cut(Lost lost);

 private:
  // Of a folder, in the order in which they were done.
  struct NameChange {
    ino_t folder = 0;      // that must be synced
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
