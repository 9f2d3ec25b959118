// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "shared/core/mutex.h"
#include "shared/core/result.h"

namespace doorstep::commands {

// A socket of this machine in a server's folder, mode 0600. A path longer than a socket's name may
// be (107 bytes) is reached through the folder's entry in /proc. Errors say what to do. Nothing
// here blocks but for the given time. Thread: one.
class LocalSocket {
 public:
  LocalSocket() = default;
  explicit LocalSocket(int file) : file_(file) {}
  LocalSocket(LocalSocket&& other) noexcept;
  LocalSocket& operator=(LocalSocket&& other) noexcept;
  ~LocalSocket();

  // In place of one that a killed server left; the caller holds the folder's lock. Error
  // SOCKET_FAILED.
  static Result<LocalSocket> listen(const std::filesystem::path& folder);
  static void remove(const std::filesystem::path& folder);
  // Errors: NOT_FOUND (SERVER_NOT_RUNNING), PERMISSION_DENIED (SOCKET_FAILED), UNAVAILABLE
  // (SERVER_BUSY): too many wait to be let in.
  static Result<LocalSocket> connect(const std::filesystem::path& folder);

  // Nothing that is open: nobody waits, or no descriptor is left, after a pause then, so that a
  // loop does not spin.
  LocalSocket accept() const;
  explicit operator bool() const { return file_ >= 0; }
  int file() const { return file_; }
  // Whether the other side is a process of root, of this process's user or of the folder's owner.
  bool isOwners(const std::filesystem::path& folder) const;
  // Whether the other side is still there.
  bool isOpen() const;

  // At most `max` bytes; empty: none are there. Error UNAVAILABLE (PEER_LEFT).
  Result<std::string> readSome(std::size_t max) const;
  // The same, waiting for some. Error UNAVAILABLE (PEER_SILENT) too.
  Result<std::string> waitForSome(std::size_t max, Condition::Deadline deadline) const;
  // What of it goes at once.
  Result<std::size_t> writeSome(std::string_view bytes) const;
  Status writeAll(std::string_view bytes, Condition::Deadline deadline) const;

 private:
  int file_ = -1;
};

}  // namespace doorstep::commands
