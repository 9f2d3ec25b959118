// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>

#include "sync-server/config/server_directory.h"

namespace doorstep::config {

// Takes a renewed certificate for people while the server runs. Another program renews it every 60
// to 90 days, as two files written one after the other or as links that are set anew; so a change
// is read only when the files look the same twice, a second apart. What cannot be read, does not
// fit together or has ended already is told once, and the one in use goes on.
//
// Thread: its owner's.
class WebCertificateWatch {
 public:
  // Shows it to new connections. An error: the one before goes on.
  using Use = std::function<Status(const ServerDirectory::WebCertificate& certificate)>;
  // used: what the server started with.
  WebCertificateWatch(const ServerDirectory& directory, ServerDirectory::WebCertificate used,
                      Use use);

  // Once a second. True: another certificate is in use now.
  bool tick(std::int64_t nowUnixMs);
  // Now, whatever the files look like. True as above.
  bool takeNow(std::int64_t nowUnixMs);

 private:
  // Of both files: where they lie, how large they are and when they were written. Zeros: not there.
  using Look = std::array<std::int64_t, 10>;
  Look look() const;
  bool take(std::int64_t nowUnixMs);
  Result<ServerDirectory::WebCertificate> readGood(std::int64_t nowUnixMs) const;

  const ServerDirectory& directory_;
  const Use use_;
  Look judged_;  // what was read last, whether it was taken or not
  Look before_;  // at the look before
  ServerDirectory::WebCertificate used_;
};

}  // namespace doorstep::config
