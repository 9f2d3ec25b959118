// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/later_phone.h"

#include <algorithm>

#include "doorstep/sync/v1/sync_service.pb.h"
#include "tests/support/later_server.h"

namespace doorstep::simulation {
namespace {

namespace pb = doorstep::sync::v1;

constexpr auto kLaterSubject = static_cast<visits::SubjectKind>(9);
// Field 41 of a Fact.
const std::string kLaterFact("\xCA\x02\x03\x0A\x01y", 6);

}  // namespace

void LaterPhone::record() {
  visits::Entry entry = signer_.next(VisitId(1));
  visits::Event& event = entry.events.front();
  event.fact = visits::UnknownFact{kLaterFact};
  event.visit = {};
  event.subjectKind = kLaterSubject;
  event.otherSubject = 70 + entry.n % 3;
  entries_.push_back(signer_.seal(entry).bytes);
}

std::string LaterPhone::request() const {
  pb::ExchangeRequest request;
  support::addLaterField(request);
  for (std::size_t i = heldN_; i < entries_.size(); ++i)
    request.add_entries(entries_[i]);
  return request.SerializeAsString();
}

void LaterPhone::answered(const std::string& bytes) {
  pb::ExchangeResponse response;
  if (response.ParseFromString(bytes))
    heldN_ = std::min<std::uint64_t>(response.held_n(), entries_.size());
}

}  // namespace doorstep::simulation
