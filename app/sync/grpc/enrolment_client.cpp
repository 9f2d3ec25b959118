// SPDX-License-Identifier: Apache-2.0
#include "app/sync/grpc/enrolment_client.h"

#include "app/sync/grpc/device_channel.h"
#include "app/sync/tuning.h"
#include "doorstep/enrolment/v1/enrolment_service.grpc.pb.h"
#include "shared/crypto/certificates.h"

namespace doorstep::sync {
namespace {

namespace v1 = doorstep::enrolment::v1;

constexpr std::size_t kDescriptionBytesMax = 120;

Result<v1::EnrolRequest> makeRequest(const wire::EnrolmentOffer& offer,
                                     const TlsApplicant& applicant,
                                     std::string_view deviceDescription,
                                     platform::Platform& platform) {
  v1::EnrolRequest request;
  request.set_code(offer.code);
  request.set_tls_certificate_request(applicant.requestDer);
  DOORSTEP_ASSIGN(*request.mutable_signing_public_key(), platform.signer.publicKeySpki());
  DOORSTEP_ASSIGN(
      *request.mutable_signing_key_proof(),
      platform.signer.sign(wire::enrolmentProofMessage(request.tls_certificate_request())));
  request.set_device_description(std::string(deviceDescription.substr(0, kDescriptionBytesMax)));
  request.set_boot(platform.clock.boot());
  request.set_sent_boot_ms(platform.clock.bootMs());
  request.set_continues_device_id(applicant.continues.value);
  return request;
}

}  // namespace

Result<Enrolment> enrol(const wire::EnrolmentOffer& offer, const TlsApplicant& applicant,
                        std::string_view deviceDescription, platform::Platform& platform) {
  DOORSTEP_ASSIGN(const auto request, makeRequest(offer, applicant, deviceDescription, platform));
  Enrolment enrolment;
  enrolment.host = offer.host;
  enrolment.port = offer.port;
  enrolment.authorityPem = crypto::pemFromCertificateDer(offer.authorityDer);
  if (enrolment.authorityPem.empty())  // without an authority any server would be trusted
    return Error{ErrorCode::InvalidArgument, "ENROLMENT_TEXT_INVALID", "authority_der"};
  enrolment.tlsKeyPem = applicant.keyPem;

  const auto channel = makeDeviceChannel(offer.host, offer.port, {enrolment.authorityPem, "", ""});
  const auto stub = v1::EnrolmentService::NewStub(channel);
  grpc::ClientContext context;
  context.set_deadline(deadlineAfter(kCallDeadlineMs));
  v1::EnrolResponse response;
  const grpc::Status status = stub->Enrol(&context, request, &response);
  if (!status.ok())
    return errorOf(status);
  enrolment.replyBoot = platform.clock.boot();
  enrolment.replyBootMs = platform.clock.bootMs();
  enrolment.serverUnixMs = response.server_time_unix_ms();
  enrolment.certificateChainPem = response.certificate_chain_pem();
  enrolment.device = DeviceId(response.device_id());
  enrolment.logVerifierKey = response.log_verifier_key();
  enrolment.provider = ProviderId(response.provider_id());
  enrolment.providerName = response.provider_name();
  enrolment.carer = CarerId(response.carer_id());
  enrolment.carerName = response.carer_name();
  if (!enrolment.device || enrolment.certificateChainPem.empty() ||
      enrolment.logVerifierKey.empty())
    return Error{ErrorCode::Unavailable, "ANSWER_MALFORMED",
                 "an enrolment lacks what makes a device"};
  return enrolment;
}

}  // namespace doorstep::sync
