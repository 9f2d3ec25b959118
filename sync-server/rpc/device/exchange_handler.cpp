// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/device/exchange_handler.h"

#include <google/protobuf/arena.h>

#include <algorithm>
#include <vector>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "shared/crypto/certificate_facts.h"
#include "shared/crypto/certificates.h"
#include "shared/evidence/log_extension.h"
#include "shared/evidence/merkle_tree.h"
#include "sync-server/intake/read_request.h"
#include "sync-server/roster/plan_pull.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::sync::v1;

void writeVerdicts(const intake::Outcome& outcome, pb::ExchangeResponse& response) {
  for (const auto& entry : outcome.entries) {
    auto* verdict = response.add_verdicts();
    verdict->set_verdict(static_cast<pb::Verdict>(entry.verdict));
    if (entry.position)
      verdict->set_position(*entry.position);
    verdict->set_reason(static_cast<pb::QuarantineReason>(entry.reason));
    if (entry.arrival) {
      verdict->mutable_arrival()->set_received_unix_ms(entry.arrival->receivedUnixMs);
      verdict->mutable_arrival()->set_clock(entry.arrival->clock);
    }
  }
}

// The server's clock, and the age of the request where the phone needs it for its proof.
void writeTimes(const intake::Submission& submission, const intake::Outcome& outcome,
                std::int64_t nowUnixMs, pb::ExchangeResponse& response) {
  // If the clock was set back meanwhile, the answer must not be earlier than the request.
  const std::int64_t answeredUnixMs = std::max(nowUnixMs, submission.receivedUnixMs);
  response.set_server_time_unix_ms(answeredUnixMs);
  const bool arrivedNow =
      std::any_of(outcome.entries.begin(), outcome.entries.end(),
                  [](const auto& entry) { return entry.position && !entry.arrival; });
  if (arrivedNow)
    response.set_received_ago_ms(
        static_cast<std::uint64_t>(answeredUnixMs - submission.receivedUnixMs));
}

// The proof from the log that the phone verified last to this one, with its entries.
Status writeExtension(event_log::EventLog& log, const intake::Submission& submission,
                      const intake::Outcome& outcome, pb::ExchangeResponse& response) {
  const std::uint64_t size = outcome.log.size;
  const bool anyPosition =
      std::any_of(outcome.entries.begin(), outcome.entries.end(),
                  [](const auto& entry) { return entry.position.has_value(); });
  const bool sameSize = size == submission.heldLogSize;
  const bool otherHistory =
      sameSize && !outcome.log.root.view().starts_with(submission.heldRootPrefix);
  if (sameSize && !otherHistory && !anyPosition)
    return kDone;
  const std::uint64_t from =
      submission.heldLogSize <= size && !otherHistory ? submission.heldLogSize : 0;
  const evidence::SubtreeHashes hashes = [&](const evidence::Subtree& subtree) {
    return log.subtreeHash(submission.provider, subtree);
  };
  std::vector<std::uint64_t> own;
  auto* extension = response.mutable_log();
  for (const auto& entry : outcome.entries) {
    if (!entry.position)
      continue;
    if (*entry.position >= from) {
      own.push_back(*entry.position);
      continue;
    }
    DOORSTEP_ASSIGN(const auto proof, evidence::inclusionProof(*entry.position, size, hashes));
    auto* bytes = extension->add_older_inclusion_proofs();
    for (const auto& hash : proof)
      bytes->append(hash.view());
  }
  std::sort(own.begin(), own.end());
  own.erase(std::unique(own.begin(), own.end()), own.end());
  DOORSTEP_ASSIGN(*extension->mutable_subtree_hashes(),
                  evidence::makeLogExtension(from, size, own, hashes));
  extension->set_from_size(from);
  extension->set_size(size);
  extension->set_checkpoint_signature(outcome.log.checkpointSignature);
  return kDone;
}

