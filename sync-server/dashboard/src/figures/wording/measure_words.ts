// SPDX-License-Identifier: Apache-2.0
// Every measure in words: a short name, what it says and what it does not. The ids are those of
// shared/visits/measures; tests/dashboard/measure_words_test.ts compares them.
import { type Key, type PlainKey, say } from "../../words/say";

type MeasureKey = Extract<Key, `measure.${string}`>;

// What a group of measures does not say, and the group.
const groups: [PlainKey, MeasureKey[]][] = [
  [
    "measure_not.on_time",
    [
      "measure.punctuality.on_time_of_attended",
      "measure.punctuality.on_time_of_planned",
      "measure.punctuality.time_critical",
      "measure.punctuality.early_rate",
      "measure.punctuality.late_rate",
      "measure.punctuality.not_together_rate",
      "measure.punctuality.very_late_rate",
      "measure.punctuality.late_mean",
      "measure.punctuality.late_p50",
      "measure.punctuality.late_p90",
      "measure.punctuality.late_p95",
      "measure.punctuality.basis.commissioned",
      "measure.punctuality.basis.locked",
      "measure.punctuality.basis.final",
      "measure.plan.rescued_by_move",
    ],
  ],
  [
    "measure_not.plan",
    [
      "measure.plan.changed_after_lock",
      "measure.plan.late_changes.office",
      "measure.plan.late_changes.person",
      "measure.plan.late_changes.council",
    ],
  ],
  [
    "measure_not.missed",
    [
      "measure.missed.rate",
      "measure.qs123.2b",
      "measure.missed.attended_of_planned",
      "measure.missed.cause.merged",
      "measure.missed.cause.after_next",
      "measure.missed.cause.after_cutoff",
      "measure.missed.cause.too_late",
      "measure.missed.cause.aborted",
      "measure.missed.cause.provider_cancelled",
      "measure.missed.cause.never_started",
      "measure.missed.detection_lag_p50",
      "measure.missed.detection_lag_p95",
      "measure.missed.recovered",
    ],
  ],
  [
    "measure_not.not_attended",
    ["measure.no_entry.rate", "measure.cancelled.short_notice", "measure.unplanned.rate"],
  ],
  [
    "measure_not.alerts",
    [
      "measure.alerts.false_late_rate",
      "measure.alerts.late_caught",
      "measure.alerts.late_ack_p50",
      "measure.alerts.late_ack_p90",
    ],
  ],
  [
    "measure_not.together",
    [
      "measure.double_handed.full",
      "measure.double_handed.single",
      "measure.double_handed.gap_ok",
      "measure.double_handed.gap_p90",
      "measure.double_handed.wait_mean",
      "measure.double_handed.overlap_share",
    ],
  ],
  [
    "measure_not.tasks",
    [
      "measure.tasks.done",
      "measure.tasks.goal_linked",
      "measure.tasks.not_done_reasoned",
      "measure.tasks.critical_done",
    ],
  ],
  [
    "measure_not.independence",
    [
      "measure.independence.share.self",
      "measure.independence.share.prompted",
      "measure.independence.share.assisted",
      "measure.independence.share.full",
      "measure.independence.change.self",
      "measure.independence.change.prompted",
      "measure.independence.change.assisted",
      "measure.independence.change.full",
      "measure.goals.improved",
      "measure.goals.maintained",
      "measure.goals.declined",
      "measure.goals.attained",
    ],
  ],
  [
    "measure_not.reablement",
    [
      "measure.reablement.week_minutes.1",
      "measure.reablement.week_minutes.2",
      "measure.reablement.week_minutes.3",
      "measure.reablement.week_minutes.4",
      "measure.reablement.week_minutes.5",
      "measure.reablement.week_minutes.6",
      "measure.reablement.last_to_first",
    ],
  ],
  [
    "measure_not.medicines",
    [
      "measure.medicines.given",
      "measure.medicines.refused",
      "measure.medicines.missed",
      "measure.medicines.late",
    ],
  ],
  [
    "measure_not.evidence",
    [
      "measure.evidence.electronic_both",
      "measure.evidence.electronic_any",
      "measure.evidence.electronic_by_rule",
      "measure.evidence.manual",
      "measure.evidence.grade.A",
      "measure.evidence.grade.B",
      "measure.evidence.grade.C",
      "measure.evidence.grade.D",
      "measure.evidence.grade.E",
      "measure.evidence.anchored",
    ],
  ],
  [
    "measure_not.edits",
    [
      "measure.edits.rate",
      "measure.edits.gain",
      "measure.edits.moved",
      "measure.edits.late",
      "measure.edits.no_evidence",
    ],
  ],
  [
    "measure_not.phones",
    [
      "measure.sync.lag_p50",
      "measure.sync.lag_p90",
      "measure.sync.lag_p99",
      "measure.sync.over_limit",
      "measure.clock.skew_p50",
      "measure.clock.skew_p99",
      "measure.clock.corrected_rate",
    ],
  ],
  [
    "measure_not.length",
    [
      "measure.qs123.4a_planned",
      "measure.qs123.4b_planned",
      "measure.qs123.4a_actual",
      "measure.qs123.4b_actual",
      "measure.wales.s8",
      "measure.length.clip_rate",
      "measure.length.over_rate",
      "measure.length.short",
      "measure.length.short_fault",
      "measure.length.under_15",
      "measure.delivered.percent_capped",
      "measure.delivered.percent_uncapped",
      "measure.delivered.of_commissioned_capped",
    ],
  ],
  [
    "measure_not.money",
    [
      "measure.billable.minutes",
      "measure.billable.rounding_drift",
      "measure.waterfall.planned",
      "measure.waterfall.delivered",
      "measure.waterfall.billable",
      "measure.waterfall.loss",
      "measure.waterfall.commissioned",
      "measure.waterfall.invoiced",
      "measure.waterfall.plan_gap",
      "measure.waterfall.over_claim",
      "measure.waterfall.credit",
      "measure.packages.drift",
    ],
  ],
  [
    "measure_not.continuity",
    [
      "measure.qs123.3",
      "measure.continuity.carers_mean",
      "measure.continuity.top1",
      "measure.continuity.top3",
      "measure.continuity.coc",
      "measure.continuity.coc_pooled",
      "measure.continuity.sequence",
      "measure.continuity.known_carer",
    ],
  ],
  [
    "measure_not.care_plan",
    [
      "measure.qs123.1a",
      "measure.qs123.1b",
      "measure.qs123.2a",
      "measure.qs123.5a",
      "measure.qs123.5b",
    ],
  ],
];
const prefix = "measure.".length;
const words = new Map(
  groups.flatMap(([not, keys]) => keys.map((key) => [key.slice(prefix), { key, not }] as const)),
);

// One for each funder that has a share.
const recharge = "recharge.minutes.";
const funder = { key: "measure.recharge", not: "measure_not.money" } as const;
const wordsOf = (id: string) => words.get(id) ?? (id.startsWith(recharge) ? funder : undefined);

export const wordedMeasures: string[] = [...words.keys()];

// A measure that is newer than this page is called by its id.
export function measureName(id: string): string {
  const found = wordsOf(id);
  if (!found) return id;
  const name = say(found.key, { part: "name" });
  return found === funder
    ? say("figures.funder", { name, funder: id.slice(recharge.length) })
    : name;
}
export function measureSays(id: string): string {
  const found = wordsOf(id);
  return found ? say(found.key, { part: "other" }) : say("figures.newer");
}
export function measureSaysNot(id: string): string {
  const found = wordsOf(id);
  return found ? say(found.not) : "";
}
