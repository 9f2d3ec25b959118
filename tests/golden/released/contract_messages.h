// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <memory>
#include <string>
#include <vector>

namespace doorstep::released {

// The contract of this build, without generated code: creates any message by its name.
class Contract {
 public:
  // descriptors: a FileDescriptorSet with all imports, in order of dependency.
  explicit Contract(const std::string& descriptors);

  // Null for an unknown message type.
  std::unique_ptr<google::protobuf::Message> make(const std::string& type);

  struct Sample {
    std::string type;
    std::string bytes;
  };
  // Every message with all fields set, and once for each member of its oneofs.
  std::vector<Sample> samples();

 private:
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_{&pool_};
  std::vector<const google::protobuf::Descriptor*> types_;
};

// Also in nested messages.
bool hasUnknownFields(const google::protobuf::Message& message);

}  // namespace doorstep::released
