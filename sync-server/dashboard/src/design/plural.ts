// SPDX-License-Identifier: Apache-2.0
const whole = new Intl.NumberFormat("en-GB");

export const numberText = (count: number | bigint): string => whole.format(count);

// "1 visit", "1,204 visits"
export function counted(count: number | bigint, one: string, many = `${one}s`): string {
  return `${numberText(count)} ${Number(count) === 1 ? one : many}`;
}
