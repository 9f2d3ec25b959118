// SPDX-License-Identifier: Apache-2.0
// What a row of the board says, in words, and in which tone. Status and knowledge are two things:
// that a visit is late is said only when the phone is live; otherwise nobody knows, and the row
// says since when.
import {
  type BoardRow,
  type BoardSlot,
  BoardState,
} from "@contract/doorstep/monitoring/v1/board_service_pb";

import { durationText, minutesBetween, spanTextOn, timeTextOn } from "../design/london_time";
import type { Tone } from "../design/tone";
import { clauses, listed, type PlainKey, say, sentences } from "../words/say";

interface StateWords {
  name: PlainKey;
  tone: Tone;
}

const states: Record<BoardState, StateWords> = {
  [BoardState.UNSPECIFIED]: { name: "board.state.unknown", tone: "unknown" },
  [BoardState.UPCOMING]: { name: "board.state.upcoming", tone: "calm" },
  [BoardState.DUE]: { name: "board.state.due", tone: "watch" },
  [BoardState.LATE]: { name: "board.state.late", tone: "alarm" },
  [BoardState.OVERDUE_SILENT]: { name: "board.state.overdue_silent", tone: "unknown" },
  [BoardState.ALONE_OF_TWO]: { name: "board.state.alone_of_two", tone: "alarm" },
  [BoardState.IN_PROGRESS]: { name: "board.state.in_progress", tone: "active" },
  [BoardState.OVERRUNNING]: { name: "board.state.overrunning", tone: "watch" },
  [BoardState.DONE]: { name: "board.state.done", tone: "calm" },
  [BoardState.NO_ENTRY]: { name: "board.state.no_entry", tone: "alarm" },
  [BoardState.MISSED_SUSPECTED]: { name: "board.state.missed_suspected", tone: "alarm" },
  [BoardState.CANCELLED]: { name: "board.state.cancelled", tone: "calm" },
  [BoardState.CANCELLED_ATTENDED]: { name: "board.state.cancelled_attended", tone: "watch" },
};

// A state that a newer server may send.
const newState: StateWords = { name: "board.state.unknown", tone: "unknown" };

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

export const stateName = (state: BoardState): string => say((states[state] ?? newState).name);
// What stands first on a row. A visit that is over although a critical task was not done is not
// simply done.
// A visit that was cancelled while a carer is in it says so.
export const titleText = (row: BoardRow): string =>
  row.state === BoardState.DONE && row.criticalTaskNotDone
    ? say("board.state.critical_not_done")
    : row.state === BoardState.CANCELLED_ATTENDED && row.slots.some(isPresent)
      ? say("board.state.cancelled_present")
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
  spanTextOn(day, row.windowStartUnixMs, row.windowEndUnixMs);

const isAbsent = (slot: BoardSlot) => slot.checkedInUnixMs === undefined;
const nameOf = (slot: BoardSlot) => slot.carerName || say("board.row.carer_not_chosen");
const namesOf = (slots: BoardSlot[]) =>
  slots.length === 0 ? say("board.row.nobody") : listed(slots.map(nameOf));

// "Ben Adeyemi's phone was heard at 08:19"
export function phoneText(slot: BoardSlot, day: string): string {
  const carer = nameOf(slot);
  if (slot.phoneHeardUnixMs === 0n) return say("board.phone.never", { carer });
  const time = timeTextOn(day, slot.phoneHeardUnixMs);
  return say(slot.phoneSilent ? "board.phone.silent" : "board.phone.heard", { carer, time });
}

function lateFor(row: BoardRow, nowMs: number): string {
  return durationText(Math.max(row.lateMin, minutesBetween(row.windowEndUnixMs, nowMs)));
}

function announced(row: BoardRow): string {
  return row.announcedDelayMin > 0
    ? say("board.reason.announced", { delay: durationText(row.announcedDelayMin) })
    : "";
}

function absentPhones(row: BoardRow, day: string): string {
  const absent = row.slots.filter(isAbsent);
  if (absent.length === 0) return "";
  return say("board.phone.sentence", {
    phones: clauses(absent.map((slot) => phoneText(slot, day))),
  });
}

