// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/strong_id.h"
#include "shared/visits/measures/rules.h"

namespace doorstep::visits {

// Decisions of a provider's office as domain types; fields are documented in
// proto/doorstep/roster/v1/office_fact.proto. To add a kind: a struct and an alternative of
// OfficeDecision here, its message in the contract, and a writer, a reader and a table row in
// shared/wire/office_fact_codec.cpp.

constexpr std::size_t kOfficeNameBytesMax = 200;     // an account's display name has 100
constexpr std::size_t kOfficeTextBytesMax = 500;     // a sentence or two
constexpr std::size_t kOfficeRefBytesMax = 200;      // a contract's ref
constexpr std::size_t kOfficeFilesMax = 16;          // a rota has five
constexpr std::size_t kOfficeCodeBytesMax = 40;      // a reason's code, a role, a month
constexpr std::size_t kOfficeLogsMax = 64;           // providers of a contract
constexpr std::size_t kOfficeExportsMax = 16;        // files of an export
constexpr std::size_t kOfficeReplyBytesMax = 2'000;  // a provider's reply: some paragraphs
constexpr std::size_t kOfficeReplyVisitsMax = 50;    // that a reply points at
constexpr std::size_t kOfficeChoicesMax = 16;        // dimensions that visits are chosen by

// Numbers of roster.v1.OfficeReason; the first ones also of roster.v1.PlanReason.
enum class OfficeReason {
  Unspecified = 0,
  Import = 1,
  Reassignment = 2,
  Revocation = 3,
  Opening = 4,
  Correction = 5,
  Rules = 6,
  Commissioning = 22,
  Adjustment = 28,
  Freeze = 30,
  Export = 32,
  Reply = 33,
};

struct OfficeOpened {
  std::uint64_t planVersion = 0;
  Hash visitsRoot;
  Hash rulesHash;
  // Absent: of before terms and lots were committed to.
  std::optional<Hash> termsRoot, lotsRoot;
  bool operator==(const OfficeOpened&) const = default;
};
struct PublishedFile {
  std::string name;
  std::uint64_t bytes = 0;
  std::string sha256Hex;  // empty: too large to hash
  bool operator==(const PublishedFile&) const = default;
};
struct PlanPublished {
  std::uint64_t planVersion = 0;
  std::uint32_t visitsNew = 0;
  std::uint32_t visitsChanged = 0;
  std::uint32_t visitsCancelled = 0;
  Hash visitsRoot;
  std::vector<PublishedFile> files;
  std::optional<Hash> termsRoot, lotsRoot;  // absent: the version changed none
  bool operator==(const PlanPublished&) const = default;
};
struct RulesSet {
  ContractId contract;
  std::string contractRef;
  std::uint32_t ruleVersion = 0;
  std::int64_t fromUnixMs = 0;               // of a local day's beginning; 0: since always
  std::optional<std::int64_t> lastDay = {};  // local; absent: until another version
  measures::Rules rules = {};
  std::string unknownParameters = {};  // of a later release, encoded
  bool operator==(const RulesSet&) const = default;
};
struct SlotReassigned {
  VisitId visit;
  std::uint64_t planVersion = 0;
  std::uint32_t slot = 0;
  CarerId carerBefore;  // absent: unassigned
  CarerId carerAfter;
  bool operator==(const SlotReassigned&) const = default;
};
struct DeviceRevoked {
  DeviceId device;
  bool operator==(const DeviceRevoked&) const = default;
};
// What was said of days that had begun was wrong. The plan version of the same act has the row.
struct HistoryCorrected {
  PersonId person;  // none: a lot of a contract
  std::string lot;  // that it was, or that is the contract's
  std::int64_t fromDay = 0;
  ContractId contract;
  std::uint64_t planVersion = 0;
  bool operator==(const HistoryCorrected&) const = default;
};
// Approved times of a carer slot. Without both a withdrawal of those before.
struct TimeAdjusted {
  VisitId visit;
  std::uint32_t slot = 0;
  std::uint32_t revision = 0;
  std::optional<std::int64_t> startUnixMs, endUnixMs;
  std::string reasonCode, actionCode;  // adjustment_codes.h
  std::string byRole;
  std::optional<Hash> noteHash = {};  // absent: no note, or it stands in reasonText
  bool operator==(const TimeAdjusted&) const = default;
};
struct SlotExplained {
  VisitId visit;
  std::uint32_t slot = 0;
  std::uint32_t revision = 0;
  std::string reasonCode;  // empty: nothing is said any more
  std::string responsibility;
  std::string byRole;
  std::optional<Hash> noteHash = {};
  bool operator==(const SlotExplained&) const = default;
};
struct FrozenLog {
  ProviderId provider;
  std::uint64_t size = 0;
  Hash root;
  bool operator==(const FrozenLog&) const = default;
};
struct MonthFrozen {
  ContractId contract;
  std::string contractRef;
  std::string month;  // "2026-11"
  std::uint32_t freeze = 0;
  std::vector<std::uint32_t> ruleVersions;
  std::vector<FrozenLog> logs;
  Hash visitsSha256, measuresSha256;
  std::uint64_t visits = 0;
  std::uint64_t visitsSilent = 0;
  std::int64_t asOfUnixMs = 0;
  bool operator==(const MonthFrozen&) const = default;
};
struct MonthUnfrozen {
  ContractId contract;
  std::string contractRef;
  std::string month;
  std::uint32_t freeze = 0;
  bool operator==(const MonthUnfrozen&) const = default;
};
// What was written, and what was in it: a file, or a folder by the hash of its checksums.
struct ExportedFile {
  std::string format;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  Hash sha256;
  bool operator==(const ExportedFile&) const = default;
};
struct ExportMade {
  std::uint64_t id = 0;
  ContractId contract;  // none: all that the account may see
  std::string contractRef;
  ProviderId provider;                              // none: all
  std::string lot, firstDay, lastDay, punctuality;  // empty: any
  std::int64_t asOfUnixMs = 0;
  std::vector<ExportedFile> files;
  bool operator==(const ExportMade&) const = default;
};
// Visits of a dimension's value: lot, "North".
struct FigureChoice {
  std::string dimension, value;
  auto operator<=>(const FigureChoice&) const = default;
};
// What a provider says of a figure of a contract, which is kept as it stood.
struct FigureReplied {
  ContractId contract;
  std::string contractRef;
  std::uint32_t reply = 0;      // of the provider about the contract, from 1
  std::uint32_t withdraws = 0;  // 0: none
  std::string measure;
  std::int64_t firstDay = 0;  // local, counted from 1970-01-01, both inclusive
  std::int64_t lastDay = 0;
  std::vector<FigureChoice> where;  // by dimension
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;
  std::int64_t asOfUnixMs = 0;
  std::string text;
  std::vector<VisitId> visits;  // by id
  bool operator==(const FigureReplied&) const = default;
};
// Which rows of what is commissioned: numbers of their fields in roster.v1.OfficeFact.
enum class CommissionedKind {
  Package = 22,
  Rate = 23,
  Lot = 24,
  Pause = 25,
  Rating = 26,
  Commissioner = 27,
};
struct CommissionedRows {
  CommissionedKind kind = CommissionedKind::Package;
  std::uint64_t commissioningVersion = 0;
  std::uint32_t rows = 0;
  Hash root;
  bool operator==(const CommissionedRows&) const = default;
};
// A kind of a later release, or bytes that are no OfficeFact; kept, proved and shown as "recorded
// with a newer release".
struct UnknownDecision {
  std::string bytes;  // the encoded OfficeFact, unchanged
  bool operator==(const UnknownDecision&) const = default;
};

using OfficeDecision =
    std::variant<OfficeOpened, PlanPublished, RulesSet, SlotReassigned, DeviceRevoked,
                 HistoryCorrected, CommissionedRows, TimeAdjusted, SlotExplained, MonthFrozen,
                 MonthUnfrozen, ExportMade, FigureReplied, UnknownDecision>;

struct OfficeFact {
  AccountId account;        // absent: the operator's command line
  std::string accountName;  // at that time; empty: unknown
  std::int64_t decidedUnixMs = 0;
  OfficeReason reason = OfficeReason::Unspecified;
  std::string reasonText;
  OfficeDecision decision;
  std::uint64_t act = 0;  // common to the facts that say one act in several logs; 0: in this alone
  bool operator==(const OfficeFact&) const = default;
};

}  // namespace doorstep::visits
