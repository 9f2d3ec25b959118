// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/exports_service.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "doorstep/records/v1/exports_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/records/tuning.h"
#include "sync-server/records/visible_contracts.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "sync-server/rpc/people/piece_stream.h"
#include "sync-server/rpc/people/record_export.h"
#include "sync-server/rpc/people/record_questions.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::records::v1;
using identity::AccountCaller;
using identity::Role;
using Length = RecordQuestions::Length;
using Stream = PieceStream<pb::WriteExportResponse>;

std::uint32_t pageSize(std::uint32_t asked) {
  return asked == 0 ? records::kPageSizeDefault : std::min(asked, records::kPageSizeMax);
}

Result<records::RowFormat> formatOf(pb::ExportFormat format) {
  if (format == pb::EXPORT_FORMAT_VISITS_CSV)
    return records::RowFormat::Csv;
  if (format == pb::EXPORT_FORMAT_VISITS_JSONL)
    return records::RowFormat::JsonLines;
  return Error{ErrorCode::InvalidArgument, "FORMAT_UNKNOWN",
               "a file of visits is written as CSV or as JSON Lines"};
}

pb::ExportRecord messageOf(const exports::Export& made, const roster::AccountNames& names) {
  pb::ExportRecord message;
  message.set_export_id(made.said.id);
  message.set_account_id(made.account.value);
  const auto name = names.find(made.account);
  if (name != names.end())
    message.set_account_name(name->second);
  message.set_made_unix_ms(made.madeUnixMs);
  pb::RecordFilter& filter = *message.mutable_filter();
  filter.set_contract_id(made.said.contract.value);
  filter.set_provider_id(made.said.provider.value);
  filter.set_lot(made.said.lot);
  filter.set_first_day(made.said.firstDay);
  filter.set_last_day(made.said.lastDay);
  filter.set_punctuality(punctualityNamed(made.said.punctuality));
  message.set_contract_ref(made.said.contractRef);
  message.set_as_of_unix_ms(made.said.asOfUnixMs);
  for (const visits::ExportedFile& file : made.said.files) {
    pb::ExportedFile& told = *message.add_files();
    told.set_format(file.format);
    told.set_rows(file.rows);
    told.set_bytes(file.bytes);
    told.set_sha256(std::string(file.sha256.view()));
  }
  return message;
}

}  // namespace

class ExportsService::Impl final : public pb::ExportsService::CallbackService {
 public:
  explicit Impl(const Parts& parts)
      : parts_(parts),
        tokens_(parts.pageKey),
        questions_({parts.storage, parts.callers, parts.shortQuestions, parts.longQuestions,
                    parts.clock, parts.lookIds, parts.pseudonymKey}) {}

  grpc::ServerWriteReactor<pb::WriteExportResponse>* WriteExport(
      grpc::CallbackServerContext* call, const pb::WriteExportRequest* request) override {
    auto* stream = new Stream({"ExportsService.WriteExport", parts_.refusals}, *call,
                              parts_.longQuestions, parts_.stallMax);  // deletes itself
    stream->start(parts_.shortQuestions,
                  [this, call, request = *request] { return begin(*call, request); });
    return stream;
  }
  grpc::ServerUnaryReactor* ListExports(grpc::CallbackServerContext* call,
                                        const pb::ListExportsRequest* request,
                                        pb::ListExportsResponse* response) override {
    return questions_.answer({"ExportsService.ListExports", parts_.refusals}, call, Length::Short,
                             [=, this](const AccountCaller& caller) {
                               return list(*call, caller, *request, *response);
                             });
  }

 private:
  // What the next request must repeat.
  static std::string listName(const AccountCaller& caller, const pb::WriteExportRequest& request) {
    return "export\n" + bigEndian64(caller.account.value) + bigEndian64(request.format()) +
           bigEndian64(static_cast<std::uint64_t>(request.as_of_unix_ms())) +
           request.filter().SerializeAsString();
  }

  Result<Stream::Next> begin(grpc::CallbackServerContext& call,
                             const pb::WriteExportRequest& request) {
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    DOORSTEP_ASSIGN(const auto format, formatOf(request.format()));
    DOORSTEP_ASSIGN(const auto place, questions_.open().enter(caller.account));
    const std::string name = listName(caller, request);
    DOORSTEP_ASSIGN(auto begun, open(call, caller, request, name, format));
    DOORSTEP_TRY(questions_.settle(call));
    identity::Look look;
    look.account = caller.account;
    look.provider = ProviderId(request.filter().provider_id());
    look.purpose = identity::LookPurpose::Export;
    look.atUnixMs = parts_.clock.wallUnixMs();
    look.detail = request.filter().ShortDebugString();
    DOORSTEP_TRY(questions_.record({look}));
    // shared_ptr: the steps of a stream are one copyable function.
    const auto work = std::make_shared<RecordExport>(std::move(begun));
    return Stream::Next(
        [this, &call, caller, place, name, work](pb::WriteExportResponse& response) {
          return next(call, caller, name, *work, response);
        });
  }

