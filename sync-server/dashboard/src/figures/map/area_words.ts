// SPDX-License-Identifier: Apache-2.0
import type { MeasureUnit } from "@contract/doorstep/records/v1/measures_service_pb";

import { say } from "../../words/say";
import { figuresHash } from "../question/figures_query";
import type { Question } from "../question/question";
import { figureText, partsText } from "../wording/figure_text";
import { groupText } from "../wording/figure_words";
import { type Area, dimensionsOf, type Level } from "./areas";

export const areaName = ({ lot, patch }: Area, level: Level): string =>
  level === "lot"
    ? groupText("lot", lot)
    : say("map.patch_of", { patch: groupText("patch", patch), lot: groupText("lot", lot) });

// "Lot 4: 94.1 %, 160 of 170"
export function areaText(area: Area, level: Level, unit: MeasureUnit): string {
  const words = { area: areaName(area, level), value: figureText(area.figure, unit) };
  const parts = partsText(area.figure, unit);
  return parts === "" ? say("map.area", words) : say("map.area_of", { ...words, parts });
}

// The visits that the area's figure is made of.
export function areaHash(question: Question, area: Area, level: Level, id: string): string {
  const dimensions = dimensionsOf(level);
  const others = question.fields.where.filter(([dimension]) => !dimensions.includes(dimension));
  const own = dimensions.map((name): [string, string] => [
    name,
    name === "lot" ? area.lot : area.patch,
  ]);
  const fields = { ...question.fields, where: [...others, ...own] };
  return figuresHash("visits", fields, { measure: id, part: "denominator" });
}
