// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "doorstep/records/v1/records_service.pb.h"
#include "sync-server/records/listing/record_query.h"
#include "sync-server/records/pseudonyms.h"

namespace doorstep::records {

// Task results of one carer at a visit.
struct TaskCounts {
  std::uint32_t planned = 0;          // of the visit
  std::uint32_t done = 0;             // by this carer, wholly or partly
  std::uint32_t notDoneReasoned = 0;  // by this carer, with a reason
  std::uint32_t criticalNotDone = 0;  // of notDoneReasoned, the critical ones
};
TaskCounts countTasks(const SlotRecord& record);

// Conversions to messages. Pure. Thread: any.
v1::VisitRecord toProto(const SlotRecord& record, Pseudonyms& pseudonyms,
                        const roster::AccountNames& names);
v1::Contract toProto(const roster::Contract& contract, std::int64_t nowUnixMs);

}  // namespace doorstep::records
