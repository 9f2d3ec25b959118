// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/web_certificate_watch.h"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <utility>

#include "shared/core/local_time.h"
#include "shared/crypto/certificate_facts.h"

namespace doorstep::config {

WebCertificateWatch::WebCertificateWatch(const ServerDirectory& directory,
                                         ServerDirectory::WebCertificate used, Use use)
    : directory_(directory), use_(std::move(use)), judged_{}, before_{}, used_(std::move(used)) {}

WebCertificateWatch::Look WebCertificateWatch::look() const {
  Look seen{};
  const auto [chain, key] = directory_.webCertificatePaths();
  std::size_t at = 0;
  for (const auto* path : {&chain, &key}) {
    struct stat found {};  // follows symlinks
    if (::stat(path->c_str(), &found) != 0) {
      at += 5;
      continue;
    }
    seen[at++] = static_cast<std::int64_t>(found.st_dev);
    seen[at++] = static_cast<std::int64_t>(found.st_ino);
    seen[at++] = found.st_size;
    seen[at++] = found.st_mtim.tv_sec;
    seen[at++] = found.st_mtim.tv_nsec;
  }
  return seen;
}

bool WebCertificateWatch::tick(std::int64_t nowUnixMs) {
  const Look now = look();
  const bool settled = now == std::exchange(before_, now);
  return settled && now != judged_ && take(nowUnixMs);
}

bool WebCertificateWatch::takeNow(std::int64_t nowUnixMs) {
  before_ = look();
  return take(nowUnixMs);
}

Result<ServerDirectory::WebCertificate> WebCertificateWatch::readGood(
    std::int64_t nowUnixMs) const {
  DOORSTEP_ASSIGN(auto read, directory_.readWebCertificate());
  DOORSTEP_ASSIGN(const auto facts, crypto::certificateFacts(read.chainPem));
  if (facts.endsUnixMs <= nowUnixMs)
    return Error{ErrorCode::FailedPrecondition, "CERTIFICATE_EXPIRED",
                 "[web] certificate: it ended " + unixMsToUtc(facts.endsUnixMs)};
  return read;
}

bool WebCertificateWatch::take(std::int64_t nowUnixMs) {
  judged_ = before_;
  auto read = readGood(nowUnixMs);
  if (read.ok() && read->chainPem == used_.chainPem && read->keyPem == used_.keyPem)
    return false;
  const Status used = read.ok() ? use_(*read) : Status(read.error());
  if (!used.ok()) {
    spdlog::warn("the new web certificate is not taken, the one before goes on: {} ({})",
                 used.error().text, used.error().reason);
    return false;
  }
  used_ = *std::move(read);
  spdlog::info("a new web certificate is in use");
  return true;
}

}  // namespace doorstep::config
