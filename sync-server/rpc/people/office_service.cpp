// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/office_service.h"
#include "sync-server/roster/rota/rota_check.h"
#include "sync-server/roster/rota/rota_reader.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "doorstep/admin/v1/office_service.grpc.pb.h"
#include "shared/core/bytes.h"
#include "shared/crypto/sha256.h"
#include "shared/wire/enrolment_text.h"
#include "shared/wire/formats.h"
#include "sync-server/event_log/contacts.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/identity/enrolment.h"
#include "sync-server/office/rota_office.h"
#include "sync-server/roster/limits.h"
#include "sync-server/roster/plan_pull.h"
#include "sync-server/roster/plan_writer.h"
#include "sync-server/roster/roster_store.h"
#include "sync-server/roster/rota_import.h"
#include "sync-server/rpc/people/page_tokens.h"
#include "sync-server/rpc/people/unary_call.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::admin::v1;

constexpr std::uint32_t kPageMax = 1000;
constexpr std::uint32_t kPageDefault = 200;
constexpr std::size_t kImportsWaitingMax = 8;  // 16 MiB each

roster::PlanFile planFile(const char* name, const std::string& bytes) {
  return {name, bytes.size(), toHex(crypto::sha256(bytes).view())};
}

std::uint32_t pageSize(std::uint32_t asked) {
  return asked == 0 ? kPageDefault : std::min(asked, kPageMax);
}

// Cursor of quarantine, which is two lists, outside the log and in it, each newest first.
struct QuarantinePlace {
  std::uint64_t outsideBefore = 0;  // 0: from the newest
  std::uint64_t positionBelow = INT64_MAX;
};

void tellQuarantined(const event_log::OutsideEntry& entry, pb::QuarantinedEntry& told) {
  told.set_device_id(entry.device.value);
  told.set_reason(entry.reason);
  told.set_received_unix_ms(entry.receivedUnixMs);
  told.set_n(entry.n);
  told.set_bytes(entry.entry.size());
}

void tellQuarantined(const event_log::StoredEntry& entry, pb::QuarantinedEntry& told) {
  told.set_device_id(entry.device.value);
  told.set_reason(entry.quarantineReason);
  told.set_received_unix_ms(entry.receivedUnixMs);
  told.set_n(entry.n);
  told.set_bytes(entry.entry.size());
  told.set_position(entry.position);
}

// The formats of its app, compared with what this server sends and counts.
void tellFormats(const event_log::DeviceContact& contact, pb::Device& told) {
  const auto formats = wire::decodeFormats(contact.formats.value_or(std::string()));
  if (!formats.ok())
    return;
  const wire::Formats own = wire::ownFormats();
  told.set_app_version(formats->appVersion);
  for (const std::uint32_t kind : wire::missingKinds(own.planKinds, formats->planKinds))
    told.add_unread_plan_kinds(kind);
  for (const std::uint32_t kind : wire::missingKinds(own.factKinds, formats->factKinds))
    told.add_unknown_fact_kinds(kind);
}

// Numbers of the two enumerations are the same.
static_assert(static_cast<int>(event_log::AlarmKind::Fork) == pb::ALARM_KIND_FORK);
static_assert(static_cast<int>(event_log::AlarmKind::ContradictedCheckpoint) ==
              pb::ALARM_KIND_CONTRADICTED_CHECKPOINT);
static_assert(static_cast<int>(event_log::AlarmKind::LogRegress) == pb::ALARM_KIND_LOG_REGRESS);
static_assert(static_cast<int>(event_log::AlarmKind::TimeDisputed) == pb::ALARM_KIND_TIME_DISPUTED);

void tell(const roster::RotaFault& fault, pb::RotaFault& told) {
  told.set_file(fault.file);
  told.set_line(fault.line);
  told.set_column(fault.column);
  told.set_reason(fault.reason);
  told.set_text(fault.text);
}

