// SPDX-License-Identifier: Apache-2.0
import { clone, create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { type BoardRow, BoardRowSchema, BoardState } from "@contract/doorstep/monitoring/v1/board_service_pb";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, narrow, startMock, Visitor } from "./browser";
import type { MockServer } from "./mock_server";
import { at, carer, morningBoard, visit } from "./morning_board";

let browser: Browser;
let mock: MockServer;
let visitor: Visitor;
let board: BoardRow[];

const rowNames = () => visitor.page.locator("ol[aria-label^=Visits] .who strong").allTextContents();
const rowOf = (person: string) => visitor.page.getByRole("listitem").filter({ hasText: person }).first();
const changed = (row: BoardRow, change: (row: BoardRow) => void): BoardRow => {
  const next = clone(BoardRowSchema, row);
  change(next);
  return next;
};

async function openBoard(rows: BoardRow[] = board): Promise<void> {
  mock.setBoard(rows);
  visitor = await Visitor.open(browser, mock.address);
  await visitor.signIn("supervisor");
  await visitor.page.getByText("Last heard from the server").waitFor();
}

before(async () => { browser = await launch(); });
after(async () => browser.close());
beforeEach(async () => { mock = await startMock(); board = morningBoard(); });
afterEach(async () => { await visitor.leave(); await mock.stop(); });

test("the visit that matters is the first thing read at 08:20, with the reason in words", async () => {
  await openBoard([...board].reverse());
  const first = visitor.page.getByRole("link").filter({ hasText: "Edith Marlow" });
  assert.match(await first.innerText(), /Late\s+20 min late\. Said to expect 15 min of delay\. Amara Okafor’s phone was heard at 08:19\./);
  assert.equal((await rowNames())[0], "Edith Marlow");
  await visitor.page.getByText("6 visits need you").waitFor();
  await visitor.expectAccessible();
  await visitor.picture("board");
  await visitor.darkPicture("board");
});

test("a silent phone is never called late and never red", async () => {
  await openBoard();
  const row = rowOf("Ivy Nash");
  assert.match(await row.innerText(), /Overdue, phone silent\s+Nobody knows\. Gwen Price’s phone has been silent since 07:55\. Overdue by 20 min\./);
  assert.match((await row.getAttribute("class")) ?? "", /tone-unknown/);
  assert.match((await rowOf("Edith Marlow").getAttribute("class")) ?? "", /tone-alarm/);
});

test("one of two carers alone says who is there since when and who is not", async () => {
  await openBoard();
  assert.match(await rowOf("George Pell").innerText(),
    /Alone, needs two\s+Ben Adeyemi alone since 08:02\. Dilys Rees’s phone was heard at 08:18\./);
});

test("a check-in changes its row while the page is looked at", async () => {
  await openBoard();
  await rowOf("Edith Marlow").getByText("Late", { exact: true }).waitFor();
  mock.nowUnixMs = at("08:21");
  mock.change(changed(board[0]!, (row) => {
    row.state = BoardState.IN_PROGRESS;
    row.attention = 100;
    row.slots[0]!.checkedInUnixMs = at("08:20:30");
  }));
  await rowOf("Edith Marlow").getByText("Amara Okafor there since 08:20, started 20 min after its window.").waitFor();
  await visitor.page.getByText("5 visits need you").waitFor();
  assert.equal((await rowNames())[0], "George Pell");
  assert.match(await visitor.page.locator(".heard").innerText(), /08:21:00/);
});

test("rows do not move under the pointer, and the page says that the order has changed", async () => {
  await openBoard();
  const before = await rowNames();
  await rowOf("Arthur Bede").hover();
  mock.change(changed(board.find((row) => row.personName === "Percy Lane")!, (row) => {
    row.state = BoardState.LATE;
    row.attention = 950;
  }));
  await visitor.page.getByText("The order has changed. Late: Percy Lane.").waitFor();
  assert.deepEqual(await rowNames(), before);
  await visitor.expectAccessible();
  await visitor.page.getByRole("button", { name: "Sort now" }).click();
  assert.equal((await rowNames())[0], "Percy Lane");
});

test("the board sorts itself again when the pointer has left it", async () => {
  await openBoard();
  await rowOf("Arthur Bede").hover();
  mock.change(changed(board.find((row) => row.personName === "Percy Lane")!, (row) => { row.attention = 950; }));
  await visitor.page.getByText("The order has changed.").waitFor();
  await visitor.page.mouse.move(5, 5);
  await visitor.page.waitForFunction(() => document.querySelector("ol .who strong")?.textContent === "Percy Lane");
});

