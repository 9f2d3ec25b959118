// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace doorstep::app {

// Whether the phone can be used, and what it needs otherwise.
enum class Access {
  // Needs an enrolment text from the office. Ended by enrolment.
  NotEnrolled,
  // Needs the PIN. Ended by unlocking.
  Locked,
  // Ended by locking or the end of the process.
  Unlocked,
  // The journal is unreadable or files that belong to it are missing; all was set aside. Numbers
  // must not be used twice, so the phone must become a new device. Ended by enrolment, which
  // records the readable part again. Until then the PIN opens a journal without a device, if the
  // data key is still there.
  JournalDamaged,
};

}  // namespace doorstep::app
