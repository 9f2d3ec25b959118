// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "shared/core/result.h"

namespace google::protobuf {
class Descriptor;
namespace util {
class TypeResolver;
}
}  // namespace google::protobuf

namespace doorstep::http {

// Converts between protobuf's binary and JSON forms
// (protobuf.dev/programming-guides/proto3#json) for any generated message. Ignores unknown JSON
// fields, which a newer page may send; omits fields with default values. Thread: any.
class JsonTranscoder {
 public:
  JsonTranscoder();
  ~JsonTranscoder();

  // Error JSON_MALFORMED. Empty input is the empty message.
  Result<std::string> toBinary(const google::protobuf::Descriptor& type,
                               std::string_view json) const;
  // Error MESSAGE_MALFORMED: the bytes are not a message of that type.
  Result<std::string> toJson(const google::protobuf::Descriptor& type,
                             std::string_view binary) const;

 private:
  const std::unique_ptr<google::protobuf::util::TypeResolver> types_;
};

}  // namespace doorstep::http
