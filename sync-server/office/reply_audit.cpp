// SPDX-License-Identifier: Apache-2.0
#include "sync-server/office/reply_audit.h"

#include <fmt/format.h>

#include "sync-server/replies/reply_store.h"

namespace doorstep::office {
namespace {

std::string nameOf(const std::pair<ContractId, std::uint32_t>& key) {
  return fmt::format("contract {}, reply {}", key.first.value, key.second);
}

}  // namespace

Status ReplyAudit::begin(sql::Database& database, ProviderId provider) {
  return replies::forEachReplyOf(database, provider, [&](const replies::Reply& reply) -> Status {
    rows_.emplace(reply.figure.contract, reply.number);
    return kDone;
  });
}

void ReplyAudit::take(const visits::OfficeFact& fact, const AddFinding& addFinding) {
  const auto* replied = std::get_if<visits::FigureReplied>(&fact.decision);
  if (replied == nullptr)
    return;
  const Key key{replied->contract, replied->reply};
  if (!said_.emplace(key, fact).second)
    addFinding(nameOf(key) + ": the log says it twice");
}

Status ReplyAudit::check(sql::Database& database, ProviderId provider,
                         const AddFinding& addFinding) const {
  auto missing = said_;
  const auto compare = [&](const replies::Reply& reply) -> Status {
    const Key key{reply.figure.contract, reply.number};
    missing.erase(key);
    const auto said = said_.find(key);
    if (said == said_.end()) {
      if (rows_.contains(key))
        addFinding(nameOf(key) + ": no decision of the log says this of the figure");
      return kDone;
    }
    const visits::OfficeFact& fact = said->second;
    if (visits::OfficeDecision(replies::factOf(reply)) != fact.decision)
      addFinding(nameOf(key) + ": what the database says of the figure is not what the log says");
    if (reply.account != fact.account || reply.madeUnixMs != fact.decidedUnixMs)
      addFinding(nameOf(key) + ": who replied, or when, is not what the log says");
    return kDone;
  };
  DOORSTEP_TRY(replies::forEachReplyOf(database, provider, compare));
  for (const auto& [key, fact] : missing)
    addFinding(nameOf(key) + ": what the log says of the figure is not in the database");
  return kDone;
}

}  // namespace doorstep::office
