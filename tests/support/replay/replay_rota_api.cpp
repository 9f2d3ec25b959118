// SPDX-License-Identifier: Apache-2.0
#include "tests/support/replay/replay_rota_api.h"

#include "doorstep/admin/v1/account_service.pb.h"

namespace doorstep::replay {

Result<support::HttpResponse> Api::send(const char* method, const std::string& path,
                                        const std::string& headers, const std::string& body) {
  // A kept connection may have ended since: once more on a new one. Calls here only read, or sign
  // in.
  for (const bool last : {false, true}) {
    if (!connection_) {
      support::HttpsClient::Options options;
      options.caPem = caPem_;
      DOORSTEP_ASSIGN(connection_, support::HttpsClient::connect("127.0.0.1", port_, options));
    }
    auto reply = connection_->request(method, path, headers, body);
    if (reply.ok() || last)
      return reply;
    connection_.reset();
  }
  return Error{};
}

Status Api::call(const std::string& method, const google::protobuf::Message& request,
                 google::protobuf::Message& response) {
  std::string headers = "Content-Type: application/proto\r\n";
  if (!cookie_.empty())
    headers += "Cookie: " + cookie_ + "\r\n";
  DOORSTEP_ASSIGN(const auto reply,
                  send("POST", "/" + method, headers, request.SerializeAsString()));
  if (reply.status != 200)
    return Error{ErrorCode::Unknown, reply.header("trailer-doorstep-reason"),
                 method + ": " + reply.body};
  if (const std::string cookie = reply.header("set-cookie"); !cookie.empty())
    cookie_ = cookie.substr(0, cookie.find(';'));
  if (!response.ParseFromString(reply.body))
    return Error{ErrorCode::Internal, "RESPONSE_MALFORMED", method};
  return kDone;
}

Status Api::signIn(const std::string& login, const std::string& password) {
  admin::v1::SignInRequest request;
  request.set_login(login);
  request.set_password(password);
  admin::v1::SignInResponse response;
  return call("doorstep.admin.v1.AccountService/SignIn", request, response);
}

Result<std::string> Api::get(const std::string& path) {
  DOORSTEP_ASSIGN(auto reply, send("GET", path, "", ""));
  if (reply.status == 404)
    return Error{ErrorCode::NotFound, "NOT_FOUND", path};
  if (reply.status != 200)
    return Error{ErrorCode::Unknown, "HTTP_STATUS", path + ": " + std::to_string(reply.status)};
  return std::move(reply.body);
}

}  // namespace doorstep::replay
