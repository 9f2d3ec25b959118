// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sync-server/records/commissioned/commissioned_desk.h"
#include "tests/unit/sync-server/records/provider_day.h"

namespace doorstep::records {

// Two councils with a contract each of one provider, and a person under each.
struct TwoCouncils {
  support::ProviderDay day;
  ProviderId provider = day.addProvider("Dales Care", "County", {"north"});
  PersonId ann = day.addPerson(provider, "p1", "north");
  PersonId bob;
  identity::AccountCaller county = day.officer("County");
  identity::AccountCaller city;

  TwoCouncils() {
    day.addProvider("Dales Care", "City", {"south"});
    bob = day.addPerson(provider, "p2", "south");
    city = day.officer("City");
    day.setNow("2026-11-23T06:00:00");
  }

  admin::v1::CommissionedRow package(PersonId person, std::uint32_t minutes) const {
    admin::v1::CommissionedRow row;
    row.set_kind(admin::v1::COMMISSIONED_KIND_PACKAGE);
    row.set_subject_id(person.value);
    row.set_name("day");
    row.set_from_day("2026-11-24");
    row.mutable_package()->set_service_kind("day");
    row.mutable_package()->set_week_minutes(minutes);
    return row;
  }
  Result<admin::v1::SetCommissionedResponse> set(
      const identity::AccountCaller& caller, const std::vector<admin::v1::CommissionedRow>& rows,
      std::optional<std::uint64_t> newestSeen = {}) {
    admin::v1::SetCommissionedRequest request;
    request.set_provider_id(provider.value);
    request.set_why("Review of November");
    if (newestSeen)
      request.set_newest_seen(*newestSeen);
    for (const auto& row : rows)
      *request.add_rows() = row;
    std::optional<admin::v1::SetCommissionedResponse> response;
    DOORSTEP_TRY(day.decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_ASSIGN(response, setCommissioned(database, caller, request, act));
      return kDone;
    }));
    return *response;
  }
  std::string refusal(const identity::AccountCaller& caller,
                      const admin::v1::CommissionedRow& row) {
    const auto answer = set(caller, {row});
    return answer.ok() ? "" : answer.error().reason;
  }
  admin::v1::ListCommissionedResponse list(const identity::AccountCaller& caller,
                                           std::uint64_t subject = 0, const char* name = nullptr) {
    admin::v1::ListCommissionedRequest request;
    request.set_provider_id(provider.value);
    request.set_kind(admin::v1::COMMISSIONED_KIND_PACKAGE);
    request.set_subject_id(subject);
    if (name != nullptr)
      request.set_name(name);
    const auto lease = day.storage().read();
    const auto page = listCommissioned(lease, caller, request, {});
    REQUIRE(page.ok());
    return page->response;
  }
};

}  // namespace doorstep::records
