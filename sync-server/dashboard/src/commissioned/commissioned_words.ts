// SPDX-License-Identifier: Apache-2.0
// What is commissioned, in words. Codes are those of commissioned.proto.
import {
  CommissionedKind,
  type CommissionedRow,
} from "@contract/doorstep/admin/v1/commissioning_service_pb";
import type {
  LotDescription,
  Package,
  ProviderRating,
  Rate,
} from "@contract/doorstep/commissioning/v1/commissioned_pb";

import { longDayText } from "../design/london_time";
import { numberText } from "../design/number_text";
import { enumerated, locale, type PlainKey, say, sentences } from "../words/say";

export type Words = Record<string, PlainKey>;

export const serviceKinds: Words = {
  day: "commissioned.service.day",
  roving_night: "commissioned.service.roving_night",
  reablement: "commissioned.service.reablement",
  waking_night: "commissioned.service.waking_night",
  sleep_in: "commissioned.service.sleep_in",
  live_in: "commissioned.service.live_in",
  respite: "commissioned.service.respite",
};
export const models: Words = {
  "": "commissioned.not_said",
  time_and_task: "commissioned.model.time_and_task",
  personal_budget: "commissioned.model.personal_budget",
};
export const purchases: Words = {
  "": "commissioned.not_said",
  block: "commissioned.purchase.block",
  spot: "commissioned.purchase.spot",
};
export const arrangers: Words = {
  council: "commissioned.arranged.council",
  health: "commissioned.arranged.health",
  person: "commissioned.arranged.person",
};
export const shortVisitBases: Words = {
  "": "commissioned.short.none",
  safe_and_well: "commissioned.short.safe_and_well",
  tasks_completable: "commissioned.short.tasks_completable",
  agreed_terms: "commissioned.short.agreed_terms",
};
export const pauseReasons: Words = {
  hospital: "commissioned.pause.hospital",
  respite: "commissioned.pause.respite",
  holiday: "commissioned.pause.holiday",
  other: "commissioned.pause.other",
};
export const ruralities: Words = {
  "": "commissioned.not_said",
  urban: "commissioned.rurality.urban",
  rural: "commissioned.rurality.rural",
};
export const roles: Words = {
  lead: "commissioned.role.lead",
  supplementary: "commissioned.role.supplementary",
  contingency: "commissioned.role.contingency",
};
export const scales: Words = {
  cqc: "commissioned.scale.cqc",
  care_inspectorate: "commissioned.scale.care_inspectorate",
};
export const cqcRatings: Words = {
  outstanding: "commissioned.cqc.outstanding",
  good: "commissioned.cqc.good",
  requires_improvement: "commissioned.cqc.requires_improvement",
  inadequate: "commissioned.cqc.inadequate",
};
export const grades: Words = {
  "6": "commissioned.grade.6",
  "5": "commissioned.grade.5",
  "4": "commissioned.grade.4",
  "3": "commissioned.grade.3",
  "2": "commissioned.grade.2",
  "1": "commissioned.grade.1",
};
export const dayKinds: Words = {
  weekday: "commissioned.day_kind.weekday",
  saturday: "commissioned.day_kind.saturday",
  sunday: "commissioned.day_kind.sunday",
  bank_holiday: "commissioned.day_kind.bank_holiday",
};
export const bodies: Words = {
  council: "commissioned.body.council",
  health: "commissioned.body.health",
};

// A code that a newer server knows is shown as it is.
export const wordOf = (words: Words, code: string): string => {
  const key = words[code];
  return key ? say(key) : code;
};

// "day/weekday" apart; the second part is empty when there is no slash.
export const nameParts = (name: string): [string, string] => {
  const slash = name.indexOf("/");
  return slash < 0 ? [name, ""] : [name.slice(0, slash), name.slice(slash + 1)];
};
export const stopName = "stop_on_new_work";
export const upliftName = "uplift";

const pounds = new Intl.NumberFormat(locale, { style: "currency", currency: "GBP" });
const percent = new Intl.NumberFormat(locale, {
  style: "percent",
  maximumFractionDigits: 2,
  signDisplay: "exceptZero",
});
// "£22.50"
export const priceText = (pence: number): string => pounds.format(pence / 100);
// "+4.5%"
export const upliftText = (basisPoints: number): string => percent.format(basisPoints / 10_000);

// "14 h a week": minutes are shown in hours as orders are.
export function weekText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 && hours > 0
    ? say("commissioned.week_hours", { hours: numberText(hours) })
    : say("commissioned.week_hours_minutes", { hours: numberText(hours), minutes: rest });
}

