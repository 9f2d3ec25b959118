// SPDX-License-Identifier: Apache-2.0
// What a mock server has of what is commissioned, and its answers about it. Made-up people.
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, type ConnectRouter, type HandlerContext } from "@connectrpc/connect";
import {
  CommissionedKind,
  type CommissionedRow,
  CommissionedRowSchema,
  CommissioningService,
  type GetCommissionedDayResponse,
  GetCommissionedDayResponseSchema,
  type ListCommissionedResponse,
  ListCommissionedResponseSchema,
  type PersonPackages,
  PersonPackagesSchema,
} from "@contract/doorstep/admin/v1/commissioning_service_pb";

const lotsAPage = 2;

export class CommissionedOffice {
  day: GetCommissionedDayResponse = create(GetCommissionedDayResponseSchema);
  people: PersonPackages[] = [];
  // Lots and patches of providers, two rows a page; of others the history is told.
  lots = new Map<bigint, CommissionedRow[]>();
  // Of whatever is asked.
  history: ListCommissionedResponse = create(ListCommissionedResponseSchema);
  // Set: setting is refused with this reason.
  refusal = "";
  rowsChanged = 1;
  // Pages of people that are empty and go on, before the first one that is not.
  emptyPages = 0;
}

type Note = (method: string, request: unknown, context: HandlerContext) => void;

export function commissioningService(
  router: ConnectRouter,
  office: CommissionedOffice,
  note: Note,
): void {
  router.service(CommissioningService, {
    getCommissionedDay: (request, context) => {
      note("getCommissionedDay", request, context);
      return { ...office.day, day: request.day };
    },
    listPackages: (request, context) => {
      note("listPackages", request, context);
      const [empty = 0, from = 0] = request.pageToken.split("/").map(Number);
      if (empty < office.emptyPages) return { nextPageToken: `${empty + 1}/${from}` };
      const found = office.people.filter(({ personRef }) =>
        personRef.toLowerCase().includes(request.search.toLowerCase()),
      );
      const next = from + request.pageSize;
      return {
        day: request.day,
        people: found.slice(from, next),
        nextPageToken: next < found.length ? `${empty}/${next}` : "",
      };
    },
    listCommissioned: (request, context) => {
      note("listCommissioned", request, context);
      const described = office.lots.get(request.providerId);
      if (described !== undefined) {
        const rows = described.filter(
          (row) => row.kind === request.kind && row.subjectId === request.contractId,
        );
        const from = Number(request.pageToken || 0);
        const next = from + lotsAPage;
        return {
          rows: rows.slice(from, next),
          nextPageToken: next < rows.length ? String(next) : "",
        };
      }
      const rows = office.history.rows.filter(
        (row) => row.kind === request.kind && row.name === request.name,
      );
      return { ...office.history, rows };
    },
    setCommissioned: (request, context) => {
      note("setCommissioned", request, context);
      if (office.refusal !== "")
        throw new ConnectError(office.refusal, Code.FailedPrecondition, {
          "doorstep-reason": office.refusal,
        });
      return { commissioningVersion: 8n, rowsChanged: office.rowsChanged };
    },
  });
}

const rowOf = (row: MessageInitShape<typeof CommissionedRowSchema>): CommissionedRow =>
  create(CommissionedRowSchema, row);

const packageRow = (
  weekMinutes: number,
  row: { fromDay?: string; reason?: string; version: bigint; replacedVersion?: bigint },
): CommissionedRow =>
  rowOf({
    kind: CommissionedKind.PACKAGE,
    subjectId: 501n,
    name: "day",
    fromDay: "2026-10-05",
    ...row,
    content: {
      case: "package",
      value: {
        serviceKind: "day",
        model: "time_and_task",
        purchase: "block",
        arrangedBy: "council",
        weekMinutes,
        patch: "Market Harborough",
      },
    },
  });
