// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "doorstep/sync/v1/sync_service.pb.h"

namespace doorstep::support {

// Changes a server's answers to one phone into those of a later release: unknown fields everywhere,
// also in known plan objects; beside each person an object of an unknown kind; scope count and hash
// over all of it; unknown verdicts. Applied on the phone's side, so the server is unchanged.
// Thread: one at a time.
class LaterServer {
 public:
  static constexpr std::uint32_t kLaterKind = 9;

  // Verdicts that change: those with a position. withoutPosition: also those of entries outside the
  // log, except GAP; the phone then sends them again after an hour.
  void change(doorstep::sync::v1::ExchangeResponse& response, bool withoutPosition = false);

  // Number of full copies sent.
  std::uint64_t copies() const { return copies_; }
  // Whether the newest complete scope had the hash that this release's server sent.
  bool agreed() const { return agreed_; }
  std::uint64_t verdicts() const { return verdicts_; }           // changed ones
  std::uint64_t objects() const { return scope_.later.size(); }  // of the unknown kind

 private:
  using Objects = std::map<std::pair<std::uint32_t, std::uint64_t>, std::string>;
  struct Scope {
    Objects sent;   // as sent by this release's server
    Objects later;  // as stored by the phone
  };
  void changePlan(doorstep::roster::v1::PlanChanges& plan);
  void changeOne(const doorstep::roster::v1::PlanChange& change,
                 doorstep::roster::v1::PlanChanges& changed);

  Scope scope_;
  Scope copy_;  // incoming full copy
  bool copying_ = false;
  bool agreed_ = true;
  std::uint64_t copies_ = 0;
  std::uint64_t verdicts_ = 0;
};

// Adds a field that is unknown to this release.
void addLaterField(google::protobuf::Message& message);

}  // namespace doorstep::support
