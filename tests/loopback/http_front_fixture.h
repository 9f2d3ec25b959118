// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sync-server/http/http_front.h"
#include "tests/support/https_client.h"

namespace doorstep::loopback {

// A front before services that say what reached them, on a free port of loopback.
//   AccountService.SignIn   login "cookie" sets a cookie; "refused" fails with a reason;
//                           "slow" waits for its deadline; any other is the display name
//   AccountService.GetSession   display_name holds the metadata that came, one "key=value;" each
//   BoardService.WatchBoard   after_revision messages; with day "forever" one, then it waits to be
//                             cancelled; with day "refused" it fails after the messages
class HttpFrontFixture {
 public:
  explicit HttpFrontFixture(const http::FrontLimits& limits = {});
  ~HttpFrontFixture();

  std::unique_ptr<support::HttpsClient> connect();
  std::unique_ptr<support::HttpsClient> connect(const support::HttpsClient::Options& options);
  Result<std::unique_ptr<support::HttpsClient>> tryConnect(
      const support::HttpsClient::Options& options);
  const std::string& caPem() const;
  std::string origin() const;
  http::HttpFront& front();
  // "method REASON" of what the front itself refused so far.
  std::vector<std::string> refusals() const;
  // True once a WatchBoard of "forever" was cancelled; false when that takes longer than 20 s.
  bool watchWasCancelled();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// Of a session that the front finds good.
constexpr const char* kSessionHeader = "Cookie: __Host-doorstep-session=t0ken\r\n";
constexpr const char* kSignIn = "/doorstep.admin.v1.AccountService/SignIn";
constexpr const char* kGetSession = "/doorstep.admin.v1.AccountService/GetSession";
constexpr const char* kWatchBoard = "/doorstep.monitoring.v1.BoardService/WatchBoard";

}  // namespace doorstep::loopback
