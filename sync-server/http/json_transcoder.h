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

// Protobuf's binary form to and from its JSON form (protobuf.dev/programming-guides/proto3#json),
// for any generated message. Fields that are unknown in JSON are skipped, as a newer page may
// send them; fields that hold their default are left out. Thread: any.
class JsonTranscoder {
 public:
  JsonTranscoder();
  ~JsonTranscoder();

  // Error JSON_MALFORMED. Nothing at all is the empty message.
  Result<std::string> toBinary(const google::protobuf::Descriptor& type,
                               std::string_view json) const;
  // Error MESSAGE_MALFORMED: the service's bytes cannot be written as that message.
  Result<std::string> toJson(const google::protobuf::Descriptor& type,
                             std::string_view binary) const;

 private:
  const std::unique_ptr<google::protobuf::util::TypeResolver> types_;
};

}  // namespace doorstep::http
