// SPDX-License-Identifier: Apache-2.0
// What a row of the board says, in words, and in which tone. Status and knowledge are two things:
// that a visit is late is said only when the phone is live; otherwise nobody knows, and the row
// says since when.
import {
  type BoardRow,
  type BoardSlot,
  BoardState,
} from "@contract/doorstep/monitoring/v1/board_service_pb";

import { durationText, minutesBetween, timeText, timeTextOn } from "../design/london_time";
import type { Tone } from "../design/tone";
import { isolated } from "../server/shown_text";

interface StateWords {
  name: string;
  tone: Tone;
}

const states: Record<BoardState, StateWords> = {
  [BoardState.UNSPECIFIED]: { name: "Not known", tone: "unknown" },
  [BoardState.UPCOMING]: { name: "Later", tone: "calm" },
  [BoardState.DUE]: { name: "Due now", tone: "watch" },
  [BoardState.LATE]: { name: "Late", tone: "alarm" },
  [BoardState.OVERDUE_SILENT]: { name: "Overdue, phone silent", tone: "unknown" },
  [BoardState.ALONE_OF_TWO]: { name: "Alone, needs two", tone: "alarm" },
  [BoardState.IN_PROGRESS]: { name: "In progress", tone: "active" },
  [BoardState.OVERRUNNING]: { name: "Over-running", tone: "watch" },
  [BoardState.DONE]: { name: "Done", tone: "calm" },
  [BoardState.NO_ENTRY]: { name: "Could not get in", tone: "alarm" },
  [BoardState.MISSED_SUSPECTED]: { name: "Missed?", tone: "alarm" },
  [BoardState.CANCELLED]: { name: "Cancelled", tone: "calm" },
  [BoardState.CANCELLED_ATTENDED]: { name: "Cancelled, a carer was there", tone: "watch" },
};

// A state that a newer server may send.
const newState: StateWords = { name: "Not known", tone: "unknown" };

// In the order in which the counts stand above the board.
export const stateOrder: readonly BoardState[] = [
  BoardState.LATE,
  BoardState.ALONE_OF_TWO,
  BoardState.NO_ENTRY,
  BoardState.MISSED_SUSPECTED,
  BoardState.OVERDUE_SILENT,
  BoardState.CANCELLED_ATTENDED,
  BoardState.OVERRUNNING,
  BoardState.DUE,
  BoardState.IN_PROGRESS,
  BoardState.UPCOMING,
  BoardState.DONE,
  BoardState.CANCELLED,
];

const isPresent = (slot: BoardSlot) =>
  slot.checkedInUnixMs !== undefined && slot.checkedOutUnixMs === undefined;

export const stateName = (state: BoardState): string => (states[state] ?? newState).name;
// What stands first on a row. A visit that is over although a critical task was not done is not
// simply done.
// A visit that was cancelled while a carer is in it says so.
export const titleText = (row: BoardRow): string =>
  row.state === BoardState.DONE && row.criticalTaskNotDone
    ? "Critical task not done"
    : row.state === BoardState.CANCELLED_ATTENDED && row.slots.some(isPresent)
      ? "Cancelled, a carer is there"
      : stateName(row.state);
export const stateTone = (state: BoardState): Tone => (states[state] ?? newState).tone;

// Somebody should act or ask: these are counted in the page's first line.
export function needsSomebody(row: BoardRow): boolean {
  const tone = stateTone(row.state);
  const called = row.state === BoardState.CANCELLED_ATTENDED && row.slots.some(isPresent);
  return tone === "alarm" || tone === "unknown" || called || row.criticalTaskNotDone;
}

// With the day, when the visit is of another day than the board.
export const windowText = (row: BoardRow, day: string): string =>
  row.windowStartUnixMs === row.windowEndUnixMs
    ? timeTextOn(day, row.windowStartUnixMs)
    : `${timeTextOn(day, row.windowStartUnixMs)}–${timeText(row.windowEndUnixMs)}`;

const isAbsent = (slot: BoardSlot) => slot.checkedInUnixMs === undefined;
const nameOf = (slot: BoardSlot) => isolated(slot.carerName) || "a carer who is not yet chosen";

function listed(names: string[]): string {
  return names.length < 2
    ? (names[0] ?? "nobody")
    : `${names.slice(0, -1).join(", ")} and ${names.at(-1)!}`;
}

function heardText(slot: BoardSlot, day: string): string {
  if (slot.phoneHeardUnixMs === 0n) return "never heard";
  return slot.phoneSilent
    ? `silent since ${timeTextOn(day, slot.phoneHeardUnixMs)}`
    : `heard at ${timeTextOn(day, slot.phoneHeardUnixMs)}`;
}

// "Ben Adeyemi's phone was heard at 08:19"
export function phoneText(slot: BoardSlot, day: string): string {
  const text = heardText(slot, day);
  return `${nameOf(slot)}’s phone ${text.startsWith("silent") ? "has been" : "was"} ${text}`;
}

