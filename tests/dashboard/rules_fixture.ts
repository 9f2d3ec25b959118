// SPDX-License-Identifier: Apache-2.0
// A contract's rules as the server lists them: two versions, a pack, and every parameter.
import { create } from "@bufbuild/protobuf";
import {
  type ListRuleVersionsResponse,
  ListRuleVersionsResponseSchema,
  RuledVisitSchema,
  RuleForm,
  type RuleParameterInfo,
  RuleParameterInfoSchema,
  RulesPreviewSchema,
} from "@contract/doorstep/records/v1/rules_service_pb";
import {
  type RuleParameters,
  RuleParametersSchema,
} from "@contract/doorstep/roster/v1/contract_rules_pb";

import type { MockServer } from "./mock_server";

const choices: Record<string, string[]> = {
  punctuality_basis: ["commissioned", "locked", "final"],
  double_handed_start: ["both", "first"],
  day_cutoff_applies_to: ["end", "start"],
  week_start: ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
  no_entry_counts_as: ["excluded", "planned"],
  delivered_cap: ["none", "planned", "planned_plus", "weekly_pool"],
  rounding_mode: ["nearest", "up", "down"],
  rounding_half: ["up", "down", "even"],
  rounding_stage: ["visit", "day", "week", "month"],
  double_handed_billing: ["each", "overlap"],
  no_entry_billable: ["none", "planned"],
  electronic_requires: ["both", "either"],
};
const several: Record<string, string[]> = {
  missed_rules: ["next_planned", "day_cutoff", "started_after_end", "merged"],
  electronic_methods: ["nfc_tag", "qr_code", "position", "landline", "fixed_device", "manual"],
  electronic_grades: ["A", "B", "C", "D", "E"],
};
const forms: Record<string, RuleForm> = {
  day_cutoff_local: RuleForm.CLOCK,
  service_day_start_local: RuleForm.CLOCK,
  exempt_reasons: RuleForm.TEXTS,
  short_exempt_reasons: RuleForm.TEXTS,
  bands: RuleForm.BANDS,
  continuity_targets: RuleForm.CARER_TARGETS,
  targets: RuleForm.TARGETS,
};
const flags = [
  "window_inclusive",
  "basis_follows_person",
  "provider_cancel_is_missed",
  "cancel_after_start_counts",
];

function infoOf(name: string): RuleParameterInfo {
  const names = choices[name] ?? several[name] ?? [];
  const form = choices[name]
    ? RuleForm.CHOICE
    : several[name]
      ? RuleForm.CHOICES
      : flags.includes(name)
        ? RuleForm.FLAG
        : (forms[name] ?? RuleForm.WHOLE);
  return create(RuleParameterInfoSchema, { name, form, names, least: 0n, most: 1440n });
}

export const parameterNames: readonly string[] = RuleParametersSchema.fields.map(
  (field) => field.name,
);

// Every parameter has a value, as in what the server sends.
export function someRules(
  changes: Partial<Omit<RuleParameters, "$typeName" | "$unknown">> = {},
): RuleParameters {
  const fields: Record<string, unknown> = {};
  for (const field of RuleParametersSchema.fields) {
    const info = infoOf(field.name);
    if (info.form === RuleForm.FLAG) fields[field.localName] = field.name === "window_inclusive";
    else if (info.form === RuleForm.CHOICE) fields[field.localName] = info.names[0];
    else if (info.form === RuleForm.CLOCK) fields[field.localName] = "12:00";
    else if (info.form === RuleForm.WHOLE) fields[field.localName] = 15;
  }
  return create(RuleParametersSchema, {
    ...fields,
    missedRules: { names: [] },
    exemptReasons: { names: ["P4", "K2"] },
    shortExemptReasons: { names: ["P2"] },
    electronicMethods: { names: ["nfc_tag", "position"] },
    electronicGrades: { names: ["A", "B"] },
    bands: {},
    continuityTargets: { targets: [{ visits: 7, carers: 4 }] },
    targets: {},
    ...changes,
  });
}

export function listedRules(): ListRuleVersionsResponse {
  return create(ListRuleVersionsResponseSchema, {
    versions: [
      {
        ruleVersion: 2,
        firstDay: "2026-11-01",
        parameters: someRules({ lateToleranceMin: 20 }),
        reason: "agreed at the contract meeting of October",
        decidedBy: "Tom Hale",
        decidedUnixMs: 1_792_000_000_000n,
      },
      { ruleVersion: 1, parameters: someRules() },
    ],
    inForce: 2,
    packs: [{ name: "qs123", parameters: someRules({ lateToleranceMin: 30 }) }],
    parameters: parameterNames.map(infoOf),
    mayPublish: true,
  });
}

export function fillRules(mock: MockServer): void {
  mock.rules = listedRules();
  const late = { visitClass: "attended_full", punctuality: "late" };
  const onTime = { visitClass: "attended_full", punctuality: "on_time" };
  const missed = { visitClass: "missed", cause: "never_started" };
  mock.preview = create(RulesPreviewSchema, {
    visits: 34n,
    visitsChanged: 2n,
    measures: [
      {
        before: { id: "missed.rate", numerator: 1n, denominator: 34n },
        after: { id: "missed.rate", numerator: 1n, denominator: 34n },
      },
      {
        before: { id: "punctuality.on_time_of_planned", numerator: 30n, denominator: 34n },
        after: { id: "punctuality.on_time_of_planned", numerator: 32n, denominator: 34n },
      },
    ],
    classes: [
      { before: onTime, after: onTime, visits: 30n, pageToken: "cell-0" },
      { before: late, after: onTime, visits: 2n, pageToken: "cell-1" },
      { before: late, after: late, visits: 1n, pageToken: "cell-2" },
      { before: missed, after: missed, visits: 1n, pageToken: "cell-3" },
    ],
  });
  mock.ruledVisits = [101n, 102n].map((visitId) =>
    create(RuledVisitSchema, {
      providerId: 71n,
      visitId,
      visitRef: `V${visitId}`,
      personRef: "P12",
      providerName: "Dales Care",
      day: "2026-11-20",
      before: late,
      after: onTime,
    }),
  );
}
