// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/rules_service.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "doorstep/records/v1/rules_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "sync-server/records/rules/preview_reader.h"
#include "sync-server/records/rules/rules_reader.h"
#include "sync-server/records/tuning.h"
#include "sync-server/roster/rule_versions.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "sync-server/rpc/people/preview_stream.h"
#include "sync-server/rpc/people/record_questions.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::records::v1;
using identity::AccountCaller;
using Length = RecordQuestions::Length;
using records::PersonVisitPlace;

const Error kReplaced{ErrorCode::Aborted, "PREVIEW_REPLACED",
                      "the same account has begun another preview"};

std::uint32_t pageSize(std::uint32_t asked) {
  return asked == 0 ? records::kRuledVisitsPageDefault
                    : std::min(asked, records::kRuledVisitsPageMax);
}

// The list that a page token belongs to: caller and question.
std::string listName(const AccountCaller& caller, pb::ListRuledVisitsRequest request) {
  request.clear_page_size();
  request.clear_page_token();
  return "ruled-visits\n" + bigEndian64(caller.account.value) + request.SerializeAsString();
}

admin::v1::PagePlace toPage(const PersonVisitPlace& place) {
  admin::v1::PagePlace page;
  auto& visit = *page.mutable_person_visit();
  visit.set_provider_id(place.provider.value);
  visit.set_person_id(place.person.value);
  visit.set_anchor_unix_ms(place.anchorUnixMs);
  visit.set_visit_id(place.visit.value);
  return page;
}

PersonVisitPlace placeOf(const admin::v1::PersonVisitPlace& visit) {
  return {ProviderId(visit.provider_id()), PersonId(visit.person_id()), visit.anchor_unix_ms(),
          VisitId(visit.visit_id())};
}

}  // namespace

