// SPDX-License-Identifier: Apache-2.0
#include "sync-server/records/figures/freeze_reading.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "shared/core/bytes.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/records/pseudonyms.h"
#include "sync-server/records/visible_contracts.h"
#include "sync-server/roster/roster_store.h"

namespace doorstep::records {
namespace {

using Names = std::map<AccountId, std::string>;

std::string nameOf(const Names& names, AccountId account) {
  const auto name = names.find(account);
  return name == names.end() ? std::string() : name->second;
}

Result<v1::Freeze> toProto(const Reading& reading, const Names& names,
                           const freezes::Freeze& freeze) {
  const freezes::MonthFigures& figures = freeze.figures;
  v1::Freeze told;
  told.set_contract_id(figures.contract.value);
  told.set_contract_ref(figures.contractRef);
  told.set_month(figures.month);
  told.set_freeze(freeze.number);
  told.set_as_of_unix_ms(figures.asOfUnixMs);
  told.set_made_unix_ms(freeze.madeUnixMs);
  told.set_account_id(freeze.account.value);
  told.set_account_name(nameOf(names, freeze.account));
  told.set_note(freeze.note);
  for (const std::uint32_t version : figures.ruleVersions)
    told.add_rule_versions(version);
  for (const visits::FrozenLog& log : figures.logs) {
    if (reading.caller.role == identity::Role::Supervisor &&
        reading.caller.provider != log.provider)
      continue;
    auto& of = *told.add_logs();
    of.set_provider_id(log.provider.value);
    of.set_size(log.size);
    of.set_root_hex(toHex(log.root.view()));
  }
  DOORSTEP_ASSIGN(const MonthDays days, daysOfMonth(figures.month));
  told.set_export_first_day(measures::dayText(days.first));
  told.set_export_last_day(measures::dayText(days.last + 1));
  told.set_visits_sha256_hex(toHex(figures.visitsSha256.view()));
  told.set_measures_sha256_hex(toHex(freezes::factOf(freeze).measuresSha256.view()));
  told.set_visits(figures.visits);
  told.set_visits_silent(figures.visitsSilent);
  if (freeze.unfrozen) {
    auto& end = *told.mutable_end();
    end.set_made_unix_ms(freeze.unfrozen->madeUnixMs);
    end.set_account_id(freeze.unfrozen->account.value);
    end.set_account_name(nameOf(names, freeze.unfrozen->account));
    end.set_note(freeze.unfrozen->note);
  }
  return told;
}

bool readNumber(const std::string& text, std::int64_t& number) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

void tell(const std::string& id, const KeptFigure& figure, v1::MeasureFigure& told) {
  told.set_id(id);
  std::int64_t numerator = 0;
  std::int64_t denominator = 0;
  if (!readNumber(figure.first, numerator) || !readNumber(figure.second, denominator)) {
    told.set_is_too_large(true);
    return;
  }
  told.set_numerator(numerator);
  told.set_denominator(denominator);
}

// Both by id; one that only one of them has is shown too.
void addFigures(const std::map<std::string, KeptFigure>& then,
                const std::map<std::string, KeptFigure>& now, v1::GetFreezeResponse& response) {
  std::set<std::string> ids;
  for (const auto* figures : {&then, &now})
    for (const auto& [id, figure] : *figures)
      ids.insert(id);
  for (const std::string& id : ids) {
    const auto before = then.find(id);
    const auto after = now.find(id);
    v1::FrozenFigure& told = *response.add_figures();
    told.set_id(id);
    if (before != then.end())
      tell(id, before->second, *told.mutable_then());
    if (after != now.end())
      tell(id, after->second, *told.mutable_now());
    told.set_changed(before == then.end() || after == now.end() || before->second != after->second);
  }
}

// A supervisor sees figures of her own provider alone.
bool seesFigures(const Reading& reading, const freezes::Freeze& freeze) {
  const auto& logs = freeze.figures.logs;
  return reading.caller.role != identity::Role::Supervisor ||
         (logs.size() == 1 && logs.front().provider == reading.caller.provider);
}

}  // namespace

Result<roster::Contract> visibleContract(const Reading& reading, ContractId contract) {
  DOORSTEP_ASSIGN(auto all, roster::contracts(reading.database));
  const VisibleContracts visible(reading.caller, std::move(all));
  for (const roster::Contract& each : visible.contracts())
    if (each.id == contract)
      return each;
  return Error{ErrorCode::NotFound, "CONTRACT_UNKNOWN", "not a contract that the caller may see"};
}

Result<FreezePage> listFreezes(const Reading& reading, ContractId contract, std::uint64_t from,
                               std::uint32_t size) {
  DOORSTEP_TRY(visibleContract(reading, contract));
  DOORSTEP_ASSIGN(const auto all, freezes::freezesOf(reading.database, contract));
  DOORSTEP_ASSIGN(const auto names, identity::accountNames(reading.database));
  FreezePage page;
  for (std::uint64_t i = from; i < all.size(); ++i) {
    if (i - from == size) {
      page.next = i;
      break;
    }
    DOORSTEP_ASSIGN(*page.response.add_freezes(), toProto(reading, names, all[i]));
  }
  return page;
}

Result<v1::GetFreezeResponse> readFreeze(const Reading& reading, ContractId contract,
                                         const std::string& month, std::uint32_t number) {
  DOORSTEP_TRY(visibleContract(reading, contract));
  DOORSTEP_ASSIGN(const auto all, freezes::freezesOfMonth(reading.database, contract, month));
  const auto found = std::find_if(all.begin(), all.end(), [&](const freezes::Freeze& each) {
    return each.number == (number == 0 ? all.size() : number);
  });
  if (found == all.end())
    return Error{ErrorCode::NotFound, "FREEZE_UNKNOWN", "there is no such freeze"};
  DOORSTEP_ASSIGN(const auto names, identity::accountNames(reading.database));
  v1::GetFreezeResponse response;
  DOORSTEP_ASSIGN(*response.mutable_freeze(), toProto(reading, names, *found));
  if (!seesFigures(reading, *found))
    return response;
  response.set_measures_json(found->figures.measures);
  DOORSTEP_ASSIGN(const auto then, keptFigures(found->figures.measures));
  DOORSTEP_ASSIGN(const auto present, readMonth(reading, contract, month));
  DOORSTEP_ASSIGN(const auto now, keptFigures(present.figures.measures));
  response.set_now_unix_ms(reading.nowUnixMs);
  response.set_visits_now(present.figures.visits);
  addFigures(then, now, response);
  return response;
}

Result<v1::Freeze> freezeMessage(const Reading& reading, const freezes::Freeze& freeze) {
  DOORSTEP_ASSIGN(const auto names, identity::accountNames(reading.database));
  return toProto(reading, names, freeze);
}

v1::FreezeMonthResponse silentMessage(const Reading& reading, const MonthReading& month) {
  v1::FreezeMonthResponse response;
  Pseudonyms pseudonyms(reading.pseudonymKey);
  for (const SilentPhone& phone : month.silent) {
    auto& told = *response.add_silent_phones();
    told.set_provider_id(phone.provider.value);
    told.set_device_id(phone.device.value);
    told.set_carer_pseudonym(pseudonyms.of(month.figures.contract, phone.carer));
    told.set_heard_unix_ms(phone.heardUnixMs);
    told.set_visits(phone.visits);
  }
  response.set_visits_silent(month.figures.visitsSilent);
  return response;
}

}  // namespace doorstep::records
