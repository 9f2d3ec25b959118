// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <memory>
#include <string>
#include <vector>

namespace doorstep::released {

// The contract as this build has it, without generated code: every message can be made by its name.
class Contract {
 public:
  // descriptors: a FileDescriptorSet with all imports, in their order.
  explicit Contract(const std::string& descriptors);

  // Nothing: there is no such message.
  std::unique_ptr<google::protobuf::Message> make(const std::string& type);

  struct Sample {
    std::string type;
    std::string bytes;
  };
  // Every message with every field set, and once for each member of its oneofs.
  std::vector<Sample> samples();

 private:
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_{&pool_};
  std::vector<const google::protobuf::Descriptor*> types_;
};

// In a message or one inside it.
bool hasUnknownFields(const google::protobuf::Message& message);

}  // namespace doorstep::released
