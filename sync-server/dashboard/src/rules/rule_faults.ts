// SPDX-License-Identifier: Apache-2.0
// What is wrong with a draft, as a sentence beside each field that it is about.
import type { RuleFault, RuleParameterInfo } from "@contract/doorstep/records/v1/rules_service_pb";
import { RuleForm } from "@contract/doorstep/records/v1/rules_service_pb";

import { numberText } from "../design/number_text";
import { type PlainKey, say } from "../words/say";
import { conflictWords, parameterWords } from "./rule_words";

export type Faults = Record<string, string>;

export const parameterName = (name: string): string => {
  const key = parameterWords[name];
  return key ? say(key) : name;
};

const two = (value: bigint): string => String(value).padStart(2, "0");
const clockText = (minutes: bigint): string => `${two(minutes / 60n)}:${two(minutes % 60n)}`;

const formWords: Partial<Record<RuleForm, PlainKey>> = {
  [RuleForm.TEXTS]: "rules.fault_list",
  [RuleForm.BANDS]: "rules.fault_bands",
  [RuleForm.CARER_TARGETS]: "rules.fault_carer_targets",
  [RuleForm.TARGETS]: "rules.fault_targets",
};

// Of a value by itself: what may stand there.
export function valueFault(info: RuleParameterInfo): string {
  if (info.form === RuleForm.WHOLE)
    return say("rules.fault_bounds", {
      least: numberText(info.least),
      most: numberText(info.most),
    });
  if (info.form === RuleForm.CLOCK)
    return say("rules.fault_time", { least: clockText(info.least), most: clockText(info.most) });
  return say(formWords[info.form] ?? "rules.fault_other");
}

function faultText(fault: RuleFault, infos: readonly RuleParameterInfo[]): string {
  const [first = "", second = ""] = fault.parameters;
  const conflict = conflictWords[`${first}/${second}`];
  if (conflict)
    return say(conflict, { first: parameterName(first), second: parameterName(second) });
  const info = infos.find((each) => each.name === first);
  return info ? valueFault(info) : say("rules.fault_other");
}

export function faultsBeside(
  faults: readonly RuleFault[],
  infos: readonly RuleParameterInfo[],
): Faults {
  const beside: Faults = {};
  for (const fault of faults)
    for (const parameter of fault.parameters) beside[parameter] ??= faultText(fault, infos);
  return beside;
}
