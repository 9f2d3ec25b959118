// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/journal/journal.h"

namespace doorstep::journal {

// Prepared once, so that a tap costs one insert and one commit.
struct Journal::Statements {
  sql::Statement insertEvent;
  sql::Statement pendingEvents;
  sql::Statement insertEntry;
  sql::Statement entryContent;
  sql::Statement insertReceipt;
  sql::Statement writeState;
  sql::Statement keepPlan;

  static Result<std::unique_ptr<Statements>> prepare(sql::Database& database);
};

struct Journal::Pending {
  visits::RecordedEvent event;
  std::size_t bytes = 0;  // sealed
};

}  // namespace doorstep::journal
