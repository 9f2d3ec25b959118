// SPDX-License-Identifier: Apache-2.0
#include "tests/support/later_server.h"

#include <google/protobuf/unknown_field_set.h>

#include "shared/wire/plan_codec.h"

namespace doorstep::support {
namespace {

namespace pb = doorstep::sync::v1;
namespace roster = doorstep::roster::v1;

constexpr int kLaterField = 1900;
constexpr int kLaterVerdict = 9;
// Field 1900, 5 bytes.
const std::string kLaterBytes("\xE2\x76\x05later", 8);

template <typename Objects>
wire::ScopeHash hashOf(const Objects& objects) {
  wire::ScopeHash hash;
  for (const auto& [key, bytes] : objects)
    hash.add(key.first, key.second, bytes);
  return hash;
}

}  // namespace

void addLaterField(google::protobuf::Message& message) {
  message.GetReflection()->MutableUnknownFields(&message)->AddLengthDelimited(kLaterField, "later");
}

void LaterServer::change(pb::ExchangeResponse& response, bool withoutPosition) {
  addLaterField(response);
  for (pb::EntryVerdict& verdict : *response.mutable_verdicts()) {
    addLaterField(verdict);
    const bool isGap = verdict.reason() == pb::QUARANTINE_REASON_GAP;
    if (!verdict.has_position() && (!withoutPosition || isGap))
      continue;
    ++verdicts_;
    verdict.set_verdict(static_cast<pb::Verdict>(kLaterVerdict));
  }
  if (response.has_log())
    addLaterField(*response.mutable_log());
  if (response.has_plan())
    changePlan(*response.mutable_plan());
}

void LaterServer::changePlan(roster::PlanChanges& plan) {
  if (plan.reset()) {
    copying_ = true;
    copy_ = {};
    ++copies_;
  }
  roster::PlanChanges changed;
  for (const roster::PlanChange& change : plan.changes())
    changeOne(change, changed);
  plan.mutable_changes()->Swap(changed.mutable_changes());
  addLaterField(plan);
  if (plan.has_more())
    return;
  if (std::exchange(copying_, false))
    scope_ = std::move(copy_);
  agreed_ = hashOf(scope_.sent).bytes() == plan.scope_hash();
  const wire::ScopeHash hash = hashOf(scope_.later);
  plan.set_scope_count(hash.count());
  plan.set_scope_hash(agreed_ ? hash.bytes() : std::string(16, 'x'));
}

void LaterServer::changeOne(const roster::PlanChange& change, roster::PlanChanges& changed) {
  Scope& scope = copying_ ? copy_ : scope_;
  *changed.add_changes() = change;
  auto& last = *changed.mutable_changes(changed.changes_size() - 1);
  addLaterField(last);
  if (change.has_removed()) {
    const auto& removed = change.removed();
    scope.sent.erase({removed.kind(), removed.id()});
    scope.later.erase({removed.kind(), removed.id()});
    if (removed.kind() != wire::kPersonKind)
      return;
    scope.later.erase({kLaterKind, removed.id()});
    auto& beside = *changed.add_changes()->mutable_removed();
    beside.set_kind(kLaterKind);
    beside.set_id(removed.id());
    return;
  }
  auto& object = *last.mutable_object();
  scope.sent[{object.kind(), object.id()}] = object.bytes();
  object.set_bytes(object.bytes() + kLaterBytes);
  scope.later[{object.kind(), object.id()}] = object.bytes();
  if (object.kind() != wire::kPersonKind)
    return;
  auto& beside = *changed.add_changes()->mutable_object();
  beside.set_kind(kLaterKind);
  beside.set_id(change.object().id());
  beside.set_bytes("later " + change.object().bytes());
  scope.later[{kLaterKind, beside.id()}] = beside.bytes();
}

}  // namespace doorstep::support
