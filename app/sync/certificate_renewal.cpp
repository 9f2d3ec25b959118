// SPDX-License-Identifier: Apache-2.0
#include "app/sync/certificate_renewal.h"

#include <utility>

#include "app/sync/tuning.h"
#include "shared/crypto/certificate_facts.h"
#include "shared/crypto/certificates.h"
#include "shared/wire/enrolment_text.h"

namespace doorstep::sync {

CertificateRenewal::CertificateRenewal(Enrolment enrolment, Parts parts)
    : enrolment_(std::move(enrolment)), parts_(std::move(parts)) {
  const auto facts = crypto::certificateFacts(enrolment_.certificateChainPem);
  if (facts.ok()) {
    beginsUnixMs_ = facts->beginsUnixMs;
    endsUnixMs_ = facts->endsUnixMs;
  }
}

bool CertificateRenewal::certificateEnded() const {
  return endsUnixMs_ != 0 && parts_.nowUnixMs() >= endsUnixMs_;
}

bool CertificateRenewal::isDue() const {
  return parts_.keep && endsUnixMs_ != 0 && parts_.platform.clock.bootMs() >= askAgainBootMs_ &&
         (wanted_ || parts_.nowUnixMs() >= crypto::renewalDueUnixMs(beginsUnixMs_, endsUnixMs_));
}

void CertificateRenewal::ask(doorstep::sync::v1::ExchangeRequest& request) {
  asked_ = false;
  if (!isDue())
    return;
  if (!applicant_) {
    const auto key = crypto::P256PrivateKey::generate();
    applicant_ = TlsApplicant{key.pem(), crypto::makeCertificateRequest(key), {}};
  }
  auto proof = parts_.platform.signer.sign(
      wire::renewalProofMessage(enrolment_.device, applicant_->requestDer));
  if (!proof.ok())
    return;  // the signing key is unavailable: retried at a later exchange
  auto& renewal = *request.mutable_certificate_renewal();
  renewal.set_tls_certificate_request(applicant_->requestDer);
  renewal.set_signing_key_proof(std::move(proof).value());
  asked_ = true;
}

bool CertificateRenewal::answered(const doorstep::sync::v1::ExchangeResponse& response) {
  const auto& answer = response.renewed_certificate();
  if (!std::exchange(asked_, false)) {
    wanted_ = wanted_ || answer.wanted();
    return false;
  }
  const std::string& chain = answer.certificate_chain_pem();
  const std::string authorities = authoritiesOf(answer);
  const bool good = fits(chain, authorities);
  if (good && takeOver(chain, authorities).ok()) {
    applicant_.reset();
    wanted_ = false;
    return true;
  }
  askAgainBootMs_ = parts_.platform.clock.bootMs() +
                    static_cast<std::uint64_t>(good ? kKeepAgainMs : kRenewAgainMs);
  if (!good)
    applicant_.reset();
  return false;
}

std::string CertificateRenewal::authoritiesOf(
    const doorstep::sync::v1::RenewedCertificate& answer) const {
  const std::string& der = answer.authority_der();
  if (der.empty())
    return enrolment_.authorityPem;
  const std::string added =
      der.size() <= kAuthorityBytesMax ? crypto::pemFromCertificateDer(der) : std::string();
  const auto known = crypto::certificateDer(enrolment_.authorityPem);
  if (added.empty() || !known.ok())
    return {};
  return *known == der ? enrolment_.authorityPem : added + crypto::pemFromCertificateDer(*known);
}

// For the requested key, the same device and the newest authority, with a later expiry.
bool CertificateRenewal::fits(const std::string& chainPem,
                              const std::string& authoritiesPem) const {
  if (chainPem.empty() || chainPem.size() > kCertificateChainBytesMax)
    return false;
  const auto now = crypto::certificateFacts(enrolment_.certificateChainPem);
  const auto next = crypto::certificateFacts(chainPem);
  // A certificate of another authority is needed even if it expires no later.
  const bool sameAuthority = authoritiesPem == enrolment_.authorityPem;
  return now.ok() && next.ok() && next->commonName == now->commonName &&
         next->endsUnixMs > (sameAuthority ? now->endsUnixMs : parts_.nowUnixMs()) &&
         crypto::certificateIssuedBy(chainPem, authoritiesPem) &&
         crypto::certificateFitsKey(chainPem, applicant_->keyPem);
}

Status CertificateRenewal::takeOver(const std::string& chainPem,
                                    const std::string& authoritiesPem) {
  Enrolment renewed = enrolment_;
  renewed.authorityPem = authoritiesPem;
  renewed.previousCertificateChainPem = std::exchange(renewed.certificateChainPem, chainPem);
  renewed.previousTlsKeyPem = std::exchange(renewed.tlsKeyPem, applicant_->keyPem);
  DOORSTEP_TRY(parts_.keep(renewed));
  enrolment_ = std::move(renewed);
  const auto facts = crypto::certificateFacts(chainPem);
  beginsUnixMs_ = facts->beginsUnixMs;
  endsUnixMs_ = facts->endsUnixMs;
  return kDone;
}

}  // namespace doorstep::sync
