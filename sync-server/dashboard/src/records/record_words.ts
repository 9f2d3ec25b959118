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
import { type PlainKey, say, sentences } from "../words/say";

interface PunctualityWords {
  name: PlainKey;
  tone: Tone;
}

const punctualities: Record<Punctuality, PunctualityWords> = {
  [Punctuality.UNSPECIFIED]: { name: "punctuality.unknown", tone: "unknown" },
  [Punctuality.ON_TIME]: { name: "punctuality.on_time", tone: "calm" },
  [Punctuality.EARLY]: { name: "punctuality.early", tone: "watch" },
  [Punctuality.LATE]: { name: "punctuality.late", tone: "alarm" },
  [Punctuality.MISSED]: { name: "punctuality.missed", tone: "alarm" },
  [Punctuality.NO_ENTRY]: { name: "punctuality.no_entry", tone: "watch" },
  [Punctuality.OPEN]: { name: "punctuality.open", tone: "active" },
  [Punctuality.NOT_COUNTED]: { name: "punctuality.not_counted", tone: "calm" },
  [Punctuality.CANCELLED_ATTENDED]: { name: "punctuality.cancelled_attended", tone: "watch" },
  [Punctuality.UNPLANNED]: { name: "punctuality.unplanned", tone: "watch" },
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
  say(punctualities[value]?.name ?? "punctuality.unknown");
export const punctualityTone = (value: Punctuality): Tone =>
  punctualities[value]?.tone ?? "unknown";

// "4 min 20 s": exact, because the rule is exact.
export function lateText(lateMs: bigint): string {
  const seconds = Number(lateMs) / 1_000;
  if (seconds <= 0) return "";
  if (seconds < 60) return say("time.seconds", { seconds: Math.round(seconds) });
  const rest = Math.floor(seconds % 60);
  const minutes = durationText(seconds / 60);
  return rest === 0 || seconds >= 3_600
    ? minutes
    : say("time.minutes_seconds", { minutes, seconds: rest });
}

export const gradeText = (grade: PlaceGrade): string => "–ABCDE"[grade] ?? "–";

// "31 of 30 min"
export function stayText(record: VisitRecord): string {
  const minutes = record.plannedMin;
  if (record.rawStartUnixMs === undefined || record.rawEndUnixMs === undefined)
    return say("record.stay_planned", { minutes });
  const stayMs = Number(record.rawEndUnixMs - record.rawStartUnixMs);
  return say("record.stay_text", { stayed: Math.round(stayMs / 60_000), minutes });
}

export function tasksText(record: VisitRecord): string {
  if (record.tasksPlanned === 0) return say("record.no_tasks");
  return say("record.tasks_text", {
    done: record.tasksDone,
    planned: record.tasksPlanned,
    reasoned: record.tasksNotDoneReasoned,
  });
}

// The contract's rule as both sides can recompute it.
export function ruleText(contract: Contract): string {
  if (!contract.rules) return say("rule.none");
  const { earlyToleranceMin, lateToleranceMin, timeCriticalToleranceMin, missedAfterMin } =
    contract.rules;
  return sentences(
    say("rule.on_time", {
      exact: earlyToleranceMin === 0 && lateToleranceMin === 0,
      early: earlyToleranceMin,
      late: lateToleranceMin,
    }),
    say("rule.time_critical", { tolerance: timeCriticalToleranceMin }),
    say("rule.missed", { after: missedAfterMin }),
  );
}
