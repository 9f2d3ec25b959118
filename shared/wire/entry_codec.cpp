// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/entry_codec.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "doorstep/visit/v1/entry.pb.h"
#include "shared/core/time_range.h"
#include "shared/crypto/sha256.h"
#include "shared/evidence/entry_chain.h"
#include "shared/visits/limits.h"
#include "shared/wire/fact_codec.h"

namespace doorstep::wire {
namespace {

namespace pb = doorstep::visit::v1;

constexpr std::size_t kRootPrefixBytes = 16;

Error malformed(const char* text) { return {ErrorCode::InvalidArgument, "MALFORMED", text}; }

// Fields of an entry besides its facts, with the columns decoded.
struct Columns {
  std::uint64_t subjectId = 0;
  std::uint64_t bootMs = 0;
  std::int64_t wallUnixMs = 0;
};

// A parsed entry; views point into it.
struct Parsed {
  google::protobuf::Arena arena;
  pb::SignedEntry* message = google::protobuf::Arena::CreateMessage<pb::SignedEntry>(&arena);
  pb::EntryHeader* header = google::protobuf::Arena::CreateMessage<pb::EntryHeader>(&arena);
  std::vector<Columns> columns;                // of each fact
  std::vector<const pb::SealedEvent*> sealed;  // by place in the entry; null: the next fact
};

Status checkHeader(const pb::EntryHeader& header) {
  if (header.n() == 0)
    return malformed("n is missing");
  if (header.previous_hash().size() != (header.n() == 1 ? 0 : sizeof(Hash::bytes)))
    return malformed("previous_hash has 32 bytes and belongs to every entry but the first");
  if (header.checkpoint_root_prefix().size() !=
      (header.checkpoint_size() == 0 ? 0 : kRootPrefixBytes))
    return malformed("checkpoint_root_prefix does not fit checkpoint_size");
  if (header.first_event_number() == 0 ||
      header.first_event_number() >
          std::numeric_limits<std::uint64_t>::max() - visits::kEventsPerEntryMax)
    return malformed("first_event_number is missing or too large");
  return kDone;
}

Status placeSealed(Parsed& parsed) {
  const pb::SignedEntry& message = *parsed.message;
  const std::size_t count =
      static_cast<std::size_t>(message.facts_size()) + message.sealed_events().size();
  if (count == 0 || count > visits::kEventsPerEntryMax)
    return malformed("an entry has 1 to 256 events");
  parsed.sealed.assign(count, nullptr);
  for (const pb::SealedEvent& sealed : message.sealed_events()) {
    if (sealed.index() >= count || parsed.sealed[sealed.index()] != nullptr)
      return malformed("a sealed event has a place of its own among the events");
    if (sealed.event_hash().size() != sizeof(Hash::bytes))
      return malformed("event_hash has not 32 bytes");
    parsed.sealed[sealed.index()] = &sealed;
  }
  return kDone;
}

Status readSubjects(Parsed& parsed) {
  const pb::SignedEntry& message = *parsed.message;
  const int runs = message.subject_ids_size();
  const std::size_t facts = parsed.columns.size();
  if (message.subject_event_counts_size() != std::max(0, runs - 1) || (runs == 0) != (facts == 0))
    return malformed("subject_ids do not fit subject_event_counts");
  std::size_t at = 0;
  for (int run = 0; run < runs; ++run) {
    if (message.subject_ids(run) == 0)
      return malformed("an event names no subject");
    const bool last = run + 1 == runs;
    const std::size_t events = last ? facts - at : message.subject_event_counts(run);
    if (events == 0 || events > facts - at)
      return malformed("subject_event_counts do not fit the events");
    for (std::size_t i = 0; i < events; ++i)
      parsed.columns[at++].subjectId = message.subject_ids(run);
  }
  return kDone;
}

// Decodes each event's step from pairs of (events without a step, size of the step).
Result<std::vector<std::int64_t>> readWallSteps(const pb::SignedEntry& message) {
  const Error wrong = malformed("wall_steps do not fit the events");
  std::vector<std::int64_t> steps(static_cast<std::size_t>(message.facts_size()), 0);
  if (message.wall_steps_size() % 2 != 0)
    return wrong;
  std::size_t at = 0;
  for (int pair = 0; pair < message.wall_steps_size(); pair += 2) {
    const std::int64_t between = message.wall_steps(pair);
    const std::int64_t step = message.wall_steps(pair + 1);
    if (between < 0 || step == 0 || static_cast<std::uint64_t>(between) >= steps.size() - at)
      return wrong;
    at += static_cast<std::size_t>(between) + 1;
    if (at >= steps.size())
      return wrong;
    steps[at] = step;
  }
  return steps;
}

Status readClocks(Parsed& parsed) {
  const pb::SignedEntry& message = *parsed.message;
  const int facts = message.facts_size();
  if (message.boot_deltas_ms_size() != facts)
    return malformed("boot_deltas_ms do not fit the events");
  DOORSTEP_ASSIGN(const std::vector<std::int64_t> steps, readWallSteps(message));
  std::uint64_t bootMs = 0;
  std::int64_t wallUnixMs = message.wall_unix_ms();
  for (int i = 0; i < facts; ++i) {
    const std::uint64_t delta = message.boot_deltas_ms(i);
    std::int64_t moved = steps[static_cast<std::size_t>(i)];
    const bool fits =
        !__builtin_add_overflow(bootMs, delta, &bootMs) &&
        (i == 0 || (delta <= std::numeric_limits<std::int64_t>::max() &&
                    !__builtin_add_overflow(static_cast<std::int64_t>(delta), moved, &moved) &&
                    !__builtin_add_overflow(wallUnixMs, moved, &wallUnixMs)));
    if (!fits)
      return malformed("the times of an event leave the range");
    parsed.columns[static_cast<std::size_t>(i)].bootMs = bootMs;
    parsed.columns[static_cast<std::size_t>(i)].wallUnixMs = wallUnixMs;
  }
  return kDone;
}

Status parse(std::string_view bytes, Parsed& parsed) {
  if (bytes.size() > visits::kEntryBytesMax)
    return malformed("an entry has at most 64 KiB");
  if (!parsed.message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !parsed.header->ParseFromString(parsed.message->header()))
    return malformed("the bytes are no SignedEntry");
  if (parsed.message->salt().size() != evidence::kSaltBytes)
    return malformed("salt has not 16 bytes");
  DOORSTEP_TRY(checkHeader(*parsed.header));
  DOORSTEP_TRY(placeSealed(parsed));
  parsed.columns.resize(static_cast<std::size_t>(parsed.message->facts_size()));
  DOORSTEP_TRY(readSubjects(parsed));
  return readClocks(parsed);
}

visits::Entry entryOf(const pb::EntryHeader& header) {
  visits::Entry entry;
  entry.n = header.n();
  if (const auto hash = hashFromBytes(header.previous_hash()))
    entry.previousHash = *hash;
  entry.checkpointSize = header.checkpoint_size();
  entry.checkpointRootPrefix = header.checkpoint_root_prefix();
  entry.planVersion = header.plan_version();
  entry.carer = CarerId(header.carer_id());
  entry.boot = header.boot();
  return entry;
}

DecodedEntry decode(const Parsed& parsed) {
  const pb::EntryHeader& header = *parsed.header;
  DecodedEntry decoded{entryOf(header), {}};
  visits::Entry& entry = decoded.entry;
  entry.salt = parsed.message->salt();
  entry.events.reserve(parsed.sealed.size());
  const auto kind = static_cast<visits::SubjectKind>(header.subject_kind());
  FieldLimits limits;
  std::size_t fact = 0;
  for (const pb::SealedEvent* sealed : parsed.sealed) {
    visits::Event& event = entry.events.emplace_back();
    event.number = header.first_event_number() + entry.events.size() - 1;
    event.subjectKind = kind;
    if (sealed != nullptr) {
      event.fact = visits::SealedFact{*hashFromBytes(sealed->event_hash()), sealed->sealed()};
      continue;
    }
    const Columns& columns = parsed.columns[fact];
    if (kind == visits::SubjectKind::Visit)
      event.visit = VisitId(columns.subjectId);
    else
      event.otherSubject = columns.subjectId;
    event.bootMs = columns.bootMs;
    event.wallUnixMs = columns.wallUnixMs;
    limits.require(event.bootMs <= visits::kBootMsMax, "boot_ms");
    limits.require(isPlausibleUnixMs(event.wallUnixMs), "wall_unix_ms");
    event.fact =
        decodeFact(kind, parsed.message->facts(static_cast<int>(fact)), event.number, limits);
    ++fact;
  }
  decoded.limits = limits.broken();
  return decoded;
}

EntryEvidence evidenceOf(const Parsed& parsed) {
  EntryEvidence found;
  found.header = parsed.message->header();
  found.signature = parsed.message->signature();
  const evidence::EntrySalts salts(parsed.message->salt());
  found.arrivalSalt = salts.ofArrival();
  found.events.reserve(parsed.sealed.size());
  std::size_t fact = 0;
  for (const pb::SealedEvent* sealed : parsed.sealed) {
    const std::size_t index = found.events.size();
    EventEvidence& event = found.events.emplace_back();
    if (sealed != nullptr) {
      event.sealed = true;
      event.hash = *hashFromBytes(sealed->event_hash());
      continue;
    }
    const Columns& columns = parsed.columns[fact];
    event.subjectId = columns.subjectId;
    event.bootMs = columns.bootMs;
    event.wallUnixMs = columns.wallUnixMs;
    event.fact = parsed.message->facts(static_cast<int>(fact++));
    event.salt = salts.ofEvent(index);
    event.hash = evidence::eventHash(
        event.salt, {parsed.header->first_event_number() + index, event.subjectId, event.bootMs,
                     event.wallUnixMs, event.fact});
  }
  return found;
}

struct Steps {
  std::int64_t bootMs = 0;
  std::int64_t wallMs = 0;  // against the monotonic clock
};

// nullopt when the monotonic clock ran back or a difference exceeds 64 bits.
std::optional<Steps> stepsBetween(const visits::Event& before, const visits::Event& next) {
  Steps steps;
  std::int64_t wallMs = 0;
  if (next.bootMs < before.bootMs ||
      __builtin_sub_overflow(next.bootMs, before.bootMs, &steps.bootMs) ||
      __builtin_sub_overflow(next.wallUnixMs, before.wallUnixMs, &wallMs) ||
      __builtin_sub_overflow(wallMs, steps.bootMs, &steps.wallMs))
    return std::nullopt;
  return steps;
}

std::uint64_t subjectOf(const visits::Event& event) {
  return event.subjectKind == visits::SubjectKind::Visit ? event.visit.value : event.otherSubject;
}

std::string encodeHeader(const visits::Entry& entry) {
  pb::EntryHeader header;
  header.set_n(entry.n);
  if (entry.previousHash)
    header.set_previous_hash(std::string(entry.previousHash->view()));
  header.set_checkpoint_size(entry.checkpointSize);
  header.set_checkpoint_root_prefix(entry.checkpointRootPrefix);
  header.set_plan_version(entry.planVersion);
  header.set_first_event_number(entry.events.front().number);
  header.set_carer_id(entry.carer.value);
  header.set_boot(entry.boot);
  header.set_subject_kind(static_cast<pb::SubjectKind>(entry.events.front().subjectKind));
  return header.SerializeAsString();
}

// The columns of events in the clear; a run of events with one subject is written once.
class ColumnWriter {
 public:
  explicit ColumnWriter(pb::SignedEntry& to) : to_(to) {}

