// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/released/contract_messages.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>

#include "shared/core/check.h"

namespace doorstep::released {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr int kDepthMax = 4;  // a message inside a message inside ...

// A value of its own for each field, never the default.
void setScalar(Message& message, const FieldDescriptor* field) {
  const auto* to = message.GetReflection();
  const int value = 7 * field->number() + 1;
  const bool repeated = field->is_repeated();
#define DOORSTEP_SET(Type, given) \
  repeated ? to->Add##Type(&message, field, given) : to->Set##Type(&message, field, given)
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return DOORSTEP_SET(Int32, -value);
    case FieldDescriptor::CPPTYPE_INT64:
      return DOORSTEP_SET(Int64, -1'000'000'000'000LL - value);
    case FieldDescriptor::CPPTYPE_UINT32:
      return DOORSTEP_SET(UInt32, static_cast<std::uint32_t>(value));
    case FieldDescriptor::CPPTYPE_UINT64:
      return DOORSTEP_SET(UInt64, 1'000'000'000'000ULL + static_cast<std::uint64_t>(value));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return DOORSTEP_SET(Double, value + 0.5);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return DOORSTEP_SET(Float, static_cast<float>(value) + 0.5F);
    case FieldDescriptor::CPPTYPE_BOOL:
      return DOORSTEP_SET(Bool, true);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* values = field->enum_type();
      return DOORSTEP_SET(Enum, values->value(values->value_count() - 1));
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return DOORSTEP_SET(String, field->name() + " Zo\xC3\xAB");
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return;
  }
#undef DOORSTEP_SET
}

// which: of the members of each oneof.
void fill(Message& message, int which, int depth) {
  const Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const auto* oneof = field->real_containing_oneof();
    if (oneof != nullptr && field->index_in_oneof() != which % oneof->field_count())
      continue;
    for (int copies = field->is_repeated() ? 2 : 1; copies > 0; --copies) {
      if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
        setScalar(message, field);
      } else if (depth < kDepthMax) {
        const auto* to = message.GetReflection();
        fill(field->is_repeated() ? *to->AddMessage(&message, field)
                                  : *to->MutableMessage(&message, field),
             which, depth + 1);
      }
    }
  }
}

void addTypes(const Descriptor* type, std::vector<const Descriptor*>& types) {
  types.push_back(type);
  for (int i = 0; i < type->nested_type_count(); ++i)
    addTypes(type->nested_type(i), types);
}

}  // namespace

Contract::Contract(const std::string& descriptors) {
  google::protobuf::FileDescriptorSet files;
  DOORSTEP_CHECK(files.ParseFromString(descriptors));
  for (const auto& file : files.file()) {
    const auto* built = pool_.BuildFile(file);
    DOORSTEP_CHECK(built != nullptr);
    for (int i = 0; i < built->message_type_count(); ++i)
      addTypes(built->message_type(i), types_);
  }
}

std::unique_ptr<Message> Contract::make(const std::string& type) {
  const Descriptor* found = pool_.FindMessageTypeByName(type);
  return std::unique_ptr<Message>(found == nullptr ? nullptr : factory_.GetPrototype(found)->New());
}

std::vector<Contract::Sample> Contract::samples() {
  std::vector<Sample> samples;
  for (const Descriptor* type : types_) {
    int variants = 1;
    for (int i = 0; i < type->real_oneof_decl_count(); ++i)
      variants = std::max(variants, type->oneof_decl(i)->field_count());
    for (int which = 0; which < variants; ++which) {
      const auto message = make(type->full_name());
      fill(*message, which, 0);
      samples.push_back({type->full_name(), message->SerializeAsString()});
    }
  }
  return samples;
}

bool hasUnknownFields(const Message& message) {
  const auto* reflection = message.GetReflection();
  if (!reflection->GetUnknownFields(message).empty())
    return true;
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE)
      continue;
    if (!field->is_repeated()) {
      if (hasUnknownFields(reflection->GetMessage(message, field)))
        return true;
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i)
      if (hasUnknownFields(reflection->GetRepeatedMessage(message, field, i)))
        return true;
  }
  return false;
}

}  // namespace doorstep::released
