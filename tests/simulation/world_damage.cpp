// SPDX-License-Identifier: Apache-2.0
// What happens to a phone besides crashes: locks, damaged files, new codes, and a thief of its key.
#include "shared/core/durations.h"
#include "shared/wire/entry_codec.h"
#include "tests/simulation/world.h"

namespace doorstep::simulation {
namespace {

// Of what a device did not sign the server keeps 64 (event_log/limits.h); where honest entries are
// signed wrongly too a thief leaves room for them.
constexpr std::uint32_t kStolenMax = 400;
constexpr std::uint32_t kStolenBesidePoisonMax = 30;

CrashDisk::Damage drawDamage(Draw& draw) {
  return static_cast<CrashDisk::Damage>(
      draw.below(static_cast<std::uint64_t>(CrashDisk::Damage::Count)));
}

}  // namespace

void World::lock(std::size_t phone) {
  fault(Sometimes::PhoneLocked);
  trace("locked", phone);
  phones_[phone]->kill();
  lines_[phone].exchange = lines_[phone].watch = 0;
  at(draw_.between(1'000, 40 * kMinuteMs), [this, phone] {
    if (!phones_[phone]->isUp() && !lines_[phone].awaitsCode)
      startPhone(phone);
  });
}

// The plan is only a copy: the phone opens as ever, and what is begun keeps its name.
void World::damagePlanCopy(std::size_t phone) {
  fault(Sometimes::PlanCopyDamaged);
  phones_[phone]->kill();
  lines_[phone].exchange = lines_[phone].watch = 0;
  phones_[phone]->disk().damage("/phone/roster.db", drawDamage(draw_));
  startPhone(phone);
}

// The journal's numbers must not be given twice: the next start says so, and the device ends.
void World::damageJournal(std::size_t phone) {
  fault(Sometimes::JournalDamaged);
  phones_[phone]->kill();
  lines_[phone].exchange = lines_[phone].watch = 0;
  phones_[phone]->disk().damage("/phone/journal.db", drawDamage(draw_));
  lines_[phone].journalDamaged = true;
  startPhone(phone);
}

void World::awaitCode(std::size_t phone) {
  trace("journal lost", phone);
  lines_[phone].journalDamaged = false;
  lines_[phone].awaitsCode = true;
  checker_.deviceEnded(*phones_[phone]);
  at(draw_.between(10 * kMinuteMs, 6 * kHourMs), [this, phone] {
    if (lines_[phone].awaitsCode)
      enrolAnew(phone);
  });
}

// The same carer, another device.
void World::enrolAnew(std::size_t phone) {
  fault(Sometimes::EnrolledAnew);
  Line& line = lines_[phone];
  line.awaitsCode = false;
  line.current = {};
  line.tapsLeft = 0;
  line.lastTapEvent = 0;
  line.refusedUntilMs = 0;
  enrol(phone, phones_[phone]->carer(), phones_[phone]->driftPpm());
  startPhone(phone);
}

// Whoever has the TLS key and not the signing key pushes entries at numbers that the phone has not
// sent yet, so that they stand there first.
void World::thiefPushes(std::size_t phone) {
  Line& line = lines_[phone];
  const std::uint32_t most = faults_.spoilPermille > 0 ? kStolenBesidePoisonMax : kStolenMax;
  if (!server_.isUp() || !phones_[phone]->isUp() || line.stolen >= most || visits_.empty())
    return;
  const journal::Journal& journal = phones_[phone]->phone().journal();
  const auto entries =
      static_cast<std::uint32_t>(draw_.between(1, std::min<std::int64_t>(20, most - line.stolen)));
  doorstep::sync::v1::ExchangeRequest request;
  visits::Entry entry;
  entry.n = journal.firstWithoutReceipt() + draw_.below(3);
  std::uint64_t event = journal.lastEvent() + 1;
  for (std::uint32_t i = 0; i < entries; ++i, ++entry.n, ++event) {
    checker_.knowStolen(phones_[phone]->device(), entry.n);
    entry.salt = std::to_string(10'000'000'000'000'00ULL + draw_.below(1'000'000));
    entry.previousHash.emplace();
    entry.boot = phones_[phone]->clock().boot();
    entry.events = {{event, visits_[draw_.below(visits_.size())], phones_[phone]->clock().bootMs(),
                     time_.unixMs, visits::CheckedIn{}}};
    request.add_entries(wire::withSignature(wire::encodeEntry(entry),
                                            std::string(64, static_cast<char>(draw_.next()))));
  }
  line.stolen += entries;
  fault(Sometimes::ThiefPushed);
  trace("thief", phone, entry.n);
  SimulatedServer::Request stolen{phone, 0, request.SerializeAsString(), &phones_[phone]->known(),
                                  true};
  at(delay(), [this, stolen = std::move(stolen)] { deliver(stolen); });
}

}  // namespace doorstep::simulation
