// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import {
  type BoardRow,
  BoardService,
  BoardRowSchema,
  type GetBoardResponse,
  type WatchBoardRequest,
  type WatchBoardResponse,
  WatchBoardResponseSchema,
} from "@contract/doorstep/monitoring/v1/board_service_pb";
import { BoardFeed, type FeedSink } from "@dashboard/board/board_feed";
import assert from "node:assert/strict";
import { test } from "node:test";

type Answer = Partial<Pick<WatchBoardResponse, "revision" | "reset" | "rows">>;

// What the feed told, in order; each waits for the next word.
class Told implements FeedSink {
  readonly words: string[] = [];
  #wake = () => {};

  replaced(first: GetBoardResponse, rows: BoardRow[]): void {
    this.#say(`board ${first.revision} with ${rows.length}`);
  }
  changed(rows: BoardRow[]): void {
    this.#say(`rows ${rows.map((row) => row.visitRef).join(",")}`);
  }
  heard(): void {}
  heldBack(): void {
    this.#say("held back");
  }
  lost(): void {
    this.#say("lost");
  }
  refused(): void {
    this.#say("refused");
  }

  async until(word: string, times = 1): Promise<void> {
    while (this.words.filter((each) => each === word).length < times)
      await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #say(word: string): void {
    this.words.push(word);
    this.#wake();
  }
}

// streams: what each watch in turn answers; a number is an error, "hang" says nothing more.
function feedOver(
  streams: (Answer | Code | "hang")[][],
  { pages = 1, silentAfterMs = 60_000, heldBackAfterMs = 60_000 } = {},
) {
  const watched: bigint[] = [];
  const told = new Told();
  const transport = createRouterTransport(({ service }) => {
    service(BoardService, {
      getBoard: ({ pageToken }) => {
        const page = Number(pageToken || 0);
        return {
          rows: [create(BoardRowSchema, { visitId: BigInt(page), visitRef: `V${page}` })],
          revision: 10n + BigInt(page),
          nextPageToken: page + 1 < pages ? String(page + 1) : "",
          day: "2026-11-23",
          providerId: 7n,
        };
      },
      watchBoard: async function* (request: WatchBoardRequest, context) {
        watched.push(request.afterRevision);
        for (const answer of streams[watched.length - 1] ?? ["hang" as const]) {
          if (typeof answer === "number") throw new ConnectError("TEST", answer);
          if (answer === "hang")
            await new Promise((_, reject) => context.signal.addEventListener("abort", reject));
          else yield create(WatchBoardResponseSchema, answer);
        }
      },
    });
  });
  const timing = {
    silentAfterMs,
    heldBackAfterMs,
    reloadMs: 2,
    reloadForMs: 4,
    firstRetryMs: 2,
    longestRetryMs: 4,
  };
  const feed = new BoardFeed(createClient(BoardService, transport), told, timing);
  feed.start({ providerId: 7n, day: "" });
  return { feed, told, watched };
}

const row = (ref: string) => create(BoardRowSchema, { visitRef: ref });

test("a broken stream is resumed after the last revision, without another board", async () => {
  const { feed, told, watched } = feedOver([
    [{ revision: 11n, rows: [row("a")] }, Code.Unavailable],
    [{ revision: 12n, rows: [row("b")] }, "hang"],
  ]);
  await told.until("rows b");
  feed.stop();
  assert.deepEqual(told.words, ["board 10 with 1", "rows a", "lost", "rows b"]);
  assert.deepEqual(watched, [10n, 11n]);
});

test("a reset fetches the board again", async () => {
  const { feed, told } = feedOver([
    [{ reset: true }],
    [{ revision: 13n, rows: [row("c")] }, "hang"],
  ]);
  await told.until("rows c");
  feed.stop();
  assert.deepEqual(told.words, ["board 10 with 1", "board 10 with 1", "rows c"]);
});

test("a server that resets for ever is asked less and less often", async () => {
  const { feed, told } = feedOver(Array.from({ length: 50 }, () => [{ reset: true }]));
  await told.until("lost", 2);
  feed.stop();
  assert.deepEqual(told.words.slice(0, 3), ["board 10 with 1", "board 10 with 1", "lost"]);
});

test("a stream that is silent for too long is lost and opened again", async () => {
  const speaking = Array.from({ length: 50 }, () => [
    { revision: 11n, rows: [row("a")] },
    "hang" as const,
  ]);
  const spoken = [{ revision: 10n }, "hang" as const];
  const { feed, told, watched } = feedOver([spoken, ...speaking], { silentAfterMs: 40 });
  await told.until("rows a");
  feed.stop();
  assert.deepEqual(told.words.slice(0, 2), ["board 10 with 1", "lost"]);
  assert.deepEqual(watched.slice(0, 2), [10n, 10n]);
});

test("where no stream arrives, the board is loaded again and a stream is tried later", async () => {
  const { feed, told } = feedOver([["hang"], [{ revision: 11n, rows: [row("a")] }, "hang"]], {
    heldBackAfterMs: 40,
  });
  await told.until("rows a");
  feed.stop();
  const board = "board 10 with 1";
  assert.deepEqual(told.words, [board, board, "held back", board, "held back", "rows a"]);
});

test("a refusal stops the feed", async () => {
  const { told, watched } = feedOver([[Code.PermissionDenied]]);
  await told.until("refused");
  assert.deepEqual(told.words, ["board 10 with 1", "refused"]);
  assert.deepEqual(watched, [10n]);
});

test("all pages of the board are taken, and watched from the first one's revision", async () => {
  const { feed, told, watched } = feedOver([[{ revision: 20n, rows: [row("z")] }, "hang"]], {
    pages: 3,
  });
  await told.until("rows z");
  feed.stop();
  assert.equal(told.words[0], "board 10 with 3");
  assert.deepEqual(watched, [10n]);
});
