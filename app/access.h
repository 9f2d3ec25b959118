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
  // The journal could not be read, or what belongs to it is gone: it was set aside whole. Numbers
  // must not be given twice, so the phone becomes a new device: ended by enrolment, after which
  // what
  // was readable is recorded again. Until then the PIN opens a journal without a device, if the key
  // is still there.
  JournalDamaged,
};

}  // namespace doorstep::app