void describe(const roster::FaultList& faults, pb::ImportRotaResponse& response) {
  for (const auto& fault : faults.listed())
    tell(fault, *response.add_faults());
  for (const auto& more : faults.more()) {
    auto& told = *response.add_more_faults();
    told.set_file(more.file);
    told.set_reason(more.reason);
    told.set_count(more.count);
  }
  response.set_faults_not_listed(faults.notListed());
}

}  // namespace

class OfficeService::Impl final : public pb::OfficeService::CallbackService {
 public:
  explicit Impl(Parts parts)
      : parts_(std::move(parts)), tokens_(parts_.pageKey), imports_(1, kImportsWaitingMax) {}

  void stop() { imports_.stop(); }

  grpc::ServerUnaryReactor* ImportRota(grpc::CallbackServerContext* call,
                                       const pb::ImportRotaRequest* request,
                                       pb::ImportRotaResponse* response) override {
    return unaryOn(imports_, {"OfficeService.ImportRota", parts_.refusals}, call,
                   [=, this] { return importRota(*call, *request, *response); });
  }
  grpc::ServerUnaryReactor* ReassignVisit(grpc::CallbackServerContext* call,
                                          const pb::ReassignVisitRequest* request,
                                          pb::ReassignVisitResponse* response) override {
    return unaryOn(parts_.workers, {"OfficeService.ReassignVisit", parts_.refusals}, call,
                   [=, this] { return reassignVisit(*call, *request, *response); });
  }
  grpc::ServerUnaryReactor* CreateEnrolmentCode(
      grpc::CallbackServerContext* call, const pb::CreateEnrolmentCodeRequest* request,
      pb::CreateEnrolmentCodeResponse* response) override {
    return unaryOn(parts_.workers, {"OfficeService.CreateEnrolmentCode", parts_.refusals}, call,
                   [=, this] { return createCode(*call, *request, *response); });
  }
  grpc::ServerUnaryReactor* ListDevices(grpc::CallbackServerContext* call,
                                        const pb::ListDevicesRequest* request,
                                        pb::ListDevicesResponse* response) override {
    return unaryOn(parts_.workers, {"OfficeService.ListDevices", parts_.refusals}, call,
                   [=, this] { return listDevices(*call, *request, *response); });
  }
  grpc::ServerUnaryReactor* RevokeDevice(grpc::CallbackServerContext* call,
                                         const pb::RevokeDeviceRequest* request,
                                         pb::RevokeDeviceResponse*) override {
    return unaryOn(parts_.workers, {"OfficeService.RevokeDevice", parts_.refusals}, call,
                   [=, this] { return revokeDevice(*call, *request); });
  }
  grpc::ServerUnaryReactor* ListCarers(grpc::CallbackServerContext* call,
                                       const pb::ListCarersRequest* request,
                                       pb::ListCarersResponse* response) override {
    return unaryOn(parts_.workers, {"OfficeService.ListCarers", parts_.refusals}, call,
                   [=, this] { return listCarers(*call, *request, *response); });
  }
  grpc::ServerUnaryReactor* ListQuarantine(grpc::CallbackServerContext* call,
                                           const pb::ListQuarantineRequest* request,
                                           pb::ListQuarantineResponse* response) override {
    return unaryOn(parts_.workers, {"OfficeService.ListQuarantine", parts_.refusals}, call,
                   [=, this] { return listQuarantine(*call, *request, *response); });
  }
  grpc::ServerUnaryReactor* ListAlarms(grpc::CallbackServerContext* call,
                                       const pb::ListAlarmsRequest* request,
                                       pb::ListAlarmsResponse* response) override {
    return unaryOn(parts_.workers, {"OfficeService.ListAlarms", parts_.refusals}, call,
                   [=, this] { return listAlarms(*call, *request, *response); });
  }
  grpc::ServerUnaryReactor* ListPlanVersions(grpc::CallbackServerContext* call,
                                             const pb::ListPlanVersionsRequest* request,
                                             pb::ListPlanVersionsResponse* response) override {
    return unaryOn(parts_.workers, {"OfficeService.ListPlanVersions", parts_.refusals}, call,
                   [=, this] { return listPlanVersions(*call, *request, *response); });
  }

