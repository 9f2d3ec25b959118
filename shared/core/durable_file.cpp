// SPDX-License-Identifier: Apache-2.0
#include "shared/core/durable_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace doorstep {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

Error lastWriteError() { return writeError({errno, std::generic_category()}); }

bool writeAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Error writeError(const std::error_code& cause) {
  const auto is = [&](std::errc one) { return cause == std::make_error_condition(one); };
  if (is(std::errc::no_space_on_device) || cause.value() == EDQUOT || is(std::errc::file_too_large))
    return {ErrorCode::ResourceExhausted, "FILE_FULL", cause.message()};
  if (is(std::errc::read_only_file_system) || is(std::errc::permission_denied) ||
      is(std::errc::operation_not_permitted))
    return {ErrorCode::PermissionDenied, "FILE_READONLY", cause.message()};
  return {ErrorCode::ResourceExhausted, "FILE_WRITE", cause.message()};
}

Status writeDurably(const std::string& path, std::string_view content) {
  const std::string beside = path + ".new";
  const auto write = [&]() -> Status {
    const Descriptor file(
        ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (file.get() < 0 || !writeAll(file.get(), content) || ::fsync(file.get()) != 0)
      return lastWriteError();
    return kDone;
  };
  Status written = write();
  if (written.ok() && std::rename(beside.c_str(), path.c_str()) != 0)
    written = lastWriteError();
  if (!written.ok()) {
    ::unlink(beside.c_str());  // frees its space
    return written;
  }
  return syncFolder(std::filesystem::path(path).parent_path());
}

Status overwriteDurably(const std::string& path, std::string_view content) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  struct stat found {};
  if (file.get() < 0 || ::fstat(file.get(), &found) != 0)
    return lastWriteError();
  if (found.st_size != static_cast<off_t>(content.size()))
    return Error{ErrorCode::ResourceExhausted, "FILE_WRITE", "the file has another size"};
  if (!writeAll(file.get(), content) || ::fdatasync(file.get()) != 0)
    return lastWriteError();
  return kDone;
}

Status syncFolder(const std::string& path) {
  const Descriptor directory(
      ::open(path.empty() ? "." : path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0)
    return lastWriteError();
  return kDone;
}

Result<std::string> readFile(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    if (errno == ENOENT)
      return Error{ErrorCode::NotFound, "FILE_MISSING", "no such file"};
    return Error{ErrorCode::DataLoss, "FILE_READ", std::strerror(errno)};
  }
  std::string content;
  char buffer[4096];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return Error{ErrorCode::DataLoss, "FILE_READ", std::strerror(errno)};
    if (count == 0)
      return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > kFileBytesMax)
      return Error{ErrorCode::DataLoss, "FILE_TOO_LARGE", "no file of ours"};
  }
}

}  // namespace doorstep
