// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "shared/core/bytes.h"
#include "shared/core/display_text.h"
#include "sync-server/commands/commands.h"
#include "sync-server/commands/write_command.h"
#include "sync-server/config/server_context.h"
#include "sync-server/identity/accounts.h"
#include "sync-server/roster/provider_setup.h"

namespace doorstep::commands {
namespace {

struct AccountFlags {
  std::string login;
  std::string name;
  std::string role;
  std::string provider;
  std::string council;
  bool passwordFromInput = false;
};

struct Password {
  std::string text;
  bool made = false;  // generated here; shown only once
};

// Attaches the first line of standard input if the password is to be read from it.
Attached readInput(const AccountFlags& flags) {
  Attached attached;
  if (flags.passwordFromInput)
    std::getline(std::cin, attached.input);
  return attached;
}

Password choosePassword(const Workplace& place, const AccountFlags& flags) {
  Password password;
  if (flags.passwordFromInput) {
    password.text = place.attached.input;
    if (password.text.ends_with('\r'))
      password.text.pop_back();
    return password;
  }
  std::array<std::uint8_t, 12> random{};
  place.ids.fillRandom(random);
  password.text = toHex({reinterpret_cast<const char*>(random.data()), random.size()});
  password.made = true;
  return password;
}

Result<identity::Role> roleOf(const std::string& name) {
  if (name == "operator")
    return identity::Role::Operator;
  if (name == "supervisor")
    return identity::Role::Supervisor;
  if (name == "council")
    return identity::Role::Council;
  return Error{ErrorCode::InvalidArgument, "ROLE_INVALID",
               "a role is operator, supervisor or council"};
}

const char* nameOf(identity::Role role) {
  switch (role) {
    case identity::Role::Operator:
      return "operator";
    case identity::Role::Supervisor:
      return "supervisor";
    case identity::Role::Council:
      return "council";
  }
  return "unknown";
}

Result<identity::Account> describe(sql::Database& database, const AccountFlags& flags) {
  identity::Account account;
  account.login = identity::normalLogin(flags.login);
  account.displayName = flags.name.empty() ? account.login : flags.name;
  DOORSTEP_ASSIGN(account.role, roleOf(flags.role));
  if (!flags.provider.empty()) {
    DOORSTEP_ASSIGN(const auto provider, roster::providerByName(database, flags.provider));
    if (!provider)
      return Error{ErrorCode::NotFound, "PROVIDER_UNKNOWN", "no provider has this name"};
    account.provider = *provider;
  }
  if (!flags.council.empty()) {
    DOORSTEP_ASSIGN(const auto council, roster::councilByName(database, flags.council));
    if (!council)
      return Error{ErrorCode::NotFound, "COUNCIL_UNKNOWN", "no council has this name"};
    account.council = *council;
  }
  return account;
}

Result<identity::Account> findAccount(sql::Database& database, const std::string& login) {
  DOORSTEP_ASSIGN(const auto found, identity::accountByLogin(database, login));
  if (!found)
    return Error{ErrorCode::NotFound, "LOGIN_UNKNOWN", "no account has this login"};
  return found->account;
}

void printPassword(const Workplace& place, const std::string& login, const Password& password) {
  if (password.made)
    place.out.print(fmt::format("{} {}\n", login, password.text));
}

Status create(const Workplace& place, const AccountFlags& flags) {
  DOORSTEP_TRY(describe(place.storage.read(), flags));  // checked before the slow hash
  const Password password = choosePassword(place, flags);
  DOORSTEP_ASSIGN(const auto key, identity::hashPassword(password.text, place.ids));
  const Status written = place.storage.write([&](sql::Database& database) -> Status {
    DOORSTEP_ASSIGN(const auto account, describe(database, flags));
    DOORSTEP_TRY(identity::addAccount(database, account, key, place.clock, place.ids));
    return place.mayGoOn();
  });
  DOORSTEP_TRY(written);
  printPassword(place, flags.login, password);
  return kDone;
}

Status changePassword(const Workplace& place, const AccountFlags& flags) {
  const Password password = choosePassword(place, flags);
  DOORSTEP_ASSIGN(const auto key, identity::hashPassword(password.text, place.ids));
  const Status written = place.storage.write([&](sql::Database& database) -> Status {
    DOORSTEP_ASSIGN(const auto account, findAccount(database, flags.login));
    DOORSTEP_TRY(identity::setPassword(database, account.id, key));
    return place.mayGoOn();
  });
  DOORSTEP_TRY(written);
  printPassword(place, flags.login, password);
  return kDone;
}

Status setDisabled(const Workplace& place, const AccountFlags& flags, bool disabled) {
  return place.storage.write([&](sql::Database& database) -> Status {
    DOORSTEP_ASSIGN(const auto account, findAccount(database, flags.login));
    DOORSTEP_TRY(identity::setDisabled(database, account.id, disabled));
    return place.mayGoOn();
  });
}

Status list(const GlobalFlags& global) {
  DOORSTEP_ASSIGN(auto context, config::openForReading(global.directory, global.clockFile));
  const auto lease = context.storage->read();
  DOORSTEP_ASSIGN(const auto accounts, identity::accounts(lease));
  for (const auto& account : accounts) {
    std::string organisation;
    if (account.provider) {
      DOORSTEP_ASSIGN(const auto provider, roster::provider(lease, account.provider));
      organisation = provider.name;
    } else if (account.council) {
      DOORSTEP_ASSIGN(const auto council, roster::council(lease, account.council));
      organisation = council.name;
    }
    fmt::print("{}\t{}\t{}\t{}{}\n", loggedText(account.login), nameOf(account.role),
               loggedText(account.displayName), loggedText(organisation),
               account.disabled ? "\tdisabled" : "");
  }
  return kDone;
}

std::string words(const Error& error) {
  return fmt::format("account: {} ({})\n", error.text, error.reason);
}

// Runs a sub-command that writes.
int change(const GlobalFlags& global, const AccountFlags& flags,
           const std::function<Status(const Workplace&)>& work) {
  return runWriting(
      global, "account", [&] { return Result<Attached>(readInput(flags)); },
      [&](const Workplace& place) {
        const Status done = work(place);
        if (!done.ok())
          place.out.printError(words(done.error()));
        return done.ok() ? 0 : 1;
      });
}

}  // namespace

void addAccountCommand(CLI::App& app, const GlobalFlags& flags, int& exitCode) {
  auto* command = app.add_subcommand(
      "account", "People who sign in: make, list, new password, disable, enable");
  command->require_subcommand(1);
  // shared_ptr because CLI11 copies its callbacks.
  auto account = std::make_shared<AccountFlags>();
  const auto addLogin = [&](CLI::App* sub) {
    sub->add_option("login", account->login, "What she signs in with")->required();
  };
  const auto addPassword = [&](CLI::App* sub) {
    sub->add_flag("--password-stdin", account->passwordFromInput,
                  "Read the password from standard input; otherwise one is made and printed");
  };

  auto* createCommand = command->add_subcommand("create", "Make an account");
  addLogin(createCommand);
  addPassword(createCommand);
  createCommand->add_option("--role", account->role, "operator, supervisor or council")->required();
  createCommand->add_option("--provider", account->provider, "Provider of a supervisor, by name");
  createCommand->add_option("--council", account->council, "Council of a council officer, by name");
  createCommand->add_option("--name", account->name, "Name that is shown; the login when left out");
  createCommand->callback([account, &flags, &exitCode] {
    exitCode =
        change(flags, *account, [&](const Workplace& place) { return create(place, *account); });
  });

  auto* passwordCommand =
      command->add_subcommand("set-password", "Give an account a new password; its sessions end");
  addLogin(passwordCommand);
  addPassword(passwordCommand);
  passwordCommand->callback([account, &flags, &exitCode] {
    exitCode = change(flags, *account,
                      [&](const Workplace& place) { return changePassword(place, *account); });
  });

  auto* disableCommand = command->add_subcommand("disable", "Refuse an account from now on");
  addLogin(disableCommand);
  disableCommand->callback([account, &flags, &exitCode] {
    exitCode = change(flags, *account,
                      [&](const Workplace& place) { return setDisabled(place, *account, true); });
  });

  auto* enableCommand = command->add_subcommand("enable", "Let a disabled account in again");
  addLogin(enableCommand);
  enableCommand->callback([account, &flags, &exitCode] {
    exitCode = change(flags, *account,
                      [&](const Workplace& place) { return setDisabled(place, *account, false); });
  });

  if (flags.inside != nullptr)
    return;  // list only reads, so it is never sent to a server
  command->add_subcommand("list", "All accounts")->callback([&flags, &exitCode] {
    const Status done = list(flags);
    exitCode = done.ok() ? 0 : 1;
    if (!done.ok())
      fmt::print(stderr, "{}", words(done.error()));
  });
}

}  // namespace doorstep::commands
