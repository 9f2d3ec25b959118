// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/core/bytes.h"
#include "shared/core/mutex.h"
#include "shared/crypto/keys.h"
#include "sync-server/event_log/office_act.h"
#include "sync-server/identity/caller.h"
#include "sync-server/storage/storage.h"

namespace doorstep::identity {

// Numbers of device.kind.
enum class DeviceKind {
  Phone = 1,
  Office = 2,  // a provider's office, one each: signs its decisions, never connects
};

// A signer of entries. Rows are never deleted, because entries of a revoked device must stay
// verifiable.
struct Device {
  DeviceId id;
  ProviderId provider;
  CarerId carer;
  std::string signingKeySpki;  // P-256, DER: signs its entries
  // SHA-256 of the TLS certificate at enrolment, DER. For an office: of a text that names it,
  // because the column is unique.
  Hash tlsFingerprint;
  std::string description;
  std::int64_t enrolledUnixMs = 0;
  std::optional<std::int64_t> revokedUnixMs;
  DeviceKind kind = DeviceKind::Phone;
};

// Subject of a device's certificate, "device 123", and its inverse: absent for any other subject.
std::string deviceCommonName(DeviceId id);
DeviceId deviceOfCommonName(std::string_view name);

// The device table.
Status addDevice(sql::Database& database, const Device& device);
// Error NOT_FOUND (DEVICE_UNKNOWN).
Result<Device> device(sql::Database& database, DeviceId id);
// The provider's office; nullopt before its first decision.
Result<std::optional<Device>> officeDevice(sql::Database& database, ProviderId provider);
// The key of all offices, which share one; nullopt before the first office.
Result<std::optional<std::string>> officeKeySpki(sql::Database& database);
// Phones with an id above `after`, by id, at most `limit`.
Result<std::vector<Device>> devices(sql::Database& database, ProviderId provider, DeviceId after,
                                    std::uint32_t limit);
// Refuses the phone from now on; no change if already revoked. Error NOT_FOUND (DEVICE_UNKNOWN),
// also for another provider's device and for an office.
Status revokeDevice(sql::Database& database, ProviderId provider, DeviceId id,
                    event_log::OfficeAct& office);
// Revoked phones and the times of revocation.
Result<std::map<DeviceId, std::int64_t>> revokedDevices(sql::Database& database,
                                                        ProviderId provider);

// A device with its parsed key, as each exchange needs it.
struct KnownDevice {
  DeviceCaller caller;
  crypto::P256PublicKey signingKey;
  // Validity of the certificate presented. 0, 0: none was presented (tests).
  std::int64_t certificateBeginsUnixMs = 0;
  std::int64_t certificateEndsUnixMs = 0;
  bool ofOlderAuthority = false;  // older than the server's newest authority
};

// Identifies devices by the name in their TLS certificate, with a cache in front of the database:
// up to kKnownDevicesMax devices; a device is dropped when revoked, all when another process wrote.
// Every certificate of a device from one of our authorities is accepted until it expires, so that a
// server restored from a backup knows certificates renewed since; revocation applies to the device.
// Thread: any; the connection is the calling thread's lease.
class DeviceRegistry {
 public:
  // certificatePem: already verified by TLS against our authorities. Errors: PERMISSION_DENIED
  // (DEVICE_UNKNOWN, also for an office; DEVICE_REVOKED). The pointer stays valid after a forget.
  Result<std::shared_ptr<const KnownDevice>> recognise(sql::Database& database,
                                                       std::string_view certificatePem);
  // Cache look-up only; null for a device that is not cached. Never blocks.
  std::shared_ptr<const KnownDevice> remembered(std::string_view certificatePem);
  // Changes with each forget, before forget() returns. A device recognised after reading it is
  // still known while it is unchanged; checked when a call's message arrives later. Never blocks.
  std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }
  // The issuing authority, when there are several. Set before the first call.
  void setNewestAuthority(std::string pem) { newestAuthorityPem_ = std::move(pem); }
  // Devices that called since the start or the last forget: their number, and how many of them
  // presented no certificate of the newest authority.
  struct Standing {
    std::size_t devices = 0;
    std::size_t ofOlderAuthority = 0;
  };
  Standing standing();
  // Called after each forget, on its thread, with the device; with nullopt after forgetAll. Set
  // before the first call.
  using ForgetWatcher = std::function<void(std::optional<DeviceId>)>;
  void setForgetWatcher(ForgetWatcher watcher) { forgetWatcher_ = std::move(watcher); }

  // Call after a revocation is committed.
  void forget(DeviceId id);
  // Call after another process wrote (Storage::changedElsewhere).
  void forgetAll();

 private:
  ForgetWatcher forgetWatcher_;
  std::string newestAuthorityPem_;  // empty: there is only one
  Mutex mutex_;
  // Key: SHA-256 of the PEM text, which TLS always formats the same way. shared_ptr: a call may
  // outlive a forget.
  std::map<Hash, std::shared_ptr<const KnownDevice>> known_ DOORSTEP_GUARDED_BY(mutex_);
  // Prevents caching a device that was forgotten since it was read. Written under mutex_.
  std::atomic<std::uint64_t> generation_ = 0;
};

}  // namespace doorstep::identity
