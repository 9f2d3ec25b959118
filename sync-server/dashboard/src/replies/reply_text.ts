// SPDX-License-Identifier: Apache-2.0
// Replies to figures as they are listed and shown.
import { toJsonString } from "@bufbuild/protobuf";
import {
  type MeasureFilter,
  MeasureFilterSchema,
} from "@contract/doorstep/records/v1/measures_service_pb";
import type { FigureReply, ReplyVisit } from "@contract/doorstep/records/v1/replies_service_pb";

import { dayOf, shortDayText } from "../design/london_time";
import { dimensionName, groupText } from "../figures/wording/figure_words";
import { listed, say } from "../words/say";

// In the contract's limits.
export const textBytesMax = 2_000;
export const visitsMax = 50;

export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

// The same for the same figure, however it is shown.
export const figureKey = (filter: MeasureFilter, id: string): string =>
  `${id} ${toJsonString(MeasureFilterSchema, filter)}`;

// Which figure: its days, and what its visits are chosen by.
export function aboutText(filter: MeasureFilter): string {
  const noon = (day: string) => Date.parse(`${day}T12:00:00Z`);
  const days = say("reply.days", {
    first: shortDayText(noon(filter.firstDay)),
    last: shortDayText(noon(filter.lastDay)),
    year: filter.lastDay.slice(0, 4),
  });
  if (filter.where.length === 0) return days;
  const where = filter.where.map(({ dimension, value }) =>
    say("reply.choice", {
      dimension: dimensionName(dimension),
      value: groupText(dimension, value),
    }),
  );
  return say("reply.days_where", { days, where: listed(where) });
}

// Whether the reply is to the very figure that is looked at, whoever's share of it.
export function isAbout(reply: FigureReply, filter: MeasureFilter): boolean {
  const choices = (of: MeasureFilter | undefined) =>
    (of?.where ?? [])
      .map(({ dimension, value }) => `${dimension}\u0000${value}`)
      .sort()
      .join("\u0001");
  return (
    reply.filter?.firstDay === filter.firstDay &&
    reply.filter.lastDay === filter.lastDay &&
    choices(reply.filter) === choices(filter)
  );
}

export const visitName = (visit: ReplyVisit): string =>
  visit.visitRef || say("reply.unplanned", { visit: String(visit.visitId) });

// The local day of the visit's plan; empty: nobody planned it.
export const visitDay = (visit: ReplyVisit): string =>
  visit.windowStartUnixMs === undefined ? "" : dayOf(visit.windowStartUnixMs);
