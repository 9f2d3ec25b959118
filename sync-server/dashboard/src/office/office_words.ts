// SPDX-License-Identifier: Apache-2.0
// What an office reads of its phones, of what is kept apart, of alarms and of its plan's history.
import {
  type Alarm,
  AlarmKind,
  type Device,
  type PlanVersion,
  type QuarantinedEntry,
} from "@contract/doorstep/admin/v1/office_service_pb";

import { dayOf, timeTextOn } from "../design/london_time";
import { counted, numberText } from "../design/plural";
import type { Tone } from "../design/tone";

export interface Words {
  tone: Tone;
  text: string;
}

const alarms: Record<AlarmKind, string> = {
  [AlarmKind.UNSPECIFIED]: "",
  [AlarmKind.FORK]:
    "This phone signed two different records with one number: the phone was copied, or " +
    "its records were tampered with. Set it up again, and ask your operator.",
  [AlarmKind.CONTRADICTED_CHECKPOINT]:
    "This phone holds a signed state of the record that the server no longer has: the " +
    "server was put back to an older copy, or shows different histories. Ask your " +
    "operator.",
  [AlarmKind.LOG_REGRESS]:
    "This phone has seen more of the record than the server has: the server was put " +
    "back to an older copy. Ask your operator.",
  [AlarmKind.TIME_DISPUTED]:
    "This phone was told two times that cannot both be true: the server’s clock was " +
    "set. Ask your operator; times of that hour are marked.",
};

export const alarmText = (alarm: Alarm): string =>
  alarms[alarm.kind] ||
  "The server raised an alarm that this page does not know yet. Ask your operator.";

// By the names of sync.v1.QuarantineReason without their prefix.
const apart: Record<string, string> = {
  BAD_SIGNATURE: "It is not signed by this phone.",
  CHAIN_BROKEN: "It does not follow on the record before it.",
  GAP: "Records before it are missing.",
  FORK: "The phone has signed another record with the same number.",
  MALFORMED: "It cannot be read.",
  UNKNOWN_VISIT:
    "It is about a visit that the plan does not have. It is counted by itself when the " +
    "plan has the visit again.",
  EVENT_NUMBERS: "Its numbers do not follow on.",
  LIMITS: "It says something that no phone of this kind says.",
  OTHER_CARER: "It names a carer who does not record on this phone.",
  VISIT_QUOTA: "It is one of too many about one visit.",
  DEVICE_QUOTA: "It is one of too many of this phone on one day.",
};

export function apartText(entry: QuarantinedEntry): string {
  const why = apart[entry.reason] ?? `Reason: ${entry.reason}.`;
  const where =
    entry.position !== undefined
      ? "It is in the log and not counted."
      : entry.bytes === 0n
        ? "Only the phone has it: too much of this phone is kept already."
        : "It is kept beside the log.";
  return `${why} ${where}`;
}

// How a phone stands; the one thing that matters most.
export function phoneState(phone: Device): Words {
  if (phone.revoked) return { tone: "calm", text: "Refused since it was revoked" };
  const old = phone.unreadPlanKinds.length + phone.unknownFactKinds.length > 0;
  if (old) return { tone: "watch", text: "Old app: it does not show all that is planned" };
  if (phone.appVersion === "") return { tone: "unknown", text: "Has not said which app it has" };
  return { tone: "calm", text: `App ${phone.appVersion}` };
}

export function phoneText(phone: Device, nowUnixMs: number): string {
  const today = dayOf(nowUnixMs);
  const heard =
    phone.heardUnixMs === 0n
      ? "never heard"
      : `heard ${timeTextOn(today, phone.heardUnixMs)}, up to its record ${phone.heldN}`;
  const plan = phone.planVersion === 0n ? "no plan yet" : `plan version ${phone.planVersion}`;
  return `Set up ${timeTextOn(today, phone.enrolledUnixMs)}; ${heard}; ${plan}.`;
}

// "3 visits new, 12 changed, 1 cancelled"
export function changedText(version: PlanVersion): string {
  const parts = [
    [version.visitsNew, "new"],
    [version.visitsChanged, "changed"],
    [version.visitsCancelled, "cancelled"],
  ] as const;
  const said = parts.filter(([count]) => count !== 0n);
  if (said.length === 0) return "no visit changed";
  const [first, ...others] = said;
  return [
    `${counted(first![0], "visit")} ${first![1]}`,
    ...others.map(([count, what]) => `${numberText(count)} ${what}`),
  ].join(", ");
}