  Result<RecordExport> open(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                            const pb::WriteExportRequest& request, const std::string& name,
                            records::RowFormat format) {
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    RecordExport::Asked asked{caller, request.filter(), format, request.as_of_unix_ms()};
    if (request.page_token().empty())
      return RecordExport::begin(lease, std::move(asked), parts_.clock, parts_.lookIds);
    DOORSTEP_ASSIGN(const auto page,
                    tokens_.read(name, request.page_token(), admin::v1::PagePlace::kExport));
    return RecordExport::goOn(lease, std::move(asked), page.export_());
  }

  Result<Stream::Step> next(const grpc::CallbackServerContext& call, const AccountCaller& caller,
                            const std::string& name, RecordExport& work,
                            pb::WriteExportResponse& response) {
    // The export ends with the caller's session.
    DOORSTEP_TRY(parts_.callers.session(CallerContext::sessionToken(call)));
    response.set_as_of_unix_ms(work.asOfUnixMs());
    if (work.isWritten()) {
      DOORSTEP_ASSIGN(const auto made, work.finish(parts_.office));
      response.set_rows(work.rows());
      response.set_bytes(work.bytes());
      const auto lease = questions_.readFor(call, kShortQuestionMax);
      DOORSTEP_ASSIGN(const auto names, identity::accountNames(lease));
      if (made)
        *response.mutable_made() = messageOf(*made, names);
      return Stream::Step::Last;
    }
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    DOORSTEP_ASSIGN(*response.mutable_chunk(), work.next(questions_.reading(lease, caller)));
    response.set_rows(work.rows());
    response.set_bytes(work.bytes());
    if (work.after())
      response.set_reached_unix_ms(work.after()->anchorUnixMs);
    admin::v1::PagePlace page;
    *page.mutable_export_() = work.place();
    response.set_next_page_token(tokens_.write(name, page));
    return Stream::Step::More;
  }

  Status list(const grpc::CallbackServerContext& call, const AccountCaller& caller,
              const pb::ListExportsRequest& request, pb::ListExportsResponse& response) {
    const std::string name =
        "exports\n" + bigEndian64(caller.account.value) + bigEndian64(request.contract_id());
    std::optional<exports::ExportPlace> below;
    if (!request.page_token().empty()) {
      DOORSTEP_ASSIGN(const auto page,
                      tokens_.read(name, request.page_token(), admin::v1::PagePlace::kExport));
      below = exports::ExportPlace{page.export_().begun_unix_ms(), page.export_().export_id()};
    }
    const auto lease = questions_.readFor(call, kShortQuestionMax);
    sql::Database& database = lease;
    DOORSTEP_ASSIGN(auto contracts, roster::contracts(database));
    const records::VisibleContracts seen(caller, std::move(contracts));
    std::set<ContractId> visible;
    for (const roster::Contract& each : seen.contracts())
      visible.insert(each.id);
    const ContractId asked(request.contract_id());
    const auto wanted = [&](const exports::Export& made) {
      return (!asked || made.said.contract == asked) && maySee(caller, visible, made);
    };
    DOORSTEP_ASSIGN(const auto page,
                    exports::listExports(database, below, pageSize(request.page_size()),
                                         records::kExportsPerPageMax, wanted));
    DOORSTEP_ASSIGN(const auto names, identity::accountNames(database));
    for (const exports::Export& made : page.exports)
      *response.add_exports() = messageOf(made, names);
    if (page.next) {
      admin::v1::PagePlace place;
      place.mutable_export_()->set_begun_unix_ms(page.next->madeUnixMs);
      place.mutable_export_()->set_export_id(page.next->id);
      response.set_next_page_token(tokens_.write(name, place));
    }
    return kDone;
  }

  // Her own, those of her provider's records, those of her council's contracts.
  static bool maySee(const AccountCaller& caller, const std::set<ContractId>& visible,
                     const exports::Export& made) {
    if (caller.role == Role::Operator || made.account == caller.account)
      return true;
    if (caller.role == Role::Supervisor)
      return std::binary_search(made.providers.begin(), made.providers.end(), caller.provider);
    return visible.contains(made.said.contract);
  }

  const Parts parts_;
  const PageTokens tokens_;
  RecordQuestions questions_;
};

ExportsService::ExportsService(const Parts& parts) : impl_(std::make_unique<Impl>(parts)) {}
ExportsService::~ExportsService() = default;
grpc::Service& ExportsService::service() { return *impl_; }

}  // namespace doorstep::rpc
