// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "doorstep/sync/v1/sync_service.pb.h"

namespace doorstep::support {

// What a server of a later release would have answered in place of this one, to one phone: unknown
// fields everywhere, in known plan objects too; beside each person an object of a kind that this
// release does not know; scope count and hash over all that; verdicts that it does not know.
// It stands at the phone's ear, so it changes just what the phone takes in. Thread: one at a time.
class LaterServer {
 public:
  static constexpr std::uint32_t kLaterKind = 9;

  // Verdicts that change: those with a position. withoutPosition: of what is kept outside the log
  // too, but for GAP; the phone then sends it again after an hour.
  void change(doorstep::sync::v1::ExchangeResponse& response, bool withoutPosition = false);

  // Of full copies that were sent.
  std::uint64_t copies() const { return copies_; }
  // The newest whole scope had the hash that this release's server said.
  bool agreed() const { return agreed_; }
  std::uint64_t verdicts() const { return verdicts_; }           // that were changed
  std::uint64_t objects() const { return scope_.later.size(); }  // of the kind that nobody knows

 private:
  using Objects = std::map<std::pair<std::uint32_t, std::uint64_t>, std::string>;
  struct Scope {
    Objects sent;   // as this release's server sent them
    Objects later;  // as the phone holds them
  };
  void changePlan(doorstep::roster::v1::PlanChanges& plan);
  void changeOne(const doorstep::roster::v1::PlanChange& change,
                 doorstep::roster::v1::PlanChanges& changed);

  Scope scope_;
  Scope copy_;  // that is coming in
  bool copying_ = false;
  bool agreed_ = true;
  std::uint64_t copies_ = 0;
  std::uint64_t verdicts_ = 0;
};

// Puts a field into the message that this release does not know.
void addLaterField(google::protobuf::Message& message);

}  // namespace doorstep::support