 private:
  // The acting account and its provider.
  struct Office {
    ProviderId provider;
    AccountId account;
  };
  Result<Office> office(const grpc::CallbackServerContext& call, std::uint64_t asked) const {
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    DOORSTEP_ASSIGN(const ProviderId id, identity::providerFor(caller, ProviderId(asked)));
    return Office{id, caller.account};
  }
  // The list that a page token belongs to.
  Result<std::string> listName(const grpc::CallbackServerContext& call, const char* list,
                               ProviderId provider) const {
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    return list + bigEndian64(caller.account.value) + bigEndian64(provider.value);
  }
  Result<QuarantinePlace> quarantineAfter(const std::string& list, const std::string& token) const;
  Result<ProviderId> provider(const grpc::CallbackServerContext& call, std::uint64_t asked) const {
    DOORSTEP_ASSIGN(const auto caller, parts_.callers.account(call));
    return identity::providerFor(caller, ProviderId(asked));
  }

  Status importRota(grpc::CallbackServerContext& call, const pb::ImportRotaRequest& request,
                    pb::ImportRotaResponse& response);
  Status reassignVisit(grpc::CallbackServerContext& call, const pb::ReassignVisitRequest& request,
                       pb::ReassignVisitResponse& response);
  Status createCode(grpc::CallbackServerContext& call,
                    const pb::CreateEnrolmentCodeRequest& request,
                    pb::CreateEnrolmentCodeResponse& response);
  Status listDevices(grpc::CallbackServerContext& call, const pb::ListDevicesRequest& request,
                     pb::ListDevicesResponse& response);
  Status revokeDevice(grpc::CallbackServerContext& call, const pb::RevokeDeviceRequest& request);
  Status listCarers(grpc::CallbackServerContext& call, const pb::ListCarersRequest& request,
                    pb::ListCarersResponse& response);
  Status listQuarantine(grpc::CallbackServerContext& call, const pb::ListQuarantineRequest& request,
                        pb::ListQuarantineResponse& response);
  Status listAlarms(grpc::CallbackServerContext& call, const pb::ListAlarmsRequest& request,
                    pb::ListAlarmsResponse& response);
  Status listPlanVersions(grpc::CallbackServerContext& call,
                          const pb::ListPlanVersionsRequest& request,
                          pb::ListPlanVersionsResponse& response);

  const Parts parts_;
  const PageTokens tokens_;
  WorkerPool imports_;
};

Status OfficeService::Impl::importRota(grpc::CallbackServerContext& call,
                                       const pb::ImportRotaRequest& request,
                                       pb::ImportRotaResponse& response) {
  DOORSTEP_ASSIGN(const Office office, this->office(call, request.provider_id()));
  const ProviderId id = office.provider;
  if (request.people_csv().size() + request.carers_csv().size() + request.visits_csv().size() >
      roster::kImportCallBytesMax)
    return Error{ErrorCode::InvalidArgument, "ROTA_TOO_LARGE", "at most 16 MiB over the API"};
  std::istringstream people(request.people_csv());
  std::istringstream carers(request.carers_csv());
  std::istringstream visits(request.visits_csv());
  roster::FaultList faults;
  const roster::Rota rota = roster::readRota({&people, &carers, &visits}, faults);
  roster::checkFilled(rota, faults);
  roster::ImportSummary summary;
  if (faults.empty()) {
    const bool refuseMany = !request.confirm_cancellations() && !request.dry_run();
    const std::vector<roster::PlanFile> files = {planFile("people.csv", request.people_csv()),
                                                 planFile("carers.csv", request.carers_csv()),
                                                 planFile("visits.csv", request.visits_csv())};
    const roster::ImportTarget target{id, {}, {}, refuseMany, files};
    auto imported = office::importRota(
        parts_.office, {office.account, {}}, rota,
        {.target = [&](sql::Database&) { return Result<roster::ImportTarget>(target); },
         .dryRun = request.dry_run()},
        parts_.clock, parts_.ids, faults);
    if (!imported.ok() && faults.empty())
      return imported.error();
    if (imported.ok())
      summary = *std::move(imported);
  }
  describe(faults, response);
  for (const roster::FaultList* notes : {&rota.notes, &std::as_const(summary.notes)})
    for (const auto& note : notes->listed())
      tell(note, *response.add_notes());
  if (!faults.empty())
    return kDone;
  if (!request.dry_run()) {
    parts_.plans.publish(id, summary.commit);
    response.set_plan_version(summary.commit.planVersion);
  }
  response.set_visits_new(summary.visitsNew);
  response.set_visits_changed(summary.visitsChanged);
  response.set_visits_cancelled(summary.visitsCancelled);
  response.set_people(summary.people);
  response.set_carers(summary.carers);
  response.set_visits(summary.visits);
  return kDone;
}

