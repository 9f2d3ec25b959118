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

// Numbers are those of device.kind.
enum class DeviceKind {
  Phone = 1,
  Office = 2,  // the provider's office, one a provider: signs what it decided, and never connects
};

// What signs entries, as the server knows it. Rows are never deleted: what a revoked device signed
// must stay verifiable.
struct Device {
  DeviceId id;
  ProviderId provider;
  CarerId carer;
  std::string signingKeySpki;  // P-256, DER: signs its entries
  // SHA-256 of the TLS certificate that it was enrolled with, DER. An office has none: of a text
  // that names it, because no two rows have the same.
  Hash tlsFingerprint;
  std::string description;
  std::int64_t enrolledUnixMs = 0;
  std::optional<std::int64_t> revokedUnixMs;
  DeviceKind kind = DeviceKind::Phone;
};

// Subject of a device's certificate, "device 123", and back: none for any other subject.
std::string deviceCommonName(DeviceId id);
DeviceId deviceOfCommonName(std::string_view name);

// The device table.
Status addDevice(sql::Database& database, const Device& device);
// NOT_FOUND (DEVICE_UNKNOWN).
Result<Device> device(sql::Database& database, DeviceId id);
// The provider's office; nothing before its first decision.
Result<std::optional<Device>> officeDevice(sql::Database& database, ProviderId provider);
// The key of any provider's office; nothing when there is none yet. They all have the same.
Result<std::optional<std::string>> officeKeySpki(sql::Database& database);
// Phones, by id, after `after`, at most `limit`.
Result<std::vector<Device>> devices(sql::Database& database, ProviderId provider, DeviceId after,
                                    std::uint32_t limit);
// Refuses the phone from now on; revoked already: no change. NOT_FOUND (DEVICE_UNKNOWN) also for
// another provider's device and for an office.
Status revokeDevice(sql::Database& database, ProviderId provider, DeviceId id,
                    event_log::OfficeAct& office);
// Phones that are revoked, with when.
Result<std::map<DeviceId, std::int64_t>> revokedDevices(sql::Database& database,
                                                        ProviderId provider);

// A device with its key parsed, as every exchange needs it.
struct KnownDevice {
  DeviceCaller caller;
  crypto::P256PublicKey signingKey;
  // The life of the certificate that it showed. 0, 0: it showed none (tests).
  std::int64_t certificateBeginsUnixMs = 0;
  std::int64_t certificateEndsUnixMs = 0;
  bool ofOlderAuthority = false;  // than the newest of this server
};

// Recognises devices by the name in their TLS certificate, without reading the database each time:
// remembers up to kKnownDevicesMax, forgets one when it is revoked and all when another process
// wrote. Every certificate of a device that our authority issued is good until its end, so that a
// server which was put back to an older copy knows those that it has renewed since: what is revoked
// is the device. Thread: any; the connection is the calling thread's lease.
class DeviceRegistry {
 public:
  // certificatePem: as the TLS layer verified it, against our authority. Errors: PERMISSION_DENIED
  // (DEVICE_UNKNOWN, also for an office; DEVICE_REVOKED). The pointer stays good after a forget.
  Result<std::shared_ptr<const KnownDevice>> recognise(sql::Database& database,
                                                       std::string_view certificatePem);
  // The same without the database: none for one that is not remembered. Blocks for nothing.
  std::shared_ptr<const KnownDevice> remembered(std::string_view certificatePem);
  // Changes with each forget, before forget() returns. Whoever was recognised after it was read is
  // still known while it is the same: asked of a call whose message came later. Blocks for nothing.
  std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }
  // With several authorities, the one that issues now. Set before the first call.
  void setNewestAuthority(std::string pem) { newestAuthorityPem_ = std::move(pem); }
  // Of the devices that called since the start or a forget: how many there are, and how many of
  // them showed no certificate of the newest authority.
  struct Standing {
    std::size_t devices = 0;
    std::size_t ofOlderAuthority = 0;
  };
  Standing standing();
  // Called after each forget, on its thread, with the device; with none after forgetAll. Set before
  // the first.
  using ForgetWatcher = std::function<void(std::optional<DeviceId>)>;
  void setForgetWatcher(ForgetWatcher watcher) { forgetWatcher_ = std::move(watcher); }

  // After a revocation was committed.
  void forget(DeviceId id);
  // After another process wrote (Storage::changedElsewhere).
  void forgetAll();

 private:
  ForgetWatcher forgetWatcher_;
  std::string newestAuthorityPem_;  // empty: there is only one
  Mutex mutex_;
  // By SHA-256 of the PEM text, which TLS gives in one form. shared_ptr: a call may outlive a
  // forget.
  std::map<Hash, std::shared_ptr<const KnownDevice>> known_ DOORSTEP_GUARDED_BY(mutex_);
  // A forget between a read and its remembering wins. Written under mutex_.
  std::atomic<std::uint64_t> generation_ = 0;
};

}  // namespace doorstep::identity
