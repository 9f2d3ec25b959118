// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace google::protobuf {
class Descriptor;
class MethodDescriptor;
}  // namespace google::protobuf

namespace doorstep::hostile {

// Every method of the contract with a single request message.
std::vector<const google::protobuf::MethodDescriptor*> allMethods();

// Encoded messages of the type with each field at an extreme of its type: numbers at both limits,
// texts that are empty, long, or of control and direction characters, lists of a thousand; and
// bytes that are not a message of it.
std::vector<std::string> hostileMessages(const google::protobuf::Descriptor& type);

// JSON that is invalid, too deep, or of other types.
std::vector<std::string> hostileJson(const google::protobuf::Descriptor& type);

}  // namespace doorstep::hostile
