// SPDX-License-Identifier: Apache-2.0
// Lists of measures that belong together, as councils ask for them, with the targets that they
// name.
import type { PlainKey } from "../../words/say";

export const packNames = [
  "plain_15_15",
  "qs123",
  "essex_kpi3",
  "central_bedfordshire",
  "wales_s8",
  "continuity",
  "evidence",
  "all",
] as const;
export type PackName = (typeof packNames)[number];

interface Pack {
  title: PlainKey;
  // Ids, or the beginnings of ids, which end with a dot.
  measures: string[];
  // At least so many thousandths.
  targets: Record<string, number>;
}

const packs: Record<PackName, Pack> = {
  plain_15_15: {
    title: "pack.plain",
    measures: ["punctuality.", "missed.rate", "no_entry.rate", "length."],
    targets: {},
  },
  qs123: { title: "pack.qs123", measures: ["qs123.", "missed.rate", "continuity."], targets: {} },
  essex_kpi3: {
    title: "pack.essex",
    measures: [
      "missed.attended_of_planned",
      "punctuality.time_critical",
      "missed.cause.",
      "punctuality.basis.",
    ],
    targets: { "missed.attended_of_planned": 1_000, "punctuality.time_critical": 1_000 },
  },
  central_bedfordshire: {
    title: "pack.central_bedfordshire",
    measures: [
      "evidence.",
      "punctuality.",
      "length.",
      "delivered.percent_capped",
      "continuity.",
      "edits.",
    ],
    targets: { "evidence.electronic_by_rule": 850 },
  },
  wales_s8: {
    title: "pack.wales",
    measures: [
      "wales.s8",
      "qs123.4a_planned",
      "qs123.4b_planned",
      "qs123.4a_actual",
      "qs123.4b_actual",
      "continuity.known_carer",
      "length.under_15",
    ],
    targets: {},
  },
  continuity: { title: "pack.continuity", measures: ["continuity.", "qs123.3"], targets: {} },
  evidence: {
    title: "pack.evidence",
    measures: ["evidence.", "edits.", "sync.", "clock."],
    targets: {},
  },
  all: { title: "pack.all", measures: [""], targets: {} },
};

export const packTitle = (name: PackName): PlainKey => packs[name].title;

// Of the ids that there are, those of the pack, in its order.
export const packMeasures = (name: PackName, ids: string[]): string[] =>
  packs[name].measures.flatMap((wanted) =>
    ids.filter((id) =>
      wanted === "" || wanted.endsWith(".") ? id.startsWith(wanted) : id === wanted,
    ),
  );

export const targetOf = (name: PackName, id: string): number | undefined => packs[name].targets[id];
