// SPDX-License-Identifier: Apache-2.0
// Every time on a page is local time of the visits, Europe/London, wherever the browser stands.
const zone = "Europe/London";
const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  hour: "2-digit",
  minute: "2-digit",
});
const clockSeconds = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const clockMs = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});
const dayParts = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
});
const dayShort = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  day: "numeric",
  month: "short",
});
const dayLong = new Intl.DateTimeFormat("en-GB", {
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
  return dayOf(at) === day ? timeText(at) : `${shortDayText(at)}, ${timeText(at)}`;
}

// "35 min", "2 h 5 min", "3 days"
export function durationText(minutes: number): string {
  const whole = Math.max(0, Math.floor(minutes));
  if (whole < 60) return `${whole} min`;
  if (whole < 48 * 60)
    return whole % 60 === 0 ? `${whole / 60} h` : `${Math.floor(whole / 60)} h ${whole % 60} min`;
  return `${Math.floor(whole / (24 * 60))} days`;
}

export const minutesBetween = (from: UnixMs, to: UnixMs): number =>
  Math.floor((Number(to) - Number(from)) / minuteMs);

// How long after a thing the server had it: "at once", "4 s", "12 min", "3 h 20 min".
export function delayText(milliseconds: number): string {
  if (milliseconds < 1_000) return "at once";
  if (milliseconds < minuteMs) return `${Math.round(milliseconds / 1_000)} s`;
  return durationText(milliseconds / minuteMs);
}
