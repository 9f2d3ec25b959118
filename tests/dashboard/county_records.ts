// SPDX-License-Identifier: Apache-2.0
// Records of a council with two contracts, and their evidence. Made-up people; figures add up.
import { create } from "@bufbuild/protobuf";
import { TimeClass } from "@contract/doorstep/monitoring/v1/board_service_pb";
import {
  type Contract,
  ContractSchema,
  type GetTotalsResponse,
  GetTotalsResponseSchema,
  Punctuality,
  type RecordFilter,
  type Totals,
  TotalsSchema,
  type VisitRecord,
  VisitRecordSchema,
} from "@contract/doorstep/records/v1/records_service_pb";

const rules = {
  ruleVersion: 3,
  lateToleranceMin: 15,
  earlyToleranceMin: 15,
  timeCriticalToleranceMin: 5,
  missedAfterMin: 120,
};

export function countyContracts(): Contract[] {
  return [
    create(ContractSchema, {
      contractId: 31n,
      councilName: "Leicestershire County Council",
      providerId: 71n,
      providerName: "Harborough Home Care",
      providers: [{ providerId: 71n, providerName: "Harborough Home Care" }],
      ref: "HC-2026-04",
      lots: ["Lot 4 Harborough", "Lot 5 Melton"],
      rules,
    }),
    create(ContractSchema, {
      contractId: 32n,
      councilName: "Leicestershire County Council",
      providerId: 72n,
      providerName: "Soar Valley Care",
      providers: [{ providerId: 72n, providerName: "Soar Valley Care" }],
      ref: "HC-2026-09",
      lots: ["Lot 9 Charnwood North"],
      rules: { ...rules, ruleVersion: 4, lateToleranceMin: 30, earlyToleranceMin: 30 },
    }),
  ];
}

const minuteMs = 60_000n;

// 240 carer visits over two days, every outcome among them, the same every time.
export function countyRecords(firstDayUnixMs: bigint): VisitRecord[] {
  return Array.from({ length: 240 }, (_, index) => {
    const contract = index % 3 === 2 ? countyContracts()[1]! : countyContracts()[0]!;
    const lot = contract.lots[index % contract.lots.length]!;
    const start =
      firstDayUnixMs +
      BigInt(index % 2) * 1_440n * minuteMs +
      (420n + BigInt(Math.floor(index / 2) * 6)) * minuteMs;
    const punctuality =
      index % 40 === 7
        ? Punctuality.MISSED
        : index % 40 === 19
          ? Punctuality.NO_ENTRY
          : index % 40 === 31
            ? Punctuality.NOT_COUNTED
            : index % 7 === 4
              ? Punctuality.LATE
              : index % 17 === 3
                ? Punctuality.EARLY
                : Punctuality.ON_TIME;
    const started = [Punctuality.ON_TIME, Punctuality.LATE, Punctuality.EARLY].includes(
      punctuality,
    );
    const lateMs =
      punctuality === Punctuality.LATE ? BigInt(16 + (index % 31)) * minuteMs + 20_000n : 0n;
    const windowEnd = start + 15n * minuteMs;
    const rawStart =
      punctuality === Punctuality.EARLY
        ? start - 22n * minuteMs
        : lateMs > 0n
          ? windowEnd + lateMs
          : start + BigInt(index % 14) * minuteMs;
    const rawEnd = rawStart + BigInt(24 + (index % 9)) * minuteMs;
    const trusted = (at: bigint) =>
      index % 11 === 5
        ? { timeClass: TimeClass.WALL_CLOCK, ruledUnixMs: at }
        : {
            timeClass: TimeClass.ANCHORED,
            earliestUnixMs: at - 400n,
            latestUnixMs: at + 400n,
            ruledUnixMs: at,
          };
    return create(VisitRecordSchema, {
      contractId: contract.contractId,
      providerId: contract.providerId,
      visitId: 5_000n + BigInt(index),
      visitRef: `R${5_000 + index}`,
      personRef: `P${100 + (index % 60)}`,
      lot,
      service: index % 4 === 0 ? "Medication" : "Personal care",
      carerSlot: 1,
      carersRequired: 1,
      carerPseudonym: `C-${(index % 17) + 1}`,
      windowStartUnixMs: start,
      windowEndUnixMs: windowEnd,
      plannedMin: 30,
      timeCritical: index % 4 === 0,
      ...(started
        ? {
            rawStartUnixMs: rawStart,
            rawEndUnixMs: rawEnd,
            startTime: trusted(rawStart),
            endTime: trusted(rawEnd),
            startReceivedUnixMs: rawStart + (index % 6 === 1 ? 200n * minuteMs : 900n),
            endReceivedUnixMs: rawEnd + 900n,
            startGrade: 1 + (index % 4),
            endGrade: 1 + (index % 3),
            tasksPlanned: 4,
            tasksDone: index % 8 === 0 ? 3 : 4,
            tasksNotDoneReasoned: index % 8 === 0 ? 1 : 0,
            criticalNotDone: index % 48 === 0 ? 1 : 0,
          }
        : {}),
      punctuality,
      lateMs,
      ruleVersion: contract.rules!.ruleVersion,
      ...(index === 1 ? { termsCorrection: countyCorrection(start) } : {}),
    });
  });
}

