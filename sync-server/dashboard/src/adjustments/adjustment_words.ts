// SPDX-License-Identifier: Apache-2.0
// What was adjusted, in words. Codes are those of docs/measures.md.
import {
  AdjustmentKind,
  type SlotAdjustment,
} from "@contract/doorstep/records/v1/adjustment_service_pb";

import { numberText } from "../design/number_text";
import { type PlainKey, say } from "../words/say";

const reasons: Record<string, PlainKey> = {
  P1: "reason.P1",
  P2: "reason.P2",
  P3: "reason.P3",
  P4: "reason.P4",
  P5: "reason.P5",
  P6: "reason.P6",
  P7: "reason.P7",
  P8: "reason.P8",
  P9: "reason.P9",
  P10: "reason.P10",
  C1: "reason.C1",
  C2: "reason.C2",
  C3: "reason.C3",
  C4: "reason.C4",
  C5: "reason.C5",
  C6: "reason.C6",
  C7: "reason.C7",
  C8: "reason.C8",
  V1: "reason.V1",
  V2: "reason.V2",
  V3: "reason.V3",
  V4: "reason.V4",
  V5: "reason.V5",
  K1: "reason.K1",
  K2: "reason.K2",
  K3: "reason.K3",
  K4: "reason.K4",
  T1: "reason.T1",
  T2: "reason.T2",
  T3: "reason.T3",
  T4: "reason.T4",
  T5: "reason.T5",
  T6: "reason.T6",
  T7: "reason.T7",
  W1: "reason.W1",
  W2: "reason.W2",
  W9: "reason.W9",
};
const actions: Record<string, PlainKey> = {
  A1: "action.A1",
  A2: "action.A2",
  A3: "action.A3",
  A4: "action.A4",
  A5: "action.A5",
  A6: "action.A6",
  A7: "action.A7",
  A8: "action.A8",
};
const responsibilities: Record<string, PlainKey> = {
  person: "responsibility.person",
  provider: "responsibility.provider",
  council: "responsibility.council",
  nhs: "responsibility.nhs",
  third_party: "responsibility.third_party",
  system: "responsibility.system",
};

export const reasonChoices: string[] = Object.keys(reasons);

// "C7: Forgot to record"; the code alone when a later release has it.
const coded = (words: Record<string, PlainKey>, code: string): string => {
  const key = words[code];
  return key ? say("code.text", { code, text: say(key) }) : code;
};
export const reasonText = (code: string): string => coded(reasons, code);
export const actionText = (code: string): string => coded(actions, code);
export const responsibilityText = (name: string): string => {
  const key = responsibilities[name];
  return key ? say(key) : name;
};

const kinds: Record<number, PlainKey> = {
  [AdjustmentKind.TIMES_APPROVED]: "adjustment.kind.approved",
  [AdjustmentKind.TIMES_WITHDRAWN]: "adjustment.kind.withdrawn",
  [AdjustmentKind.EXPLAINED]: "adjustment.kind.explained",
};
export const kindText = (kind: AdjustmentKind): string =>
  say(kinds[kind] ?? "adjustment.kind.other");

export function whyText(adjustment: SlotAdjustment): string {
  if (adjustment.reason === "")
    return adjustment.kind === AdjustmentKind.EXPLAINED ? say("adjustment.nothing_more") : "";
  return say("adjustment.why", {
    reason: reasonText(adjustment.reason),
    checked: adjustment.action === "" ? "none" : "other",
    action: actionText(adjustment.action),
    answers: adjustment.responsibility === "" ? "none" : "other",
    responsibility: responsibilityText(adjustment.responsibility),
  });
}

// "+15 min", "−5 min", "0 min": half up, as minutes are read.
export function gainText(gainMs: bigint): string {
  const minutes = Math.round(Number(gainMs) / 60_000);
  const sign = minutes > 0 ? "plus" : minutes < 0 ? "minus" : "other";
  return say("adjustment.minutes", { sign, minutes: Math.abs(minutes) });
}

export const countText = (count: bigint): string => numberText(count);

export const roleText = (role: string): string => {
  if (role === "supervisor") return say("adjustment.role.supervisor");
  return role === "operator" ? say("adjustment.role.operator") : role;
};