Status OfficeService::Impl::reassignVisit(grpc::CallbackServerContext& call,
                                          const pb::ReassignVisitRequest& request,
                                          pb::ReassignVisitResponse& response) {
  DOORSTEP_ASSIGN(const Office office, this->office(call, request.provider_id()));
  DOORSTEP_ASSIGN(
      const auto commit,
      parts_.office.writeWithAnswer<roster::PlanCommit>(
          {office.account, {}}, [&](sql::Database& database, event_log::OfficeAct& act) {
            return roster::reassignVisit(database, office.provider, VisitId(request.visit_id()),
                                         request.slot(), CarerId(request.carer_id()), act);
          }));
  parts_.plans.publish(office.provider, commit);
  response.set_plan_version(commit.planVersion);
  return kDone;
}

Status OfficeService::Impl::createCode(grpc::CallbackServerContext& call,
                                       const pb::CreateEnrolmentCodeRequest& request,
                                       pb::CreateEnrolmentCodeResponse& response) {
  DOORSTEP_ASSIGN(const ProviderId id, provider(call, request.provider_id()));
  DOORSTEP_ASSIGN(const auto carer,
                  roster::carer(parts_.storage.read(), id, CarerId(request.carer_id())));
  DOORSTEP_ASSIGN(const auto code,
                  identity::createEnrolmentCode(parts_.storage, id, carer.id,
                                                parts_.clock.wallUnixMs(), parts_.ids));
  response.set_enrolment_text(
      wire::writeEnrolmentText({parts_.host, parts_.devicePort(), code.code, parts_.authorityDer}));
  response.set_expires_unix_ms(code.expiresUnixMs);
  return kDone;
}

Status OfficeService::Impl::listDevices(grpc::CallbackServerContext& call,
                                        const pb::ListDevicesRequest& request,
                                        pb::ListDevicesResponse& response) {
  DOORSTEP_ASSIGN(const ProviderId id, provider(call, request.provider_id()));
  DOORSTEP_ASSIGN(const std::string list, listName(call, "devices\n", id));
  DOORSTEP_ASSIGN(const std::uint64_t after, tokens_.readId(list, request.page_token()));
  const std::uint32_t size = pageSize(request.page_size());
  const auto lease = parts_.storage.read();
  DOORSTEP_ASSIGN(const auto devices, identity::devices(lease, id, DeviceId(after), size));
  for (const auto& device : devices) {
    auto& told = *response.add_devices();
    told.set_device_id(device.id.value);
    told.set_carer_id(device.carer.value);
    DOORSTEP_ASSIGN(const auto carer, roster::carer(lease, id, device.carer));
    told.set_carer_name(carer.name);
    told.set_description(device.description);
    told.set_enrolled_unix_ms(device.enrolledUnixMs);
    told.set_revoked(device.revokedUnixMs.has_value());
    DOORSTEP_ASSIGN(const auto contact, event_log::readContact(lease, id, device.id));
    if (!contact)
      continue;
    told.set_heard_unix_ms(contact->heardUnixMs);
    told.set_held_n(contact->heldN);
    DOORSTEP_ASSIGN(const std::uint64_t version,
                    roster::heldPlanVersion(lease, id, device.carer, contact->planCursor));
    told.set_plan_version(version);
    tellFormats(*contact, told);
  }
  if (devices.size() == size)
    response.set_next_page_token(tokens_.writeId(list, devices.back().id.value));
  return kDone;
}

