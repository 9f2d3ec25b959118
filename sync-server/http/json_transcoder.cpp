// SPDX-License-Identifier: Apache-2.0
#include "sync-server/http/json_transcoder.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/type_resolver.h>
#include <google/protobuf/util/type_resolver_util.h>

namespace doorstep::http {
namespace {

namespace pb = google::protobuf;

constexpr char kTypePrefix[] = "type.googleapis.com";

std::string typeUrl(const pb::Descriptor& type) {
  return std::string(kTypePrefix) + "/" + type.full_name();
}

}  // namespace

JsonTranscoder::JsonTranscoder()
    : types_(pb::util::NewTypeResolverForDescriptorPool(kTypePrefix,
                                                        pb::DescriptorPool::generated_pool())) {}
JsonTranscoder::~JsonTranscoder() = default;

Result<std::string> JsonTranscoder::toBinary(const pb::Descriptor& type,
                                             std::string_view json) const {
  pb::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  const std::string text(json.empty() ? std::string_view("{}") : json);
  std::string binary;
  const auto status =
      pb::util::JsonToBinaryString(types_.get(), typeUrl(type), text, &binary, options);
  if (!status.ok()) {
    // protobuf's text quotes the request. It is returned to the sender only.
    return Error{ErrorCode::InvalidArgument, "JSON_MALFORMED", std::string(status.message())};
  }
  return binary;
}

Result<std::string> JsonTranscoder::toJson(const pb::Descriptor& type,
                                           std::string_view binary) const {
  std::string json;
  const auto status =
      pb::util::BinaryToJsonString(types_.get(), typeUrl(type), std::string(binary), &json);
  if (!status.ok()) {
    return Error{ErrorCode::Internal, "MESSAGE_MALFORMED", "the service's answer is malformed"};
  }
  return json;
}

}  // namespace doorstep::http
