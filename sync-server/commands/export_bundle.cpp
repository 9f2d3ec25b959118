// SPDX-License-Identifier: Apache-2.0
#include "sync-server/commands/export_bundle.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "shared/crypto/sha256.h"
#include "sync-server/event_log/sql_event_log.h"

namespace doorstep::commands {
namespace {

constexpr std::uint64_t kShownEvery = 100;

}  // namespace

Result<visits::ExportedFile> exportBundle(config::ServerContext& context,
                                          const identity::AccountCaller& caller,
                                          std::int64_t nowUnixMs,
                                          const crypto::SecretKey& pseudonymKey,
                                          const BundleAsked& asked) {
  const event_log::LogSigners signers = context.signers();
  const auto lease = context.storage->read();
  DOORSTEP_ASSIGN(const auto log, event_log::SqlEventLog::open(*context.storage, signers));
  const bool shown = isatty(STDERR_FILENO) != 0;
  const auto progress = [&](std::uint64_t visits) {
    if (shown && visits % kShownEvery == 0)
      fmt::print(stderr, "\r{} visits", visits);
  };
  DOORSTEP_ASSIGN(const auto manifest,
                  records::writeBundle(
                      {records::Reading{lease, caller, nowUnixMs, pseudonymKey}, asked.filter, *log,
                       [&](ProviderId provider) { return signers.verifierKey(provider); },
                       asked.rulesJson, asked.words},
                      asked.folder, progress));
  fmt::print(stderr, "{}{} rows of {} visits with their evidence in {}: {} files\n",
             shown ? "\r" : "", manifest.rows(), manifest.visits(), asked.folder,
             manifest.files_size() + 1);
  std::ifstream listed(std::filesystem::path(asked.folder) / "manifest.json", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(listed), {}};
  visits::ExportedFile said{.format = "bundle", .rows = manifest.rows(), .bytes = bytes.size()};
  for (const auto& file : manifest.files())
    said.bytes += file.bytes();
  said.sha256 = crypto::sha256(bytes);
  return said;
}

}  // namespace doorstep::commands
