// SPDX-License-Identifier: Apache-2.0
// What a mock server has of adjustments and frozen months, and its answers about them.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import {
  AdjustmentKind,
  AdjustmentService,
  type GetAdjustmentTotalsResponse,
  GetAdjustmentTotalsResponseSchema,
  type SlotAdjustment,
  SlotAdjustmentSchema,
} from "@contract/doorstep/records/v1/adjustment_service_pb";
import {
  type Freeze,
  FreezeSchema,
  FreezeService,
  type FrozenFigure,
  FrozenFigureSchema,
} from "@contract/doorstep/records/v1/freeze_service_pb";

export class DecidedRecords {
  adjustments: SlotAdjustment[] = [];
  totals: GetAdjustmentTotalsResponse = create(GetAdjustmentTotalsResponseSchema);
  freezes: Freeze[] = [];
  figures: FrozenFigure[] = [];
  // Visits of phones that a freeze must be confirmed for.
  silentVisits = 0n;
}

type Note = (method: string, request: unknown, context: HandlerContext) => void;

export function decisionServices(router: ConnectRouter, decided: DecidedRecords, note: Note): void {
  router.service(AdjustmentService, {
    listAdjustments: (request, context) => {
      note("listAdjustments", request, context);
      const found = decided.adjustments.filter(
        ({ visitId, reason }) =>
          (request.filter?.visitId || visitId) === visitId &&
          (request.filter?.reason || reason) === reason,
      );
      const from = Number(request.pageToken || 0);
      const next = from + request.pageSize;
      return {
        adjustments: found.slice(from, next),
        nextPageToken: next < found.length ? String(next) : "",
      };
    },
    getAdjustmentTotals: (request, context) => {
      note("getAdjustmentTotals", request, context);
      return decided.totals;
    },
  });
  router.service(FreezeService, {
    listFreezes: (request, context) => {
      note("listFreezes", request, context);
      return { freezes: decided.freezes };
    },
    getFreeze: (request, context) => {
      note("getFreeze", request, context);
      return {
        freeze: decided.freezes[0],
        figures: decided.figures,
        visitsNow: 1_205n,
      };
    },
    freezeMonth: (request, context) => {
      note("freezeMonth", request, context);
      if (decided.freezes.some((each) => each.month === request.month && !each.end))
        throw new ConnectError("ALREADY_FROZEN", Code.FailedPrecondition);
      const visitsSilent = decided.silentVisits;
      const silentPhones =
        visitsSilent === 0n
          ? []
          : [
              {
                providerId: 71n,
                deviceId: 4_711n,
                carerPseudonym: "0f3a9c5512e8d7b64a01",
                heardUnixMs: 1_795_500_000_000n,
                visits: visitsSilent,
              },
            ];
      if (visitsSilent > 0n && !request.confirmSilent) return { silentPhones, visitsSilent };
      const freeze = frozen({
        month: request.month,
        note: request.note,
        visitsSilent,
      });
      decided.freezes = [...decided.freezes, freeze];
      return { freeze, silentPhones, visitsSilent };
    },
    unfreezeMonth: (request, context) => {
      note("unfreezeMonth", request, context);
      decided.freezes = decided.freezes.map((each) =>
        each.month === request.month
          ? {
              ...each,
              end: create(FreezeSchema, {
                end: {
                  accountName: "Tom Hale",
                  madeUnixMs: 1n,
                  note: request.note,
                },
              }).end!,
            }
          : each,
      );
      return {};
    },
  });
}

export const frozen = (of: MessageInitShape<typeof FreezeSchema>): Freeze =>
  create(FreezeSchema, {
    contractId: 1n,
    contractRef: "LCC-HC-1",
    freeze: 1,
    asOfUnixMs: 1_796_200_000_000n,
    madeUnixMs: 1_796_200_010_000n,
    accountName: "Tom Hale",
    ruleVersions: [1, 2],
    logs: [{ providerId: 71n, size: 20_481n, rootHex: "ab".repeat(32) }],
    visitsSha256Hex: "cd".repeat(32),
    measuresSha256Hex: "ef".repeat(32),
    exportFirstDay: "2026-10-01",
    exportLastDay: "2026-11-01",
    visits: 1_204n,
    ...of,
  });

const nineMs = 1_795_510_800_000n; // 24 November 2026, 09:00
const minute = 60_000n;

// Times approved late, times that were replaced, a withdrawal, and an explanation.
export function fillDecided(decided: DecidedRecords): void {
  const of = (fields: MessageInitShape<typeof SlotAdjustmentSchema>): SlotAdjustment =>
    create(SlotAdjustmentSchema, {
      providerId: 71n,
      visitId: 9n,
      slot: 1,
      visitRef: "V-1009",
      day: "2026-11-24",
      editorName: "Samira Khan",
      editorRole: "supervisor",
      madeUnixMs: nineMs + 60n * minute,
      ...fields,
    });
  const recorded = {
    rawStartUnixMs: nineMs + 5n * minute,
    rawEndUnixMs: nineMs + 25n * minute,
    ruledStartUnixMs: nineMs + 5n * minute,
    ruledEndUnixMs: nineMs + 25n * minute,
  };
  decided.adjustments = [
    of({
      ...recorded,
      revision: 2,
      kind: AdjustmentKind.TIMES_APPROVED,
      startUnixMs: nineMs,
      endUnixMs: nineMs + 35n * minute,
      reason: "C7",
      action: "A3",
      note: "The paper log says 09:35.",
      gainMs: 15n * minute,
      late: true,
      inForce: true,
    }),
    of({
      ...recorded,
      revision: 1,
      kind: AdjustmentKind.TIMES_APPROVED,
      endUnixMs: nineMs + 20n * minute,
      reason: "W9",
      action: "A8",
      gainMs: -5n * minute,
    }),
    of({
      visitId: 10n,
      visitRef: "V-1010",
      revision: 2,
      kind: AdjustmentKind.TIMES_WITHDRAWN,
    }),
    of({
      visitId: 11n,
      visitRef: "",
      revision: 1,
      kind: AdjustmentKind.EXPLAINED,
      reason: "P3",
      responsibility: "person",
      inForce: true,
      editorName: "",
    }),
  ];
  const totals = {
    adjusted: 12n,
    late: 3n,
    noEvidence: 2n,
    gainKnown: 11n,
    gainMs: 85n * minute,
    gainedMs: 110n * minute,
    explained: 4n,
  };
  decided.totals = create(GetAdjustmentTotalsResponseSchema, {
    totals,
    byEditor: [
      { accountId: 7n, name: "Samira Khan", totals },
      { accountId: 8n, name: "", totals: { adjusted: 1n } },
    ],
    byReason: [
      { reason: "C7", totals },
      { reason: "Z9", totals: { explained: 1n } },
    ],
  });
  decided.freezes = [
    frozen({
      month: "2026-09",
      end: { accountName: "Tom Hale", madeUnixMs: nineMs, note: "late" },
    }),
    frozen({ month: "2026-10", note: "as agreed", visitsSilent: 2n }),
  ];
  decided.figures = [
    create(FrozenFigureSchema, {
      id: "missed.rate",
      changed: true,
      then: { numerator: 14n, denominator: 1_204n },
      now: { numerator: 13n, denominator: 1_205n },
    }),
    create(FrozenFigureSchema, {
      id: "billable.minutes",
      changed: true,
      then: { isTooLarge: true },
    }),
    create(FrozenFigureSchema, {
      id: "no_entry.rate",
      then: { numerator: 2n, denominator: 1_204n },
      now: { numerator: 2n, denominator: 1_204n },
    }),
  ];
}
