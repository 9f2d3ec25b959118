// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/journal/journal.h"

namespace doorstep::journal {

// Prepared once: a tap is one insert and one commit.
struct Journal::Statements {
  sqlite::Statement insertEvent;
  sqlite::Statement pendingEvents;
  sqlite::Statement insertEntry;
  sqlite::Statement entryContent;
  sqlite::Statement insertReceipt;
  sqlite::Statement writeState;
  sqlite::Statement keepPlan;

  static Result<std::unique_ptr<Statements>> prepare(sqlite::Database& database);
};

struct Journal::Pending {
  visits::RecordedEvent event;
  std::size_t bytes = 0;  // sealed
};

}  // namespace doorstep::journal
