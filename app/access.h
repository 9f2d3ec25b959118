// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace doorstep::app {

// Whether the phone can be used, and what is needed when it cannot.
enum class Access {
  // Needs an enrolment text from the office. Ended by enrolment.
  NotEnrolled,
  // Needs the PIN. Ended by unlocking.
  Locked,
  // Ended by locking or the end of the process.
  Unlocked,
  // The journal could not be read: it was set aside whole, and what is readable of it is in the
  // rescue file. Numbers must not be given twice, so the phone becomes a new device: ended by
  // enrolment.
  JournalDamaged,
};

}  // namespace doorstep::app