test("the rows are walked by keys, and the focus stays with its visit when the order changes", async () => {
  await openBoard();
  await visitor.page.getByRole("link", { name: /Edith Marlow/ }).focus();
  await visitor.page.keyboard.press("ArrowDown");
  await visitor.page.keyboard.press("ArrowDown");
  const focused = () => visitor.page.evaluate(() => document.activeElement?.querySelector(".who strong")?.textContent);
  assert.equal(await focused(), "Rose Tandy");
  mock.change(changed(board[2]!, (row) => { row.attention = 1; }));
  await visitor.page.getByRole("button", { name: "Sort now" }).waitFor();
  assert.equal(await focused(), "Rose Tandy");
  await visitor.page.keyboard.press("Enter");
  await visitor.page.getByRole("heading", { name: "Rose Tandy" }).waitFor();
});

test("the board is filtered by state, lot and words", async () => {
  await openBoard();
  await visitor.page.getByRole("button", { name: "1 Late" }).click();
  assert.deepEqual(await rowNames(), ["Edith Marlow"]);
  await visitor.page.getByRole("button", { name: "Show all" }).click();
  await visitor.page.getByRole("combobox", { name: "Lot" }).selectOption("Lot 5 Melton");
  assert.equal((await rowNames())[0], "Albert Finch");
  await visitor.page.getByLabel("Search person, carer or visit").fill("gwen");
  assert.deepEqual(await rowNames(), ["Ivy Nash", "Mabel Stokes"]);
  await visitor.page.getByLabel("Search person, carer or visit").fill("nobody of this name");
  await visitor.page.getByText("No visit fits this filter.").waitFor();
  await visitor.expectAccessible();
});

test("a lost stream is said at once, with the time of what is shown, and resumed from the last revision", async () => {
  await openBoard();
  mock.failure = Code.Unavailable;
  mock.cutStreams();
  await visitor.page.getByText("What you see is as of 08:20:00.").waitFor();
  await visitor.expectAccessible();
  await visitor.picture("board-lost");
  const loads = mock.callsOf("getBoard");
  mock.failure = undefined;
  mock.rows.set(board[0]!.visitId, board[0]!);
  await visitor.page.getByRole("button", { name: "Try now" }).click();
  await visitor.page.getByText("Last heard from the server").waitFor();
  assert.equal(mock.callsOf("getBoard"), loads, "the board was fetched again instead of resumed");
  const last = mock.asked.filter((call) => call.method === "watchBoard").at(-1)!.request as { afterRevision: bigint };
  assert.equal(last.afterRevision, 100n);
});

test("a reset gets the whole board again", async () => {
  await openBoard();
  mock.setBoard([visit("Only One", ["09:00", "09:30"], BoardState.UPCOMING, 5, [carer("Ben Adeyemi")])]);
  mock.reset();
  await visitor.page.waitForFunction(() => document.querySelectorAll("ol .who strong").length === 1);
  assert.deepEqual(await rowNames(), ["Only One"]);
  await visitor.page.getByText("Nothing needs you now").waitFor();
});

test("another day is a step away, and today a step back", async () => {
  await openBoard();
  await visitor.page.getByRole("link", { name: "Day before" }).click();
  await visitor.page.getByText("Sunday 22 November 2026").waitFor();
  assert.equal((mock.asked.filter((call) => call.method === "getBoard").at(-1)!.request as { day: string }).day, "2026-11-22");
  await visitor.page.getByRole("link", { name: "Today" }).click();
  await visitor.page.getByText("Monday 23 November 2026").waitFor();
});

test("the tab's title counts what needs somebody", async () => {
  await openBoard();
  assert.equal(await visitor.page.title(), "(6) Board – Doorstep");
});

test("a board of several pages is shown whole", async () => {
  mock.pageSize = 10;
  await openBoard();
  assert.equal((await rowNames()).length, board.length);
});

test("an empty day says what will happen", async () => {
  await openBoard([]);
  await visitor.page.getByText("No visits are planned for this day").waitFor();
  await visitor.expectAccessible();
  await visitor.picture("board-empty");
});

test("a refusal is told in words and the page does not ask for ever", async () => {
  await openBoard();
  mock.failure = Code.PermissionDenied;
  mock.cutStreams();
  await visitor.page.getByText("Your account may not see this.").first().waitFor();
  await visitor.expectAccessible();
});