  void add(const visits::Event& event) {
    if (before_ == nullptr || subjectOf(event) != subjectOf(*before_)) {
      if (before_ != nullptr)
        to_.add_subject_event_counts(std::exchange(run_, 0));
      to_.add_subject_ids(subjectOf(event));
    }
    ++run_;
    Steps steps;
    if (before_ == nullptr) {
      to_.set_wall_unix_ms(event.wallUnixMs);
      to_.add_boot_deltas_ms(event.bootMs);
    } else {
      const auto found = stepsBetween(*before_, event);
      DOORSTEP_CHECK(found.has_value());
      steps = *found;
      to_.add_boot_deltas_ms(static_cast<std::uint64_t>(steps.bootMs));
    }
    if (steps.wallMs != 0) {
      to_.add_wall_steps(std::exchange(withoutStep_, 0));
      to_.add_wall_steps(steps.wallMs);
    } else if (before_ != nullptr) {
      ++withoutStep_;
    }
    to_.add_facts(encodeFact(event.fact));
    before_ = &event;
  }

 private:
  pb::SignedEntry& to_;
  const visits::Event* before_ = nullptr;
  std::uint32_t run_ = 0;
  std::int64_t withoutStep_ = 0;  // events since the last step
};

}  // namespace

bool followsInEntry(const visits::Event& before, const visits::Event& next) {
  return next.number == before.number + 1 && next.subjectKind == before.subjectKind &&
         stepsBetween(before, next).has_value();
}

std::string encodeEntry(const visits::Entry& entry) {
  DOORSTEP_CHECK(!entry.events.empty());
  google::protobuf::Arena arena;
  auto& to = *google::protobuf::Arena::CreateMessage<pb::SignedEntry>(&arena);
  to.set_header(encodeHeader(entry));
  to.set_salt(entry.salt);
  ColumnWriter columns(to);
  for (std::size_t i = 0; i < entry.events.size(); ++i) {
    const visits::Event& event = entry.events[i];
    DOORSTEP_CHECK(event.number == entry.events.front().number + i &&
                   event.subjectKind == entry.events.front().subjectKind);
    if (const auto* sealed = std::get_if<visits::SealedFact>(&event.fact)) {
      pb::SealedEvent* added = to.add_sealed_events();
      added->set_index(static_cast<std::uint32_t>(i));
      added->set_event_hash(std::string(sealed->eventHash.view()));
      added->set_sealed(sealed->sealed);
    } else {
      columns.add(event);
    }
  }
  return to.SerializeAsString();
}

Result<std::string> messageToSign(DeviceId device, std::string_view unsignedEntry) {
  Parsed parsed;
  DOORSTEP_TRY(parse(unsignedEntry, parsed));
  return evidenceOf(parsed).signedMessage(device);
}

// The signature is the last field, so the bytes are those of one encoding.
std::string withSignature(std::string unsignedEntry, std::string_view signature) {
  pb::SignedEntry tail;
  tail.set_signature(std::string(signature));
  return std::move(unsignedEntry) + tail.SerializeAsString();
}

Result<DecodedEntry> decodeEntry(std::string_view bytes) {
  Parsed parsed;
  DOORSTEP_TRY(parse(bytes, parsed));
  return decode(parsed);
}

Result<DecodedHeader> decodeHeader(std::string_view header) {
  pb::EntryHeader message;
  if (!message.ParseFromArray(header.data(), static_cast<int>(header.size())))
    return malformed("the bytes are no EntryHeader");
  DOORSTEP_TRY(checkHeader(message));
  return DecodedHeader{entryOf(message), message.first_event_number(),
                       static_cast<visits::SubjectKind>(message.subject_kind())};
}

Result<OpenedEntry> openEntry(std::string_view bytes) {
  Parsed parsed;
  DOORSTEP_TRY(parse(bytes, parsed));
  return OpenedEntry{decode(parsed), evidenceOf(parsed)};
}

Result<std::string> arrivalSaltOf(std::string_view bytes) {
  Parsed parsed;
  DOORSTEP_TRY(parse(bytes, parsed));
  return evidence::EntrySalts(parsed.message->salt()).ofArrival();
}

std::string EntryEvidence::signedMessage(DeviceId device) const {
  std::vector<Hash> hashes;
  hashes.reserve(events.size());
  for (const EventEvidence& event : events)
    hashes.push_back(event.hash);
  return evidence::signedMessage(device, header, hashes);
}

Hash EntryEvidence::hash(DeviceId device) const { return crypto::sha256(signedMessage(device)); }

}  // namespace doorstep::wire