// Of the second visit: the person's terms and the contract of her lot were said otherwise.
function countyCorrection(start: bigint) {
  return {
    madeUnixMs: start + 1_560n * minuteMs,
    reason: "the boundary was read wrongly",
    before: [
      {
        lot: "Lot 5 Melton",
        tier: "complex",
        funderSplit: "council=8000;nhs=2000",
        replacedUnixMs: start + 1_560n * minuteMs,
      },
      {
        fromDay: "2026-11-02",
        contractId: 32n,
        providerRole: "lead",
        madeUnixMs: start - 4_320n * minuteMs,
        replacedUnixMs: start + 1_560n * minuteMs,
      },
      { fromDay: "2026-11-09", contractId: 99n },
    ],
  };
}

export function matches(record: VisitRecord, filter: RecordFilter | undefined): boolean {
  if (!filter) return true;
  const day = new Date(Number(record.windowStartUnixMs)).toISOString().slice(0, 10);
  return (
    (filter.contractId === 0n || record.contractId === filter.contractId) &&
    (filter.providerId === 0n || record.providerId === filter.providerId) &&
    (filter.lot === "" || record.lot === filter.lot) &&
    (filter.firstDay === "" || day >= filter.firstDay) &&
    (filter.lastDay === "" || day <= filter.lastDay) &&
    (filter.punctuality === Punctuality.UNSPECIFIED || record.punctuality === filter.punctuality)
  );
}

function sum(records: VisitRecord[]): Totals {
  const count = (value: Punctuality) =>
    BigInt(records.filter((record) => record.punctuality === value).length);
  return create(TotalsSchema, {
    visits: BigInt(records.length),
    carerVisits: BigInt(records.length),
    onTime: count(Punctuality.ON_TIME),
    early: count(Punctuality.EARLY),
    late: count(Punctuality.LATE),
    missed: count(Punctuality.MISSED),
    noEntry: count(Punctuality.NO_ENTRY),
    open: count(Punctuality.OPEN),
    notCounted: count(Punctuality.NOT_COUNTED),
    totalLateMs: records.reduce((total, record) => total + record.lateMs, 0n),
    highestLateMs: records.reduce(
      (highest, record) => (record.lateMs > highest ? record.lateMs : highest),
      0n,
    ),
    ruleVersions: [...new Set(records.map((record) => record.ruleVersion))].sort(),
  });
}

export function totalsOf(records: VisitRecord[]): GetTotalsResponse {
  const groups = (name: (record: VisitRecord) => string) =>
    [...new Set(records.map(name))].sort().map((each) => ({
      name: each,
      totals: sum(records.filter((record) => name(record) === each)),
    }));
  const providers = new Map(
    countyContracts().map((contract) => [contract.providerId, contract.providerName]),
  );
  const open = 2 ** 31 - 1;
  const borders = [-open, ...Array.from({ length: 19 }, (_, index) => -30 + index * 5), open];
  const starts = records.flatMap((record) =>
    record.rawStartUnixMs === undefined
      ? []
      : [Number(record.rawStartUnixMs - record.windowEndUnixMs) / 60_000],
  );
  return create(GetTotalsResponseSchema, {
    totals: sum(records),
    byProvider: groups((record) => providers.get(record.providerId)!),
    byLot: groups((record) => record.lot),
    lateness: borders.slice(0, -1).map((fromMin, index) => {
      const toMin = borders[index + 1]!;
      return {
        fromMin,
        toMin,
        count: BigInt(starts.filter((late) => late >= fromMin && late < toMin).length),
      };
    }),
  });
}
