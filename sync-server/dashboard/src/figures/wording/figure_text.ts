// SPDX-License-Identifier: Apache-2.0
// Figures as they are shown. Rounded for display only, to one decimal, and never to all or none
// where it is neither.
import { type MeasureFigure, MeasureUnit } from "@contract/doorstep/records/v1/measures_service_pb";

import { numberText } from "../../design/number_text";
import { locale, say } from "../../words/say";

const percent = new Intl.NumberFormat(locale, {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const minuteMs = 60_000;

// Nearest to none and to all that one decimal can say.
const least = 0.001;
const most = 0.999;

// Shares of time: milliseconds over milliseconds.
const ofTime =
  /^(length\.(clip|over)_rate|delivered\..*|double_handed\.overlap_share|reablement\.last_to_first)$/;

type Counts = Pick<MeasureFigure, "id" | "numerator" | "denominator" | "isTooLarge">;

export const isKnown = (figure: Counts | undefined): figure is Counts =>
  figure !== undefined && !figure.isTooLarge && figure.denominator !== 0n;

export const valueOf = (figure: Counts | undefined): number | undefined =>
  isKnown(figure) ? Number(figure.numerator) / Number(figure.denominator) : undefined;

// Whether a share is at least so many thousandths.
export function meets(figure: Counts | undefined, target: number): "yes" | "no" | "other" {
  if (!isKnown(figure)) return "other";
  return figure.numerator * 1_000n >= figure.denominator * BigInt(target) ? "yes" : "no";
}

function shareText(numerator: bigint, denominator: bigint): string {
  const value = Number(numerator) / Number(denominator);
  if (numerator === 0n || numerator === denominator) return percent.format(value);
  if (value > 0 && value < least) return say("figures.under", { value: percent.format(least) });
  if (value < 1 && value > most) return say("figures.over", { value: percent.format(most) });
  // Above all, too, it is not all.
  return percent.format(value > 1 && value < 1 + least ? 1 + least : value);
}

export function unitText(unit: MeasureUnit, value: number): string {
  switch (unit) {
    case MeasureUnit.SHARE:
      return percent.format(value);
    case MeasureUnit.MINUTES:
      return say("figures.minutes", { minutes: decimal.format(value) });
    case MeasureUnit.SECONDS:
      return say("figures.seconds", { seconds: decimal.format(value) });
    default:
      return decimal.format(value);
  }
}

export function figureText(figure: Counts | undefined, unit: MeasureUnit): string {
  if (figure?.isTooLarge) return say("figures.too_large");
  if (!isKnown(figure)) return say("figures.nothing");
  return unit === MeasureUnit.SHARE
    ? shareText(figure.numerator, figure.denominator)
    : unitText(unit, Number(figure.numerator) / Number(figure.denominator));
}

const minutesText = (milliseconds: bigint): string =>
  say("figures.minutes", { minutes: decimal.format(Number(milliseconds) / minuteMs) });

// "1,410 of 1,498": what the value is made of. Nothing for a sum of minutes, which is itself.
export function partsText(figure: Counts | undefined, unit: MeasureUnit): string {
  if (!figure || figure.isTooLarge) return "";
  const { numerator, denominator } = figure;
  const of = (part: string, all: string) => say("figures.parts", { part, all });
  if (unit === MeasureUnit.MINUTES)
    return Number(denominator) <= minuteMs
      ? ""
      : of(minutesText(numerator), decimal.format(Number(denominator) / minuteMs));
  if (unit === MeasureUnit.SECONDS) return "";
  return ofTime.test(figure.id)
    ? of(minutesText(numerator), minutesText(denominator))
    : of(numberText(numerator), numberText(denominator));
}
