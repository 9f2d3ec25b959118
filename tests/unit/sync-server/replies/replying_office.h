// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sync-server/replies/reply_store.h"
#include "tests/unit/sync-server/office/logged_office.h"

namespace doorstep::replies {

// A provider that can reply to its figures of November.
struct ReplyingOffice : office::LoggedOffice {
  ReplyingOffice() {
    import(rota());
    clock.set("2026-12-02T09:00:00");
  }
  SeenFigure figure(const std::string& measure = "missed.rate") const {
    return {.contract = ContractId(5),
            .contractRef = "K1",
            .provider = provider,
            .measure = measure,
            .firstDay = 20'758,  // 2026-11-01
            .lastDay = 20'787,
            .where = {{"tier", "2"}, {"lot", "north"}},
            .numerator = 9,
            .denominator = 349,
            .asOfUnixMs = clock.wallUnixMs() - 5};
  }
  Result<Reply> reply(const SeenFigure& to, const std::string& text = "It rained.\nA lot.",
                      const std::vector<VisitId>& attached = {VisitId(UINT64_MAX), VisitId(3)}) {
    return office->writeWithAnswer<Reply>({AccountId(7), "Olu"},
                                          [&](sql::Database& database, event_log::OfficeAct& act) {
                                            return replyToFigure(database, to, text, attached, act);
                                          });
  }
  Result<Reply> withdraw(std::uint32_t number, const std::string& text = "It did not.") {
    return office->writeWithAnswer<Reply>(
        {AccountId(8), "Eve"}, [&](sql::Database& database, event_log::OfficeAct& act) {
          return withdrawReply(database, ContractId(5), provider, number, text, act);
        });
  }
  std::vector<Reply> all(ReplyFilter filter = {}, std::uint64_t skipped = 0,
                         std::uint32_t limit = 100) {
    filter.contract = ContractId(5);
    return repliesOf(database(), filter, skipped, limit).value();
  }
};

}  // namespace doorstep::replies