function lateFor(row: BoardRow, nowMs: number): string {
  return durationText(Math.max(row.lateMin, minutesBetween(row.windowEndUnixMs, nowMs)));
}

function announced(row: BoardRow): string {
  return row.announcedDelayMin > 0
    ? ` Said to expect ${durationText(row.announcedDelayMin)} of delay.`
    : "";
}

function absentPhones(row: BoardRow, day: string): string {
  const absent = row.slots.filter(isAbsent);
  if (absent.length === 0) return "";
  return ` ${absent.map((slot) => phoneText(slot, day)).join("; ")}.`;
}

function sinceText(slots: BoardSlot[], day: string): string {
  const times = slots.map((slot) => slot.checkedInUnixMs ?? 0n).filter((at) => at > 0n);
  return times.length === 0
    ? ""
    : ` since ${timeTextOn(
        day,
        times.reduce((a, b) => (a < b ? a : b)),
      )}`;
}

// Whether that counts as late is for the contract's rule to say.
const startedLate = (row: BoardRow): string =>
  row.lateMin > 0 ? `, started ${durationText(row.lateMin)} after its window` : "";

function doneText(row: BoardRow, day: string): string {
  const ins = row.slots.flatMap((slot) =>
    slot.checkedInUnixMs === undefined ? [] : [slot.checkedInUnixMs],
  );
  const outs = row.slots.flatMap((slot) =>
    slot.checkedOutUnixMs === undefined ? [] : [slot.checkedOutUnixMs],
  );
  if (ins.length === 0 || outs.length === 0) return "Visit over.";
  const from = ins.reduce((a, b) => (a < b ? a : b));
  const to = outs.reduce((a, b) => (a > b ? a : b));
  return `Visit from ${timeTextOn(day, from)} to ${timeTextOn(day, to)}${startedLate(row)}.`;
}

// Why the row stands where it stands. nowMs: the server's clock.
export function reasonText(row: BoardRow, nowMs: number, day: string): string {
  const present = row.slots.filter(isPresent);
  const names = listed(present.map(nameOf));
  const since = sinceText(present, day);
  const phones = absentPhones(row, day);
  const delay = announced(row);
  switch (row.state) {
    case BoardState.LATE:
      return `${lateFor(row, nowMs)} late.${delay}${phones}`;
    case BoardState.OVERDUE_SILENT:
      return `Nobody knows.${phones} Overdue by ${lateFor(row, nowMs)}.${delay}`;
    case BoardState.ALONE_OF_TWO:
      return `${names} alone${since}.${phones}`;
    case BoardState.NO_ENTRY:
      return "A carer was at the door and could not go in.";
    case BoardState.MISSED_SUSPECTED: {
      const end = timeTextOn(day, latestEnd(row));
      return `Planned to end by ${end}, and nothing was heard of it.${phones}`;
    }
    case BoardState.OVERRUNNING:
      return `${names} there${since}, planned ${durationText(row.durationMin)}.`;
    case BoardState.IN_PROGRESS:
      return `${names} there${since}${startedLate(row)}.`;
    case BoardState.DUE: {
      const end = timeTextOn(day, row.windowEndUnixMs);
      return nowMs <= Number(row.windowEndUnixMs)
        ? `May start until ${end}.${delay}`
        : `The window ended at ${end}; the rule still allows a start.${delay}`;
    }
    case BoardState.UPCOMING:
      return `Starts at ${timeTextOn(day, row.windowStartUnixMs)}.${delay}`;
    case BoardState.DONE:
      return doneText(row, day);
    case BoardState.CANCELLED:
      return "Cancelled by the office.";
    case BoardState.CANCELLED_ATTENDED:
      return present.length > 0
        ? `Cancelled by the office, and ${names} there${since}.`
        : `Cancelled by the office, and a carer was there. ${doneText(row, day)}`;
    default:
      return "This page is older than the server and does not know this state. Reload it.";
  }
}

const latestEnd = (row: BoardRow): bigint =>
  row.windowEndUnixMs + BigInt(row.durationMin) * 60_000n;

// What else must be known about a row that is not over.
export function warnings(row: BoardRow): string[] {
  const over =
    row.state === BoardState.DONE ||
    row.state === BoardState.CANCELLED ||
    row.state === BoardState.CANCELLED_ATTENDED;
  const found: string[] = [];
  if (row.criticalTaskNotDone && !over) found.push("Critical task not done");
  if (!over) {
    const without = row.slots.filter(
      (slot) => isAbsent(slot) && slot.carerId !== 0n && !slot.phoneHasPlan,
    );
    if (without.length > 0)
      found.push(`Newest plan is not on ${listed(without.map(nameOf))}’s phone`);
    if (row.slots.some((slot) => slot.carerId === 0n)) found.push("No carer chosen");
  }
  return found;
}
