// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <optional>
#include <sstream>
#include <string>

#include "shared/core/local_time.h"
#include "sync-server/commissioning/commissioned_files.h"
#include "sync-server/commissioning/commissioned_import.h"
#include "sync-server/commissioning/ordered_terms.h"
#include "sync-server/commissioning/row_store.h"
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::commissioning {

// What is commissioned, as text of files; empty: no such file.
struct CommissionedText {
  std::string councils, lots, packages, rates;
};

inline Commissioned readText(const CommissionedText& text, roster::FaultList& faults) {
  std::istringstream councils(text.councils);
  std::istringstream lots(text.lots);
  std::istringstream packages(text.packages);
  std::istringstream rates(text.rates);
  return readCommissioned(
      {text.councils.empty() ? nullptr : &councils, text.lots.empty() ? nullptr : &lots,
       text.packages.empty() ? nullptr : &packages, text.rates.empty() ? nullptr : &rates},
      faults);
}

inline std::int64_t day(const std::string& text) {
  return londonDayNumber(londonToUnixMs(text + "T12:00:00").value());
}

// An office whose provider has two people in the lot north of contract k1 and visits on Monday 23
// November 2026, at 08:00, and on Tuesday. It is Monday, 06:00.
struct CommissionedOffice : office::LoggedOffice {
  static constexpr const char* kPackagesHead = "person_ref,service_kind,week_minutes,from";

  CommissionedOffice() {
    support::RotaText text;
    text.people += "p1,Ann Example,,,north\np2,Bob Example,,,north\n";
    text.carers += "c1,Cara\n";
    for (const char* on : {"2026-11-23", "2026-11-24"})
      text.visits +=
          std::string("v") + on + ",p1,1,1,c1,tea," + on + "T08:00:00," + on + "T09:00:00,30,,,\n";
    text.contracts = "contract_ref,council,lot,provider_role\nk1,Leicestershire,north,lead\n";
    import(text);
  }

  Result<CommissionedSummary> tryPut(const CommissionedText& text, roster::FaultList& faults) {
    const Commissioned files = readText(text, faults);
    if (!faults.empty())
      return Error{ErrorCode::InvalidArgument, "ROTA_FAULTS", "in the files"};
    std::optional<CommissionedSummary> summary;
    DOORSTEP_TRY(decide([&](sql::Database& database, event_log::OfficeAct& act) -> Status {
      DOORSTEP_ASSIGN(summary,
                      importCommissioned(database, provider, files, clock, ids, act, faults));
      return kDone;
    }));
    return *summary;
  }
  CommissionedSummary put(const CommissionedText& text) {
    roster::FaultList faults;
    const auto summary = tryPut(text, faults);
    for (const auto& fault : faults.listed())
      FAIL(fault.file << ":" << fault.line << " " << fault.reason << " " << fault.text);
    REQUIRE(summary.ok());
    return *summary;
  }
  CommissionedSummary putPackages(const std::string& columns, const std::string& rows) {
    return put({{}, {}, kPackagesHead + columns + "\n" + rows, {}});
  }
  // The reasons of all faults.
  std::string faultsOf(const CommissionedText& text) {
    roster::FaultList faults;
    const auto summary = tryPut(text, faults);
    CHECK(summary.ok() == faults.empty());
    std::string reasons;
    for (const auto& fault : faults.listed())
      reasons += (reasons.empty() ? "" : " ") + fault.reason;
    return reasons;
  }

  PersonId person(const std::string& ref) {
    return roster::personIdByRef(database(), provider, ref).value().value();
  }
  OrderedTerms ordered(const std::string& ref, const std::string& on,
                       const PackageChoice& choice = {}) {
    OrderedTermsReader reader(database());
    auto terms = reader.of(provider, person(ref), choice, day(on));
    REQUIRE(terms.ok());
    return *terms;
  }
};

}  // namespace doorstep::commissioning
