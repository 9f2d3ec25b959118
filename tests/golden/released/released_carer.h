// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "app/phone_folder.h"
#include "app/platform/desktop_platform.h"
#include "app/platform/fakes.h"

namespace doorstep::released {

// A carer with a phone's folder, as the app has on a desktop. Thread: one.
class Carer {
 public:
  explicit Carer(const std::string& folder);
  ~Carer();

  Status enrol(const std::string& text);
  // Opens an enrolled phone. Errors: those of the folder.
  Status open();
  void close() { phone_.reset(); }
  // Runs until everything is at the office. port: the server's present port.
  bool exchange(std::uint16_t port);
  Status record(const recording::Intent& intent);
  app::Phone& phone() { return *phone_; }
  const sync::Enrolment& enrolment() const { return unlocked_.enrolment; }

 private:
  SystemClock clock_;
  SystemIdSource ids_;
  platform::FileSecretStore secrets_;
  platform::FileDeviceSigner signer_;
  platform::NoFixSource fixes_;
  platform::Platform platform_;
  app::PhoneFolder folder_;
  app::PhoneFolder::Unlocked unlocked_;
  std::unique_ptr<app::Phone> phone_;
};

}  // namespace doorstep::released
