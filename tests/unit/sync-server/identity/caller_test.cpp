// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/caller.h"

#include <catch2/catch.hpp>

namespace doorstep::identity {
namespace {

const ProviderId kOwn{1};
const ProviderId kOther{2};
const CouncilId kCouncil{3};

const AccountCaller kOperator{AccountId(1), Role::Operator, {}, {}, "Olu"};
const AccountCaller kSupervisor{AccountId(2), Role::Supervisor, kOwn, {}, "Sue"};
const AccountCaller kOfficer{AccountId(3), Role::Council, {}, kCouncil, "Cem"};

TEST_CASE("a supervisor acts for her own provider and no other") {
  CHECK(*providerFor(kSupervisor, kOwn) == kOwn);
  CHECK(*providerFor(kSupervisor, {}) == kOwn);
  CHECK(providerFor(kSupervisor, kOther).error().reason == "OTHER_PROVIDER");
}

TEST_CASE("an operator names the provider") {
  CHECK(*providerFor(kOperator, kOther) == kOther);
  CHECK(providerFor(kOperator, {}).error().reason == "PROVIDER_MISSING");
}

TEST_CASE("a council officer acts for no provider") {
  CHECK(providerFor(kOfficer, kOwn).error().reason == "ROLE_NOT_ALLOWED");
  CHECK_FALSE(requireRole(kOfficer, {Role::Operator, Role::Supervisor}).ok());
}

TEST_CASE("a contract is seen by its council, its provider and the operator") {
  CHECK(maySeeContract(kOfficer, kCouncil, kOther));
  CHECK_FALSE(maySeeContract(kOfficer, CouncilId(4), kOwn));
  CHECK(maySeeContract(kSupervisor, CouncilId(4), kOwn));
  CHECK_FALSE(maySeeContract(kSupervisor, kCouncil, kOther));
  CHECK(maySeeContract(kOperator, CouncilId(4), kOther));
}

TEST_CASE("an account without an organisation sees no contract of none") {
  const AccountCaller nobody{AccountId(4), Role::Supervisor, {}, {}, "x"};
  CHECK_FALSE(maySeeContract(nobody, kCouncil, {}));
  const AccountCaller nothing{AccountId(5), Role::Council, {}, {}, "x"};
  CHECK_FALSE(maySeeContract(nothing, {}, kOwn));
}

}  // namespace
}  // namespace doorstep::identity
