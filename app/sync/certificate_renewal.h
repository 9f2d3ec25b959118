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

// Renews the device's certificate before it expires: after two thirds of its lifetime each exchange
// requests a new one, for a new TLS key, until it is there (sync.v1.CertificateRenewal). Before
// that, exchanges carry nothing of it.
//
// The requested key is in memory until its certificate arrives; then both are stored, together with
// the previous pair, in one file before anything uses them. Crash: before that the phone has the
// old pair and requests again with another key, afterwards it has the new pair. Both are valid
// until the old one expires. After a lost answer the same request is repeated.
//
// A server that changes to another authority requests renewal before it is due and sends the new
// authority's certificate with the answer: from then on both authorities are trusted
// (docs/adr/0024).
//
// A refusal or an answer that does not match changes nothing: the phone keeps its certificate and
// requests again a day later. Thread: the engine's.
class CertificateRenewal {
 public:
  struct Parts {
    platform::Platform& platform;
    std::function<std::int64_t()> nowUnixMs;  // best known time
    // Durable when it returns ok. Null: no renewal.
    std::function<Status(const Enrolment&)> keep;
  };
  CertificateRenewal(Enrolment enrolment, Parts parts);

  // Adds the renewal to a request if it is due.
  void ask(doorstep::sync::v1::ExchangeRequest& request);
  // Reads the answer to the last request. True: enrolment() has changed, durably.
  bool answered(const doorstep::sync::v1::ExchangeResponse& response);

  const Enrolment& enrolment() const { return enrolment_; }
  // Whether the certificate has expired by the best known time, so that no connection is possible.
  bool certificateEnded() const;

 private:
  bool isDue() const;
  // The authorities to trust with this answer, the newest first; empty: invalid answer.
  std::string authoritiesOf(const doorstep::sync::v1::RenewedCertificate& answer) const;
  bool fits(const std::string& chainPem, const std::string& authoritiesPem) const;
  Status takeOver(const std::string& chainPem, const std::string& authoritiesPem);

  Enrolment enrolment_;
  const Parts parts_;
  std::optional<TlsApplicant> applicant_;
  bool asked_ = false;   // in the newest request
  bool wanted_ = false;  // the server requests it
  std::uint64_t askAgainBootMs_ = 0;
  // Validity of the certificate in use; 0, 0: unreadable, and never due.
  std::int64_t beginsUnixMs_ = 0;
  std::int64_t endsUnixMs_ = 0;
};

}  // namespace doorstep::sync
