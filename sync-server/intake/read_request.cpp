// SPDX-License-Identifier: Apache-2.0
#include "sync-server/intake/read_request.h"

#include <google/protobuf/arena.h>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/core/time_range.h"
#include "shared/crypto/sha256.h"
#include "shared/visits/limits.h"
#include "shared/wire/arrival_codec.h"
#include "shared/wire/enrolment_text.h"
#include "shared/wire/entry_codec.h"
#include "shared/wire/formats.h"
#include "shared/wire/plan_codec.h"
#include "sync-server/event_log/limits.h"
#include "sync-server/identity/limits.h"
#include "sync-server/intake/limits.h"

namespace doorstep::intake {
namespace {

namespace pb = doorstep::sync::v1;

// An entry without a number cannot be placed: treated like malformed bytes.
SubmittedEntry readEntry(const std::string& bytes, const identity::KnownDevice& device) {
  SubmittedEntry entry{.bytes = bytes};
  auto opened = wire::openEntry(bytes);
  entry.malformed = !opened.ok();
  if (entry.malformed) {
    entry.hash = crypto::sha256(bytes);
    return entry;
  }
  const std::string message = opened->evidence.signedMessage(device.caller.device);
  entry.hash = crypto::sha256(message);
  entry.signatureRight = device.signingKey.verify(message, opened->evidence.signature);
  entry.arrivalSalt = std::move(opened->evidence.arrivalSalt);
  entry.limits = std::move(opened->decoded.limits);
  entry.entry = std::move(opened->decoded.entry);
  return entry;
}

// The device's wall clock minus the server's; 0 when not sent.
Result<std::int64_t> wallAheadMs(const std::string& clock, std::int64_t receivedUnixMs) {
  pb::ClockReading reading;
  if (clock.size() > wire::kClockReadingBytesMax || !reading.ParseFromString(clock))
    return Error{ErrorCode::InvalidArgument, "MESSAGE_MALFORMED", "clock is no ClockReading"};
  return reading.wall_unix_ms() == 0 ? 0
                                     : saturatingSubtract(reading.wall_unix_ms(), receivedUnixMs);
}

// Skips invalid visits: they bind nothing and do not affect entries.
std::vector<HeldVisit> readHeldVisits(const pb::ExchangeRequest& message) {
  std::vector<HeldVisit> found;
  for (const pb::HeldVisit& held : message.held_visits()) {
    if (held.visit().kind() != wire::kVisitKind)
      continue;
    auto visit = wire::decodeVisit(VisitId(held.visit().id()), held.visit().bytes());
    if (visit.ok())
      found.push_back(
          {visit->id, std::move(visit->ref), held.person_ref(), visit->windowStartUnixMs});
  }
  return found;
}

Renewal readRenewal(const pb::CertificateRenewal& asked, const identity::KnownDevice& device) {
  Renewal renewal{.certificateBeginsUnixMs = device.certificateBeginsUnixMs,
                  .certificateEndsUnixMs = device.certificateEndsUnixMs};
  const std::string& request = asked.tls_certificate_request();
  if (request.size() > identity::kCertificateRequestBytesMax)
    return renewal;
  renewal.requestDer = request;
  renewal.proofRight = device.signingKey.verify(
      wire::renewalProofMessage(device.caller.device, request), asked.signing_key_proof());
  return renewal;
}

}  // namespace

Result<Submission> readRequest(std::string_view request, const identity::KnownDevice& device,
                               std::int64_t receivedUnixMs) {
  const Error malformed{ErrorCode::InvalidArgument, "MESSAGE_MALFORMED",
                        "not an ExchangeRequest within its limits"};
  if (request.size() > visits::kExchangeBytesMax)
    return malformed;
  google::protobuf::Arena arena;
  auto* message = google::protobuf::Arena::CreateMessage<pb::ExchangeRequest>(&arena);
  if (!message->ParseFromArray(request.data(), static_cast<int>(request.size())))
    return malformed;
  if (message->contradicted_checkpoint().size() > event_log::kContradictedCheckpointBytesMax)
    return malformed;
  if (message->held_visits_size() > kHeldVisitsMax)
    return malformed;
  if (static_cast<std::size_t>(message->entries_size()) > visits::kEntriesPerExchangeMax)
    return Error{ErrorCode::ResourceExhausted, "TOO_MANY_ENTRIES",
                 "more entries than one exchange may hold"};

  Submission submission{.provider = device.caller.provider,
                        .device = device.caller.device,
                        .carer = device.caller.carer,
                        .receivedUnixMs = receivedUnixMs};
  DOORSTEP_ASSIGN(submission.wallAheadMs, wallAheadMs(message->clock(), receivedUnixMs));
  submission.clock = message->clock();
  submission.anchor = wire::anchorOf({receivedUnixMs, submission.clock});
  submission.planCursor = message->plan_cursor();
  submission.heldLogSize = message->held_log_size();
  submission.heldRootPrefix = message->held_log_root_prefix();
  submission.heldVisits = readHeldVisits(*message);
  if (!message->formats().empty())
    submission.formats =
        wire::decodeFormats(message->formats()).ok() ? message->formats() : std::string();
  submission.ofOlderAuthority = device.ofOlderAuthority;
  if (message->has_certificate_renewal())
    submission.renewal = readRenewal(message->certificate_renewal(), device);
  if (message->has_time_dispute()) {
    const pb::TimeDispute& dispute = message->time_dispute();
    submission.disputedTime = std::to_string(dispute.server_unix_ms()) + " not within " +
                              std::to_string(dispute.earliest_unix_ms()) + " and " +
                              std::to_string(dispute.latest_unix_ms());
  }
  submission.contradictedCheckpoint = message->contradicted_checkpoint();
  submission.entries.reserve(static_cast<std::size_t>(message->entries_size()));
  for (const std::string& entry : message->entries())
    submission.entries.push_back(readEntry(entry, device));
  return submission;
}

}  // namespace doorstep::intake
