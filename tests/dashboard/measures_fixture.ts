// SPDX-License-Identifier: Apache-2.0
// Made-up visits of a contract and honest figures over them: every numerator and denominator is
// counted from the same visits that a figure opens to. A few measures of each kind.
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type GetMeasuresRequest,
  type GetMeasuresResponse,
  GetMeasuresResponseSchema,
  type GetSpreadResponse,
  GetSpreadResponseSchema,
  type ListMeasuresResponse,
  ListMeasuresResponseSchema,
  type ListMeasureVisitsRequest,
  MeasureFigureSchema,
  type MeasureFilter,
  MeasureNeeds,
  MeasurePart,
  MeasureUnit,
  type MeasureVisit,
  MeasureVisitSchema,
  UnrecordedFact,
} from "@contract/doorstep/records/v1/measures_service_pb";
import { wordedMeasures } from "@dashboard/figures/wording/measure_words";

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;
const perDay = 12;

// Days of visits: from the first one, `days` of them.
export function contractVisits(first: string, days: number): MeasureVisit[] {
  return Array.from({ length: days * perDay }, (_, index) => {
    const noon = Date.parse(`${first}T09:00:00Z`) + Math.floor(index / perDay) * dayMs;
    const day = new Date(noon).toISOString().slice(0, 10);
    const start = noon + (index % perDay) * 30 * minuteMs;
    const isMissed = index % 41 === 7;
    const isCancelled = index % 29 === 3;
    const isLate = !isMissed && !isCancelled && index % 17 === 5;
    const isAttended = !isMissed && !isCancelled;
    const began = start + (isLate ? 22 + (index % 9) : index % 8) * minuteMs;
    const second = index % 3 === 2;
    return create(MeasureVisitSchema, {
      providerId: second ? 72n : 71n,
      visitId: BigInt(5_000 + index),
      providerName: second ? "Soar Valley Care" : "Harborough Home Care",
      visitRef: `V-${5_000 + index}`,
      personRef: `P-${100 + (index % 9)}`,
      lot: index % 2 === 0 ? "Lot 4 Harborough" : "Lot 5 Melton",
      serviceKind: "day",
      day,
      ruleVersion: 3,
      visitClass: isMissed ? "missed" : isCancelled ? "cancelled" : "attended_full",
      cause: isMissed ? "never_started" : "",
      exclusion: isCancelled ? "cancelled" : "",
      punctuality: isAttended ? (isLate ? "late" : "on_time") : "",
      ...(isAttended ? { startUnixMs: BigInt(began) } : {}),
      plan: {
        startUnixMs: BigInt(start),
        latestStartUnixMs: BigInt(start + 15 * minuteMs),
        endUnixMs: BigInt(start + 30 * minuteMs),
        kind: "locked",
      },
      slots: [
        {
          carerSlot: 1,
          carerPseudonym: isAttended ? `c-${index % 5}` : "",
          slotClass: isMissed ? "missed" : isCancelled ? "cancelled" : "attended",
          cause: isMissed ? "never_started" : "",
          ...(isAttended
            ? {
                startUnixMs: BigInt(began),
                endUnixMs: BigInt(began + (25 + (index % 9)) * minuteMs),
              }
            : {}),
        },
      ],
    });
  });
}

const isReported = (visit: MeasureVisit) => visit.exclusion === "";
const isAttended = (visit: MeasureVisit) => visit.visitClass === "attended_full";
const stayMs = (visit: MeasureVisit) =>
  visit.slots.reduce(
    (sum, slot) => sum + Number((slot.endUnixMs ?? 0n) - (slot.startUnixMs ?? 0n)),
    0,
  );
const planMs = (visit: MeasureVisit) =>
  Number((visit.plan?.endUnixMs ?? 0n) - (visit.plan?.startUnixMs ?? 0n));

type Adds = (visit: MeasureVisit) => [number, number];
const share =
  (of: (visit: MeasureVisit) => boolean, part: (visit: MeasureVisit) => boolean): Adds =>
  (visit) => [of(visit) && part(visit) ? 1 : 0, of(visit) ? 1 : 0];
const time =
  (ms: (visit: MeasureVisit) => number): Adds =>
  (visit) => [ms(visit), 0];

