// SPDX-License-Identifier: Apache-2.0
// Values in a few steps of equal width with round limits, each a colour. Pure.

export interface Step {
  // Values from this one, and below the next step's; the last step holds its end too.
  from: number;
  to: number;
}

export const mostSteps = 5;

// Widths that people count in: 1, 2, 2.5, 5 times a power of ten.
function widthOver(range: number): number {
  const least = range / mostSteps;
  const power = 10 ** Math.floor(Math.log10(least));
  const times = [1, 2, 2.5, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return times * power;
}

// Without what adding up fractions leaves behind.
const tidy = (value: number): number => Number(value.toPrecision(12));

// The steps that cover the values: none of no values, one of equal ones, at most mostSteps, none
// narrower than `least`.
export function stepsOf(values: number[], least = 0): Step[] {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  const high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  if (values.length === 0) return [];
  if (low === high) return [{ from: low, to: high }];
  // Rounding both ends outwards may need a step more than there are: then wider ones.
  for (
    let width = Math.max(least, widthOver(high - low));
    ;
    width = widthOver(width * mostSteps * 1.01)
  ) {
    const first = Math.floor(low / width + 1e-9);
    const last = Math.max(first + 1, Math.ceil(high / width - 1e-9));
    if (last - first > mostSteps) continue;
    return Array.from({ length: last - first }, (_, index) => ({
      from: tidy((first + index) * width),
      to: tidy((first + index + 1) * width),
    }));
  }
}

// The place of the step that holds the value.
export function stepAt(steps: Step[], value: number): number {
  const place = steps.findIndex((step) => value < step.to);
  return place < 0 ? steps.length - 1 : place;
}

// Which of the mostSteps colours: the first and the last of them are always used.
export const colourOf = (place: number, steps: number): number =>
  steps <= 1 ? 3 : 1 + Math.round((place * (mostSteps - 1)) / (steps - 1));
