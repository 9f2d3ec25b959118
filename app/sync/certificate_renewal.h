// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "app/platform/platform.h"
#include "app/sync/enrolment.h"
#include "doorstep/sync/v1/sync_service.pb.h"

namespace doorstep::sync {

// Keeps the device's certificate from ending: from two thirds of its life on each exchange asks for
// another, for a TLS key made for it, until one is there (sync.v1.CertificateRenewal). An exchange
// of a certificate that is not due carries nothing of it.
//
// The key that was asked for is in memory until its certificate is there; then both are written
// with the pair that they follow, in one file, before anything uses them. Crash: before that
// writing the phone has the old pair and asks anew with another key, after it the new pair. Both
// are good until the old one ends, and the old one is kept beside the new. An answer that was lost
// is asked for again with the same request.
//
// A server that goes over to another authority wants certificates renewed before they are due, and
// gives its new authority's with the answer: connections of either are the office's from then on
// (docs/adr/0024).
//
// What the server refuses, and what does not fit, changes nothing: the phone goes on with what it
// has and asks again a day later. Thread: the engine's.
class CertificateRenewal {
 public:
  struct Parts {
    platform::Platform& platform;
    std::function<std::int64_t()> nowUnixMs;  // as far as the phone can know it
    // Durable when it says so. None: this phone renews nothing.
    std::function<Status(const Enrolment&)> keep;
  };
  CertificateRenewal(Enrolment enrolment, Parts parts);

  // Adds to a request what asks for another certificate, if that is due.
  void ask(doorstep::sync::v1::ExchangeRequest& request);
  // Reads the answer to the request that was asked last. True: enrolment() is another now, durable.
  bool answered(const doorstep::sync::v1::ExchangeResponse& response);

  const Enrolment& enrolment() const { return enrolment_; }
  // As far as the phone knows the time, no connection with it is possible any more.
  bool certificateEnded() const;

 private:
  bool isDue() const;
  // The authorities to be trusted with this answer, the newest first; empty: it is no answer.
  std::string authoritiesOf(const doorstep::sync::v1::RenewedCertificate& answer) const;
  bool fits(const std::string& chainPem, const std::string& authoritiesPem) const;
  Status takeOver(const std::string& chainPem, const std::string& authoritiesPem);

  Enrolment enrolment_;
  const Parts parts_;
  std::optional<TlsApplicant> applicant_;
  bool asked_ = false;   // by the newest request
  bool wanted_ = false;  // the server asks for it
  std::uint64_t askAgainBootMs_ = 0;
  // Of the certificate in use; 0, 0: it says nothing that can be read, and is never due.
  std::int64_t beginsUnixMs_ = 0;
  std::int64_t endsUnixMs_ = 0;
};

}  // namespace doorstep::sync