// Since when somebody is there, for a message that says it or leaves it out.
function sinceFirst(slots: BoardSlot[], day: string): { known: boolean; since: string } {
  const times = slots.map((slot) => slot.checkedInUnixMs ?? 0n).filter((at) => at > 0n);
  if (times.length === 0) return { known: false, since: "" };
  const first = times.reduce((a, b) => (a < b ? a : b));
  return { known: true, since: timeTextOn(day, first) };
}

// Whether that counts as late is for the contract's rule to say.
const startedLate = (row: BoardRow) => ({
  late: row.lateMin > 0,
  delay: durationText(row.lateMin),
});

function doneText(row: BoardRow, day: string): string {
  const ins = row.slots.flatMap((slot) =>
    slot.checkedInUnixMs === undefined ? [] : [slot.checkedInUnixMs],
  );
  const outs = row.slots.flatMap((slot) =>
    slot.checkedOutUnixMs === undefined ? [] : [slot.checkedOutUnixMs],
  );
  if (ins.length === 0 || outs.length === 0) return say("board.reason.over");
  const from = ins.reduce((a, b) => (a < b ? a : b));
  const to = outs.reduce((a, b) => (a > b ? a : b));
  return say("board.reason.done", {
    from: timeTextOn(day, from),
    to: timeTextOn(day, to),
    ...startedLate(row),
  });
}

function dueText(row: BoardRow, nowMs: number, day: string): string {
  const end = timeTextOn(day, row.windowEndUnixMs);
  const past = nowMs > Number(row.windowEndUnixMs);
  return say(past ? "board.reason.due_past" : "board.reason.due", { end });
}

// Why the row stands where it stands. nowMs: the server's clock.
export function reasonText(row: BoardRow, nowMs: number, day: string): string {
  const present = row.slots.filter(isPresent);
  const names = namesOf(present);
  const since = sinceFirst(present, day);
  const phones = absentPhones(row, day);
  const delay = announced(row);
  switch (row.state) {
    case BoardState.LATE:
      return sentences(say("board.reason.late", { delay: lateFor(row, nowMs) }), delay, phones);
    case BoardState.OVERDUE_SILENT: {
      const overdue = say("board.reason.overdue", { delay: lateFor(row, nowMs) });
      return sentences(say("board.reason.nobody_knows"), phones, overdue, delay);
    }
    case BoardState.ALONE_OF_TWO:
      return sentences(say("board.reason.alone", { names, ...since }), phones);
    case BoardState.NO_ENTRY:
      return say("board.reason.no_entry");
    case BoardState.MISSED_SUSPECTED:
      return sentences(
        say("board.reason.missed", { end: timeTextOn(day, latestEnd(row)) }),
        phones,
      );
    case BoardState.OVERRUNNING: {
      const planned = durationText(row.durationMin);
      return say("board.reason.overrunning", { names, ...since, planned });
    }
    case BoardState.IN_PROGRESS:
      return say("board.reason.in_progress", { names, ...since, ...startedLate(row) });
    case BoardState.DUE:
      return sentences(dueText(row, nowMs, day), delay);
    case BoardState.UPCOMING: {
      const start = timeTextOn(day, row.windowStartUnixMs);
      return sentences(say("board.reason.upcoming", { start }), delay);
    }
    case BoardState.DONE:
      return doneText(row, day);
    case BoardState.CANCELLED:
      return say("board.reason.cancelled");
    case BoardState.CANCELLED_ATTENDED:
      return present.length > 0
        ? say("board.reason.cancelled_present", { names, ...since })
        : sentences(say("board.reason.cancelled_attended"), doneText(row, day));
    default:
      return say("board.reason.newer");
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
  if (over) return [];
  const found: string[] = [];
  if (row.criticalTaskNotDone) found.push(say("board.state.critical_not_done"));
  const without = row.slots.filter(
    (slot) => isAbsent(slot) && slot.carerId !== 0n && !slot.phoneHasPlan,
  );
  if (without.length > 0) found.push(say("board.warning.old_plan", { names: namesOf(without) }));
  if (row.slots.some((slot) => slot.carerId === 0n)) found.push(say("board.warning.no_carer"));
  return found;
}
