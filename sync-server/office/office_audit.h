// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/core/result.h"
#include "shared/core/strong_id.h"
#include "shared/sql/database.h"
#include "shared/visits/office_fact.h"
#include "shared/wire/entry_codec.h"
#include "sync-server/event_log/event_log.h"
#include "sync-server/office/adjustment_audit.h"
#include "sync-server/office/commissioned_audit.h"
#include "sync-server/office/export_audit.h"
#include "sync-server/office/freeze_audit.h"
#include "sync-server/office/reply_audit.h"
#include "sync-server/roster/plan_history.h"
#include "sync-server/roster/terms_evidence.h"

namespace doorstep::office {

// Result of `doorstep-server verify` for one provider's decisions.
struct OfficeReport {
  ProviderId provider;
  // Each decision in log order, with time, actor and reason.
  std::vector<std::string> decisions;
  std::uint64_t unknown = 0;  // of these, recorded with a newer release
  // Made before the office's log began, so they cannot be verified.
  std::uint64_t versionsBefore = 0;
  std::uint64_t rulesBefore = 0;
  std::uint64_t revocationsBefore = 0;
  std::uint64_t findings = 0;
  std::vector<std::string> texts;  // the first kFindingsListed of them
};

// Compares what the database says was decided (plan versions and their visits, what judges each
// visit, terms of persons, lots of contracts, rules, what is commissioned, devices out of use, what
// was said of slots, frozen months, replies to figures) with what the log says, and finds what was
// altered, left out or put in later. It is shown each authentic entry by event_log::LogAudit and
// believes nothing else. May run beside a server: rows are read before the log for whether they
// have a fact, and after it for whether each fact has its row. Thread: the connection's.
class OfficeAudit {
 public:
  // Call before the log is read. officeKeySpki: the offices' key, independent of the database; what
  // it signed are the offices' decisions.
  static Result<OfficeAudit> begin(sql::Database& database, std::string officeKeySpki);
  // Whether the device has the offices' key; see() ignores all others.
  bool isOffices(DeviceId device);
  // Each entry of a log with right hash and signature, in order.
  void see(const event_log::StoredEntry& stored, const wire::OpenedEntry& opened);
  // Call after the log was read, once per provider.
  Result<OfficeReport> report(ProviderId provider);

 private:
  // A fact and its place in the log.
  template <typename Decision>
  struct Said {
    std::uint64_t position = 0;
    std::string salt;  // of its entry
    visits::OfficeFact fact;
    Decision decision;
  };
  using RulesKey = std::pair<ContractId, std::uint32_t>;
  struct Office {
    // State before the log was read.
    DeviceId device;
    std::uint64_t newestVersion = 0;
    std::vector<visits::RulesSet> rules;
    std::map<DeviceId, std::int64_t> revoked;
    // Content of the log.
    std::optional<Said<visits::OfficeOpened>> opened;
    std::map<std::uint64_t, Said<visits::PlanPublished>> plans;  // by version
    std::map<RulesKey, Said<visits::RulesSet>> rulesSaid;
    std::map<DeviceId, Said<visits::DeviceRevoked>> revocations;
    AdjustmentAudit adjustments;
    ExportAudit exports;
    FreezeAudit freezes;
    ReplyAudit replies;
    CommissionedAudit commissioned;
    OfficeReport report;

    void addFinding(std::string text);
    void addFindingAt(std::uint64_t position, std::string_view what);
  };
  struct Heard;

  OfficeAudit(sql::Database& database, std::string officeKeySpki)
      : database_(database), officeKeySpki_(std::move(officeKeySpki)) {}
  static void take(Office& office, const Heard& heard);
  static void takeVersion(Office& office, const Heard& heard, const visits::PlanPublished& plan);
  static void compareVersion(Office& office, const roster::PlanVersion& row);
  Status checkVersions(Office& office, ProviderId provider);
  Status checkVisits(Office& office, ProviderId provider);
  Status checkLocks(Office& office, ProviderId provider);
  Status checkTerms(Office& office, ProviderId provider, roster::TermsKind kind);
  Status checkRules(Office& office, ProviderId provider);
  static void checkRulesBefore(Office& office);
  Status checkCommissioned(Office& office);
  Status checkRevocations(Office& office, ProviderId provider);

  sql::Database& database_;
  const std::string officeKeySpki_;
  std::map<DeviceId, bool> hasOfficeKey_;
  std::map<ProviderId, Office> offices_;
};

}  // namespace doorstep::office
