// SPDX-License-Identifier: Apache-2.0
// The board as it lives: the day's rows once, then every change after their revision, for ever. A
// lost stream is resumed from the last revision; a reset gets the board again; where no stream
// arrives, the board is loaded again and again by plain calls. Nothing is ever shown as live that
// was not heard from within silentAfterMs.
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type BoardRow,
  type GetBoardResponse,
} from "@contract/doorstep/monitoring/v1/board_service_pb";

import type { BoardClient } from "../server/connection";
import { isFinal } from "../server/failure";

export interface FeedTiming {
  // The server gives a sign of life every 20 s; two of them missed and a bit is a dead stream.
  silentAfterMs: number;
  // The server speaks within 20 s of a stream's beginning; a stream that has not yielded anything
  // by then is held back by something in between (a proxy that buffers).
  heldBackAfterMs: number;
  // How often the board is loaded instead, and for how long before a stream is tried again.
  reloadMs: number;
  reloadForMs: number;
  firstRetryMs: number;
  longestRetryMs: number;
}

const shippedTiming: FeedTiming = {
  silentAfterMs: 45_000,
  heldBackAfterMs: 25_000,
  reloadMs: 10_000,
  reloadForMs: 300_000,
  firstRetryMs: 1_000,
  longestRetryMs: 30_000,
};

export interface FeedQuery {
  providerId: bigint;
  // "2026-11-23"; empty: the server's today.
  day: string;
}

export interface FeedSink {
  // The whole board, in place of what was there.
  replaced(first: GetBoardResponse, rows: BoardRow[]): void;
  changed(rows: BoardRow[]): void;
  // The server spoke at this time of its clock. The feed is live.
  heard(serverTimeUnixMs: bigint): void;
  // What was heard came by loading the board: streams are held back.
  heldBack(error: unknown): void;
  // Contact is lost; the next try begins after retryMs.
  lost(error: unknown, retryMs: number): void;
  // The server said no, and asking again cannot help. The feed has stopped.
  refused(error: unknown): void;
}

const heldBackError = () =>
  new ConnectError("the stream is held back", Code.Unavailable, {
    "doorstep-reason": "STREAM_HELD_BACK",
  });

interface Position {
  providerId: bigint;
  day: string;
  revision: bigint;
}

export class BoardFeed {
  #stopped = new AbortController();
  #wake: (() => void) | undefined;

  constructor(
    private readonly client: BoardClient,
    private readonly sink: FeedSink,
    private readonly timing: FeedTiming = shippedTiming,
  ) {}

  start(query: FeedQuery): void {
    this.stop();
    this.#stopped = new AbortController();
    void this.#run(query, this.#stopped.signal);
  }

  stop(): void {
    this.#stopped.abort();
    this.#wake?.();
  }

  // Tries again at once: the network is back, or the page is looked at again.
  retryNow(): void {
    this.#wake?.();
  }

  async #run(query: FeedQuery, stopped: AbortSignal): Promise<void> {
    let position: Position | undefined;
    let failures = 0;
    while (!stopped.aborted) {
      let problem: unknown = new ConnectError("the stream ended", Code.Unavailable);
      try {
        position ??= await this.#load(query, stopped);
        const outcome = await this.#watch(position, stopped, () => (failures = 0));
        if (outcome === "held-back") {
          position = await this.#reload(query, stopped);
          continue;
        }
        if (outcome === "reset") position = undefined;
        // The first reset is ordinary (the server started again); resets in a row are not.
        if (outcome === "reset" && failures++ === 0) continue;
      } catch (error) {
        problem = error;
        if (!stopped.aborted && isFinal(error)) {
          this.sink.refused(error);
          return;
        }
      }
      if (stopped.aborted) return;
      const retryMs = this.#retryMs(failures++);
      this.sink.lost(problem, retryMs);
      await this.#pause(retryMs);
    }
  }

  // All pages. Watching starts after the first page's revision: what changed while the others were
  // fetched comes again, whole, and does no harm.
  async #load(query: FeedQuery, signal: AbortSignal): Promise<Position> {
    const first = await this.client.getBoard({ ...query }, { signal });
    const rows = [...first.rows];
    for (let pageToken = first.nextPageToken; pageToken !== "";) {
      const page = await this.client.getBoard(
        { providerId: first.providerId, day: first.day, pageToken },
        { signal },
      );
      rows.push(...page.rows);
      pageToken = page.nextPageToken;
    }
    if (!signal.aborted) {
      this.sink.replaced(first, rows);
      this.sink.heard(first.serverTimeUnixMs);
    }
    return { providerId: first.providerId, day: first.day, revision: first.revision };
  }

  // Plain calls in place of the stream, for a while. Returns where the next stream begins.
  async #reload(query: FeedQuery, stopped: AbortSignal): Promise<Position | undefined> {
    let position: Position | undefined;
    const rounds = Math.ceil(this.timing.reloadForMs / this.timing.reloadMs);
    for (let round = 0; round < rounds && !stopped.aborted; ++round) {
      position = await this.#load(query, stopped);
      if (!stopped.aborted) this.sink.heldBack(heldBackError());
      await this.#pause(this.timing.reloadMs);
    }
    return position;
  }

  async #watch(
    position: Position,
    stopped: AbortSignal,
    alive: () => void,
  ): Promise<"ended" | "reset" | "held-back"> {
    const call = new AbortController();
    const abort = () => call.abort();
    stopped.addEventListener("abort", abort, { once: true });
    let silent = false;
    const giveUp = () => {
      silent = true;
      call.abort();
    };
    let yielded = false;
    let watchdog = setTimeout(
      giveUp,
      Math.min(this.timing.heldBackAfterMs, this.timing.silentAfterMs),
    );
    try {
      const question = {
        providerId: position.providerId,
        day: position.day,
        afterRevision: position.revision,
      };
      for await (const answer of this.client.watchBoard(question, {
        signal: call.signal,
        timeoutMs: 0,
      })) {
        clearTimeout(watchdog);
        watchdog = setTimeout(giveUp, this.timing.silentAfterMs);
        yielded = true;
        if (stopped.aborted) return "ended";
        if (answer.reset) return "reset";
        alive();
        position.revision = answer.revision;
        if (answer.rows.length > 0) this.sink.changed(answer.rows);
        this.sink.heard(answer.serverTimeUnixMs);
      }
      return "ended";
    } catch (error) {
      if (silent && !yielded) return "held-back";
      throw silent ? new ConnectError("the stream is silent", Code.Unavailable) : error;
    } finally {
      clearTimeout(watchdog);
      stopped.removeEventListener("abort", abort);
      call.abort();
    }
  }

  // Doubling with jitter, so that a thousand boards do not come back in the same second.
  #retryMs(failures: number): number {
    const highest = Math.min(
      this.timing.longestRetryMs,
      this.timing.firstRetryMs * 2 ** Math.min(failures, 10),
    );
    return Math.round(highest * (0.5 + Math.random() / 2));
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    }).then(() => {
      this.#wake = undefined;
    });
  }
}
