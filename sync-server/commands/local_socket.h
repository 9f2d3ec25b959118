// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "shared/core/mutex.h"
#include "shared/core/result.h"

namespace doorstep::commands {

// A local socket in a server's folder, mode 0600. A path longer than a socket name (107 bytes) is
// reached through the folder's entry in /proc. Errors' texts say what to do. Nothing blocks longer
// than the given time. Thread: one.
class LocalSocket {
 public:
  LocalSocket() = default;
  explicit LocalSocket(int file) : file_(file) {}
  LocalSocket(LocalSocket&& other) noexcept;
  LocalSocket& operator=(LocalSocket&& other) noexcept;
  ~LocalSocket();

  // Replaces a socket left by a killed server; the caller holds the folder's lock. Error
  // SOCKET_FAILED.
  static Result<LocalSocket> listen(const std::filesystem::path& folder);
  static void remove(const std::filesystem::path& folder);
  // Errors: NOT_FOUND (SERVER_NOT_RUNNING), PERMISSION_DENIED (SOCKET_FAILED), UNAVAILABLE
  // (SERVER_BUSY): the accept queue is full.
  static Result<LocalSocket> connect(const std::filesystem::path& folder);

  // A closed socket when none is pending, or, after a pause so that a loop does not spin, when out
  // of descriptors.
  LocalSocket accept() const;
  explicit operator bool() const { return file_ >= 0; }
  int file() const { return file_; }
  // Whether the peer is a process of root, of this process's user or of the folder's owner.
  bool isOwners(const std::filesystem::path& folder) const;
  // Whether the peer is still connected.
  bool isOpen() const;

  // At most `max` bytes; empty: none available. Error UNAVAILABLE (PEER_LEFT).
  Result<std::string> readSome(std::size_t max) const;
  // The same, but waits for data. Also error UNAVAILABLE (PEER_SILENT).
  Result<std::string> waitForSome(std::size_t max, Condition::Deadline deadline) const;
  // Writes what fits without blocking; returns the number of bytes.
  Result<std::size_t> writeSome(std::string_view bytes) const;
  Status writeAll(std::string_view bytes, Condition::Deadline deadline) const;

 private:
  int file_ = -1;
};

}  // namespace doorstep::commands
