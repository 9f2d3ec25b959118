// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/caller.h"

#include <algorithm>

namespace doorstep::identity {

Status requireRole(const AccountCaller& caller, std::initializer_list<Role> allowed) {
  if (std::find(allowed.begin(), allowed.end(), caller.role) != allowed.end())
    return kDone;
  return Error{ErrorCode::PermissionDenied, "ROLE_NOT_ALLOWED",
               "the account's role may not do this"};
}

Result<ProviderId> providerFor(const AccountCaller& caller, ProviderId asked) {
  DOORSTEP_TRY(requireRole(caller, {Role::Operator, Role::Supervisor}));
  if (caller.role == Role::Operator) {
    if (!asked)
      return Error{ErrorCode::InvalidArgument, "PROVIDER_MISSING",
                   "an operator must name a provider"};
    return asked;
  }
  if (asked && asked != caller.provider)
    return Error{ErrorCode::PermissionDenied, "OTHER_PROVIDER",
                 "a supervisor sees her own provider"};
  return caller.provider;
}

bool maySeeContract(const AccountCaller& caller, CouncilId council, ProviderId provider) {
  switch (caller.role) {
    case Role::Operator:
      return true;
    case Role::Supervisor:
      return caller.provider && caller.provider == provider;
    case Role::Council:
      return caller.council && caller.council == council;
  }
  return false;
}

}  // namespace doorstep::identity
