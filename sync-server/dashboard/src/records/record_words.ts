// SPDX-License-Identifier: Apache-2.0
// Records, rules and grades in words.
import {
  PlaceGrade,
  Punctuality,
  type Contract,
  type VisitRecord,
} from "@contract/doorstep/records/v1/records_service_pb";

import { durationText } from "../design/london_time";
import type { Tone } from "../design/tone";

interface PunctualityWords {
  name: string;
  tone: Tone;
}

const punctualities: Record<Punctuality, PunctualityWords> = {
  [Punctuality.UNSPECIFIED]: { name: "Not known", tone: "unknown" },
  [Punctuality.ON_TIME]: { name: "On time", tone: "calm" },
  [Punctuality.EARLY]: { name: "Early", tone: "watch" },
  [Punctuality.LATE]: { name: "Late", tone: "alarm" },
  [Punctuality.MISSED]: { name: "Missed", tone: "alarm" },
  [Punctuality.NO_ENTRY]: { name: "No entry", tone: "watch" },
  [Punctuality.OPEN]: { name: "Not over yet", tone: "active" },
  [Punctuality.NOT_COUNTED]: { name: "Cancelled", tone: "calm" },
  [Punctuality.CANCELLED_ATTENDED]: { name: "Cancelled, a carer was there", tone: "watch" },
  [Punctuality.UNPLANNED]: { name: "Planned afterwards", tone: "watch" },
};

export const punctualityChoices: readonly Punctuality[] = [
  Punctuality.ON_TIME,
  Punctuality.EARLY,
  Punctuality.LATE,
  Punctuality.MISSED,
  Punctuality.NO_ENTRY,
  Punctuality.OPEN,
  Punctuality.NOT_COUNTED,
  Punctuality.CANCELLED_ATTENDED,
  Punctuality.UNPLANNED,
];

export const punctualityName = (value: Punctuality): string =>
  punctualities[value]?.name ?? "Not known";
export const punctualityTone = (value: Punctuality): Tone =>
  punctualities[value]?.tone ?? "unknown";

// "4 min 20 s": exact, because the rule is exact.
export function lateText(lateMs: bigint): string {
  const seconds = Number(lateMs) / 1_000;
  if (seconds <= 0) return "";
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const rest = Math.floor(seconds % 60);
  return rest === 0 || seconds >= 3_600
    ? durationText(seconds / 60)
    : `${durationText(seconds / 60)} ${rest} s`;
}

export const gradeText = (grade: PlaceGrade): string => "–ABCDE"[grade] ?? "–";

// "31 of 30 min"
export function stayText(record: VisitRecord): string {
  if (record.rawStartUnixMs === undefined || record.rawEndUnixMs === undefined)
    return `planned ${record.plannedMin} min`;
  const stayMs = Number(record.rawEndUnixMs - record.rawStartUnixMs);
  return `${Math.round(stayMs / 60_000)} of ${record.plannedMin} min`;
}

export function tasksText(record: VisitRecord): string {
  if (record.tasksPlanned === 0) return "none";
  const reasoned =
    record.tasksNotDoneReasoned > 0
      ? `, ${record.tasksNotDoneReasoned} not done with a reason`
      : "";
  return `${record.tasksDone} of ${record.tasksPlanned}${reasoned}`;
}

// The contract's rule as both sides can recompute it.
export function ruleText(contract: Contract): string {
  if (!contract.rules) return "The contract has no rule.";
  const { earlyToleranceMin, lateToleranceMin, timeCriticalToleranceMin, missedAfterMin } =
    contract.rules;
  const window =
    earlyToleranceMin === 0 && lateToleranceMin === 0
      ? "within the window"
      : `from ${earlyToleranceMin} min before the window to ${lateToleranceMin} min after it`;
  return (
    `A start is on time ${window}, both ends included, compared to the millisecond. ` +
    `For a time-critical visit the tolerance is ${timeCriticalToleranceMin} min either way. ` +
    `A visit that has not started ${missedAfterMin} min after its latest planned end is missed.`
  );
}