Status OfficeService::Impl::revokeDevice(grpc::CallbackServerContext& call,
                                         const pb::RevokeDeviceRequest& request) {
  DOORSTEP_ASSIGN(const Office office, this->office(call, request.provider_id()));
  const DeviceId device(request.device_id());
  DOORSTEP_TRY(parts_.office.write(
      {office.account, {}}, [&](sql::Database& database, event_log::OfficeAct& act) {
        return identity::revokeDevice(database, office.provider, device, act);
      }));
  parts_.devices.forget(device);
  return kDone;
}

Status OfficeService::Impl::listCarers(grpc::CallbackServerContext& call,
                                       const pb::ListCarersRequest& request,
                                       pb::ListCarersResponse& response) {
  DOORSTEP_ASSIGN(const ProviderId id, provider(call, request.provider_id()));
  DOORSTEP_ASSIGN(const std::string list, listName(call, "carers\n", id));
  DOORSTEP_ASSIGN(const std::uint64_t after, tokens_.readId(list, request.page_token()));
  const std::uint32_t size = pageSize(request.page_size());
  const auto lease = parts_.storage.read();
  DOORSTEP_ASSIGN(const auto carers, roster::carers(lease, id, CarerId(after), size));
  for (const auto& carer : carers) {
    auto& told = *response.add_carers();
    told.set_carer_id(carer.id.value);
    told.set_ref(carer.ref);
    told.set_name(carer.name);
  }
  if (carers.size() == size)
    response.set_next_page_token(tokens_.writeId(list, carers.back().id.value));
  return kDone;
}

Result<QuarantinePlace> OfficeService::Impl::quarantineAfter(const std::string& list,
                                                             const std::string& token) const {
  if (token.empty())
    return QuarantinePlace{};
  DOORSTEP_ASSIGN(const auto place, tokens_.read(list, token, pb::PagePlace::kQuarantine));
  return QuarantinePlace{place.quarantine().outside_before(), place.quarantine().position_below()};
}

Status OfficeService::Impl::listQuarantine(grpc::CallbackServerContext& call,
                                           const pb::ListQuarantineRequest& request,
                                           pb::ListQuarantineResponse& response) {
  DOORSTEP_ASSIGN(const ProviderId id, provider(call, request.provider_id()));
  DOORSTEP_ASSIGN(const std::string list, listName(call, "quarantine\n", id));
  DOORSTEP_ASSIGN(QuarantinePlace place, quarantineAfter(list, request.page_token()));
  const std::uint32_t size = pageSize(request.page_size());
  DOORSTEP_ASSIGN(const auto outside, parts_.log.outsideEntries(id, place.outsideBefore, size));
  DOORSTEP_ASSIGN(const auto inLog, parts_.log.quarantinedEntries(id, place.positionBelow, size));
  auto nextOutside = outside.begin();
  auto nextInLog = inLog.begin();
  const auto lease = parts_.storage.read();
  while (response.entries_size() < static_cast<int>(size) &&
         (nextOutside != outside.end() || nextInLog != inLog.end())) {
    auto& told = *response.add_entries();
    if (nextInLog == inLog.end() || (nextOutside != outside.end() &&
                                     nextOutside->receivedUnixMs >= nextInLog->receivedUnixMs)) {
      tellQuarantined(*nextOutside, told);
      place.outsideBefore = nextOutside++->id;
    } else {
      tellQuarantined(*nextInLog, told);
      place.positionBelow = nextInLog++->position;
    }
    DOORSTEP_ASSIGN(const auto device, identity::device(lease, DeviceId(told.device_id())));
    DOORSTEP_ASSIGN(const auto carer, roster::carer(lease, id, device.carer));
    told.set_carer_name(carer.name);
  }
  if (response.entries_size() == static_cast<int>(size)) {
    pb::PagePlace next;
    next.mutable_quarantine()->set_outside_before(place.outsideBefore);
    next.mutable_quarantine()->set_position_below(place.positionBelow);
    response.set_next_page_token(tokens_.write(list, next));
  }
  return kDone;
}

