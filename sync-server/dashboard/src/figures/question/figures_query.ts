// SPDX-License-Identifier: Apache-2.0
// Which figures, as the address holds it: a figure can be sent to somebody as a link.
import { create } from "@bufbuild/protobuf";
import {
  type MeasureFilter,
  MeasureFilterSchema,
} from "@contract/doorstep/records/v1/measures_service_pb";

import { dayOf, moveDay } from "../../design/london_time";
import { routeHash } from "../../session/route.svelte";
import { type PackName, packNames } from "../wording/measure_packs";

export const periodKinds = ["week", "month", "quarter", "year", "days"] as const;
export type PeriodKind = (typeof periodKinds)[number];

// Plain values, as form fields hold them. "" of contract: the first that the person may see; of
// provider: all.
export interface FigureFields {
  contract: string;
  provider: string;
  period: PeriodKind;
  // A day of the period, unless the period is its own days.
  on: string;
  from: string;
  to: string;
  pack: PackName;
  by: string;
  // Of one group: "lot" and its value.
  where: [string, string][];
}

export interface Days {
  first: string;
  last: string;
}

const dayForm = /^\d{4}-\d\d-\d\d$/;
const isDay = (text: string): boolean => dayForm.test(text) && !Number.isNaN(Date.parse(text));
const oneOf = <Name extends string>(names: readonly Name[], text: string | null, or: Name): Name =>
  names.find((name) => name === text) ?? or;

export function fieldsFromQuery(query: URLSearchParams, nowMs: number): FigureFields {
  const today = dayOf(nowMs);
  const id = (name: string) => (/^\d{1,20}$/.test(query.get(name) ?? "") ? query.get(name)! : "");
  const day = (name: string, otherwise: string) =>
    isDay(query.get(name) ?? "") ? query.get(name)! : otherwise;
  return {
    contract: id("contract"),
    provider: id("provider"),
    period: oneOf(periodKinds, query.get("period"), "month"),
    on: day("on", today),
    from: day("from", moveDay(today, -6)),
    to: day("to", today),
    pack: oneOf(packNames, query.get("pack"), "plain_15_15"),
    by: query.get("by") ?? "",
    where: query.getAll("where").map((text): [string, string] => {
      const colon = text.indexOf(":");
      return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
    }),
  };
}

// more: what one page alone needs.
export function queryOf(fields: FigureFields, more: Record<string, string> = {}): URLSearchParams {
  const { where, ...plain } = fields;
  const query = new URLSearchParams();
  const isUsed = (name: string) =>
    name === "on"
      ? fields.period !== "days"
      : !/^(from|to)$/.test(name) || fields.period === "days";
  for (const [name, value] of Object.entries({ ...plain, ...more }))
    if (value !== "" && isUsed(name)) query.set(name, value);
  for (const [dimension, value] of where) query.append("where", `${dimension}:${value}`);
  return query;
}

// The address of a page of figures with the same question.
export const figuresHash = (
  page: string,
  fields: FigureFields,
  more: Record<string, string> = {},
): string => routeHash(page === "" ? "figures" : `figures/${page}`, queryOf(fields, more));

// Months are counted from year 0, so that a quarter is three of them.
const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
function firstOfMonth(month: number): string {
  const year = String(Math.floor(month / 12)).padStart(4, "0");
  return `${year}-${String((month % 12) + 1).padStart(2, "0")}-01`;
}
const monthsFrom = (month: number, count: number): Days => ({
  first: firstOfMonth(month),
  last: moveDay(firstOfMonth(month + count), -1),
});
const mondayOf = (day: string): string =>
  moveDay(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() + 6) % 7));

export function daysOf({ period, on, from, to }: FigureFields): Days {
  const month = monthOf(on);
  switch (period) {
    case "week":
      return { first: mondayOf(on), last: moveDay(mondayOf(on), 6) };
    case "month":
      return monthsFrom(month, 1);
    case "quarter":
      return monthsFrom(month - (month % 3), 3);
    case "year":
      return monthsFrom(month - (month % 12), 12);
    case "days":
      return { first: from, last: to };
  }
}

// The period before or after: its day.
export function movedDay(fields: FigureFields, steps: -1 | 1): string {
  const { first, last } = daysOf(fields);
  return moveDay(steps < 0 ? first : last, steps);
}

const trendPoints = 12;

// What a trend is drawn over: the last 12 weeks or months, up to the period's end.
export function trendOf(fields: FigureFields): Days & { by: "week" | "month" } {
  const { last } = daysOf(fields);
  if (fields.period === "week")
    return { first: moveDay(mondayOf(last), -7 * (trendPoints - 1)), last, by: "week" };
  return { first: firstOfMonth(monthOf(last) - (trendPoints - 1)), last, by: "month" };
}

export function filterOf(fields: FigureFields, contractId: bigint, days: Days): MeasureFilter {
  return create(MeasureFilterSchema, {
    contractId,
    providerId: BigInt(fields.provider || 0),
    firstDay: days.first,
    lastDay: days.last,
    where: fields.where.map(([dimension, value]) => ({ dimension, value })),
  });
}