test("an opened visit shows its events with trusted time, plan version, place in the log, and its tasks", async () => {
  const row = board.find((each) => each.personName === "Doris Webb")!;
  const receipt = { n: 12n, position: 345n, entryHash: new Uint8Array(32).fill(0xab), logSize: 400n };
  const { GetVisitResponseSchema } = await import("@contract/doorstep/monitoring/v1/board_service_pb");
  mock.visits.set(row.visitId, create(GetVisitResponseSchema, {
    personRef: "P117", planVersion: 12n, accessNote: "Ring twice, then walk in.",
    tasks: [
      { taskNumber: 1, code: "wash", text: "Wash and dress", recorded: { taskNumber: 1, outcome: 1, independence: 3 } },
      { taskNumber: 2, code: "med", text: "Insulin, morning", critical: true, recorded: { taskNumber: 2, outcome: 3, reason: 1 } },
      { taskNumber: 3, code: "meal", text: "Breakfast" },
    ],
    events: [
      { deviceId: 8n, eventNumber: 40n, carerName: "Hana Novak", event: { fact: { case: "checkedIn", value: { place: { method: 3, distanceM: 9, accuracyM: 6, fixAgeS: 2 } } } },
        wallUnixMs: at("07:21"), time: { timeClass: 1, earliestUnixMs: at("07:21") - 300n, latestUnixMs: at("07:21") + 500n, ruledUnixMs: at("07:21") },
        receivedUnixMs: at("07:53:10"), planVersionSeen: 12n, receipt },
      { deviceId: 8n, eventNumber: 41n, carerName: "Hana Novak", event: { fact: { case: "taskRecorded", value: { taskNumber: 2, outcome: 1 } } },
        wallUnixMs: at("07:40"), time: { timeClass: 3, ruledUnixMs: at("07:40") }, receivedUnixMs: at("07:53:10"), planVersionSeen: 11n, receipt, supersededBy: 43n },
      { deviceId: 8n, eventNumber: 42n, carerName: "Hana Novak", event: { fact: { case: "noteAdded", value: { text: "She did not want her insulin. I rang the nurse." } } },
        wallUnixMs: at("07:50"), time: { timeClass: 3, ruledUnixMs: at("07:50") }, receivedUnixMs: at("07:53:10"), planVersionSeen: 12n, receipt },
      { deviceId: 8n, eventNumber: 43n, carerName: "Hana Novak", event: { fact: { case: "amended", value: { eventNumber: 41n, reason: 1, replacement: { case: "taskRecorded", value: { taskNumber: 2, outcome: 3, reason: 1 } } } } },
        wallUnixMs: at("07:51"), time: { timeClass: 3, ruledUnixMs: at("07:51") }, receivedUnixMs: at("07:53:10"), planVersionSeen: 12n },
    ],
  }));
  await openBoard();
  await rowOf("Doris Webb").getByRole("link").click();
  const panel = visitor.page.getByRole("region", { name: "Doris Webb" });
  await panel.getByText("known to ± 0.4 s, the phone’s clock agrees").waitFor();
  await panel.getByText("Evidence of event 40").click();
  await panel.getByText("position 345 of 400, entry 12").first().waitFor();
  await panel.getByText("ab".repeat(32)).first().waitFor();
  await panel.getByText("phone’s clock only, not confirmed").first().waitFor();
  await panel.getByText("Replaced by event 43.").waitFor();
  await panel.getByText("the home’s tag, 9 m from the address, ± 6 m, 2 s old").waitFor();
  await panel.getByText("not done: refused").first().waitFor();
  await panel.getByText("nothing recorded").waitFor();
  assert.equal(await panel.getByText("Ring twice, then walk in.").isVisible(), false, "how to get in is shown only when asked");
  await visitor.expectAccessible();
  await visitor.picture("visit");
  await visitor.darkPicture("visit");
});

test("an open visit is looked at again when its row changes, and closes back to its row", async () => {
  await openBoard();
  await rowOf("Edith Marlow").getByRole("link").click();
  await visitor.page.getByText("Nothing has reached the server.").waitFor();
  const looks = mock.callsOf("getVisit");
  mock.change(changed(board[0]!, (row) => { row.slots[0]!.checkedInUnixMs = at("08:21"); row.state = BoardState.IN_PROGRESS; }));
  await visitor.page.getByText("in since 08:21").waitFor();
  await visitor.page.waitForFunction((wanted) => performance.getEntriesByType("resource")
    .filter((entry) => entry.name.endsWith("GetVisit")).length >= wanted, looks + 1);
  await visitor.page.keyboard.press("Escape");
  await visitor.page.waitForFunction((id) => document.activeElement?.id === id, `visit-${board[0]!.visitId}`);
});

test("a visit that left the plan says so", async () => {
  await openBoard();
  await visitor.page.evaluate(() => { location.hash = "#/board/visit/71/1"; });
  await visitor.page.getByText("The server does not know this.").waitFor();
  await visitor.expectAccessible();
});

test("on a phone the visit takes the page and its close button leads back", async () => {
  await openBoard();
  await visitor.page.setViewportSize(narrow);
  await rowOf("Edith Marlow").getByRole("link").click();
  await visitor.page.getByRole("heading", { name: "Edith Marlow" }).waitFor();
  assert.equal(await visitor.page.getByRole("list", { name: "Visits, most urgent first" }).isVisible(), false);
  await visitor.page.getByRole("button", { name: "Close" }).click();
  await visitor.page.getByRole("list", { name: "Visits, most urgent first" }).waitFor();
});
