// SPDX-License-Identifier: Apache-2.0
// A row as somebody fills it in: fields of text, read into the message that is sent. What the
// fields alone show to be wrong is said before anything is sent; the server decides.
import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  CommissionedKind,
  type CommissionedRow,
  type CommissionedRowSchema,
} from "@contract/doorstep/admin/v1/commissioning_service_pb";

import { moveDay } from "../design/london_time";
import type { PlainKey } from "../words/say";
import { nameParts, stopName, upliftName } from "./commissioned_words";

// What is filled in; each has fields of its own.
export type RowForm = "package" | "pause" | "lot" | "rating" | "stop" | "rate" | "uplift" | "body";

// What is looked at, and changed by whoever may.
export interface Target {
  form: RowForm;
  subjectId: bigint;
  // The person's ref, the contract's, the provider or the council.
  subject: string;
  // Of something that is there; absent: something new is said.
  name?: string;
  row?: CommissionedRow | undefined;
  // Of the person's lot, to choose from.
  patches?: string[];
}

export interface PatchDraft {
  name: string;
  rurality: string;
}

export interface RowDraft {
  serviceKind: string; // of a package, pause, rate, uplift; empty: all, of a pause or uplift
  dayKind: string;
  scale: string;
  theme: string; // of the Care Inspectorate's grades
  weekMinutes: string;
  model: string;
  purchase: string;
  arrangedBy: string;
  patch: string;
  shortVisitBasis: string;
  services: string;
  pauseReason: string;
  patches: PatchDraft[];
  outline: string;
  rating: string;
  source: string;
  price: string; // pounds an hour
  uplift: string; // per cent
  body: string;
  ends: boolean; // nothing holds from the first day on
  fromDay: string;
  untilDay: string;
  why: string;
}

export type DraftField = keyof RowDraft;
export type Faults = Partial<Record<DraftField, PlainKey>>;

export const kindOf: Record<RowForm, CommissionedKind> = {
  package: CommissionedKind.PACKAGE,
  pause: CommissionedKind.PAUSE,
  lot: CommissionedKind.LOT,
  rating: CommissionedKind.RATING,
  stop: CommissionedKind.RATING,
  rate: CommissionedKind.RATE,
  uplift: CommissionedKind.RATE,
  body: CommissionedKind.COMMISSIONER,
};

// Only these may end without another in their place.
export const mayEnd = (form: RowForm): boolean =>
  ["package", "pause", "rating", "stop"].includes(form);
// What holds until a day of its own; the others hold until the next one.
export const hasLastDay = mayEnd;
// Visits are judged by these, so that days that have begun are corrected.
export const touchesVisits = (form: RowForm): boolean => !["rating", "stop", "body"].includes(form);

export function formOf(row: { kind: CommissionedKind; name: string }): RowForm {
  const [first] = nameParts(row.name);
  switch (row.kind) {
    case CommissionedKind.PACKAGE:
      return "package";
    case CommissionedKind.PAUSE:
      return "pause";
    case CommissionedKind.LOT:
      return "lot";
    case CommissionedKind.RATING:
      return first === stopName ? "stop" : "rating";
    case CommissionedKind.RATE:
      return first === upliftName ? "uplift" : "rate";
    default:
      return "body";
  }
}

export function emptyDraft(today: string): RowDraft {
  return {
    serviceKind: "day",
    dayKind: "weekday",
    scale: "cqc",
    theme: "",
    weekMinutes: "",
    model: "",
    purchase: "",
    arrangedBy: "council",
    patch: "",
    shortVisitBasis: "",
    services: "",
    pauseReason: "hospital",
    patches: [],
    outline: "",
    rating: "good",
    source: "",
    price: "",
    uplift: "",
    body: "council",
    ends: false,
    fromDay: moveDay(today, 1),
    untilDay: "",
    why: "",
  };
}

const plainNumber = (value: number): string => String(Number(value.toFixed(2)));

