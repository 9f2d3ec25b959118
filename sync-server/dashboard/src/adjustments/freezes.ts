// SPDX-License-Identifier: Apache-2.0
// A contract's freezes as they are listed: the newest month first.
import type { Freeze } from "@contract/doorstep/records/v1/freeze_service_pb";
import type { MeasureFigure } from "@contract/doorstep/records/v1/measures_service_pb";

import { numberText } from "../design/number_text";
import type { Server } from "../server/connection";
import { say } from "../words/say";

export interface ShownFreeze {
  freeze: Freeze;
  // It is the one that holds of its month.
  holds: boolean;
}

export async function readFreezes(server: Server, contractId: bigint): Promise<ShownFreeze[]> {
  const found: ShownFreeze[] = [];
  let pageToken = "";
  do {
    const page = await server.freezes.listFreezes({ contractId, pageToken });
    found.push(...page.freezes.map((freeze) => ({ freeze, holds: freeze.end === undefined })));
    pageToken = page.nextPageToken;
  } while (pageToken !== "");
  return found.reverse();
}

export function figureText(figure: MeasureFigure | undefined): string {
  if (figure === undefined) return say("freeze.no_figure");
  if (figure.isTooLarge) return say("freeze.too_large");
  return say("freeze.figure", {
    numerator: numberText(figure.numerator),
    denominator: numberText(figure.denominator),
  });
}
