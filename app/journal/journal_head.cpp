// SPDX-License-Identifier: Apache-2.0
#include "app/journal/journal_head.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shared/core/bytes.h"
#include "shared/core/durable_file.h"
#include "shared/crypto/sha256.h"

namespace doorstep::journal {
namespace {

// "DJH1", device, last event, last entry (8 bytes each, big-endian), first 8 bytes of the SHA-256
// of the preceding bytes.
constexpr std::string_view kMagic = "DJH1";
constexpr std::size_t kNumberBytes = 8;
constexpr std::size_t kDigestBytes = 8;
constexpr std::size_t kHeadBytes = kMagic.size() + 3 * kNumberBytes + kDigestBytes;

std::string digestOf(std::string_view bytes) {
  return std::string(crypto::sha256(bytes).view().substr(0, kDigestBytes));
}

std::uint64_t numberAt(std::string_view content, std::size_t index) {
  return fromBigEndian(content.substr(kMagic.size() + index * kNumberBytes, kNumberBytes));
}

}  // namespace

JournalHead::~JournalHead() {
  if (file_ >= 0)
    ::close(file_);
}

std::optional<JournalHead::Numbers> JournalHead::read() const {
  const auto content = path_.empty() ? Result<std::string>(std::string()) : readFile(path_);
  if (!content.ok() || content->size() != kHeadBytes || !content->starts_with(kMagic) ||
      !content->ends_with(digestOf(content->substr(0, kHeadBytes - kDigestBytes))))
    return std::nullopt;
  return Numbers{DeviceId(numberAt(*content, 0)), numberAt(*content, 1), numberAt(*content, 2)};
}

void JournalHead::write(const Numbers& numbers) {
  if (path_.empty())
    return;
  if (file_ < 0)
    file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file_ < 0)
    return;
  std::string content(kMagic);
  content += bigEndian64(numbers.device.value) + bigEndian64(numbers.lastEvent) +
             bigEndian64(numbers.lastEntry);
  content += digestOf(content);
  // An interrupted write leaves a digest that does not match.
  if (::pwrite(file_, content.data(), content.size(), 0) < 0)
    return;
  struct stat found {};
  const bool tooLong =
      ::fstat(file_, &found) == 0 && found.st_size > static_cast<off_t>(kHeadBytes);
  if (tooLong && ::ftruncate(file_, kHeadBytes) != 0)
    return;  // the file stays invalid
}

void JournalHead::sync() const {
  if (file_ >= 0)
    ::fdatasync(file_);
}

}  // namespace doorstep::journal
