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
    "enrolled_unix_ms, revoked_unix_ms FROM device ";

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
  enrolled_unix_ms) VALUES (?, ?, ?, ?, ?, ?, ?))sql"));
  row.bindId(0, device.id.value).bindId(1, device.provider.value).bindId(2, device.carer.value);
  row.bindBlob(3, device.signingKeySpki).bindBlob(4, device.tlsFingerprint.view());
  return row.bindText(5, device.description).bind(6, device.enrolledUnixMs).run();
}

Result<Device> device(sql::Database& database, DeviceId id) {
  DOORSTEP_ASSIGN(auto row, database.prepare(std::string(kColumns) + "WHERE device_id = ?"));
  row.bindId(0, id.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return deviceUnknown(ErrorCode::NotFound);
  return readDevice(row);
}

Result<std::vector<Device>> devices(sql::Database& database, ProviderId provider, DeviceId after,
                                    std::uint32_t limit) {
  DOORSTEP_ASSIGN(
      auto rows,
      database.prepare(std::string(kColumns) +
                       "WHERE provider_id = ? AND device_id > ? ORDER BY device_id LIMIT ?"));
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
                    std::int64_t nowUnixMs) {
  DOORSTEP_ASSIGN(auto row, database.prepare(R"sql(
UPDATE device SET revoked_unix_ms = coalesce(revoked_unix_ms, ?)
WHERE device_id = ? AND provider_id = ? RETURNING device_id)sql"));
  row.bind(0, nowUnixMs).bindId(1, id.value).bindId(2, provider.value);
  DOORSTEP_ASSIGN(const bool found, row.step());
  if (!found)
    return deviceUnknown(ErrorCode::NotFound);
  return kDone;
}

Status revokeDevice(storage::Storage& storage, ProviderId provider, DeviceId id,
                    std::int64_t nowUnixMs) {
  return storage.write(
      [&](sql::Database& database) { return revokeDevice(database, provider, id, nowUnixMs); });
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
    known_.clear();  // rare: more phones than one server was made for; they are read again
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