const sums: Record<string, Adds> = {
  "punctuality.on_time_of_attended": share(isAttended, (v) => v.punctuality === "on_time"),
  "punctuality.on_time_of_planned": share(isReported, (v) => v.punctuality === "on_time"),
  "punctuality.late_rate": share(isAttended, (v) => v.punctuality === "late"),
  "missed.rate": share(isReported, (v) => v.visitClass === "missed"),
  "missed.attended_of_planned": share(isReported, isAttended),
  "no_entry.rate": share(isReported, () => false),
  "length.under_15": share(isAttended, (v) => stayMs(v) < 15 * minuteMs),
  "length.clip_rate": (v) =>
    isAttended(v) ? [Math.max(0, planMs(v) - stayMs(v)), planMs(v)] : [0, 0],
  "waterfall.planned": time((v) => (isReported(v) ? planMs(v) : 0)),
  "waterfall.delivered": time((v) => (isAttended(v) ? stayMs(v) : 0)),
  "waterfall.loss": time((v) => (isReported(v) ? planMs(v) - (isAttended(v) ? stayMs(v) : 0) : 0)),
};
const unitOf = (id: string) =>
  id.startsWith("waterfall.") || /late_(mean|p\d\d)$/.test(id)
    ? MeasureUnit.MINUTES
    : id === "continuity.carers_mean"
      ? MeasureUnit.CARERS
      : MeasureUnit.SHARE;
const needsOf = (id: string) =>
  /^waterfall\.(commissioned|plan_gap)$/.test(id)
    ? MeasureNeeds.PACKAGES
    : /invoiced$|over_claim$/.test(id)
      ? MeasureNeeds.INVOICES
      : MeasureNeeds.VISITS;

const unrecorded: [RegExp, UnrecordedFact][] = [
  [/^alerts\./, UnrecordedFact.LATE_ALERT],
  [/^alerts\.late_ack/, UnrecordedFact.ALERT_TAKEN_UP],
  [/^missed\.(detection_lag|recovered)/, UnrecordedFact.MISSED_ALERT],
  [/^punctuality\.basis\.commissioned$/, UnrecordedFact.ORDERED_TIMES],
];

export const knownMeasures = (): ListMeasuresResponse =>
  create(ListMeasuresResponseSchema, {
    measures: wordedMeasures.map((id) => ({
      id,
      unit: unitOf(id),
      addsUp: id in sums,
      needs: needsOf(id),
      unrecorded: unrecorded.flatMap(([ids, fact]) => (ids.test(id) ? [fact] : [])),
    })),
    dimensions: [
      "provider",
      "lot",
      "patch",
      "service_kind",
      "person_pseudonym",
      "day",
      "week",
      "month",
    ],
    spreads: ["lateness"],
  });

// The person's, of three in each lot; of one nobody said it.
function patchOf({ lot, personRef }: MeasureVisit): string {
  const names = /4/.test(lot)
    ? ["Market Harborough", "Lutterworth", "Villages"]
    : ["Melton Mowbray", "Vale", ""];
  return names[Number(personRef.slice(2)) % 3]!;
}

function rulesOf(visits: MeasureVisit[]) {
  const versions = [...new Set(visits.map((visit) => visit.ruleVersion))].sort();
  return versions.map((ruleVersion) => ({
    ruleVersion,
    visits: BigInt(visits.filter((visit) => visit.ruleVersion === ruleVersion).length),
    planBasis: "locked",
  }));
}

function valueOf(visit: MeasureVisit, dimension: string): string {
  const noon = Date.parse(`${visit.day}T12:00:00Z`);
  const values: Record<string, string> = {
    provider: visit.providerName,
    lot: visit.lot,
    patch: patchOf(visit),
    service_kind: visit.serviceKind,
    person_pseudonym: visit.personRef,
    day: visit.day,
    month: visit.day.slice(0, 7),
    week: new Date(noon - ((new Date(noon).getUTCDay() + 6) % 7) * dayMs)
      .toISOString()
      .slice(0, 10),
  };
  const value = values[dimension];
  if (value === undefined) throw new ConnectError("DIMENSION_UNKNOWN", Code.InvalidArgument);
  return value;
}

