// SPDX-License-Identifier: Apache-2.0
// Figures from counts. Each shows its numerator and denominator, so that anyone can redo the sum.
import type { Totals } from "@contract/doorstep/records/v1/records_service_pb";

import { locale, say } from "../words/say";

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
  const started = { denominator: startedOf(totals), of: say("figure.of_started") };
  const over = { denominator: overOf(totals), of: say("figure.of_over") };
  return [
    { name: say("figure.on_time_of_started"), numerator: totals.onTime, ...started },
    { name: say("figure.on_time_of_over"), numerator: totals.onTime, ...over },
    { name: say("figure.early"), numerator: totals.early, ...started },
    { name: say("figure.late"), numerator: totals.late, ...started },
    { name: say("figure.missed"), numerator: totals.missed, ...over },
    { name: say("figure.no_entry"), numerator: totals.noEntry, ...over },
  ];
}

const percent = new Intl.NumberFormat(locale, {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

export const shareText = (numerator: bigint, denominator: bigint): string =>
  denominator === 0n ? "–" : percent.format(Number(numerator) / Number(denominator));

// Minutes with one decimal: "1,204.5 min".
const minutes = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
export const minutesText = (milliseconds: number): string =>
  say("figure.minutes", { minutes: minutes.format(milliseconds / 60_000) });
