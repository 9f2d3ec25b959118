// SPDX-License-Identifier: Apache-2.0
#include "sync-server/config/certificate_care.h"

#include <fmt/format.h>

#include "shared/core/local_time.h"

namespace doorstep::config {
namespace {

// How to renew it.
std::string remedy(const std::string& what) {
  if (what == kWebCertificate)
    return "renew it where it was made; the server takes the new file by itself";
  if (what == kAuthority)
    return "`doorstep-server certificate --new-authority` begins to replace it";
  return "`doorstep-server certificate --renew` makes a new one, then restart the server";
}

Result<CertificateState> stateOf(const std::string& what, const std::string& pem,
                                 std::int64_t nowUnixMs) {
  CertificateState state{.what = what};
  DOORSTEP_ASSIGN(state.facts, crypto::certificateFacts(pem));
  const std::int64_t leftMs = state.facts.endsUnixMs - nowUnixMs;
  state.expired = leftMs <= 0;
  const std::string ends = unixMsToUtc(state.facts.endsUnixMs);
  if (state.expired)
    state.warnings.push_back(fmt::format("the {} ended {}: {}", what, ends, remedy(what)));
  else if (leftMs <= kCertificateWarnedMs)
    state.warnings.push_back(fmt::format("the {} ends {}, in {} day{}: {}", what, ends,
                                         leftMs / kDayMs, leftMs / kDayMs == 1 ? "" : "s",
                                         remedy(what)));
  if (nowUnixMs < state.facts.beginsUnixMs)
    state.warnings.push_back(fmt::format("the {} begins {}, later than this machine's clock", what,
                                         unixMsToUtc(state.facts.beginsUnixMs)));
  return state;
}

void checkNames(const ServerConfig& config, const std::string& pem, CertificateState& state) {
  std::vector<std::string> names{config.host};
  names.insert(names.end(), config.alsoKnownAs.begin(), config.alsoKnownAs.end());
  // A public authority issues no certificate for an internal address.
  if (state.what == kWebCertificate)
    names.resize(1);
  for (const std::string& name : names)
    if (!crypto::certificateCovers(pem, name))
      state.warnings.push_back(
          fmt::format("the {} is not for {}: {}", state.what, name, remedy(state.what)));
}

}  // namespace

Result<std::vector<CertificateState>> certificateStates(const ServerDirectory& directory,
                                                        std::int64_t nowUnixMs) {
  std::vector<CertificateState> states;
  DOORSTEP_ASSIGN(auto server, stateOf(kServerCertificate, directory.keys().server.pem, nowUnixMs));
  checkNames(directory.config(), directory.keys().server.pem, server);
  states.push_back(std::move(server));
  // An expired older authority has no valid certificates any more.
  for (const Authority& one : directory.keys().authorities) {
    const bool serves = one.certificate.pem == directory.keys().authority.pem;
    DOORSTEP_ASSIGN(auto authority, stateOf(kAuthority, one.certificate.pem, nowUnixMs));
    authority.serves = serves;
    if (!serves && authority.expired)
      continue;
    states.push_back(std::move(authority));
  }
  if (directory.config().webCertificate.empty())
    return states;
  DOORSTEP_ASSIGN(const auto web, directory.readWebCertificate());
  DOORSTEP_ASSIGN(auto people, stateOf(kWebCertificate, web.chainPem, nowUnixMs));
  checkNames(directory.config(), web.chainPem, people);
  states.push_back(std::move(people));
  return states;
}

Status refuseExpired(const std::vector<CertificateState>& states) {
  for (const CertificateState& state : states)
    if (state.expired)
      return Error{ErrorCode::FailedPrecondition, "CERTIFICATE_EXPIRED", state.warnings.front()};
  return kDone;
}

}  // namespace doorstep::config
