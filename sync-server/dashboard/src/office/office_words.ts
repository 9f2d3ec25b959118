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
import type { Tone } from "../design/tone";
import { enumerated, type PlainKey, say, sentences } from "../words/say";

export interface Words {
  tone: Tone;
  text: string;
}

const alarms: Record<AlarmKind, PlainKey> = {
  [AlarmKind.UNSPECIFIED]: "alarm.unknown",
  [AlarmKind.FORK]: "alarm.fork",
  [AlarmKind.CONTRADICTED_CHECKPOINT]: "alarm.contradicted_checkpoint",
  [AlarmKind.LOG_REGRESS]: "alarm.log_regress",
  [AlarmKind.TIME_DISPUTED]: "alarm.time_disputed",
};

export const alarmText = (alarm: Alarm): string => say(alarms[alarm.kind] ?? "alarm.unknown");

// By the names of sync.v1.QuarantineReason without their prefix.
const apart: ReadonlyMap<string, PlainKey> = new Map([
  ["BAD_SIGNATURE", "apart.bad_signature"],
  ["CHAIN_BROKEN", "apart.chain_broken"],
  ["GAP", "apart.gap"],
  ["FORK", "apart.fork"],
  ["MALFORMED", "apart.malformed"],
  ["UNKNOWN_VISIT", "apart.unknown_visit"],
  ["EVENT_NUMBERS", "apart.event_numbers"],
  ["LIMITS", "apart.limits"],
  ["OTHER_CARER", "apart.other_carer"],
  ["VISIT_QUOTA", "apart.visit_quota"],
  ["DEVICE_QUOTA", "apart.device_quota"],
]);

export function apartText(entry: QuarantinedEntry): string {
  const known = apart.get(entry.reason);
  const why = known ? say(known) : say("apart.other", { reason: entry.reason });
  const where =
    entry.position !== undefined
      ? "apart.in_log"
      : entry.bytes === 0n
        ? "apart.on_phone"
        : "apart.beside_log";
  return sentences(why, say(where));
}

// How a phone stands; the one thing that matters most.
export function phoneState(phone: Device): Words {
  if (phone.revoked) return { tone: "calm", text: say("phone.revoked") };
  const old = phone.unreadPlanKinds.length + phone.unknownFactKinds.length > 0;
  if (old) return { tone: "watch", text: say("phone.old_app") };
  if (phone.appVersion === "") return { tone: "unknown", text: say("phone.no_app") };
  return { tone: "calm", text: say("phone.app", { version: phone.appVersion }) };
}

export function phoneText(phone: Device, nowUnixMs: number): string {
  const today = dayOf(nowUnixMs);
  const heard =
    phone.heardUnixMs === 0n
      ? say("phone.never_heard")
      : say("phone.heard", {
          time: timeTextOn(today, phone.heardUnixMs),
          number: phone.heldN,
        });
  const plan =
    phone.planVersion === 0n
      ? say("phone.no_plan")
      : say("phone.plan", { version: phone.planVersion });
  return say("phone.text", { time: timeTextOn(today, phone.enrolledUnixMs), heard, plan });
}

// "3 visits new, 12 changed, 1 cancelled"
export function changedText(version: PlanVersion): string {
  const parts = [
    [version.visitsNew, "changed.first_new", "changed.new"],
    [version.visitsChanged, "changed.first_changed", "changed.changed"],
    [version.visitsCancelled, "changed.first_cancelled", "changed.cancelled"],
  ] as const;
  const said = parts
    .filter(([count]) => count !== 0n)
    .map(([count, first, other], index) => say(index === 0 ? first : other, { count }));
  return said.length === 0 ? say("changed.none") : enumerated(said);
}
