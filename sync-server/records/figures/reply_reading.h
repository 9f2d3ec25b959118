// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "doorstep/records/v1/replies_service.pb.h"
#include "sync-server/records/records_reader.h"
#include "sync-server/replies/reply_store.h"

namespace doorstep::records {

// Replies to figures for one caller. Errors: NOT_FOUND (CONTRACT_UNKNOWN, also for a contract that
// the caller may not see) and the database's. Thread: the connection's.

// The figure that a supervisor replies to, as it stands, after the attached visits were found to be
// of her provider, the contract and the days, whatever dimensions choose the figure. Visits must
// have been settled. Further errors: those of MeasureReading; PROVIDER_UNKNOWN; NOT_FOUND
// (VISIT_NOT_OF_FIGURE), FAILED_PRECONDITION (FIGURE_MISSING). Cost and memory: a question about
// figures.
Result<replies::SeenFigure> readSeenFigure(const Reading& reading, const v1::MeasureFilter& filter,
                                           const std::string& measure,
                                           const std::vector<VisitId>& attached);

// From that place in the list on; next: 0 at the end. Further errors: INVALID_ARGUMENT (DAY_FORMAT,
// DAYS_REVERSED), NOT_FOUND (PROVIDER_UNKNOWN).
struct ReplyPage {
  v1::ListRepliesResponse response;  // without its page token
  std::uint64_t next = 0;
};
Result<ReplyPage> listReplies(const Reading& reading, const v1::ListRepliesRequest& request,
                              std::uint64_t from, std::uint32_t size);

Result<v1::FigureReply> replyMessage(const Reading& reading, const replies::Reply& reply);

}  // namespace doorstep::records
