// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/commissioned/commissioned_row_message.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "shared/core/display_text.h"
#include "shared/core/local_time.h"
#include "shared/visits/measures/civil_time.h"
#include "sync-server/commissioning/commissioned_values.h"
#include "sync-server/commissioning/limits.h"
#include "sync-server/roster/limits.h"

namespace doorstep::records {
namespace {

namespace pb = doorstep::admin::v1;
namespace values = doorstep::commissioning::v1;
using commissioning::Kind;

Error refused(const char* reason, const char* text) {
  return {ErrorCode::InvalidArgument, reason, text};
}

Result<std::int64_t> dayOf(const std::string& text) {
  const auto day = measures::parseDay(text);
  if (!day || *day < 0 || *day > commissioning::kDayMax)
    return refused("DAY_FORMAT", "a day is 2026-11-23, from 1970 to 2199");
  return *day;
}

// "weekday/day": the part before the slash and the one behind it.
std::pair<std::string_view, std::string_view> parts(std::string_view name) {
  const std::size_t slash = std::min(name.find('/'), name.size());
  return {name.substr(0, slash), name.substr(std::min(slash + 1, name.size()))};
}

struct Content {
  std::string bytes;
  Status checked;
};

Content contentOf(const pb::CommissionedRow& message) {
  const auto [first, second] = parts(message.name());
  switch (message.content_case()) {
    case pb::CommissionedRow::kPackage:
      return {message.package().SerializeAsString(),
              message.package().service_kind() == message.name()
                  ? commissioning::checkPackage(message.package())
                  : Status(refused("NAME_FORMAT", "a package is named by its service kind"))};
    case pb::CommissionedRow::kPause:
      return {message.pause().SerializeAsString(), commissioning::checkPause(message.pause())};
    case pb::CommissionedRow::kLot:
      return {message.lot().SerializeAsString(), commissioning::checkLot(message.lot())};
    case pb::CommissionedRow::kRating:
      return {message.rating().SerializeAsString(),
              commissioning::checkRating(first, message.rating())};
    case pb::CommissionedRow::kRate:
      return {message.rate().SerializeAsString(),
              commissioning::checkRate(second, first, message.rate())};
    case pb::CommissionedRow::kCommissioner:
      return {message.commissioner().SerializeAsString(),
              commissioning::checkCommissioner(message.commissioner())};
    case pb::CommissionedRow::CONTENT_NOT_SET:
      break;
  }
  const bool mayEnd = message.kind() == pb::COMMISSIONED_KIND_PACKAGE ||
                      message.kind() == pb::COMMISSIONED_KIND_PAUSE ||
                      message.kind() == pb::COMMISSIONED_KIND_RATING;
  return {{}, mayEnd ? Status(kDone) : Status(refused("CONTENT_MISSING", "the row says nothing"))};
}

bool fits(const pb::CommissionedRow& message) {
  using Case = pb::CommissionedRow;
  switch (message.content_case()) {
    case Case::kPackage:
      return message.kind() == pb::COMMISSIONED_KIND_PACKAGE;
    case Case::kPause:
      return message.kind() == pb::COMMISSIONED_KIND_PAUSE;
    case Case::kLot:
      return message.kind() == pb::COMMISSIONED_KIND_LOT;
    case Case::kRating:
      return message.kind() == pb::COMMISSIONED_KIND_RATING;
    case Case::kRate:
      return message.kind() == pb::COMMISSIONED_KIND_RATE;
    case Case::kCommissioner:
      return message.kind() == pb::COMMISSIONED_KIND_COMMISSIONER;
    case Case::CONTENT_NOT_SET:
      break;
  }
  return message.kind() != pb::COMMISSIONED_KIND_UNSPECIFIED &&
         pb::CommissionedKind_IsValid(message.kind());
}

// Bytes that cannot be read are shown as a row that says nothing.
void setContent(const commissioning::CommissionedRow& row, pb::CommissionedRow& message) {
  switch (row.key.kind) {
    case Kind::Package:
      (void)message.mutable_package()->ParseFromString(row.content);
      return;
    case Kind::Pause:
      (void)message.mutable_pause()->ParseFromString(row.content);
      return;
    case Kind::Lot:
      (void)message.mutable_lot()->ParseFromString(row.content);
      return;
    case Kind::Rating:
      (void)message.mutable_rating()->ParseFromString(row.content);
      return;
    case Kind::Rate:
      (void)message.mutable_rate()->ParseFromString(row.content);
      return;
    case Kind::Commissioner:
      (void)message.mutable_commissioner()->ParseFromString(row.content);
  }
}

}  // namespace

pb::CommissionedRow messageOf(const commissioning::CommissionedRow& row) {
  pb::CommissionedRow message;
  message.set_kind(static_cast<pb::CommissionedKind>(row.key.kind));
  message.set_subject_id(row.key.subject);
  message.set_name(row.key.name);
  message.set_from_day(measures::dayText(row.fromDay));
  if (row.untilDay)
    message.set_until_day(measures::dayText(*row.untilDay));
  message.set_reason(row.reason);
  if (!row.content.empty())
    setContent(row, message);
  message.set_version(row.version);
  message.set_replaced_version(row.replacedVersion.value_or(0));
  return message;
}

Result<commissioning::CommissionedRow> rowOf(const pb::CommissionedRow& from) {
  pb::CommissionedRow message = from;
  message.DiscardUnknownFields();  // what is not known is not checked, and so not kept
  if (!fits(message))
    return refused("KIND_UNKNOWN", "the row's kind is none, or not that of its content");
  if (message.name().size() > roster::kRefBytesMax ||
      textFlaw(message.name(), TextKind::Ref) != TextFlaw::None)
    return refused("NAME_FORMAT", "a name has 64 bytes at most, without control bytes");
  if (message.reason().size() > commissioning::kWhyBytesMax ||
      textFlaw(message.reason(), TextKind::Line) != TextFlaw::None)
    return refused("REASON_FORMAT", "a reason is one line of 500 bytes at most");
  commissioning::CommissionedRow row;
  row.key = {static_cast<Kind>(message.kind()), message.subject_id(), message.name()};
  DOORSTEP_ASSIGN(row.fromDay, dayOf(message.from_day()));
  if (!message.until_day().empty()) {
    DOORSTEP_ASSIGN(row.untilDay, dayOf(message.until_day()));
    if (*row.untilDay < row.fromDay)
      return refused("DAYS_REVERSED", "the last day is before the first");
  }
  row.reason = message.reason();
  Content content = contentOf(message);
  DOORSTEP_TRY(content.checked);
  row.content = std::move(content.bytes);
  return row;
}

}  // namespace doorstep::records
