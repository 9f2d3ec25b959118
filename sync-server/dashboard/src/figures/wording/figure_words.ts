// SPDX-License-Identifier: Apache-2.0
// Words for the names of docs/measures.md that an answer holds. A name that is newer than this
// page is shown as it is.
import {
  type MeasureInfo,
  MeasureNeeds,
  MeasurePart,
  UnrecordedFact,
} from "@contract/doorstep/records/v1/measures_service_pb";

import { monthText } from "../../design/london_time";
import { listed, type PlainKey, say } from "../../words/say";
import type { PeriodKind } from "../question/figures_query";

const dimensions: Record<string, PlainKey> = {
  provider: "dimension.provider",
  contract_id: "dimension.contract",
  lot: "dimension.lot",
  patch: "dimension.patch",
  rurality: "dimension.rurality",
  tier: "dimension.tier",
  provider_role: "dimension.provider_role",
  service_kind: "dimension.service_kind",
  model: "dimension.model",
  purchase: "dimension.purchase",
  arranged_by: "dimension.arranged_by",
  time_critical: "dimension.time_critical",
  carers_required: "dimension.carers_required",
  person_pseudonym: "dimension.person",
  rule_version: "dimension.rule_version",
  day: "dimension.day",
  week: "dimension.week",
  month: "dimension.month",
};
const exclusions: Record<string, PlainKey> = {
  incomplete: "exclusion.incomplete",
  no_rules: "exclusion.no_rules",
  unplanned: "exclusion.unplanned",
  suspended: "exclusion.suspended",
  cancelled: "exclusion.cancelled",
  open: "exclusion.open",
  exempt: "exclusion.exempt",
  no_entry: "exclusion.no_entry",
};
const classes: Record<string, PlainKey> = {
  attended_full: "class.attended_full",
  attended_part: "class.attended_part",
  attended: "class.attended",
  missed: "class.missed",
  no_entry: "class.no_entry",
  open: "class.open",
  cancelled: "class.cancelled",
  suspended: "class.suspended",
  unplanned: "class.unplanned",
};
const causes: Record<string, PlainKey> = {
  merged: "cause.merged",
  after_next: "cause.after_next",
  after_cutoff: "cause.after_cutoff",
  too_late: "cause.too_late",
  aborted: "cause.aborted",
  provider_cancelled: "cause.provider_cancelled",
  never_started: "cause.never_started",
};
const punctualities: Record<string, PlainKey> = {
  on_time: "punctuality.on_time",
  early: "punctuality.early",
  late: "punctuality.late",
  not_together: "figures.not_together",
};
const bases: Record<string, PlainKey> = {
  commissioned: "basis.commissioned",
  locked: "basis.locked",
  final: "basis.final",
};
const periods: Record<PeriodKind, PlainKey> = {
  week: "period.week",
  month: "period.month",
  quarter: "period.quarter",
  year: "period.year",
  days: "period.days",
};
const needs: Partial<Record<MeasureNeeds, PlainKey>> = {
  [MeasureNeeds.PACKAGES]: "needs.packages",
  [MeasureNeeds.INVOICES]: "needs.invoices",
  [MeasureNeeds.PACKAGES_AND_INVOICES]: "needs.packages_and_invoices",
  [MeasureNeeds.PEOPLE]: "needs.people",
};

const unrecorded: Partial<Record<UnrecordedFact, PlainKey>> = {
  [UnrecordedFact.LATE_ALERT]: "unrecorded.late_alert",
  [UnrecordedFact.ALERT_TAKEN_UP]: "unrecorded.alert_taken_up",
  [UnrecordedFact.MISSED_ALERT]: "unrecorded.missed_alert",
  [UnrecordedFact.ORDERED_TIMES]: "unrecorded.ordered_times",
  [UnrecordedFact.MEDICINES]: "unrecorded.medicines",
  [UnrecordedFact.GOALS]: "unrecorded.goals",
};

export const parts = {
  numerator: { part: MeasurePart.NUMERATOR, name: "part.numerator" },
  denominator: { part: MeasurePart.DENOMINATOR, name: "part.denominator" },
  rest: { part: MeasurePart.REST, name: "part.rest" },
} as const satisfies Record<string, { part: MeasurePart; name: PlainKey }>;
export type PartName = keyof typeof parts;
export const partNames = Object.keys(parts) as PartName[];

const worded = (words: Record<string, PlainKey>) => (name: string) => {
  const key = words[name];
  return key === undefined ? name : say(key);
};
export const dimensionName = worded(dimensions);
export const exclusionName = worded(exclusions);
export const className = worded(classes);
export const causeName = worded(causes);
export const punctualityText = worded(punctualities);
export const basisName = worded(bases);
export const periodName = (kind: PeriodKind): string => say(periods[kind]);

// What is not stored here, so that there is no figure; empty when nothing is missing.
export function needsText(need: MeasureNeeds): string {
  const key = needs[need];
  return key === undefined ? "" : say(key);
}

export const unrecordedName = (fact: UnrecordedFact): string =>
  say(unrecorded[fact] ?? "unrecorded.other");

// Why a figure is no finding although it may have a denominator; empty when it is one.
export const unrecordedText = (info: MeasureInfo | undefined): string =>
  info === undefined || info.unrecorded.length === 0
    ? ""
    : say("figures.unrecorded", { facts: listed(info.unrecorded.map(unrecordedName)) });

// A group's value of a dimension.
export function groupText(dimension: string, value: string): string {
  if (value === "") return say("figures.no_value");
  if (dimension === "month") return monthText(value);
  if (dimension === "time_critical") return say(value === "true" ? "figures.yes" : "figures.no");
  return value;
}
