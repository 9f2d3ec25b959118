// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/record_questions.h"

#include <grpcpp/grpcpp.h>

#include "sync-server/records/keeping/record_settling.h"

namespace doorstep::rpc {

storage::ReadLease RecordQuestions::readFor(const grpc::CallbackServerContext& call,
                                            std::chrono::milliseconds timeMax) const {
  auto lease = parts_.storage.read();
  lease.stopWhen(whileWanted(call, timeMax));
  return lease;
}

Status RecordQuestions::settle(const grpc::CallbackServerContext& call) const {
  const auto settled =
      records::settleAll(parts_.storage, parts_.clock, whileWanted(call, kSettlingMax));
  if (!settled.ok() && settled.error().code == ErrorCode::DeadlineExceeded)
    return Error{ErrorCode::Unavailable, "RECORDS_BEHIND",
                 "many visits wait to be judged, as after an import: ask again in a minute"};
  return settled;
}

Status RecordQuestions::record(const std::vector<identity::Look>& looks) const {
  if (looks.empty())
    return kDone;
  return identity::recordLooks(parts_.storage, looks, parts_.clock, parts_.lookIds);
}

admin::v1::PagePlace toPage(const records::RecordPlace& place) {
  admin::v1::PagePlace page;
  auto& record = *page.mutable_record();
  record.set_anchor_unix_ms(place.anchorUnixMs);
  record.set_provider_id(place.provider.value);
  record.set_visit_id(place.visit.value);
  record.set_slot(place.slot);
  return page;
}

records::RecordPlace fromPage(const admin::v1::PagePlace& page) {
  const auto& record = page.record();
  return {record.anchor_unix_ms(), ProviderId(record.provider_id()), VisitId(record.visit_id()),
          record.slot()};
}

}  // namespace doorstep::rpc