pb::RenewalRefusal refusalOf(const intake::Submission& asked, std::int64_t nowUnixMs) {
  const intake::Renewal& renewal = *asked.renewal;
  if (renewal.requestDer.empty())
    return pb::RENEWAL_REFUSAL_REQUEST_INVALID;
  if (!renewal.proofRight)
    return pb::RENEWAL_REFUSAL_PROOF_INVALID;
  const bool due = nowUnixMs >= crypto::renewalDueUnixMs(renewal.certificateBeginsUnixMs,
                                                         renewal.certificateEndsUnixMs);
  return due || asked.ofOlderAuthority ? pb::RENEWAL_REFUSAL_UNSPECIFIED
                                       : pb::RENEWAL_REFUSAL_NOT_DUE;
}

// Not stored: a repeated request is answered again, and a certificate whose answer was lost is
// unused.
void writeRenewal(const intake::Submission& asked, const identity::DeviceIssuer& issuer,
                  pb::RenewedCertificate& answer) {
  answer.set_refusal(refusalOf(asked, issuer.certificateClock.wallUnixMs()));
  if (answer.refusal() != pb::RENEWAL_REFUSAL_UNSPECIFIED)
    return;
  auto chain = identity::issueChain(issuer, asked.renewal->requestDer, asked.device);
  const auto facts = chain.ok() ? crypto::certificateFacts(*chain)
                                : Result<crypto::CertificateFacts>(chain.error());
  if (!facts.ok()) {
    answer.set_refusal(facts.error().reason == "AUTHORITY_EXPIRED"
                           ? pb::RENEWAL_REFUSAL_NOT_DUE
                           : pb::RENEWAL_REFUSAL_REQUEST_INVALID);
  } else if (!asked.ofOlderAuthority && facts->endsUnixMs <= asked.renewal->certificateEndsUnixMs) {
    answer.set_refusal(pb::RENEWAL_REFUSAL_NOT_DUE);  // the authority ends no later
  } else {
    answer.set_certificate_chain_pem(*std::move(chain));
    const auto authority = crypto::certificateDer(issuer.authority.pem);
    if (asked.ofOlderAuthority && authority.ok())
      answer.set_authority_der(*authority);
  }
}

}  // namespace

Result<intake::Submission> ExchangeHandler::read(std::string_view request,
                                                 const identity::KnownDevice& device) const {
  DOORSTEP_ASSIGN(const std::int64_t receivedUnixMs, parts_.arrivals.stamp());
  return intake::readRequest(request, device, receivedUnixMs);
}

Result<std::string> ExchangeHandler::answer(const intake::Submission& submission,
                                            const intake::Outcome& outcome) const {
  DOORSTEP_TRY(outcome.status);
  google::protobuf::Arena arena;
  auto* response = google::protobuf::Arena::CreateMessage<pb::ExchangeResponse>(&arena);
  writeVerdicts(outcome, *response);
  DOORSTEP_TRY(writeExtension(parts_.log, submission, outcome, *response));
  response->set_held_n(outcome.heldN);
  response->set_formats_wanted(outcome.formatsWanted);
  const std::int64_t nowUnixMs = parts_.clock.wallUnixMs();
  if (!roster::nothingToPull(submission.planCursor, parts_.plans.newest(submission.provider),
                             nowUnixMs)) {
    auto lease = parts_.storage.read();
    DOORSTEP_ASSIGN(auto changes,
                    roster::pullChanges(*lease, {submission.provider, submission.carer},
                                        submission.planCursor, nowUnixMs));
    if (changes)
      *response->mutable_plan() = *std::move(changes);
  }
  if (parts_.issuer && submission.renewal)
    writeRenewal(submission, *parts_.issuer, *response->mutable_renewed_certificate());
  else if (parts_.issuer && submission.ofOlderAuthority)
    response->mutable_renewed_certificate()->set_wanted(true);
  writeTimes(submission, outcome, parts_.clock.wallUnixMs(), *response);
  return response->SerializeAsString();
}

Result<std::string> ExchangeHandler::exchange(std::string_view request,
                                              const identity::KnownDevice& device,
                                              intake::CommitPipeline& pipeline) const {
  DOORSTEP_ASSIGN(auto submission, read(request, device));
  const auto outcomes = pipeline.commit({&submission, 1});
  return answer(submission, outcomes.front());
}

}  // namespace doorstep::rpc
