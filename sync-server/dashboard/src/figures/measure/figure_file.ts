// SPDX-License-Identifier: Apache-2.0
// What a table of figures shows, as a file: the same groups in the same order, nothing rounded.
import type { GetMeasuresResponse } from "@contract/doorstep/records/v1/measures_service_pb";

import type { Days } from "../question/figures_query";
import { valueOf } from "../wording/figure_text";

// A spreadsheet would run a field that begins so.
const formula = /^[=+\-@\t\r]/;
function field(text: string): string {
  const safe = formula.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

interface Row {
  // Values of the dimensions, in their order.
  key: string[];
  numerator: string;
  denominator: string;
  // Null: there is none.
  value: number | null;
  reported: string;
}

function rowsOf(answer: GetMeasuresResponse, id: string): Row[] {
  return answer.groups.map((group) => {
    const figure = group.figures.find((each) => each.id === id);
    const isThere = figure !== undefined && !figure.isTooLarge;
    return {
      key: group.key,
      numerator: isThere ? String(figure.numerator) : "",
      denominator: isThere ? String(figure.denominator) : "",
      value: valueOf(figure) ?? null,
      reported: String(group.counts?.reported ?? 0n),
    };
  });
}

export function csvOf(answer: GetMeasuresResponse, id: string, by: string[]): string {
  const lines = rowsOf(answer, id).map((row) => [
    id,
    ...row.key,
    row.numerator,
    row.denominator,
    row.value === null ? "" : row.value.toFixed(6),
    row.reported,
  ]);
  const head = ["measure", ...by, "numerator", "denominator", "value", "visits_reported"];
  return [head, ...lines].map((line) => `${line.map(field).join(",")}\r\n`).join("");
}

export function jsonOf(answer: GetMeasuresResponse, id: string, by: string[], days: Days): string {
  const rules = answer.rules.map((rule) => ({
    rule_version: rule.ruleVersion,
    visits: String(rule.visits),
  }));
  const groups = rowsOf(answer, id);
  const as_of_unix_ms = String(answer.asOfUnixMs);
  return `${JSON.stringify({ measure: id, by, period: days, as_of_unix_ms, rules, groups })}\n`;
}
