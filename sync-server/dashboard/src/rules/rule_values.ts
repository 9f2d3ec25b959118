// SPDX-License-Identifier: Apache-2.0
// Parameters of rules as what a person reads and types. A draft holds one text, flag or choice a
// parameter, so that a field may be wrong while it is edited.
import { create } from "@bufbuild/protobuf";
import { RuleForm, type RuleParameterInfo } from "@contract/doorstep/records/v1/rules_service_pb";
import {
  type RuleParameters,
  RuleParametersSchema,
} from "@contract/doorstep/roster/v1/contract_rules_pb";

import { numberText } from "../design/number_text";
import { enumerated, say } from "../words/say";
import { nameWords } from "./rule_words";

export type DraftValue = string | boolean | string[];
export type Draft = Record<string, DraftValue>;

const fieldOf = (parameter: string): keyof RuleParameters =>
  parameter.replace(/_([a-z])/g, (_, letter: string) =>
    letter.toUpperCase(),
  ) as keyof RuleParameters;

const linesOf = (rows: readonly (readonly (string | number)[])[]): string =>
  rows.map((row) => row.join(" ")).join("\n");

export function draftValue(info: RuleParameterInfo, rules: RuleParameters): DraftValue {
  const value = rules[fieldOf(info.name)];
  switch (info.form) {
    case RuleForm.FLAG:
      return value === true;
    case RuleForm.CHOICES:
      return [...((value as RuleParameters["missedRules"])?.names ?? [])];
    case RuleForm.TEXTS:
      return ((value as RuleParameters["exemptReasons"])?.names ?? []).join(" ");
    case RuleForm.BANDS:
      return linesOf(
        (rules.bands?.bands ?? []).map((each) => [each.lowestMin, each.highestMin, each.billMin]),
      );
    case RuleForm.CARER_TARGETS:
      return linesOf(
        (rules.continuityTargets?.targets ?? []).map((each) => [each.visits, each.carers]),
      );
    case RuleForm.TARGETS:
      return linesOf((rules.targets?.targets ?? []).map((each) => [each.measure, each.aim]));
    default:
      return String(value ?? "");
  }
}

export function draftOf(infos: readonly RuleParameterInfo[], rules: RuleParameters): Draft {
  return Object.fromEntries(infos.map((info) => [info.name, draftValue(info, rules)]));
}

export const isSame = (a: DraftValue | undefined, b: DraftValue | undefined): boolean =>
  String(a) === String(b);

const rowsOf = (text: string, width: number): string[][] | undefined => {
  const rows = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/[\s,]+/));
  return rows.every((row) => row.length === width) ? rows : undefined;
};
// What the contract's numbers can hold; what lies beyond a parameter's bounds the server says.
const wholeOf = (text: string): number | undefined =>
  /^-?\d{1,9}$/.test(text.trim()) ? Number(text) : undefined;
const wholesOf = (text: string, width: number): number[][] | undefined => {
  const rows = rowsOf(text, width)?.map((row) => row.map(wholeOf));
  return rows?.every((row) => row.every((each) => each !== undefined))
    ? (rows as number[][])
    : undefined;
};

// The value as a part of the message; undefined: what was typed is none.
function fieldValue(form: RuleForm, value: DraftValue): unknown {
  if (typeof value === "boolean") return value;
  if (typeof value !== "string") return { names: [...value] };
  switch (form) {
    case RuleForm.WHOLE:
      return wholeOf(value);
    case RuleForm.CLOCK:
      return /^([01]\d|2[0-3]):[0-5]\d$/.test(value) ? value : undefined;
    case RuleForm.TEXTS:
      return { names: value.split(/[\s,]+/).filter((code) => code !== "") };
    case RuleForm.BANDS:
      return bandsOf(value);
    case RuleForm.CARER_TARGETS:
      return carerTargetsOf(value);
    case RuleForm.TARGETS:
      return targetsOf(value);
    default:
      return value;
  }
}

function bandsOf(text: string): unknown {
  const rows = wholesOf(text, 3);
  return (
    rows && {
      bands: rows.map(([lowestMin, highestMin, billMin]) => ({ lowestMin, highestMin, billMin })),
    }
  );
}

function carerTargetsOf(text: string): unknown {
  const rows = wholesOf(text, 2);
  return rows && { targets: rows.map(([visits, carers]) => ({ visits, carers })) };
}

function targetsOf(text: string): unknown {
  const rows = rowsOf(text, 2);
  return rows && { targets: rows.map(([measure, aim]) => ({ measure, aim })) };
}

// The draft as a message, or the parameters whose texts are no values.
export function rulesOf(
  infos: readonly RuleParameterInfo[],
  draft: Draft,
): { rules: RuleParameters } | { unread: string[] } {
  const fields: Record<string, unknown> = {};
  const unread: string[] = [];
  for (const info of infos) {
    const value = fieldValue(info.form, draft[info.name] ?? "");
    if (value === undefined) unread.push(info.name);
    else fields[fieldOf(info.name)] = value;
  }
  return unread.length > 0 ? { unread } : { rules: create(RuleParametersSchema, fields) };
}

export const nameText = (name: string): string => {
  const key = nameWords[name];
  return key ? say(key) : name;
};

// In a sentence.
export function valueText(info: RuleParameterInfo, value: DraftValue): string {
  if (typeof value === "boolean") return say(value ? "rules.yes" : "rules.no");
  if (typeof value !== "string")
    return value.length === 0 ? say("rules.empty") : enumerated(value.map(nameText));
  if (value === "") return say("rules.empty");
  if (info.form === RuleForm.CHOICE) return nameText(value);
  if (info.form === RuleForm.WHOLE) return numberText(Number(value));
  return enumerated(value.split(/\n/));
}
