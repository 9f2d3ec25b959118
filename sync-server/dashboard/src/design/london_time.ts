// SPDX-License-Identifier: Apache-2.0
// Every time on a page is local time of the visits, Europe/London, wherever the browser stands.
import { locale, say } from "../words/say";

const zone = "Europe/London";
const clock = new Intl.DateTimeFormat(locale, {
  timeZone: zone,
  hourCycle: "h23",
  hour: "2-digit",
  minute: "2-digit",
});
const clockSeconds = new Intl.DateTimeFormat(locale, {
  timeZone: zone,
  hourCycle: "h23",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const clockMs = new Intl.DateTimeFormat(locale, {
  timeZone: zone,
  hourCycle: "h23",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
// Of the contract, not for people: the same in every language.
const dayParts = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});
const dayShort = new Intl.DateTimeFormat(locale, {
  timeZone: zone,
  day: "numeric",
  month: "short",
});
const dayLong = new Intl.DateTimeFormat(locale, {
  timeZone: "UTC",
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

type UnixMs = number | bigint;
const minuteMs = 60_000;

// "08:02"
export const timeText = (at: UnixMs): string => clock.format(Number(at));
// "08:02:41"
export const timeTextWithSeconds = (at: UnixMs): string => clockSeconds.format(Number(at));
// "08:02:41.250"
export const exactTimeText = (at: UnixMs): string => clockMs.format(Number(at));
// "2026-11-23", the contract's form of a local day.
export function dayOf(at: UnixMs): string {
  const parts = new Map(dayParts.formatToParts(Number(at)).map((part) => [part.type, part.value]));
  return `${parts.get("year")}-${parts.get("month")}-${parts.get("day")}`;
}
// "23 Nov"
export const shortDayText = (at: UnixMs): string => dayShort.format(Number(at));
// "Monday 23 November 2026" from "2026-11-23"
export const longDayText = (day: string): string =>
  dayLong.format(Date.parse(`${day}T12:00:00Z`)).replace(",", "");

// The same local day moved by whole days; days are counted at noon UTC, so a clock change cannot
// skip one.
export function moveDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T12:00:00Z`) + days * 24 * 60 * minuteMs)
    .toISOString()
    .slice(0, 10);
}

// "08:02" on the day that is looked at, "23 Nov, 08:02" on any other.
export function timeTextOn(day: string, at: UnixMs): string {
  return dayOf(at) === day ? timeText(at) : dayTimeText(at);
}

// "23 Nov, 08:02"
export const dayTimeText = (at: UnixMs): string =>
  say("time.on_day", { day: shortDayText(at), time: timeText(at) });

// "08:02–08:17", and with the day before it, when it is another one than the day looked at; one
// time when both ends are the same.
export function spanTextOn(day: string, from: UnixMs, to: UnixMs): string {
  const start = timeTextOn(day, from);
  return from === to ? start : say("time.span", { from: start, to: timeText(to) });
}

// "35 min", "2 h 5 min", "3 days"
export function durationText(duration: number): string {
  const whole = Math.max(0, Math.floor(duration));
  const hours = Math.floor(whole / 60);
  const minutes = whole % 60;
  if (hours === 0) return say("time.minutes", { minutes });
  if (hours >= 48) return say("time.days", { days: Math.floor(hours / 24) });
  return minutes === 0
    ? say("time.hours", { hours })
    : say("time.hours_minutes", { hours, minutes });
}

export const minutesBetween = (from: UnixMs, to: UnixMs): number =>
  Math.floor((Number(to) - Number(from)) / minuteMs);

// How long after a thing the server had it: "at once", "4 s later", "3 h 20 min later".
export function laterText(milliseconds: number): string {
  if (milliseconds < 1_000) return say("time.at_once");
  const delay =
    milliseconds < minuteMs
      ? say("time.seconds", { seconds: Math.round(milliseconds / 1_000) })
      : durationText(milliseconds / minuteMs);
  return say("time.later", { delay });
}

const monthLong = new Intl.DateTimeFormat(locale, {
  timeZone: "UTC",
  month: "short",
  year: "numeric",
});
const monthFull = new Intl.DateTimeFormat(locale, {
  timeZone: "UTC",
  month: "long",
  year: "numeric",
});
// "November 2026" from "2026-11".
export const longMonthText = (month: string): string =>
  monthFull.format(Date.parse(`${month}-15T12:00:00Z`));
// "Nov 2026" from "2026-11"; anything else as it is.
export const monthText = (month: string): string =>
  /^\d{4}-(0[1-9]|1[0-2])$/.test(month)
    ? monthLong.format(Date.parse(`${month}-15T12:00:00Z`))
    : month;
