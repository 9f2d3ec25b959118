// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/plan_codec.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include "shared/core/bytes.h"
#include "shared/crypto/sha256.h"

namespace doorstep::wire {
namespace {

namespace pb = doorstep::roster::v1;

constexpr std::uint32_t kDurationMinMax = 1440;
constexpr std::uint32_t kCarersRequiredMax = 4;

Error malformed(const char* field) { return {ErrorCode::InvalidArgument, "PLAN_MALFORMED", field}; }

// Fields in order of number, so that each object has one encoding.
std::string encode(const google::protobuf::MessageLite& message) {
  std::string bytes;
  google::protobuf::io::StringOutputStream stream(&bytes);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  DOORSTEP_CHECK(message.SerializeToCodedStream(&coded));
  coded.Trim();
  return bytes;
}

template <typename Message>
bool parse(Message& message, std::string_view bytes) {
  return bytes.size() <= INT32_MAX &&
         message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

struct Number128 {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};

Number128 numberOf(std::string_view bytes) {
  const Hash hash = crypto::sha256(bytes);
  Number128 number;
  for (int i = 7; i >= 0; --i) {
    number.low = number.low << 8 | hash.bytes[static_cast<std::size_t>(i)];
    number.high = number.high << 8 | hash.bytes[static_cast<std::size_t>(i) + 8];
  }
  return number;
}

Number128 numberOf(std::uint32_t kind, std::uint64_t id, std::string_view bytes) {
  std::string hashed = bigEndian64(kind) + bigEndian64(id);
  hashed.append(bytes);
  return numberOf(hashed);
}

void addTo(std::uint64_t& low, std::uint64_t& high, const Number128& number) {
  low += number.low;
  high += number.high + (low < number.low ? 1 : 0);
}

void takeFrom(std::uint64_t& low, std::uint64_t& high, const Number128& number) {
  high -= number.high + (low < number.low ? 1 : 0);
  low -= number.low;
}

}  // namespace

pb::Person toProto(const visits::Person& person) {
  pb::Person to;
  to.set_ref(person.ref);
  to.set_name(person.name);
  to.set_access_note(person.accessNote);
  if (person.latitudeDeg)
    to.set_latitude_deg(*person.latitudeDeg);
  if (person.longitudeDeg)
    to.set_longitude_deg(*person.longitudeDeg);
  to.set_lot(person.lot);
  return to;
}

pb::Visit toProto(const visits::PlannedVisit& visit) {
  pb::Visit to;
  to.set_ref(visit.ref);
  to.set_person_id(visit.person.value);
  to.set_service(visit.service);
  to.set_window_start_unix_ms(visit.windowStartUnixMs);
  to.set_window_end_unix_ms(visit.windowEndUnixMs);
  to.set_duration_min(visit.durationMin);
  to.set_carers_required(visit.carersRequired);
  for (const visits::CarerSlot& slot : visit.slots) {
    pb::CarerSlot* added = to.add_slots();
    added->set_slot(slot.slot);
    added->set_carer_id(slot.carer.value);
    added->set_carer_name(slot.carerName);
  }
  for (const visits::PlannedTask& task : visit.tasks) {
    pb::PlannedTask* added = to.add_tasks();
    added->set_task_number(task.taskNumber);
    added->set_code(task.code);
    added->set_text(task.text);
    added->set_critical(task.critical);
  }
  to.set_time_critical(visit.timeCritical);
  to.set_after_visit_id(visit.afterVisit.value);
  to.set_min_gap_min(visit.minGapMin);
  if (visit.maxGapMin)
    to.set_max_gap_min(*visit.maxGapMin);
  to.set_state(static_cast<pb::VisitState>(visit.state));
  to.set_plan_version(visit.planVersion);
  return to;
}

pb::PlanObject planObject(const visits::Person& person) {
  pb::PlanObject object;
  object.set_kind(kPersonKind);
  object.set_id(person.id.value);
  object.set_bytes(encode(toProto(person)));
  return object;
}

pb::PlanObject planObject(const visits::PlannedVisit& visit) {
  pb::PlanObject object;
  object.set_kind(kVisitKind);
  object.set_id(visit.id.value);
  object.set_bytes(encode(toProto(visit)));
  return object;
}

Result<visits::Person> decodePerson(PersonId id, std::string_view bytes) {
  pb::Person from;
  if (!parse(from, bytes))
    return malformed("bytes are no Person");
  if (!id)
    return malformed("id");
  if (from.has_latitude_deg() != from.has_longitude_deg())
    return malformed("latitude_deg and longitude_deg belong together");
  visits::Person person;
  person.id = id;
  person.ref = from.ref();
  person.name = from.name();
  person.accessNote = from.access_note();
  if (from.has_latitude_deg()) {
    person.latitudeDeg = from.latitude_deg();
    person.longitudeDeg = from.longitude_deg();
  }
  person.lot = from.lot();
  return person;
}

Result<visits::PlannedVisit> decodeVisit(VisitId id, std::string_view bytes) {
  pb::Visit from;
  if (!parse(from, bytes))
    return malformed("bytes are no Visit");
  if (!id || from.person_id() == 0)
    return malformed("id and person_id");
  if (from.window_end_unix_ms() < from.window_start_unix_ms())
    return malformed("window_end_unix_ms");
  if (from.duration_min() == 0 || from.duration_min() > kDurationMinMax)
    return malformed("duration_min");
  if (from.carers_required() == 0 || from.carers_required() > kCarersRequiredMax)
    return malformed("carers_required");
  if (from.state() != pb::VISIT_STATE_PLANNED && from.state() != pb::VISIT_STATE_CANCELLED)
    return malformed("state");
  visits::PlannedVisit visit;
  visit.id = id;
  visit.ref = from.ref();
  visit.person = PersonId(from.person_id());
  visit.service = from.service();
  visit.windowStartUnixMs = from.window_start_unix_ms();
  visit.windowEndUnixMs = from.window_end_unix_ms();
  visit.durationMin = from.duration_min();
  visit.carersRequired = from.carers_required();
  for (const pb::CarerSlot& slot : from.slots()) {
    if (slot.slot() == 0 || slot.slot() > visit.carersRequired)
      return malformed("slots.slot");
    visit.slots.push_back({slot.slot(), CarerId(slot.carer_id()), slot.carer_name()});
  }
  for (const pb::PlannedTask& task : from.tasks()) {
    if (task.task_number() == 0)
      return malformed("tasks.task_number");
    visit.tasks.push_back({task.task_number(), task.code(), task.text(), task.critical()});
  }
  visit.timeCritical = from.time_critical();
  visit.afterVisit = VisitId(from.after_visit_id());
  visit.minGapMin = from.min_gap_min();
  if (from.has_max_gap_min())
    visit.maxGapMin = from.max_gap_min();
  visit.state = static_cast<visits::VisitState>(from.state());
  visit.planVersion = from.plan_version();
  return visit;
}

void ScopeHash::add(std::uint32_t kind, std::uint64_t id, std::string_view bytes) {
  addTo(low_, high_, numberOf(kind, id, bytes));
  ++count_;
}

void ScopeHash::add(const pb::PlanObject& object) {
  add(object.kind(), object.id(), object.bytes());
}

void ScopeHash::remove(std::uint32_t kind, std::uint64_t id, std::string_view bytes) {
  takeFrom(low_, high_, numberOf(kind, id, bytes));
  --count_;
}

std::string ScopeHash::bytes() const {
  std::string bytes;
  for (int i = 0; i < 8; ++i)
    bytes += static_cast<char>(low_ >> (8 * i) & 0xFF);
  for (int i = 0; i < 8; ++i)
    bytes += static_cast<char>(high_ >> (8 * i) & 0xFF);
  return bytes;
}

}  // namespace doorstep::wire