const chosen = (visits: MeasureVisit[], filter: MeasureFilter | undefined): MeasureVisit[] =>
  visits.filter(
    (visit) =>
      (!filter?.providerId || visit.providerId === filter.providerId) &&
      visit.day >= (filter?.firstDay ?? "") &&
      visit.day <= (filter?.lastDay || "9999") &&
      (filter?.where ?? []).every((each) => valueOf(visit, each.dimension) === each.value),
  );

function figure(id: string, visits: MeasureVisit[]) {
  const adds = sums[id];
  let [numerator, denominator] = [0, 0];
  for (const visit of adds ? visits : []) {
    const [part, all] = adds!(visit);
    numerator += part;
    denominator += all;
  }
  if (id === "continuity.carers_mean") {
    const attended = visits.filter(isAttended);
    const pairs = attended.map((v) => `${v.personRef}/${v.slots[0]?.carerPseudonym}`);
    numerator = new Set(pairs).size;
    denominator = new Set(attended.map((v) => v.personRef)).size;
  }
  if (adds && unitOf(id) === MeasureUnit.MINUTES) denominator = minuteMs;
  return { id, numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

export function measuresOf(all: MeasureVisit[], asked: GetMeasuresRequest): GetMeasuresResponse {
  const visits = chosen(all, asked.filter);
  const groups = new Map<string, MeasureVisit[]>(asked.by.length === 0 ? [["", []]] : []);
  for (const visit of visits) {
    const key = asked.by.map((dimension) => valueOf(visit, dimension)).join("|");
    groups.set(key, [...(groups.get(key) ?? []), visit]);
  }
  const ids = asked.measures.length > 0 ? asked.measures : wordedMeasures;
  const stored = ids.filter((id) => needsOf(id) === MeasureNeeds.VISITS);
  const count = (of: MeasureVisit[], fits: (visit: MeasureVisit) => boolean) =>
    BigInt(of.filter(fits).length);
  return create(GetMeasuresResponseSchema, {
    asOfUnixMs: BigInt(Date.parse("2026-11-28T10:00:00Z")),
    groups: [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, of]) => ({
        key: asked.by.length === 0 ? [] : key.split("|"),
        counts: {
          inFile: BigInt(of.length),
          reported: count(of, isReported),
          attendedFull: count(of, isAttended),
          missed: count(of, (visit) => visit.visitClass === "missed"),
          excluded: [{ name: "cancelled", count: count(of, (visit) => !isReported(visit)) }],
        },
        figures: stored.map((id) => figure(id, of)),
        rules: rulesOf(of),
      })),
    rules: rulesOf(visits),
    completeness: { phonesExpected: 76n, phonesHeardSince: 75n },
  });
}

export function spreadOf(
  all: MeasureVisit[],
  filter: MeasureFilter | undefined,
): GetSpreadResponse {
  const bins = new Map<number, number>();
  const late = chosen(all, filter).filter((visit) => visit.startUnixMs !== undefined);
  for (const { startUnixMs, plan } of late) {
    const minutes = Math.max(0, Number(startUnixMs! - plan!.latestStartUnixMs) / minuteMs);
    bins.set(Math.floor(minutes / 5) * 5, (bins.get(Math.floor(minutes / 5) * 5) ?? 0) + 1);
  }
  return create(GetSpreadResponseSchema, {
    bins: [...bins]
      .sort(([a], [b]) => a - b)
      .map(([from, count]) => ({
        from: BigInt(from),
        to: BigInt(from + 5),
        count: BigInt(count),
      })),
    values: BigInt(late.length),
    unit: MeasureUnit.MINUTES,
  });
}

export function visitsOf(all: MeasureVisit[], asked: ListMeasureVisitsRequest): MeasureVisit[] {
  const adds = sums[asked.measure];
  const found = chosen(all, asked.filter).filter((visit) => {
    const [part, of] = adds ? adds(visit) : [0, isReported(visit) ? 1 : 0];
    if (asked.part === MeasurePart.NUMERATOR) return part !== 0;
    return of !== 0 && (asked.part === MeasurePart.DENOMINATOR || part < of);
  });
  if (!adds) return found;
  return found.map((visit) => {
    const [part, of] = adds(visit);
    const figure = { id: asked.measure, numerator: BigInt(part), denominator: BigInt(of) };
    return { ...visit, adds: create(MeasureFigureSchema, figure) };
  });
}
