// SPDX-License-Identifier: Apache-2.0
// What the board page shows: rows, their order, the contact with the server, the filter.
import type {
  BoardRow,
  BoardState,
  GetBoardResponse,
} from "@contract/doorstep/monitoring/v1/board_service_pb";

import { dayOf } from "../design/london_time";
import type { BoardClient } from "../server/connection";
import { failureText } from "../server/failure";
import { locale } from "../words/say";
import { BoardFeed, type FeedSink, type FeedTiming } from "./board_feed";
import { firstRisen, heldOrder, holdMs, sortedIds } from "./board_order";
import { needsSomebody } from "./row_words";

export type Contact =
  // The first answer is awaited.
  | { kind: "loading" }
  // Heard within the limit. Ends with a broken or silent stream.
  | { kind: "live" }
  // Heard by loading the board again: streams do not arrive. Ends when one does.
  | { kind: "reloaded"; text: string }
  // Not heard. Ends by itself with a retry that succeeds.
  | { kind: "lost"; text: string; retryAtMs: number }
  // The server refuses. Ends with another sign-in or another day.
  | { kind: "refused"; text: string };

export class BoardModel implements FeedSink {
  contact = $state.raw<Contact>({ kind: "loading" });
  isHeard = $derived(this.contact.kind === "live" || this.contact.kind === "reloaded");
  rows = $state.raw<ReadonlyMap<bigint, BoardRow>>(new Map());
  day = $state("");
  providerId = $state(0n);
  providerName = $state("");
  // Server's clock at the last word from it, and this browser's clock at that moment.
  heardServerMs = $state(0);
  #heardLocalMs = 0;
  // The server's clock now; stands still while contact is lost: what is shown is as of then.
  nowMs = $state(0);

  states = $state.raw<ReadonlySet<BoardState>>(new Set());
  lot = $state("");
  search = $state("");

  order = $state.raw<readonly bigint[]>([]);
  held = $state(false);
  #holdTimer: ReturnType<typeof setTimeout> | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #feed: BoardFeed;
  #wantedDay = "";

  #sorted = $derived(sortedIds(this.rows.values()));
  risen = $derived(this.held ? firstRisen(this.order, this.#sorted) : undefined);
  lots = $derived(
    [...new Set([...this.rows.values()].map((row) => row.lot))].filter((lot) => lot !== "").sort(),
  );
  counts = $derived.by(() => {
    const counts = new Map<BoardState, number>();
    for (const row of this.rows.values()) counts.set(row.state, (counts.get(row.state) ?? 0) + 1);
    return counts;
  });
  needing = $derived([...this.rows.values()].filter(needsSomebody).length);
  shown = $derived(
    this.order
      .map((id) => this.rows.get(id))
      .filter((row): row is BoardRow => row !== undefined && this.#passes(row)),
  );
  filtered = $derived(this.states.size > 0 || this.lot !== "" || this.search.trim() !== "");

  constructor(client: BoardClient, timing?: FeedTiming) {
    this.#feed = new BoardFeed(client, this, timing);
  }

  open(providerId: bigint, day: string): void {
    this.#wantedDay = day;
    this.contact = { kind: "loading" };
    this.#feed.start({ providerId, day });
    clearInterval(this.#ticker);
    this.#ticker = setInterval(() => this.#tick(), 1_000);
  }

  close(): void {
    this.#feed.stop();
    clearInterval(this.#ticker);
    clearTimeout(this.#holdTimer);
  }

  retryNow(): void {
    this.#feed.retryNow();
  }

  // Somebody is at the rows: they stay where they are for a while.
  hold(milliseconds = holdMs): void {
    this.held = true;
    clearTimeout(this.#holdTimer);
    this.#holdTimer = setTimeout(() => this.release(), milliseconds);
  }

  release(): void {
    clearTimeout(this.#holdTimer);
    this.held = false;
    this.order = this.#sorted;
  }

  toggle(state: BoardState): void {
    const states = new Set(this.states);
    if (!states.delete(state)) states.add(state);
    this.states = states;
  }

  clearFilter(): void {
    this.states = new Set();
    this.lot = "";
    this.search = "";
  }

  replaced(first: GetBoardResponse, rows: BoardRow[]): void {
    this.day = first.day;
    this.providerId = first.providerId;
    this.providerName = first.providerName;
    this.#setRows(new Map(rows.map((row) => [row.visitId, row])));
  }

  changed(rows: BoardRow[]): void {
    const next = new Map(this.rows);
    for (const row of rows) next.set(row.visitId, row);
    this.#setRows(next);
  }

  heard(serverTimeUnixMs: bigint): void {
    this.heardServerMs = Number(serverTimeUnixMs);
    this.#heardLocalMs = Date.now();
    this.nowMs = this.heardServerMs;
    this.contact = { kind: "live" };
    // Midnight: a board that was not asked for a certain day goes on with the new one.
    if (this.#wantedDay === "" && this.day !== "" && dayOf(this.heardServerMs) > this.day)
      this.open(this.providerId, "");
  }

  heldBack(error: unknown): void {
    this.contact = { kind: "reloaded", text: failureText(error) };
  }

  lost(error: unknown, retryMs: number): void {
    this.contact = { kind: "lost", text: failureText(error), retryAtMs: Date.now() + retryMs };
  }

  refused(error: unknown): void {
    this.contact = { kind: "refused", text: failureText(error) };
  }

  #setRows(rows: ReadonlyMap<bigint, BoardRow>): void {
    this.rows = rows;
    this.order = this.held ? heldOrder(this.order, this.#sorted) : this.#sorted;
  }

  #tick(): void {
    if (this.isHeard) this.nowMs = this.heardServerMs + (Date.now() - this.#heardLocalMs);
  }

  #passes(row: BoardRow): boolean {
    if (this.states.size > 0 && !this.states.has(row.state)) return false;
    if (this.lot !== "" && row.lot !== this.lot) return false;
    const wanted = this.search.trim().toLocaleLowerCase(locale);
    if (wanted === "") return true;
    const text = [
      row.personName,
      row.visitRef,
      row.service,
      ...row.slots.map((slot) => slot.carerName),
    ];
    return text.some((part) => part.toLocaleLowerCase(locale).includes(wanted));
  }
}