const share = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 2 });
// "council 80%, health 20%" of "council=8000;health=2000".
export function fundersText(split: string): string {
  if (split === "") return say("commissioned.not_said");
  return enumerated(
    split.split(";").map((each) => {
      const at = each.lastIndexOf("=");
      const part = Number(each.slice(at + 1));
      return at < 0 || !Number.isFinite(part)
        ? each
        : say("commissioned.funder", {
            name: each.slice(0, at),
            share: share.format(part / 10_000),
          });
    }),
  );
}

function packageText(ordered: Package): string {
  const parts = [weekText(ordered.weekMinutes)];
  if (ordered.model) parts.push(wordOf(models, ordered.model));
  if (ordered.purchase) parts.push(wordOf(purchases, ordered.purchase));
  if (ordered.arrangedBy && ordered.arrangedBy !== "council")
    parts.push(say("commissioned.arranged_by", { who: wordOf(arrangers, ordered.arrangedBy) }));
  if (ordered.patch) parts.push(say("commissioned.in_patch", { patch: ordered.patch }));
  if (ordered.shortVisitAgreed)
    parts.push(
      say("commissioned.short_agreed", {
        basis: wordOf(shortVisitBases, ordered.shortVisitBasis),
      }),
    );
  if (ordered.services.length > 0)
    parts.push(say("commissioned.services_of", { services: enumerated(ordered.services) }));
  return enumerated(parts);
}

const ratingText = (name: string, rating: ProviderRating): string => {
  const [scale] = nameParts(name);
  const text =
    scale === stopName
      ? say("commissioned.stop")
      : wordOf(scale === "cqc" ? cqcRatings : grades, rating.rating);
  return rating.source ? say("commissioned.with_source", { text, source: rating.source }) : text;
};

const lotText = (lot: LotDescription): string =>
  sentences(
    lot.patches.length === 0
      ? say("commissioned.no_patches")
      : enumerated(
          lot.patches.map((patch) =>
            patch.rurality
              ? say("commissioned.patch_text", {
                  name: patch.name,
                  rurality: wordOf(ruralities, patch.rurality),
                })
              : patch.name,
          ),
        ),
    lot.outlineGeojson ? say("commissioned.has_outline") : "",
  );

const rateText = (name: string, rate: Rate): string =>
  nameParts(name)[0] === upliftName
    ? upliftText(rate.upliftBp)
    : say("commissioned.an_hour", { price: priceText(rate.pencePerHour) });

// What a row says, without its days.
export function contentText(row: CommissionedRow): string {
  switch (row.content.case) {
    case "package":
      return packageText(row.content.value);
    case "pause":
      return row.content.value.reason
        ? wordOf(pauseReasons, row.content.value.reason)
        : say("commissioned.goes_on");
    case "lot":
      return lotText(row.content.value);
    case "rating":
      return ratingText(row.name, row.content.value);
    case "rate":
      return rateText(row.name, row.content.value);
    case "commissioner":
      return wordOf(bodies, row.content.value.kind);
    default:
      return say("commissioned.ended");
  }
}

// Whom or what a row is about: "Day care", "Weekday, Day care", "Rating of the CQC".
export function nameText(kind: CommissionedKind, name: string): string {
  const [first, second] = nameParts(name);
  switch (kind) {
    case CommissionedKind.PACKAGE:
      return wordOf(serviceKinds, name);
    case CommissionedKind.PAUSE:
      return name === "" ? say("commissioned.pause_of_all") : wordOf(serviceKinds, name);
    case CommissionedKind.RATE:
      return enumerated([
        first === upliftName ? say("commissioned.uplift") : wordOf(dayKinds, first),
        second === "" ? say("commissioned.all_services") : wordOf(serviceKinds, second),
      ]);
    case CommissionedKind.RATING:
      if (first === stopName) return say("commissioned.stop");
      return second === ""
        ? wordOf(scales, first)
        : say("commissioned.theme_of", { scale: wordOf(scales, first), theme: second });
    case CommissionedKind.COMMISSIONER:
      return say("commissioned.body_title");
    default:
      return name;
  }
}

// "since always": a day before the first rows of 1970 is nobody's.
const alwaysDay = "1970-01-01";
export const daysText = (row: { fromDay: string; untilDay: string }): string => {
  if (row.fromDay === alwaysDay)
    return row.untilDay === ""
      ? say("commissioned.always")
      : say("commissioned.until", { day: longDayText(row.untilDay) });
  const from = longDayText(row.fromDay);
  return row.untilDay === ""
    ? say("commissioned.from", { day: from })
    : say("commissioned.from_until", { from, until: longDayText(row.untilDay) });
};
