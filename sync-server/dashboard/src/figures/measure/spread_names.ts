// SPDX-License-Identifier: Apache-2.0
// Which spread the values of a measure are taken of.
import { type PlainKey } from "../../words/say";

const spreads: [RegExp, string, PlainKey][] = [
  [/^punctuality\.(late_|very_late)/, "lateness", "spread.lateness"],
  [/^missed\.detection_lag/, "detection_lag", "spread.detection_lag"],
  [/^double_handed\.gap/, "carers_gap", "spread.carers_gap"],
  [/^alerts\.late_ack/, "alert_ack", "spread.alert_ack"],
  [/^sync\./, "sync_lag", "spread.sync_lag"],
  [/^clock\./, "clock_skew", "spread.clock_skew"],
];

export interface Spread {
  name: string;
  title: PlainKey;
}

// Nothing where the server does not offer it.
export function spreadOf(id: string, offered: string[]): Spread | undefined {
  const found = spreads.find(([ids, name]) => ids.test(id) && offered.includes(name));
  return found && { name: found[1], title: found[2] };
}
