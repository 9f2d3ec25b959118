// SPDX-License-Identifier: Apache-2.0
#include "sync-server/rpc/people/record_export.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "sync-server/rpc/people/record_questions.h"

namespace doorstep::rpc {
namespace {

namespace pb = doorstep::records::v1;

constexpr std::string_view kPunctualityPrefix = "PUNCTUALITY_";

const char* formatName(records::RowFormat format) {
  return format == records::RowFormat::Csv ? "visits.csv" : "visits.jsonl";
}

// 63 random bits, as databases take them.
std::uint64_t newExportId(IdSource& ids) {
  std::array<std::uint8_t, 8> bytes{};
  ids.fillRandom(bytes);
  std::uint64_t id = 0;
  for (const std::uint8_t byte : bytes)
    id = id << 8 | byte;
  return std::max<std::uint64_t>(id >> 1, 1);
}

}  // namespace

std::string punctualityName(pb::Punctuality punctuality) {
  if (punctuality == pb::PUNCTUALITY_UNSPECIFIED)
    return {};
  std::string name = pb::Punctuality_Name(punctuality);
  name.erase(0, std::min(name.size(), kPunctualityPrefix.size()));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

pb::Punctuality punctualityNamed(const std::string& name) {
  std::string value(kPunctualityPrefix);
  for (const unsigned char c : name)
    value += static_cast<char>(std::toupper(c));
  pb::Punctuality found = pb::PUNCTUALITY_UNSPECIFIED;
  pb::Punctuality_Parse(value, &found);
  return found;
}

Status RecordExport::read(sql::Database& database, Asked asked) {
  asked_ = std::move(asked);
  const pb::RecordFilter& filter = asked_.filter;
  DOORSTEP_ASSIGN(filter_, records::readFilter(filter));
  DOORSTEP_ASSIGN(providers_, records::providersRead(database, asked_.caller, filter_));
  made_.contract = ContractId(filter.contract_id());
  if (made_.contract && providers_.empty())
    return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "not a contract that the caller may see"};
  DOORSTEP_ASSIGN(const auto contracts, roster::contracts(database));
  for (const roster::Contract& contract : contracts)
    if (contract.id == made_.contract)
      made_.contractRef = contract.ref;
  made_.provider = ProviderId(filter.provider_id());
  made_.lot = filter.lot();
  made_.firstDay = filter.first_day();
  made_.lastDay = filter.last_day();
  made_.punctuality = punctualityName(filter.punctuality());
  return kDone;
}

Result<RecordExport> RecordExport::begin(sql::Database& database, Asked asked, const Clock& clock,
                                         IdSource& ids) {
  RecordExport begun;
  DOORSTEP_TRY(begun.read(database, std::move(asked)));
  const std::int64_t now = clock.wallUnixMs();
  if (begun.asked_.asOfUnixMs > now)
    return Error{ErrorCode::InvalidArgument, "AS_OF_IN_FUTURE", "that moment has not come"};
  begun.made_.id = newExportId(ids);
  begun.begunUnixMs_ = now;
  // One time for the whole file, so that an open visit is open in all parts.
  begun.made_.asOfUnixMs = begun.asked_.asOfUnixMs == 0 ? now : begun.asked_.asOfUnixMs;
  visits::ExportMade whole = begun.made_;
  whole.files.push_back({.format = formatName(begun.asked_.format)});
  DOORSTEP_TRY(exports::checkExport(whole));
  return begun;
}

Result<RecordExport> RecordExport::goOn(sql::Database& database, Asked asked,
                                        const admin::v1::ExportPlace& place) {
  RecordExport resumed;
  DOORSTEP_TRY(resumed.read(database, std::move(asked)));
  const auto hash = crypto::ResumableSha256::load(place.hash_state());
  if (!hash.ok() || place.export_id() == 0)
    return Error{ErrorCode::InvalidArgument, "PAGE_TOKEN_INVALID", "the token is of another list"};
  resumed.made_.id = place.export_id();
  resumed.made_.asOfUnixMs = place.as_of_unix_ms();
  resumed.begunUnixMs_ = place.begun_unix_ms();
  resumed.rows_ = place.rows();
  resumed.bytes_ = place.bytes();
  resumed.hash_ = *hash;
  resumed.isWritten_ = !place.has_after();
  if (place.has_after()) {
    admin::v1::PagePlace page;
    *page.mutable_record() = place.after();
    resumed.after_ = fromPage(page);
  }
  return resumed;
}

Result<std::string> RecordExport::next(const records::Reading& reading) {
  const records::Reading then{reading.database, reading.caller, made_.asOfUnixMs,
                              reading.pseudonymKey};
  DOORSTEP_ASSIGN(auto piece, records::exportPiece(then, filter_, after_, asked_.format));
  hash_.add(piece.text);
  rows_ += piece.rows;
  bytes_ += piece.text.size();
  after_ = piece.next;
  isWritten_ = !piece.next;
  return std::move(piece.text);
}

admin::v1::ExportPlace RecordExport::place() const {
  admin::v1::ExportPlace place;
  place.set_export_id(made_.id);
  place.set_begun_unix_ms(begunUnixMs_);
  place.set_as_of_unix_ms(made_.asOfUnixMs);
  if (after_)
    *place.mutable_after() = toPage(*after_).record();
  place.set_rows(rows_);
  place.set_bytes(bytes_);
  place.set_hash_state(hash_.save());
  return place;
}

Result<std::optional<exports::Export>> RecordExport::finish(office::OfficeLog& office) const {
  if (providers_.empty())
    return std::optional<exports::Export>();
  visits::ExportMade made = made_;
  made.files.push_back({formatName(asked_.format), rows_, bytes_, hash_.hash()});
  DOORSTEP_ASSIGN(auto said, office.writeWithAnswer<exports::Export>(
                                 {asked_.caller.account, {}},
                                 [&](sql::Database& database, event_log::OfficeAct& act) {
                                   return exports::addExport(database, made, providers_, act);
                                 }));
  return std::optional(std::move(said));
}

}  // namespace doorstep::rpc
