// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"

namespace doorstep::identity {

// Who calls, and what she may do. Every handler gets its caller from
// sync-server/rpc/caller_context.h and asks here before it touches a store: a phone is a device
// (mutual TLS), a person is an account (session behind the HTTPS front). There is no third kind and
// no anonymous caller but for Enrol and SignIn. Thread: values; the functions are pure.

// A phone with a certificate of ours that is not revoked.
struct DeviceCaller {
  DeviceId device;
  ProviderId provider;
  CarerId carer;  // for whom the device is enrolled
};

// Numbers are those of admin.v1.Role.
enum class Role {
  Operator = 1,    // runs the server; every provider and council
  Supervisor = 2,  // one provider: its board, its rota, its devices
  Council = 3,     // one council: the records of its contracts, names nobody but by a recorded look
};

struct AccountCaller {
  AccountId account;
  Role role = Role::Council;
  ProviderId provider;  // of a supervisor
  CouncilId council;    // of a council officer
  std::string displayName;
};

// Error PERMISSION_DENIED (ROLE_NOT_ALLOWED) when the role is none of these.
Status requireRole(const AccountCaller& caller, std::initializer_list<Role> allowed);

// The provider that the caller may act on or watch: a supervisor's own (asked 0: that one), an
// operator's choice. Errors: PERMISSION_DENIED (ROLE_NOT_ALLOWED, OTHER_PROVIDER), INVALID_ARGUMENT
// (PROVIDER_MISSING) when an operator names none.
Result<ProviderId> providerFor(const AccountCaller& caller, ProviderId asked);

// Whether the caller may see the records of a contract of this council with this provider.
bool maySeeContract(const AccountCaller& caller, CouncilId council, ProviderId provider);

}  // namespace doorstep::identity