// The row as it stands, from tomorrow on. name: of something that is there; undefined: of something
// new.
export function draftOf(
  form: RowForm,
  name: string | undefined,
  today: string,
  row?: CommissionedRow,
): RowDraft {
  const draft = emptyDraft(today);
  if (name !== undefined) {
    const [first, second] = nameParts(name);
    if (form === "package" || form === "pause") draft.serviceKind = name;
    if (form === "rate" || form === "uplift") draft.serviceKind = second;
    if (form === "rate") draft.dayKind = first;
    if (form === "rating") [draft.scale, draft.theme] = [first, second];
  }
  if (row && row.untilDay >= draft.fromDay) draft.untilDay = row.untilDay;
  const content = row?.content;
  switch (content?.case) {
    case "package":
      return {
        ...draft,
        weekMinutes: String(content.value.weekMinutes),
        model: content.value.model,
        purchase: content.value.purchase,
        arrangedBy: content.value.arrangedBy || "council",
        patch: content.value.patch,
        shortVisitBasis: content.value.shortVisitBasis,
        services: content.value.services.join(", "),
      };
    case "pause":
      return { ...draft, pauseReason: content.value.reason };
    case "lot":
      return {
        ...draft,
        patches: content.value.patches.map(({ name, rurality }) => ({ name, rurality })),
        outline: content.value.outlineGeojson,
      };
    case "rating":
      return { ...draft, rating: content.value.rating, source: content.value.source };
    case "rate":
      return {
        ...draft,
        price: plainNumber(content.value.pencePerHour / 100),
        uplift: plainNumber(content.value.upliftBp / 100),
      };
    case "commissioner":
      return { ...draft, body: content.value.kind };
    default:
      return draft;
  }
}

// The row's name, which no change of it changes.
export function nameOf(form: RowForm, draft: RowDraft, lot: string): string {
  switch (form) {
    case "package":
    case "pause":
      return draft.serviceKind;
    case "lot":
      return lot;
    case "stop":
      return stopName;
    case "rating":
      return draft.scale === "cqc" || draft.theme.trim() === ""
        ? draft.scale
        : `${draft.scale}/${draft.theme.trim()}`;
    case "rate":
      return `${draft.dayKind}/${draft.serviceKind}`;
    case "uplift":
      return `${upliftName}/${draft.serviceKind}`;
    case "body":
      return "";
  }
}

const wholeForm = /^\d{1,6}$/;
const decimalForm = /^\d{1,5}([.,]\d{1,2})?$/;
const signedForm = /^[+-]?\d{1,4}([.,]\d{1,2})?$/;
const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const hundredths = (text: string): number =>
  Math.round(Number(text.trim().replace(",", ".")) * 100);

type Content = NonNullable<MessageInitShape<typeof CommissionedRowSchema>["content"]>;

function contentOf(form: RowForm, draft: RowDraft, faults: Faults): Content {
  switch (form) {
    case "package": {
      if (!wholeForm.test(draft.weekMinutes.trim()) || Number(draft.weekMinutes) > 100_000)
        faults.weekMinutes = "commissioned.fault.week_minutes";
      const services = draft.services
        .split(/[,;]/)
        .map((each) => each.trim())
        .filter((each) => each !== "");
      if (services.length > 16) faults.services = "commissioned.fault.services";
      return {
        case: "package",
        value: {
          serviceKind: draft.serviceKind,
          model: draft.model,
          purchase: draft.purchase,
          arrangedBy: draft.arrangedBy,
          weekMinutes: faults.weekMinutes ? 0 : Number(draft.weekMinutes),
          patch: draft.patch.trim(),
          shortVisitAgreed: draft.shortVisitBasis !== "",
          shortVisitBasis: draft.shortVisitBasis,
          services,
        },
      };
    }
    case "pause":
      return { case: "pause", value: { reason: draft.pauseReason } };
    case "lot": {
      const patches = draft.patches.map(({ name, rurality }) => ({ name: name.trim(), rurality }));
      const names = new Set(patches.map((patch) => patch.name));
      if (names.has("")) faults.patches = "commissioned.fault.patch_name";
      else if (names.size < patches.length) faults.patches = "commissioned.fault.patch_twice";
      return { case: "lot", value: { patches, outlineGeojson: draft.outline } };
    }
    case "rating":
      return { case: "rating", value: { rating: draft.rating, source: draft.source.trim() } };
    case "stop":
      if (draft.source.trim() === "") faults.source = "commissioned.fault.source_missing";
      return { case: "rating", value: { source: draft.source.trim() } };
    case "rate": {
      const fits = decimalForm.test(draft.price.trim()) && hundredths(draft.price) <= 100_000;
      if (!fits || hundredths(draft.price) === 0) faults.price = "commissioned.fault.price";
      return { case: "rate", value: { pencePerHour: fits ? hundredths(draft.price) : 0 } };
    }
    case "uplift": {
      const fits =
        signedForm.test(draft.uplift.trim()) && Math.abs(hundredths(draft.uplift)) <= 10_000;
      if (!fits) faults.uplift = "commissioned.fault.uplift";
      return { case: "rate", value: { upliftBp: fits ? hundredths(draft.uplift) : 0 } };
    }
    case "body":
      return { case: "commissioner", value: { kind: draft.body } };
  }
}

