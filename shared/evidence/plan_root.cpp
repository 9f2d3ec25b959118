// SPDX-License-Identifier: Apache-2.0
#include "shared/evidence/plan_root.h"

#include <optional>
#include <string>

#include "shared/crypto/sha256.h"
#include "shared/evidence/entry_chain.h"

namespace doorstep::evidence {
namespace {

constexpr std::string_view kPlanVisit = "doorstep/plan-visit/v1\n";
constexpr std::string_view kPlanCarers = "doorstep/plan-carers/v1\n";
constexpr std::string_view kPlanTerms = "doorstep/plan-terms/v1\n";
constexpr std::string_view kCommissioned = "doorstep/commissioned-row/v1\n";
constexpr std::string_view kNote = "doorstep/adjustment-note/v1\n";
constexpr std::uint64_t kCarerSlots = 8;  // roster.v1.Visit.slots

std::string withLength(const std::string& text) { return bigEndian64(text.size()) + text; }

// RFC 5869, as in EntrySalts.
Hash saltKey(std::string_view entrySalt) {
  return crypto::hmacSha256(std::string(sizeof(Hash::bytes), '\0'), {entrySalt});
}
std::string derived(const Hash& key, std::string_view label, std::string_view of) {
  const Hash block = crypto::hmacSha256(key.view(), {label, of, "\x01"});
  return std::string(block.view().substr(0, kSaltBytes));
}

std::optional<std::uint64_t> takeVarint(std::string_view& rest) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < rest.size() && i < 10; ++i) {
    const auto byte = static_cast<std::uint8_t>(rest[i]);
    if (i == 9 && byte > 1)
      return std::nullopt;
    value |= std::uint64_t{byte & 0x7FU} << (7 * i);
    if ((byte & 0x80U) == 0) {
      rest.remove_prefix(i + 1);
      return value;
    }
  }
  return std::nullopt;
}

// Takes one field of an encoded message with its value; returns its number.
std::optional<std::uint64_t> takeField(std::string_view& rest) {
  const auto tag = takeVarint(rest);
  if (!tag || *tag >> 3 == 0)
    return std::nullopt;
  std::uint64_t length = 0;
  switch (*tag & 7) {
    case 0:
      if (!takeVarint(rest))
        return std::nullopt;
      break;
    case 1:
      length = 8;
      break;
    case 2: {
      const auto said = takeVarint(rest);
      if (!said)
        return std::nullopt;
      length = *said;
      break;
    }
    case 5:
      length = 4;
      break;
    default:
      return std::nullopt;
  }
  if (length > rest.size())
    return std::nullopt;
  rest.remove_prefix(length);
  return *tag >> 3;
}

}  // namespace

SplitVisit splitVisit(std::string_view bytes) {
  SplitVisit split;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const std::string_view begin = rest;
    const auto field = takeField(rest);
    if (!field)
      return {{}, std::string(bytes)};
    const bool hidden = *field == kCarerSlots || *field >= kHiddenFieldsFrom;
    (hidden ? split.carers : split.open).append(begin.substr(0, begin.size() - rest.size()));
  }
  return split;
}

Hash carersHash(std::string_view salt, std::string_view carers) {
  return crypto::sha256({kPlanCarers, salt, carers});
}

Hash planVisitHash(const PlanVisitLeaf& leaf) {
  return crypto::sha256({kPlanVisit, leaf.salt, bigEndian64(leaf.visit.value),
                         bigEndian64(leaf.planVersion), bigEndian64(leaf.wantedBy),
                         leaf.carersHash.view(), leaf.open});
}

PlanVisits::PlanVisits(std::string_view entrySalt) : key_(saltKey(entrySalt)) {}

std::string PlanVisits::carersSalt(VisitId visit) const {
  return derived(key_, kPlanCarers, bigEndian64(visit.value));
}

PlanVisitLeaf PlanVisits::leafOf(VisitId visit, std::uint64_t planVersion, std::uint64_t wantedBy,
                                 std::string_view bytes) const {
  SplitVisit split = splitVisit(bytes);
  return {visit,
          planVersion,
          wantedBy,
          derived(key_, kPlanVisit, bigEndian64(visit.value)),
          std::move(split.open),
          carersHash(carersSalt(visit), split.carers)};
}

PlanTerms::PlanTerms(std::string_view entrySalt) : key_(saltKey(entrySalt)) {}

std::string PlanTerms::saltOf(const TermsLeaf& leaf) const {
  return derived(key_, kPlanTerms,
                 bigEndian64(leaf.person) + bigEndian64(static_cast<std::uint64_t>(leaf.fromDay)) +
                     bigEndian64(leaf.madeVersion) + bigEndian64(leaf.replacedVersion) + leaf.lot);
}

Hash planTermsHash(std::string_view salt, const TermsLeaf& leaf) {
  const std::string numbers = bigEndian64(static_cast<std::uint64_t>(leaf.fromDay)) +
                              bigEndian64(leaf.madeVersion) + bigEndian64(leaf.replacedVersion) +
                              bigEndian64(leaf.contract);
  const std::string texts = withLength(leaf.lot) + withLength(leaf.role) + withLength(leaf.tier) +
                            withLength(leaf.funderSplit) + withLength(leaf.reason);
  return crypto::sha256({kPlanTerms, salt, bigEndian64(leaf.person), numbers, texts});
}

CommissionedHashes::CommissionedHashes(std::string_view entrySalt) : key_(saltKey(entrySalt)) {}

std::string CommissionedHashes::saltOf(const CommissionedLeaf& leaf) const {
  return derived(key_, kCommissioned,
                 bigEndian64(leaf.kind) + bigEndian64(leaf.subject) +
                     bigEndian64(static_cast<std::uint64_t>(leaf.fromDay)) +
                     bigEndian64(leaf.madeVersion) + bigEndian64(leaf.replacedVersion) + leaf.name);
}

Hash commissionedHash(std::string_view salt, const CommissionedLeaf& leaf) {
  const std::string numbers = bigEndian64(leaf.kind) + bigEndian64(leaf.subject) +
                              bigEndian64(static_cast<std::uint64_t>(leaf.fromDay)) +
                              bigEndian64(static_cast<std::uint64_t>(leaf.untilDay)) +
                              bigEndian64(leaf.madeVersion) + bigEndian64(leaf.replacedVersion);
  return crypto::sha256(
      {kCommissioned, salt, numbers,
       withLength(leaf.name) + withLength(leaf.reason) + withLength(leaf.content)});
}

Hash adjustmentNoteHash(std::string_view entrySalt, VisitId visit, std::uint32_t slot,
                        std::uint32_t revision, std::string_view note) {
  const std::string salt =
      derived(saltKey(entrySalt), kNote,
              bigEndian64(visit.value) + bigEndian64(slot) + bigEndian64(revision));
  return crypto::sha256({kNote, salt, note});
}

}  // namespace doorstep::evidence
