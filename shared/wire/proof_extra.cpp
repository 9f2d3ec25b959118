// SPDX-License-Identifier: Apache-2.0
#include "shared/wire/proof_extra.h"

#include "doorstep/records/v1/records_service.pb.h"
#include "shared/crypto/keys.h"
#include "shared/crypto/sha256.h"
#include "shared/visits/limits.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/fact_codec.h"

namespace doorstep::wire {
namespace {

namespace pb = doorstep::records::v1;

Error wrong(const char* what) { return {ErrorCode::InvalidArgument, "PROOF_EXTRA_FORMAT", what}; }

Result<Hash> arrivalHashOf(const pb::ProofExtra& extra, ProvedEntry& proved) {
  if (!extra.has_arrival()) {
    if (extra.arrival_hash().size() != sizeof(Hash::bytes))
      return wrong("neither arrival nor arrival_hash");
    return hashFromBytes(extra.arrival_hash());
  }
  if (extra.arrival_salt().size() != evidence::kSaltBytes)
    return wrong("arrival_salt has not 16 bytes");
  proved.arrival = {extra.arrival().received_unix_ms(), extra.arrival().clock()};
  return evidence::arrivalHash(extra.arrival_salt(), *proved.arrival);
}

visits::Event eventOf(const doorstep::visit::v1::Event& from, const DecodedHeader& header,
                      std::uint64_t number) {
  visits::Event event;
  event.number = number;
  event.bootMs = from.boot_ms();
  event.wallUnixMs = from.wall_unix_ms();
  event.subjectKind = header.subjectKind;
  if (header.subjectKind == visits::SubjectKind::Visit)
    event.visit = VisitId(from.subject_id());
  else
    event.otherSubject = from.subject_id();
  FieldLimits limits;  // not used: limits were checked at arrival
  event.fact = decodeFact(header.subjectKind, from.fact(), number, limits);
  return event;
}

Result<Hash> readEvent(const pb::DisclosedEvent& shown, const DecodedHeader& header,
                       ProvedEntry& proved) {
  ProvedEvent& event = proved.events.emplace_back();
  event.number = header.firstEventNumber + proved.events.size() - 1;
  if (!shown.has_event()) {
    if (shown.hash().size() != sizeof(Hash::bytes))
      return wrong("an event shows neither what it says nor its hash");
    return hashFromBytes(shown.hash());
  }
  if (shown.salt().size() != evidence::kSaltBytes)
    return wrong("an event's salt has not 16 bytes");
  event.event = eventOf(shown.event(), header, event.number);
  return evidence::eventHash(shown.salt(),
                             {event.number, shown.event().subject_id(), shown.event().boot_ms(),
                              shown.event().wall_unix_ms(), shown.event().fact()});
}

Result<Hash> entryHashOf(const pb::ProofExtra& extra, ProvedEntry& proved) {
  if (extra.header().empty()) {
    if (extra.entry_hash().size() != sizeof(Hash::bytes))
      return wrong("neither header nor entry_hash");
    return hashFromBytes(extra.entry_hash());
  }
  const auto header = decodeHeader(extra.header());
  if (!header.ok() || extra.events_size() == 0 ||
      static_cast<std::size_t>(extra.events_size()) > visits::kEventsPerEntryMax)
    return wrong("header and events are no entry");
  std::vector<Hash> hashes;
  for (const pb::DisclosedEvent& event : extra.events()) {
    DOORSTEP_ASSIGN(const Hash hash, readEvent(event, *header, proved));
    hashes.push_back(hash);
  }
  const std::string message = evidence::signedMessage(proved.device, extra.header(), hashes);
  const auto key = crypto::P256PublicKey::fromSpki(extra.signing_public_key());
  if (!key.ok())
    return wrong("signing_public_key is no P-256 key");
  if (!key->verify(message, extra.signature()))
    return Error{ErrorCode::InvalidArgument, "ENTRY_SIGNATURE",
                 "the device did not sign what the proof shows"};
  proved.entry = header->entry;
  proved.signingKeySpki = extra.signing_public_key();
  return crypto::sha256(message);
}

}  // namespace

Result<ProvedEntry> readProofExtra(std::string_view bytes) {
  pb::ProofExtra extra;
  if (!extra.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    return wrong("the bytes are no ProofExtra");
  ProvedEntry proved;
  proved.device = DeviceId(extra.device_id());
  DOORSTEP_ASSIGN(const Hash arrival, arrivalHashOf(extra, proved));
  DOORSTEP_ASSIGN(const Hash entry, entryHashOf(extra, proved));
  proved.leafData = evidence::leafData(entry, arrival);
  return proved;
}

}  // namespace doorstep::wire