Status OfficeService::Impl::listAlarms(grpc::CallbackServerContext& call,
                                       const pb::ListAlarmsRequest& request,
                                       pb::ListAlarmsResponse& response) {
  DOORSTEP_ASSIGN(const ProviderId id, provider(call, request.provider_id()));
  DOORSTEP_ASSIGN(const std::string list, listName(call, "alarms\n", id));
  DOORSTEP_ASSIGN(const std::uint64_t before, tokens_.readId(list, request.page_token()));
  const std::uint32_t size = pageSize(request.page_size());
  DOORSTEP_ASSIGN(const auto alarms, parts_.log.alarms(id, before, size));
  const auto lease = parts_.storage.read();
  for (const auto& alarm : alarms) {
    auto& told = *response.add_alarms();
    told.set_kind(static_cast<pb::AlarmKind>(alarm.kind));
    told.set_device_id(alarm.device.value);
    told.set_raised_unix_ms(alarm.raisedUnixMs);
    DOORSTEP_ASSIGN(const auto device, identity::device(lease, alarm.device));
    DOORSTEP_ASSIGN(const auto carer, roster::carer(lease, id, device.carer));
    told.set_carer_name(carer.name);
  }
  if (alarms.size() == size)
    response.set_next_page_token(tokens_.writeId(list, alarms.back().id));
  return kDone;
}

Status OfficeService::Impl::listPlanVersions(grpc::CallbackServerContext& call,
                                             const pb::ListPlanVersionsRequest& request,
                                             pb::ListPlanVersionsResponse& response) {
  DOORSTEP_ASSIGN(const ProviderId id, provider(call, request.provider_id()));
  DOORSTEP_ASSIGN(const std::string list, listName(call, "plan versions\n", id));
  DOORSTEP_ASSIGN(const std::uint64_t before, tokens_.readId(list, request.page_token()));
  const std::uint32_t size = pageSize(request.page_size());
  const auto lease = parts_.storage.read();
  DOORSTEP_ASSIGN(const auto versions, roster::planVersions(lease, id, before, size));
  DOORSTEP_ASSIGN(const auto names, identity::accountNames(lease));
  for (const roster::PlanVersion& version : versions) {
    auto& told = *response.add_versions();
    *told.mutable_publication() = roster::toProto(version, names);
    told.set_visits_new(version.visitsNew);
    told.set_visits_changed(version.visitsChanged);
    told.set_visits_cancelled(version.visitsCancelled);
    for (const roster::PlanFile& file : version.files) {
      auto& message = *told.add_files();
      message.set_name(file.name);
      message.set_bytes(file.bytes);
      message.set_sha256_hex(file.sha256Hex);
    }
  }
  if (versions.size() == size)
    response.set_next_page_token(tokens_.writeId(list, versions.back().version));
  return kDone;
}

OfficeService::OfficeService(Parts parts) : impl_(std::make_unique<Impl>(std::move(parts))) {}
OfficeService::~OfficeService() = default;
grpc::Service& OfficeService::service() { return *impl_; }
void OfficeService::stop() { impl_->stop(); }

}  // namespace doorstep::rpc
