// SPDX-License-Identifier: Apache-2.0
// Asks for the lots of a contract: each provider's rows are its own.
import {
  CommissionedKind,
  type CommissionedRow,
} from "@contract/doorstep/admin/v1/commissioning_service_pb";
import type { Contract } from "@contract/doorstep/records/v1/records_service_pb";

import type { Server } from "../../server/connection";
import { type Lot, lotsOn } from "./outlines";

// Pages of 50 rows with at most 64 KiB of outlines each, for all providers together.
const mostPages = 20;

export interface KnownLots {
  lots: Lot[];
  // There are more than were asked for.
  areCutOff: boolean;
}

// Errors: those of CommissioningService.ListCommissioned.
export async function readLots(
  server: Server,
  contract: Contract,
  day: string,
  signal: AbortSignal,
): Promise<KnownLots> {
  const rows: CommissionedRow[][] = [];
  let pages = 0;
  for (const { providerId } of contract.providers) {
    const ofProvider: CommissionedRow[] = [];
    rows.push(ofProvider);
    let pageToken = "";
    do {
      if (++pages > mostPages) return { lots: lotsOn(rows, day), areCutOff: true };
      const asked = {
        providerId,
        kind: CommissionedKind.LOT,
        contractId: contract.contractId,
        pageToken,
      };
      const page = await server.commissioning.listCommissioned(asked, { signal });
      ofProvider.push(...page.rows);
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
  }
  return { lots: lotsOn(rows, day), areCutOff: false };
}
