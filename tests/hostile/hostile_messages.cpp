// SPDX-License-Identifier: Apache-2.0
#include "tests/hostile/hostile_messages.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <cstdint>
#include <limits>
#include <memory>

#include "doorstep/admin/v1/account_service.pb.h"
#include "doorstep/admin/v1/office_service.pb.h"
#include "doorstep/enrolment/v1/enrolment_service.pb.h"
#include "doorstep/monitoring/v1/board_service.pb.h"
#include "doorstep/records/v1/records_service.pb.h"
#include "doorstep/sync/v1/sync_service.pb.h"

namespace doorstep::hostile {
namespace {

namespace pb = google::protobuf;

constexpr int kDepthMax = 3;

// One way to fill a message.
struct Extreme {
  std::int64_t number;
  double real;
  std::string text;
  int repeats;
};

std::vector<Extreme> extremes() {
  using Limits = std::numeric_limits<std::int64_t>;
  return {
      {Limits::max(), std::numeric_limits<double>::infinity(), std::string(2'000, 'a'), 3},
      {Limits::min(), -std::numeric_limits<double>::infinity(), "", 0},
      {-1, std::numeric_limits<double>::quiet_NaN(), "\xe2\x80\xae../../etc/passwd", 1},
      {1, 1e300, std::string("a\0b\r\nSet-Cookie: c", 18), 1'000},
      {0, 0, "9999-99-99", 1},
      {2, -1, "2026-11-27", 1},
      {1'764'000'000'000, 52.6, "%00%ff'\";DROP TABLE visit;--", 2},
  };
}

void fill(pb::Message& message, const Extreme& extreme, int depth);

void fillOne(pb::Message& message, const pb::FieldDescriptor& field, const Extreme& extreme,
             int depth) {
  const auto& reflection = *message.GetReflection();
  const bool add = field.is_repeated();
  const auto put = [&](auto set, auto append, auto value) {
    add ? (reflection.*append)(&message, &field, value)
        : (reflection.*set)(&message, &field, value);
  };
  using R = pb::Reflection;
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_INT32:
      return put(&R::SetInt32, &R::AddInt32, static_cast<std::int32_t>(extreme.number));
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return put(&R::SetInt64, &R::AddInt64, extreme.number);
    case pb::FieldDescriptor::CPPTYPE_UINT32:
      return put(&R::SetUInt32, &R::AddUInt32, static_cast<std::uint32_t>(extreme.number));
    case pb::FieldDescriptor::CPPTYPE_UINT64:
      return put(&R::SetUInt64, &R::AddUInt64, static_cast<std::uint64_t>(extreme.number));
    case pb::FieldDescriptor::CPPTYPE_DOUBLE:
      return put(&R::SetDouble, &R::AddDouble, extreme.real);
    case pb::FieldDescriptor::CPPTYPE_FLOAT:
      return put(&R::SetFloat, &R::AddFloat, static_cast<float>(extreme.real));
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return put(&R::SetBool, &R::AddBool, extreme.number != 0);
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return put(&R::SetEnumValue, &R::AddEnumValue, static_cast<int>(extreme.number));
    case pb::FieldDescriptor::CPPTYPE_STRING:
      add ? reflection.AddString(&message, &field, extreme.text)
          : reflection.SetString(&message, &field, extreme.text);
      return;
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      if (depth < kDepthMax)
        fill(add ? *reflection.AddMessage(&message, &field)
                 : *reflection.MutableMessage(&message, &field),
             extreme, depth + 1);
  }
}

void fill(pb::Message& message, const Extreme& extreme, int depth) {
  const auto& type = *message.GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) {
    const auto& field = *type.field(i);
    const int outer = depth == 0 ? extreme.repeats : 1;
    const int count = field.is_repeated() ? outer : 1;
    for (int k = 0; k < count; ++k)
      fillOne(message, field, extreme, depth);
  }
}

}  // namespace

std::vector<const pb::MethodDescriptor*> allMethods() {
  std::vector<const pb::MethodDescriptor*> methods;
  // A service joins by its file; what the linker drops has no descriptor.
  for (const pb::FileDescriptor* file : {admin::v1::SignInRequest::descriptor()->file(),
                                         admin::v1::ImportRotaRequest::descriptor()->file(),
                                         enrolment::v1::EnrolRequest::descriptor()->file(),
                                         monitoring::v1::BoardRow::descriptor()->file(),
                                         records::v1::GetTotalsRequest::descriptor()->file(),
                                         sync::v1::ExchangeRequest::descriptor()->file()})
    for (int i = 0; i < file->service_count(); ++i)
      for (int k = 0; k < file->service(i)->method_count(); ++k)
        methods.push_back(file->service(i)->method(k));
  return methods;
}

std::vector<std::string> hostileMessages(const pb::Descriptor& type) {
  std::vector<std::string> messages{"",
                                    "\x0a\x05"
                                    "ab",
                                    std::string(1'000, '\xff'),
                                    std::string(40'000, '\x0b')};  // groups within groups
  const auto& prototype = *pb::MessageFactory::generated_factory()->GetPrototype(&type);
  for (const Extreme& extreme : extremes()) {
    const std::unique_ptr<pb::Message> message(prototype.New());
    fill(*message, extreme, 0);
    std::string bytes = message->SerializePartialAsString();
    if (bytes.size() <= 60'000)
      messages.push_back(std::move(bytes));
  }
  return messages;
}

std::vector<std::string> hostileJson(const pb::Descriptor& type) {
  std::vector<std::string> texts{"",
                                 "{",
                                 "null",
                                 "[]",
                                 "\"text\"",
                                 "1e999",
                                 "\xff\xfe",
                                 "{\"a\":",
                                 std::string(20'000, '['),
                                 std::string(30'000, '{')};
  std::string deep;
  for (int i = 0; i < 9'000; ++i)
    deep += "{\"a\":";
  texts.push_back(deep);
  for (const char* value : {"null", "-1", "1e400", "\"\\u0000\\u202e\\ud800\"", "[]", "{}", "true",
                            "[[[[{}]]]]", "\"99999999999999999999\""}) {
    std::string text = "{";
    for (int i = 0; i < type.field_count(); ++i)
      text += (i == 0 ? "\"" : ",\"") + type.field(i)->json_name() + "\":" + value;
    texts.push_back(text + "}");
  }
  return texts;
}

}  // namespace doorstep::hostile
