// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "sync-server/http/http_front.h"
#include "tests/support/https_client.h"

namespace doorstep::loopback {

// A front before fake services that report what they received, on a free loopback port.
//   AccountService.SignIn   login "cookie" sets a cookie; "refused" fails with a reason;
//                           "slow" waits for its deadline; any other is the display name
//   AccountService.GetSession   display_name lists the metadata received, "key=value;" each
//   BoardService.WatchBoard   after_revision messages; with day "forever" one, then it waits for
//                             cancellation; with day "refused" it fails after the messages
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
  // "method REASON" of the front's own refusals so far.
  std::vector<std::string> refusals() const;
  // Whether a WatchBoard of "forever" was cancelled; false if not within 20 s.
  bool watchWasCancelled();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

// A session that the front accepts.
constexpr const char* kSessionHeader = "Cookie: __Host-doorstep-session=t0ken\r\n";
constexpr const char* kSignIn = "/doorstep.admin.v1.AccountService/SignIn";
constexpr const char* kGetSession = "/doorstep.admin.v1.AccountService/GetSession";
constexpr const char* kWatchBoard = "/doorstep.monitoring.v1.BoardService/WatchBoard";

}  // namespace doorstep::loopback
