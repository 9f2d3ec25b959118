// SPDX-License-Identifier: Apache-2.0
// What a map and its table are of: each lot or patch that has an outline or a visit. Pure.
import type {
  GetMeasuresResponse,
  MeasureFigure,
} from "@contract/doorstep/records/v1/measures_service_pb";

import { locale } from "../../words/say";
import { type Lot, pointsOf, type Shape } from "./outlines";

export type Level = "lot" | "patch";
export const levels: readonly Level[] = ["lot", "patch"];
export const dimensionsOf = (level: Level): string[] =>
  level === "lot" ? ["lot"] : ["lot", "patch"];

export interface Area {
  // Of the dimensions; "" where a visit says none.
  lot: string;
  patch: string;
  outline: Shape | undefined;
  figure: MeasureFigure | undefined;
  reported: bigint;
}

// More points than these are not drawn in a moment.
const mostPoints = 100_000;

// As words are sorted; what nobody said comes last.
const ranked = (a: string, b: string): number =>
  Number(a === "") - Number(b === "") || a.localeCompare(b, locale, { numeric: true });

const keyOf = (lot: string, patch: string): string => JSON.stringify([lot, patch]);

export function areasOf(
  lots: Lot[],
  answer: GetMeasuresResponse,
  id: string,
  level: Level,
): Area[] {
  const areas = new Map<string, Area>();
  const put = (lot: string, patch: string): Area => {
    const key = keyOf(lot, patch);
    const area = areas.get(key) ?? {
      lot,
      patch,
      outline: undefined,
      figure: undefined,
      reported: 0n,
    };
    areas.set(key, area);
    return area;
  };
  for (const lot of lots)
    if (level === "lot") put(lot.name, "").outline = lot.outline;
    else for (const patch of lot.patches) put(lot.name, patch.name).outline = patch.outline;
  for (const group of answer.groups) {
    const area = put(group.key[0] ?? "", group.key[1] ?? "");
    area.figure = group.figures.find((each) => each.id === id);
    area.reported = group.counts?.reported ?? 0n;
  }
  return [...areas.values()].sort((a, b) => ranked(a.lot, b.lot) || ranked(a.patch, b.patch));
}

export type OutlinedArea = Area & { outline: Shape };

// Those with an outline, as many as can be drawn, and whether some were left.
export function drawable(areas: Area[]): { drawn: OutlinedArea[]; areCutOff: boolean } {
  const drawn: OutlinedArea[] = [];
  let points = 0;
  for (const area of areas) {
    if (!area.outline) continue;
    points += pointsOf(area.outline);
    if (points > mostPoints) return { drawn, areCutOff: true };
    drawn.push(area as OutlinedArea);
  }
  return { drawn, areCutOff: false };
}