class RulesService::Impl final : public pb::RulesService::CallbackService {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts),
        tokens_(parts.pageKey),
        questions_({parts.storage, parts.callers, parts.shortQuestions, parts.longQuestions,
                    parts.clock, parts.lookIds, parts.pseudonymKey}) {}

  grpc::ServerUnaryReactor* ListRuleVersions(grpc::CallbackServerContext* call,
                                             const pb::ListRuleVersionsRequest* request,
                                             pb::ListRuleVersionsResponse* response) override {
    return questions_.answer(
        {"RulesService.ListRuleVersions", parts_.refusals}, call, Length::Short,
        [=, this](const AccountCaller& caller) -> Status {
          const auto lease = questions_.readFor(*call, kShortQuestionMax);
          DOORSTEP_ASSIGN(*response, records::listRuleVersions(questions_.reading(lease, caller),
                                                               ContractId(request->contract_id())));
          return kDone;
        });
  }
  grpc::ServerWriteReactor<pb::PreviewRulesResponse>* PreviewRules(
      grpc::CallbackServerContext* call, const pb::PreviewRulesRequest* request) override {
    auto* stream = new PreviewStream;  // deletes itself in OnDone
    const auto begin = [this, call, stream, request = *request] {
      const Status begun = guarded([&] { return beginPreview(*call, *stream, request); });
      if (!begun.ok())
        end(*call, *stream, begun);
    };
    if (!parts_.shortQuestions.post(begin))
      end(*call, *stream, kBusy);
    return stream;
  }
  grpc::ServerUnaryReactor* ListRuledVisits(grpc::CallbackServerContext* call,
                                            const pb::ListRuledVisitsRequest* request,
                                            pb::ListRuledVisitsResponse* response) override {
    return questions_.answer({"RulesService.ListRuledVisits", parts_.refusals}, call, Length::Long,
                             [=, this](const AccountCaller& caller) {
                               return listVisits(*call, caller, *request, *response);
                             });
  }
  grpc::ServerUnaryReactor* PublishRules(grpc::CallbackServerContext* call,
                                         const pb::PublishRulesRequest* request,
                                         pb::PublishRulesResponse* response) override {
    return questions_.answer({"RulesService.PublishRules", parts_.refusals}, call, Length::Short,
                             [=, this](const AccountCaller& caller) {
                               return publish(*call, caller, *request, *response);
                             });
  }

 private:
  void end(grpc::CallbackServerContext& call, PreviewStream& stream, const Status& done) const {
    stream.end(done.ok() ? grpc::Status::OK
                         : statusOf(Method{"RulesService.PreviewRules", parts_.refusals}, call,
                                    done.error()));
  }

  // Once it has returned ok, the stream belongs to the pool of long questions.
  Status beginPreview(grpc::CallbackServerContext& call, PreviewStream& stream,
                      const pb::PreviewRulesRequest& request) {
    DOORSTEP_ASSIGN(const AccountCaller caller, parts_.callers.account(call));
    DOORSTEP_ASSIGN(const auto place, questions_.open().enter(caller.account));
    const auto work = [this, &call, &stream, request, caller, place,
                       turn = turns_.begin(caller.account)] {
      end(call, stream, guarded([&] { return preview(call, caller, request, *turn, stream); }));
    };
    return parts_.longQuestions.post(work) ? kDone : Status(kBusy);
  }

  Status preview(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                 const pb::PreviewRulesRequest& request, const PreviewTurns::Turn& turn,
                 PreviewStream& stream) {
    const auto mayGoOn = [wanted = whileWanted(call, kLongQuestionMax), &turn]() -> Status {
      return turn.isOver() ? Status(kReplaced) : wanted();
    };
    DOORSTEP_TRY(mayGoOn());
    DOORSTEP_TRY(questions_.settle(call));
    identity::Look look;
    look.account = caller.account;
    look.purpose = identity::LookPurpose::Record;
    look.atUnixMs = parts_.clock.wallUnixMs();
    look.detail = "preview of rules, contract " + std::to_string(request.contract_id());
    DOORSTEP_TRY(questions_.record({look}));
    DOORSTEP_ASSIGN(auto answer, readPreview(call, caller, request, mayGoOn, stream));
    pb::PreviewRulesResponse message;
    *message.mutable_preview() = std::move(answer.preview);
    addTokens(caller, request, answer.firsts, *message.mutable_preview());
    stream.send(std::move(message));
    return kDone;
  }

  Result<records::PreviewAnswer> readPreview(const grpc::CallbackServerContext& call,
                                             const AccountCaller& caller,
                                             const pb::PreviewRulesRequest& request,
                                             const sql::Database::MayGoOn& mayGoOn,
                                             PreviewStream& stream) const {
    auto lease = questions_.readFor(call);
    lease.stopWhen(mayGoOn);
    return records::previewRules(
        questions_.reading(lease, caller), request,
        [&](std::uint64_t done, std::uint64_t all) -> Status {
          // The preview ends with the caller's session.
          DOORSTEP_TRY(parts_.callers.session(CallerContext::sessionToken(call)));
          DOORSTEP_TRY(mayGoOn());
          pb::PreviewRulesResponse message;
          message.mutable_progress()->set_visits_done(done);
          message.mutable_progress()->set_visits(all);
          stream.send(std::move(message));
          return kDone;
        });
  }

  void addTokens(const AccountCaller& caller, const pb::PreviewRulesRequest& request,
                 const std::vector<PersonVisitPlace>& firsts, pb::RulesPreview& preview) const {
    pb::ListRuledVisitsRequest cell;
    cell.set_contract_id(request.contract_id());
    *cell.mutable_draft() = request.draft();
    cell.set_first_day(request.first_day());
    cell.set_last_day(request.last_day());
    for (std::size_t i = 0; i < firsts.size(); ++i) {
      pb::ClassChange& classes = *preview.mutable_classes(static_cast<int>(i));
      *cell.mutable_before() = classes.before();
      *cell.mutable_after() = classes.after();
      classes.set_page_token(tokens_.write(listName(caller, cell), toPage(firsts[i])));
    }
  }

  Status listVisits(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                    const pb::ListRuledVisitsRequest& request,
                    pb::ListRuledVisitsResponse& response) {
    const std::string list = listName(caller, request);
    std::optional<PersonVisitPlace> after;
    if (!request.page_token().empty()) {
      DOORSTEP_ASSIGN(const auto place,
                      tokens_.read(list, request.page_token(), admin::v1::PagePlace::kPersonVisit));
      after = placeOf(place.person_visit());
    }
    DOORSTEP_TRY(questions_.settle(call));
    DOORSTEP_ASSIGN(auto page, readPage(call, caller, request, after));
    DOORSTEP_TRY(questions_.record(page.looks));
    response = std::move(page.response);
    if (page.next)
      response.set_next_page_token(tokens_.write(list, toPage(*page.next)));
    return kDone;
  }

  // Returns the connection before looks are recorded.
  Result<records::RuledVisitPage> readPage(const grpc::CallbackServerContext& call,
                                           const AccountCaller& caller,
                                           const pb::ListRuledVisitsRequest& request,
                                           const std::optional<PersonVisitPlace>& after) const {
    const auto lease = questions_.readFor(call);
    return records::listRuledVisits(questions_.reading(lease, caller), request, after,
                                    pageSize(request.page_size()));
  }

  Status publish(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                 const pb::PublishRulesRequest& request, pb::PublishRulesResponse& response) {
    DOORSTEP_ASSIGN(const roster::RulesDraft draft, readDraft(call, caller, request));
    const std::int64_t now = parts_.clock.wallUnixMs();
    DOORSTEP_ASSIGN(
        const auto version,
        parts_.office.writeWithAnswer<std::uint32_t>(
            {caller.account, {}}, [&](sql::Database& database, event_log::OfficeAct& act) {
              return roster::publishRules(database, ContractId(request.contract_id()), draft, now,
                                          act);
            }));
    response.set_rule_version(version);
    return kDone;
  }

  // Returns the connection before the writer is asked. The newest version that the draft was read
  // over is the one that it names, or publishing refuses it.
  Result<roster::RulesDraft> readDraft(const grpc::CallbackServerContext& call,
                                       const AccountCaller& caller,
                                       const pb::PublishRulesRequest& request) {
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    return records::readDraft(questions_.reading(lease, caller), request);
  }

  const Parts parts_;
  const PageTokens tokens_;
  RecordQuestions questions_;
  PreviewTurns turns_;
};

RulesService::RulesService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
RulesService::~RulesService() = default;
grpc::Service& RulesService::service() { return *impl_; }

}  // namespace doorstep::rpc
