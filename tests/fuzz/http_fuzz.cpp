// SPDX-License-Identifier: Apache-2.0
// The head of a request to the HTTPS front and the frames of its body.
#include "doorstep/admin/v1/office_service.pb.h"
#include "sync-server/http/call_codec.h"
#include "sync-server/http/connect_protocol.h"
#include "sync-server/http/log_files.h"
#include "sync-server/http/request_routing.h"
#include "tests/fuzz/input.h"

namespace {

class EmptyLog final : public doorstep::http::LogReader {
 public:
  doorstep::Result<Head> head(doorstep::ProviderId) const override { return Head{}; }
  doorstep::Result<std::string> tile(doorstep::ProviderId,
                                     const doorstep::evidence::TilePath&) const override {
    return std::string();
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace doorstep;
  static const http::JsonTranscoder transcoder;
  doorstep::admin::v1::ImportRotaRequest::descriptor();
  const auto parts = fuzz::Input(bytes, size).parts(12);
  http::RequestHead head;
  std::string_view* const fields[] = {
      &head.method,          &head.target,         &head.host,
      &head.origin,          &head.fetchSite,      &head.contentType,
      &head.contentEncoding, &head.connectTimeout, &head.grpcTimeout,
      &head.localAddress};
  for (std::size_t i = 0; i < std::size(fields); ++i)
    *fields[i] = parts[i];
  head.sessionToken = http::sessionToken(parts[11]);
  static const http::SiteRules sites{
      {"care.example.org"}, {"https://proxy.example.org"}, std::uint16_t{8443}};
  const auto route = http::routeRequest(head, sites);
  if (const auto* call = std::get_if<http::CallRoute>(&route)) {
    fuzz::require(call->method != nullptr && call->bodyMaxBytes > 0);
    if (const auto request = http::decodeRequest(*call, parts[10], transcoder); !request.ok())
      (void)http::refusedCallReply(*call, request.error(), transcoder);
    (void)http::streamedMessage(*call, parts[10], transcoder).ok();
  }
  if (const auto* file = std::get_if<http::FileRoute>(&route))
    (void)http::getLogFile(file->path, EmptyLog());
  (void)http::openEnvelope(parts[10]).ok();
  (void)http::isCrossSite(head, sites);
  fuzz::require(http::percentEncode(parts[11]).find('\n') == std::string::npos);
  fuzz::require(http::connectErrorJson({3, parts[11], parts[10]}).size() > 2);
  return 0;
}
