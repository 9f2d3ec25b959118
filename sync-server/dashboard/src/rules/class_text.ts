// SPDX-License-Identifier: Apache-2.0
// What rules make of a visit, in words.
import type { ClassChange, RuledClass } from "@contract/doorstep/records/v1/rules_service_pb";

import { say } from "../words/say";
import { classWords } from "./rule_words";

const word = (name: string): string => {
  const key = classWords[name];
  return key ? say(key) : name;
};

export function classText(ruled: RuledClass | undefined): string {
  if (!ruled || (ruled.visitClass === "" && ruled.exclusion === "")) return say("rules.not_judged");
  const visit = word(ruled.visitClass || ruled.exclusion);
  const more = [ruled.exclusion, ruled.punctuality, ruled.cause].find(
    (name) => name !== "" && name !== ruled.visitClass && word(name) !== visit,
  );
  return more ? say("rules.class_more", { visit, more: word(more) }) : visit;
}

const keyOf = (ruled: RuledClass | undefined): string =>
  [ruled?.visitClass, ruled?.exclusion, ruled?.punctuality, ruled?.cause].join("/");
export const cellKey = (cell: ClassChange): string => `${keyOf(cell.before)} ${keyOf(cell.after)}`;
export const isChange = (cell: ClassChange): boolean => keyOf(cell.before) !== keyOf(cell.after);

export interface MatrixRow {
  key: string;
  text: string;
  visits: bigint;
  // By column; undefined: no visit.
  cells: (ClassChange | undefined)[];
}
export interface Matrix {
  columns: { key: string; text: string }[];
  rows: MatrixRow[];
}

// Old classes by new classes, of those that visits leave or come to; both in the server's order.
export function matrixOf(classes: readonly ClassChange[]): Matrix {
  const changes = classes.filter(isChange);
  const moved = new Set(changes.flatMap((cell) => [keyOf(cell.before), keyOf(cell.after)]));
  const cells = classes.filter((cell) => moved.has(keyOf(cell.before)));
  const distinct = (all: (RuledClass | undefined)[]) =>
    [...new Map(all.map((ruled) => [keyOf(ruled), ruled]))]
      .filter(([key]) => moved.has(key))
      .sort(([a], [b]) => order(classes, a) - order(classes, b));
  const columns = distinct(cells.map((cell) => cell.after));
  const rows = distinct(cells.map((cell) => cell.before)).map(([key, ruled]) => {
    const own = cells.filter((cell) => keyOf(cell.before) === key);
    return {
      key,
      text: classText(ruled),
      visits: own.reduce((sum, cell) => sum + cell.visits, 0n),
      cells: columns.map(([column]) => own.find((cell) => keyOf(cell.after) === column)),
    };
  });
  return { columns: columns.map(([key, ruled]) => ({ key, text: classText(ruled) })), rows };
}

// Cells come by their old class; a class that no visit had before stands behind those.
function order(classes: readonly ClassChange[], key: string): number {
  const at = classes.findIndex((cell) => keyOf(cell.before) === key);
  return at < 0 ? classes.length : at;
}
