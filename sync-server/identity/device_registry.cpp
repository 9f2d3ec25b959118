// SPDX-License-Identifier: Apache-2.0
#include "sync-server/identity/device_registry.h"

#include "shared/core/decimal.h"
#include "shared/crypto/certificate_facts.h"
#include "shared/crypto/sha256.h"
#include "sync-server/identity/limits.h"

namespace doorstep::identity {
namespace {

constexpr std::string_view kCommonNamePrefix = "device ";

constexpr const char* kColumns =
    "SELECT device_id, provider_id, carer_id, signing_key, tls_fingerprint, description, "
    "enrolled_unix_ms, revoked_unix_ms, kind FROM device ";

Error deviceUnknown(ErrorCode code) { return {code, "DEVICE_UNKNOWN", "no device of ours"}; }

Result<Device> readDevice(const sql::Statement& row) {
  Device device;
  device.id = DeviceId(row.columnId(0));
  device.provider = ProviderId(row.columnId(1));
  device.carer = CarerId(row.columnId(2));
  device.signingKeySpki = row.columnBlob(3);
  DOORSTEP_ASSIGN(device.tlsFingerprint, hashFromBytes(row.columnBlob(4)));
  device.description = row.columnText(5);
  device.enrolledUnixMs = row.columnInt(6);
  if (!row.columnIsNull(7))
    device.revokedUnixMs = row.columnInt(7);
  device.kind = static_cast<DeviceKind>(row.columnInt(8));
  return device;
}

}  // namespace

std::string deviceCommonName(DeviceId id) {
  return std::string(kCommonNamePrefix) + std::to_string(id.value);
}

DeviceId deviceOfCommonName(std::string_view name) {
  if (!name.starts_with(kCommonNamePrefix))
    return {};
  return DeviceId(parseDecimal(name.substr(kCommonNamePrefix.size())).value_or(0));
}

Status addDevice(sql::Database& database, const Device& device) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
INSERT INTO device (device_id, provider_id, carer_id, signing_key, tls_fingerprint, description,
  enrolled_unix_ms, kind) VALUES (?, ?, ?, ?, ?, ?, ?, ?))sql"));
  row.bindId(0, device.id.value).bindId(1, device.provider.value).bindId(2, device.carer.value);
  row.bindBlob(3, device.signingKeySpki).bindBlob(4, device.tlsFingerprint.view());
  row.bindText(5, device.description).bind(6, device.enrolledUnixMs);
  return row.bind(7, static_cast<int>(device.kind)).run();
}

Result<Device> device(sql::Database& database, DeviceId id) {
  DOORSTEP_ASSIGN(auto row, database.prepare(std::string(kColumns) + "WHERE device_id = ?"));
  row.bindId(0, id.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return deviceUnknown(ErrorCode::NotFound);
  return readDevice(row);
}

Result<std::optional<Device>> officeDevice(sql::Database& database, ProviderId provider) {
  DOORSTEP_ASSIGN(auto row,
                  database.prepare(std::string(kColumns) + "WHERE provider_id = ? AND kind = 2"));
  row.bindId(0, provider.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return std::optional<Device>();
  DOORSTEP_ASSIGN(auto device, readDevice(row));
  return std::optional(std::move(device));
}

Result<std::optional<std::string>> officeKeySpki(sql::Database& database) {
  DOORSTEP_ASSIGN(auto row,
                  database.prepare("SELECT signing_key FROM device WHERE kind = 2 LIMIT 1"));
  DOORSTEP_ASSIGN(const bool found, row.step());
  return found ? std::optional(row.columnBlob(0)) : std::nullopt;
}

Result<std::map<DeviceId, std::int64_t>> revokedDevices(sql::Database& database,
                                                        ProviderId provider) {
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare("SELECT device_id, revoked_unix_ms FROM device WHERE "
                                   "provider_id = ? AND kind = 1 AND revoked_unix_ms IS NOT NULL"));
  rows.bindId(0, provider.value);
  std::map<DeviceId, std::int64_t> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    found.emplace(DeviceId(rows.columnId(0)), rows.columnInt(1));
  }
}

