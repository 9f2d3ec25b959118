// SPDX-License-Identifier: Apache-2.0
#include "tools/verify/entry_proofs.h"

#include <charconv>
#include <utility>

#include "shared/wire/arrival_codec.h"
#include "shared/wire/proof_extra.h"
#include "tools/verify/limits.h"

namespace doorstep::verify {
namespace {

constexpr std::string_view kFolder = "entries/";
constexpr std::string_view kEnding = ".tlog-proof";

struct EntryPlace {
  ProviderId provider;
  std::uint64_t position = 0;
};

std::optional<std::uint64_t> numberIn(std::string_view text) {
  std::uint64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size())
    return std::nullopt;
  return number;
}

// entries/PROVIDER-POSITION.tlog-proof
std::optional<EntryPlace> placeOf(std::string_view file) {
  if (!file.starts_with(kFolder) || !file.ends_with(kEnding))
    return std::nullopt;
  file.remove_prefix(kFolder.size());
  file.remove_suffix(kEnding.size());
  const std::size_t dash = file.find('-');
  if (dash == std::string_view::npos)
    return std::nullopt;
  const auto provider = numberIn(file.substr(0, dash));
  const auto position = numberIn(file.substr(dash + 1));
  if (!provider || !position)
    return std::nullopt;
  return EntryPlace{ProviderId(*provider), *position};
}

// The proof leads to the one checkpoint of the log.
Result<wire::ProvedEntry> check(const std::string& text, std::uint64_t position,
                                const BundleLog& log) {
  DOORSTEP_ASSIGN(const auto proof, evidence::parseTlogProof(text));
  if (proof.position != position)
    return Error{ErrorCode::InvalidArgument, "PROOF_POSITION",
                 "it proves position " + std::to_string(proof.position) + " of the log"};
  DOORSTEP_ASSIGN(auto entry, wire::readProofExtra(proof.extra));
  DOORSTEP_TRY(evidence::verifyTlogProof(proof, entry.leafData, log.verifier));
  DOORSTEP_ASSIGN(const auto note, evidence::openNote(proof.checkpointNote, log.verifier));
  DOORSTEP_ASSIGN(const auto checkpoint, evidence::parseCheckpoint(note));
  if (checkpoint != log.checkpoint)
    return Error{ErrorCode::InvalidArgument, "PROOF_CHECKPOINT",
                 "it is against another checkpoint than the manifest's"};
  return entry;
}

LoggedEntry loggedEntry(const std::string& file, wire::ProvedEntry proved) {
  LoggedEntry entry;
  entry.file = file;
  entry.device = proved.device;
  entry.header = std::move(proved.entry);
  entry.arrival = std::move(proved.arrival);
  if (!proved.events.empty())
    entry.firstEvent = proved.events.front().number;
  for (wire::ProvedEvent& event : proved.events) {
    if (event.event)
      entry.shown.push_back(*std::move(event.event));
    else
      ++entry.hidden;
  }
  return entry;
}

}  // namespace

Result<LoggedEntry> readEntryProof(const std::string& file, const std::string& text,
                                   std::uint64_t position, const BundleLog& log) {
  DOORSTEP_ASSIGN(auto proved, check(text, position, log));
  return loggedEntry(file, std::move(proved));
}

EntryProofs::EntryProofs(const Bundle& bundle, Findings& findings) {
  for (const std::string& file : bundle.files())
    if (file.starts_with(kFolder))
      read(bundle, file, findings);
}

void EntryProofs::read(const Bundle& bundle, const std::string& file, Findings& findings) {
  const auto place = placeOf(file);
  const BundleLog* log = place ? bundle.log(place->provider) : nullptr;
  if (log == nullptr)
    return findings.addFile(file, "the name is of no entry of a log in the manifest");
  const auto text = bundle.read(file, kProofBytesMax);
  if (!text.ok())
    return findings.addFile(file, "the proof cannot be read");
  auto proved = readEntryProof(file, *text, place->position, *log);
  if (!proved.ok())
    return findings.addFile(file, "no proof of position " + std::to_string(place->position) + ": " +
                                      proved.error().text + " (" + proved.error().reason + ")");
  const LoggedEntry& entry =
      entries_.emplace(std::pair(place->provider, place->position), *std::move(proved))
          .first->second;
  for (const visits::Event& event : entry.shown)
    if (event.visit)
      about_[{place->provider, event.visit}].insert(place->position);
}

const LoggedEntry* EntryProofs::at(ProviderId provider, std::uint64_t position) const {
  const auto found = entries_.find({provider, position});
  return found == entries_.end() ? nullptr : &found->second;
}

std::set<std::uint64_t> EntryProofs::about(ProviderId provider, VisitId visit) const {
  const auto found = about_.find({provider, visit});
  return found == about_.end() ? std::set<std::uint64_t>() : found->second;
}

attendance::EntryArrival EntryProofs::arrival(ProviderId provider, const LoggedEntry& entry) const {
  attendance::EntryArrival arrival{wire::anchorOf(*entry.arrival), entry.arrival->receivedUnixMs};
  if (entry.header->checkpointSize == 0)
    return arrival;
  const LoggedEntry* named = at(provider, entry.header->checkpointSize - 1);
  if (named != nullptr && named->arrival)
    arrival.anchor.notBeforeUnixMs = named->arrival->receivedUnixMs;
  return arrival;
}

std::vector<std::pair<ProviderId, VisitId>> EntryProofs::visits() const {
  std::vector<std::pair<ProviderId, VisitId>> found;
  for (const auto& [visit, positions] : about_)
    found.push_back(visit);
  return found;
}

std::uint64_t EntryProofs::hidden() const {
  std::uint64_t events = 0;
  for (const auto& [place, entry] : entries_)
    events += entry.hidden;
  return events;
}

std::uint64_t EntryProofs::between() const {
  std::map<std::pair<ProviderId, DeviceId>, std::set<std::uint64_t>> numbers;
  for (const auto& [place, entry] : entries_)
    if (entry.header)
      numbers[{place.first, entry.device}].insert(entry.header->n);
  std::uint64_t missing = 0;
  for (const auto& [device, known] : numbers)
    missing += *known.rbegin() - *known.begin() + 1 - known.size();
  return missing;
}

}  // namespace doorstep::verify