// The row to be sent, or what has to be put right first. today: days from it back have begun, and
// the reason is then kept with the row.
export function readDraft(
  form: RowForm,
  draft: RowDraft,
  subject: { id: bigint; lot: string },
  today: string,
): { row: MessageInitShape<typeof CommissionedRowSchema> } | { faults: Faults } {
  const faults: Faults = {};
  const content = draft.ends ? undefined : contentOf(form, draft, faults);
  if (!dayForm.test(draft.fromDay)) faults.fromDay = "commissioned.fault.day";
  const untilDay = hasLastDay(form) && !draft.ends ? draft.untilDay : "";
  if (untilDay !== "" && untilDay < draft.fromDay) faults.untilDay = "failure.days_reversed";
  if (draft.why.trim() === "") faults.why = "commissioned.fault.why";
  if (Object.keys(faults).length > 0) return { faults };
  return {
    row: {
      kind: kindOf[form],
      subjectId: subject.id,
      name: nameOf(form, draft, subject.lot),
      fromDay: draft.fromDay,
      untilDay,
      reason: touchesVisits(form) && draft.fromDay <= today ? draft.why.trim() : "",
      ...(content ? { content } : {}),
    },
  };
}

// What the server refused, at the field that it is about. None: of the whole row.
const refusals: Record<string, [DraftField, PlainKey]> = {
  FROM_PAST: ["fromDay", "commissioned.fault.from_past"],
  DAY_FORMAT: ["fromDay", "commissioned.fault.day"],
  DAYS_REVERSED: ["untilDay", "failure.days_reversed"],
  REASON_FORMAT: ["why", "commissioned.fault.why_format"],
  WEEK_MINUTES_RANGE: ["weekMinutes", "commissioned.fault.week_minutes"],
  PATCH_TWICE: ["patches", "commissioned.fault.patch_twice"],
  PATCHES_TOO_MANY: ["patches", "commissioned.fault.patches_too_many"],
  OUTLINE_FORMAT: ["outline", "commissioned.fault.outline"],
  SERVICES_FORMAT: ["services", "commissioned.fault.services"],
  RATE_RANGE: ["price", "commissioned.fault.price"],
  SOURCE_MISSING: ["source", "commissioned.fault.source_missing"],
  TEXT_FORMAT: ["source", "commissioned.fault.source_format"],
  NAME_FORMAT: ["theme", "commissioned.fault.name"],
};

export function refusedAt(reason: string, form: RowForm): Faults | undefined {
  if (reason === "PATCH_FORMAT")
    return form === "lot"
      ? { patches: "commissioned.fault.patch_name" }
      : { patch: "commissioned.fault.patch_name" };
  if (reason === "RATE_RANGE" && form === "uplift") return { uplift: "commissioned.fault.uplift" };
  const found = refusals[reason];
  return found ? { [found[0]]: found[1] } : undefined;
}
