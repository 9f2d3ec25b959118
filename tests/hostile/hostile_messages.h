// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace google::protobuf {
class Descriptor;
class MethodDescriptor;
}  // namespace google::protobuf

namespace doorstep::hostile {

// Every method of the contract that takes one message.
std::vector<const google::protobuf::MethodDescriptor*> allMethods();

// Messages of the type, in binary, with each field at an extreme of what its type holds: numbers at
// both ends, texts that are empty, long, of control and direction signs, lists of a thousand; and
// bytes that are no message of it.
std::vector<std::string> hostileMessages(const google::protobuf::Descriptor& type);

// JSON that is none, too deep, of other types.
std::vector<std::string> hostileJson(const google::protobuf::Descriptor& type);

}  // namespace doorstep::hostile
