// SPDX-License-Identifier: Apache-2.0
// The mock server's figures, of the visits that a test gives it.
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import {
  type MeasureVisit,
  MeasuresService,
} from "@contract/doorstep/records/v1/measures_service_pb";

import { knownMeasures, measuresOf, spreadOf, visitsOf } from "./measures_fixture";

export interface Measured {
  measured: MeasureVisit[];
  // Set: the reason with which every question about figures is refused.
  measuresRefused: string;
}
type Note = (method: string, request: unknown, context: HandlerContext) => void;
type Page = (
  all: MeasureVisit[],
  asked: { pageSize: number; pageToken: string },
) => [MeasureVisit[], string];

export function measuresService(
  router: ConnectRouter,
  given: Measured,
  note: Note,
  page: Page,
): void {
  router.service(MeasuresService, {
    listMeasures: (request, context) => {
      note("listMeasures", request, context);
      return knownMeasures();
    },
    getMeasures: (request, context) => {
      note("getMeasures", request, context);
      if (given.measuresRefused !== "")
        throw new ConnectError(given.measuresRefused, Code.ResourceExhausted);
      return measuresOf(given.measured, request);
    },
    getSpread: (request, context) => {
      note("getSpread", request, context);
      return spreadOf(given.measured, request.filter);
    },
    listMeasureVisits: (request, context) => {
      note("listMeasureVisits", request, context);
      const [visits, nextPageToken] = page(visitsOf(given.measured, request), request);
      return { visits, nextPageToken };
    },
  });
}
