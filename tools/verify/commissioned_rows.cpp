// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/commissioned_rows.h"

#include <utility>

#include "shared/core/local_time.h"
#include "tools/verify/json_lines.h"

namespace doorstep::verify {
namespace {

namespace pb = doorstep::records::v1;

constexpr const char* kFile = "commissioned.jsonl";

// The contract that the person's lot is of on the day: by the rules that judge, else by the lot.
ContractId contractOf(const VisitCase& visit) {
  if (visit.rules)
    return visit.rules->rules.contract;
  for (const wire::ProvedTerms& terms : visit.terms)
    if (terms.row.person == 0)
      return ContractId(terms.row.contract);
  return {};
}

}  // namespace

Result<CommissionedRows> CommissionedRows::read(const Bundle& bundle, DecisionFiles& decisions,
                                                Findings& findings) {
  CommissionedRows made;
  made.isInBundle_ = bundle.has(kFile);
  if (!made.isInBundle_)
    return made;
  DOORSTEP_ASSIGN(const std::string text, bundle.read(kFile, kEvidenceBytesMax));
  const auto take = [&](pb::CommissionedRowProof& proof, std::size_t line) {
    const auto wrong = [&](const std::string& what) {
      findings.add([&] { return std::string(kFile) + ":" + std::to_string(line) + ":1: " + what; });
    };
    const ProviderId provider(proof.provider_id());
    decisions.name(proof.decision());
    auto decision = decisions.decision(provider, proof.decision());
    if (!decision.ok())
      return wrong("the proof of the decision does not hold: " + decision.error().text + " (" +
                   decision.error().reason + ")");
    auto proved = wire::readCommissionedProof(proof, *std::move(decision));
    if (!proved.ok())
      return wrong("the office put no such row: " + proved.error().text + " (" +
                   proved.error().reason + ")");
    evidence::CommissionedLeaf& row = proved->row;
    Key key{provider, row.kind, row.subject, row.name};
    for (const evidence::CommissionedLeaf& other : made.rows_[key])
      if (other.fromDay == row.fromDay)
        wrong("a row of the same name and day stands above: one took the place of the other");
    ++made.size_;
    made.rows_[std::move(key)].push_back(std::move(row));
  };
  DOORSTEP_TRY(
      forEachLine<pb::CommissionedRowProof>(kFile, text, "row of what is commissioned", take));
  return made;
}

const evidence::CommissionedLeaf* CommissionedRows::on(const Key& key, std::int64_t day) const {
  const auto found = rows_.find(key);
  if (found == rows_.end())
    return nullptr;
  const evidence::CommissionedLeaf* newest = nullptr;
  for (const evidence::CommissionedLeaf& row : found->second)
    if (row.fromDay <= day && (newest == nullptr || row.fromDay > newest->fromDay))
      newest = &row;
  const bool holds = newest != nullptr && (newest->untilDay == 0 || day <= newest->untilDay);
  return holds ? newest : nullptr;
}

Result<wire::OrderedPackage> CommissionedRows::of(const VisitCase& visit,
                                                  const std::string& lot) const {
  const visits::PlannedVisit& newest = visit.newest()->visit;
  const std::int64_t day = londonDayNumber(visit.plans.front().visit.windowStartUnixMs);
  const std::uint64_t contract = contractOf(visit).value;
  const auto content = [&](visits::CommissionedKind kind,
                           std::string_view name) -> Result<std::optional<std::string_view>> {
    const bool isLot = kind == visits::CommissionedKind::Lot;
    const auto* row = on({visit.provider, static_cast<std::uint64_t>(kind),
                          isLot ? contract : newest.person.value, std::string(name)},
                         day);
    return row == nullptr ? std::optional<std::string_view>()
                          : std::optional<std::string_view>(row->content);
  };
  return wire::orderedPackage(content, {{}, newest.service}, lot);
}

}  // namespace doorstep::verify