const dayCare = packageRow(870, { version: 6n });
const lotRow = (outlineGeojson: string): CommissionedRow =>
  rowOf({
    kind: CommissionedKind.LOT,
    subjectId: 31n,
    name: "Lot 4 Harborough",
    fromDay: "1970-01-01",
    version: 1n,
    content: {
      case: "lot",
      value: {
        patches: [
          { name: "Market Harborough", rurality: "urban" },
          { name: "Welland villages", rurality: "rural" },
        ],
        outlineGeojson,
      },
    },
  });

// A day of the county's contract with one provider: everything that there is, among it.
export function fillCommissioned(office: CommissionedOffice): void {
  const rate = (name: string, pencePerHour: number, fromDay: string) =>
    rowOf({
      kind: CommissionedKind.RATE,
      subjectId: 31n,
      name,
      fromDay,
      content: { case: "rate", value: { pencePerHour } },
      version: 2n,
    });
  const uplift = rowOf({
    kind: CommissionedKind.RATE,
    subjectId: 31n,
    name: "uplift/",
    fromDay: "2026-04-01",
    content: { case: "rate", value: { upliftBp: 450 } },
    version: 4n,
  });
  office.day = create(GetCommissionedDayResponseSchema, {
    commissioningVersion: 7n,
    maySet: true,
    councilId: 5n,
    lots: [
      {
        lot: "Lot 4 Harborough",
        role: "lead",
        outlineBytes: 2_048,
        description: lotRow(""),
      },
      { lot: "Lot 5 Melton", role: "supplementary", roleFromDay: "2026-07-01" },
    ],
    ratings: [
      {
        kind: CommissionedKind.RATING,
        name: "cqc",
        fromDay: "2025-03-14",
        version: 3n,
        content: {
          case: "rating",
          value: { rating: "requires_improvement", source: "inspection report of 14 March 2025" },
        },
      },
      {
        kind: CommissionedKind.RATING,
        name: "stop_on_new_work",
        fromDay: "2026-11-02",
        untilDay: "2026-12-31",
        version: 5n,
        content: { case: "rating", value: { source: "contract board, minute 7" } },
      },
    ],
    rates: [
      { rate: rate("weekday/day", 2_250, "2025-04-01"), uplifts: [uplift], pencePerHour: 2_351 },
      { rate: rate("bank_holiday/day", 4_500, "2026-04-01"), pencePerHour: 4_500 },
    ],
    uplifts: [uplift],
    commissioner: {
      kind: CommissionedKind.COMMISSIONER,
      subjectId: 5n,
      fromDay: "2025-01-01",
      content: { case: "commissioner", value: { kind: "council" } },
    },
  });
  office.people = Array.from({ length: 60 }, (_, index) =>
    create(PersonPackagesSchema, {
      personId: BigInt(501 + index),
      personRef: `LC-${1041 + index}`,
      lot: index % 3 === 2 ? "Lot 5 Melton" : "Lot 4 Harborough",
      tier: ["", "1", "2", "3"][index % 4] ?? "",
      funderSplit: index % 5 === 0 ? "council=8000;health=2000" : "",
      packages: index === 0 ? [dayCare] : index % 7 === 3 ? [] : [{ ...dayCare, version: 1n }],
      pauses:
        index === 1
          ? [
              {
                kind: CommissionedKind.PAUSE,
                fromDay: "2026-11-20",
                untilDay: "2026-11-30",
                content: { case: "pause", value: { reason: "hospital" } },
              },
            ]
          : [],
    }),
  );
  office.history = create(ListCommissionedResponseSchema, {
    commissioningVersion: 7n,
    rows: [
      packageRow(630, { fromDay: "2031-01-01", version: 7n }),
      dayCare,
      packageRow(600, {
        reason: "the assessment was read late",
        version: 2n,
        replacedVersion: 6n,
      }),
      lotRow('{"type":"Polygon","coordinates":[]}'),
    ],
    acts: [
      { version: 7n, madeUnixMs: 1_795_500_000_000n, decidedBy: "Tom Hale", why: "yearly review" },
      {
        version: 6n,
        madeUnixMs: 1_792_000_000_000n,
        decidedBy: "Tom Hale",
        why: "hospital letter",
      },
      { version: 2n, madeUnixMs: 1_788_000_000_000n },
    ],
  });
}