Result<std::vector<Device>> devices(sql::Database& database, ProviderId provider, DeviceId after,
                                    std::uint32_t limit) {
  DOORSTEP_ASSIGN(auto rows,
                  database.prepare(std::string(kColumns) +
                                   "WHERE provider_id = ? AND device_id > ? AND kind = 1 "
                                   "ORDER BY device_id LIMIT ?"));
  rows.bindId(0, provider.value).bindId(1, after.value).bind(2, limit);
  std::vector<Device> found;
  while (true) {
    DOORSTEP_ASSIGN(const bool row, rows.step());
    if (!row)
      return found;
    DOORSTEP_ASSIGN(auto device, readDevice(rows));
    found.push_back(std::move(device));
  }
}

Status revokeDevice(sql::Database& database, ProviderId provider, DeviceId id,
                    event_log::OfficeAct& office) {
  DOORSTEP_ASSIGN(const Device found, device(database, id));
  if (found.provider != provider || found.kind != DeviceKind::Phone)
    return deviceUnknown(ErrorCode::NotFound);
  if (found.revokedUnixMs)
    return kDone;
  DOORSTEP_ASSIGN(auto row,
                  database.prepare("UPDATE device SET revoked_unix_ms = ? WHERE device_id = ?"));
  DOORSTEP_TRY(row.bind(0, office.decidedUnixMs()).bindId(1, id.value).run());
  office.say(provider, visits::OfficeReason::Revocation, visits::DeviceRevoked{id});
  return kDone;
}

std::shared_ptr<const KnownDevice> DeviceRegistry::remembered(std::string_view certificatePem) {
  const Hash key = crypto::sha256(certificatePem);
  const MutexLock lock(mutex_);
  const auto found = known_.find(key);
  return found == known_.end() ? nullptr : found->second;
}

Result<std::shared_ptr<const KnownDevice>> DeviceRegistry::recognise(
    sql::Database& database, std::string_view certificatePem) {
  const Hash key = crypto::sha256(certificatePem);
  std::uint64_t generation = 0;
  {
    const MutexLock lock(mutex_);
    const auto found = known_.find(key);
    if (found != known_.end())
      return found->second;
    generation = generation_;
  }
  const auto facts = crypto::certificateFacts(certificatePem);
  const DeviceId named = facts.ok() ? deviceOfCommonName(facts->commonName) : DeviceId();
  if (!named)
    return deviceUnknown(ErrorCode::PermissionDenied);
  const auto found = identity::device(database, named);
  if (!found.ok())
    return found.error().code == ErrorCode::NotFound ? deviceUnknown(ErrorCode::PermissionDenied)
                                                     : found.error();
  if (found->kind != DeviceKind::Phone)
    return deviceUnknown(ErrorCode::PermissionDenied);
  if (found->revokedUnixMs)
    return Error{ErrorCode::PermissionDenied, "DEVICE_REVOKED", "the office refused this device"};
  DOORSTEP_ASSIGN(auto signingKey, crypto::P256PublicKey::fromSpki(found->signingKeySpki));
  auto device = std::make_shared<const KnownDevice>(
      KnownDevice{{found->id, found->provider, found->carer},
                  std::move(signingKey),
                  facts->beginsUnixMs,
                  facts->endsUnixMs,
                  !newestAuthorityPem_.empty() &&
                      !crypto::certificateIssuedBy(certificatePem, newestAuthorityPem_)});
  const MutexLock lock(mutex_);
  if (known_.size() >= kKnownDevicesMax)
    known_.clear();  // rare: more phones than designed for; they are read again
  if (generation == generation_)
    known_.emplace(key, device);
  return device;
}

DeviceRegistry::Standing DeviceRegistry::standing() {
  std::map<DeviceId, bool> newest;
  const MutexLock lock(mutex_);
  for (const auto& [certificate, device] : known_)
    newest[device->caller.device] |= !device->ofOlderAuthority;
  Standing found{newest.size(), 0};
  for (const auto& [device, isNewest] : newest)
    found.ofOlderAuthority += isNewest ? 0 : 1;
  return found;
}

void DeviceRegistry::forget(DeviceId id) {
  {
    const MutexLock lock(mutex_);
    ++generation_;
    std::erase_if(known_, [&](const auto& entry) { return entry.second->caller.device == id; });
  }
  if (forgetWatcher_)
    forgetWatcher_(id);
}

void DeviceRegistry::forgetAll() {
  {
    const MutexLock lock(mutex_);
    ++generation_;
    known_.clear();
  }
  if (forgetWatcher_)
    forgetWatcher_(std::nullopt);
}

}  // namespace doorstep::identity
