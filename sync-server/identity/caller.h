// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"

namespace doorstep::identity {

// Identity and permissions of a caller. Every handler gets its caller from
// sync-server/rpc/caller_context.h and checks here before it uses a store. A phone is a device
// (mutual TLS), a person an account (session behind the HTTPS front); there is no other kind, and
// only Enrol and SignIn allow anonymous callers. Thread: any; values and pure functions.

// A phone with an accepted certificate that is not revoked.
struct DeviceCaller {
  DeviceId device;
  ProviderId provider;
  CarerId carer;  // that the device is enrolled for
};

// Numbers of admin.v1.Role.
enum class Role {
  Operator = 1,    // runs the server; every provider and council
  Supervisor = 2,  // one provider: its board, its rota, its devices
  Council = 3,     // one council: records of its contracts; names only by a recorded look
};

struct AccountCaller {
  AccountId account;
  Role role = Role::Council;
  ProviderId provider;  // of a supervisor
  CouncilId council;    // of a council officer
  std::string displayName;
};

// Error PERMISSION_DENIED (ROLE_NOT_ALLOWED) when the role is not among those allowed.
Status requireRole(const AccountCaller& caller, std::initializer_list<Role> allowed);

// The provider that the caller may act on: a supervisor's own (asked may be 0), any for an
// operator. Errors: PERMISSION_DENIED (ROLE_NOT_ALLOWED, OTHER_PROVIDER), INVALID_ARGUMENT
// (PROVIDER_MISSING) when an operator names none.
Result<ProviderId> providerFor(const AccountCaller& caller, ProviderId asked);

// Whether the caller may read records of a contract between this council and this provider.
bool maySeeContract(const AccountCaller& caller, CouncilId council, ProviderId provider);

}  // namespace doorstep::identity
