// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/export_work.h"

#include <algorithm>

#include "shared/core/local_time.h"
#include "sync-server/commands/contract_by_ref.h"
#include "sync-server/records/files/packages_csv.h"
#include "sync-server/records/rules/rules_file.h"
#include "sync-server/roster/provider_setup.h"

namespace doorstep::commands {

namespace pb = doorstep::records::v1;

Result<visits::ExportedFile> HashedStream::finish() {
  out_.flush();
  if (!out_)
    return Error{ErrorCode::ResourceExhausted, "WRITE_FAILED",
                 file_.format + " cannot be written: is the disk full?"};
  file_.sha256 = hash_.hash();
  return file_;
}

Result<pb::RecordFilter> filterOf(sql::Database& database, const ExportFlags& flags) {
  pb::RecordFilter filter;
  filter.set_lot(flags.lot);
  filter.set_first_day(flags.firstDay);
  filter.set_last_day(flags.lastDay);
  DOORSTEP_ASSIGN(const ContractChoice choice,
                  contractByRef(database, flags.provider, flags.contract));
  filter.set_provider_id(choice.provider.value);
  filter.set_contract_id(choice.contract.value);
  return filter;
}

Result<std::vector<roster::Contract>> contractsOf(const ExportWork& work, sql::Database& database) {
  DOORSTEP_ASSIGN(auto contracts, roster::contracts(database));
  std::erase_if(contracts, [&](const roster::Contract& contract) {
    const ProviderId provider(work.message.provider_id());
    return (work.filter.contract && *work.filter.contract != contract.id) ||
           (provider && !roster::covers(contract, provider));
  });
  return contracts;
}

Result<std::string> rulesOf(const ExportWork& work, sql::Database& database) {
  DOORSTEP_ASSIGN(const auto contracts, contractsOf(work, database));
  return records::rulesFile(contracts);
}

Status writePackages(const ExportWork& work, sql::Database& database, HashedStream& out) {
  if (work.message.first_day().empty() || work.message.last_day().empty())
    return Error{ErrorCode::InvalidArgument, "DAYS_MISSING",
                 "packages are written for a period: give --from and --to"};
  DOORSTEP_ASSIGN(const auto contracts, contractsOf(work, database));
  out.write(records::packagesHeader());
  records::Pseudonyms pseudonyms(work.pseudonymKey);
  const records::PackageWeeks weeks{londonDayNumber(work.filter.fromUnixMs),
                                    londonDayNumber(work.filter.toUnixMs - 1)};
  const auto take = [&](const std::string& lines) -> Status {
    out.write(lines, static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n')));
    return kDone;
  };
  for (const roster::Contract& contract : contracts) {
    const ProviderId provider(work.message.provider_id());
    const auto share = provider ? roster::shareOf(contract, provider) : contract;
    DOORSTEP_TRY(records::packagesCsv(database, share, weeks, pseudonyms, take));
  }
  return kDone;
}

}  // namespace doorstep::commands
