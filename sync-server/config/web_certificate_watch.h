// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "sync-server/config/server_directory.h"

namespace doorstep::config {

// Loads a renewed web certificate while the server runs. Another program renews it every 60 to 90
// days, by two files written one after the other or by relinked symlinks; so a change is read only
// when the files are unchanged between two checks a second apart. A certificate that is unreadable,
// does not match its key or has expired is reported once, and the current one stays in use. Thread:
// its owner's.
class WebCertificateWatch {
 public:
  // Uses the certificate for new connections. After an error the previous one stays in use.
  using Use = std::function<Status(const ServerDirectory::WebCertificate& certificate)>;
  // used: the certificate that the server started with.
  WebCertificateWatch(const ServerDirectory& directory, ServerDirectory::WebCertificate used,
                      Use use);

  // Call once a second. True: another certificate is now in use.
  bool tick(std::int64_t nowUnixMs);
  // Loads it now without the two checks. True as above.
  bool takeNow(std::int64_t nowUnixMs);

 private:
  // Identity, size and modification time of both files. Zeros: missing.
  using Look = std::array<std::int64_t, 10>;
  Look look() const;
  bool take(std::int64_t nowUnixMs);
  Result<ServerDirectory::WebCertificate> readGood(std::int64_t nowUnixMs) const;

  const ServerDirectory& directory_;
  const Use use_;
  Look judged_;  // at the last load, successful or not
  Look before_;  // at the previous check
  ServerDirectory::WebCertificate used_;
};

}  // namespace doorstep::config
