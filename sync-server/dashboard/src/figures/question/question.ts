// SPDX-License-Identifier: Apache-2.0
// What every part of the pages of figures is asked about.
import type {
  GetMeasuresResponse,
  ListMeasuresResponse,
  MeasureFigure,
  MeasureFilter,
  MeasureInfo,
} from "@contract/doorstep/records/v1/measures_service_pb";
import type { Contract } from "@contract/doorstep/records/v1/records_service_pb";

import type { Server } from "../../server/connection";
import { packMeasures } from "../wording/measure_packs";
import type { Days, FigureFields } from "./figures_query";

export interface Question {
  server: Server;
  // The visit page is for those who see the board.
  seesBoard: boolean;
  // The provider that the person replies for; 0: none.
  repliesFor: bigint;
  contract: Contract;
  fields: FigureFields;
  days: Days;
  filter: MeasureFilter;
  known: ListMeasuresResponse;
}

export const infoOf = (question: Question, id: string): MeasureInfo | undefined =>
  question.known.measures.find((measure) => measure.id === id);

export const chosenMeasures = (question: Question): string[] =>
  packMeasures(
    question.fields.pack,
    question.known.measures.map((measure) => measure.id),
  );

// The measure that the address names, or the first of the list.
export const measureAsked = (question: Question, named: string): string =>
  infoOf(question, named)?.id ?? chosenMeasures(question)[0] ?? "";

// Of the only group, or of the group with this key.
export function figureIn(
  answer: GetMeasuresResponse | undefined,
  id: string,
  key: string[] = [],
): MeasureFigure | undefined {
  const group = answer?.groups.find((each) => each.key.join("\u0000") === key.join("\u0000"));
  return group?.figures.find((figure) => figure.id === id);
}
