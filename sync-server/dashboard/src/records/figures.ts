// SPDX-License-Identifier: Apache-2.0
// Figures from counts. Each shows its numerator and denominator, so that anyone can redo the sum.
import type { Totals } from "@contract/doorstep/records/v1/records_service_pb";

export interface Figure {
  name: string;
  numerator: bigint;
  denominator: bigint;
  // Of what the denominator counts.
  of: string;
}

// Carer visits in which somebody started.
export const startedOf = (totals: Totals): bigint => totals.onTime + totals.early + totals.late;
// Carer visits whose time is over and that count.
export const overOf = (totals: Totals): bigint =>
  startedOf(totals) + totals.missed + totals.noEntry;

export function figuresOf(totals: Totals): Figure[] {
  const started = { denominator: startedOf(totals), of: "started" };
  const over = { denominator: overOf(totals), of: "that should have taken place" };
  return [
    { name: "On time, of those started", numerator: totals.onTime, ...started },
    { name: "On time, of all that should have taken place", numerator: totals.onTime, ...over },
    { name: "Early", numerator: totals.early, ...started },
    { name: "Late", numerator: totals.late, ...started },
    { name: "Missed", numerator: totals.missed, ...over },
    { name: "No entry", numerator: totals.noEntry, ...over },
  ];
}

const percent = new Intl.NumberFormat("en-GB", {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

export const shareText = (numerator: bigint, denominator: bigint): string =>
  denominator === 0n ? "–" : percent.format(Number(numerator) / Number(denominator));

// Minutes with one decimal: "1,204.5 min".
const minutes = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });
export const minutesText = (milliseconds: number): string =>
  `${minutes.format(milliseconds / 60_000)} min`;
