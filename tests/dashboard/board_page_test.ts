// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { BoardState } from "@contract/doorstep/monitoring/v1/board_service_pb";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { BoardFixture } from "./board_fixture";
import { launch } from "./browser";
import { at, carer, visit } from "./morning_board";

let browser: Browser;
let fixture: BoardFixture;

before(async () => {
  browser = await launch();
});
after(async () => browser.close());
beforeEach(async () => {
  fixture = await BoardFixture.start(browser);
});
afterEach(async () => fixture.end());

test("the visit that matters is read first at 08:20, with the reason in words", async () => {
  const visitor = await fixture.open([...fixture.board].reverse());
  const first = visitor.page.getByRole("link").filter({ hasText: "Edith Marlow" });
  assert.match(
    (await first.innerText()).replace(/\s+/g, " "),
    /Late 20 min late\. Said to expect 15 min of delay\. Amara Okafor’s phone was heard at 08:19\./,
  );
  assert.equal((await fixture.rowNames())[0], "Edith Marlow");
  await visitor.page.getByText("6 visits need you").waitFor();
  await visitor.expectAccessible();
  await visitor.picture("board");
  await visitor.darkPicture("board");
});

test("a silent phone is never called late and never red", async () => {
  await fixture.open();
  const row = fixture.rowOf("Ivy Nash");
  const text = await row.innerText();
  assert.match(text, /Overdue, phone silent\s+Nobody knows\. Gwen Price’s phone has been silent/);
  assert.match(text, /has been silent since 07:55\. Overdue by 20 min\./);
  assert.match((await row.getAttribute("class")) ?? "", /tone-unknown/);
  assert.match((await fixture.rowOf("Edith Marlow").getAttribute("class")) ?? "", /tone-alarm/);
});

test("one of two carers alone says who is there since when and who is not", async () => {
  await fixture.open();
  assert.match(
    await fixture.rowOf("George Pell").innerText(),
    /Alone, needs two\s+Ben Adeyemi alone since 08:02\. Dilys Rees’s phone was heard at 08:18\./,
  );
});

test("a check-in changes its row while the page is looked at", async () => {
  const visitor = await fixture.open();
  await fixture.rowOf("Edith Marlow").getByText("Late", { exact: true }).waitFor();
  fixture.mock.nowUnixMs = at("08:21");
  fixture.change("Edith Marlow", (row) => {
    row.state = BoardState.IN_PROGRESS;
    row.attention = 100;
    row.slots[0]!.checkedInUnixMs = at("08:20:30");
  });
  await fixture
    .rowOf("Edith Marlow")
    .getByText("Amara Okafor there since 08:20, started 20 min after its window.")
    .waitFor();
  await visitor.page.getByText("5 visits need you").waitFor();
  assert.equal((await fixture.rowNames())[0], "George Pell");
  assert.match(await visitor.page.locator(".heard").innerText(), /08:21:00/);
});

test("a visit that was cancelled under a carer and one of the night before say so", async () => {
  const visitor = await fixture.open();
  fixture.change("Percy Lane", (row) => {
    row.state = BoardState.CANCELLED_ATTENDED;
    row.attention = 610;
    row.slots[0]!.checkedInUnixMs = at("08:06");
  });
  fixture.change("Nora Blythe", (row) => {
    row.state = BoardState.MISSED_SUSPECTED;
    row.attention = 600;
    row.windowStartUnixMs = at("08:30") - 9n * 3_600_000n;
    row.windowEndUnixMs = row.windowStartUnixMs + 900_000n;
  });
  const row = fixture.rowOf("Percy Lane");
  await row.getByText("Cancelled, a carer is there").waitFor();
  await row.getByText(/Cancelled by the office, and .+ there since 08:06\./).waitFor();
  await fixture.rowOf("Nora Blythe").getByText("22 Nov, 23:30–23:45").waitFor();
  await visitor.page.getByText("8 visits need you").waitFor();
  await visitor.picture("board-night");
  await visitor.expectAccessible();
  fixture.change("Percy Lane", (row) => {
    row.state = BoardState.CANCELLED_ATTENDED;
    row.slots[0]!.checkedInUnixMs = at("08:06");
    row.slots[0]!.checkedOutUnixMs = at("08:19");
  });
  await row.getByText("Cancelled, a carer was there").waitFor();
  await row.getByText(/a carer was there\. Visit from 08:06 to 08:19\./).waitFor();
});

test("rows do not move under the pointer, and the page says that the order changed", async () => {
  const visitor = await fixture.open();
  const before = await fixture.rowNames();
  await fixture.rowOf("Arthur Bede").hover();
  fixture.change("Percy Lane", (row) => {
    row.state = BoardState.LATE;
    row.attention = 950;
  });
  await visitor.page.getByText("The order has changed. Late: Percy Lane.").waitFor();
  assert.deepEqual(await fixture.rowNames(), before);
  // A hand that moves keeps the order, however long the check takes.
  let x = 600;
  const moving = setInterval(() => void visitor.page.mouse.move((x ^= 1), 500), 300);
  await visitor.expectAccessible();
  clearInterval(moving);
  assert.deepEqual(await fixture.rowNames(), before);
  await visitor.page.getByRole("button", { name: "Sort now" }).click();
  assert.equal((await fixture.rowNames())[0], "Percy Lane");
});

test("the board sorts itself again when the pointer has left it", async () => {
  const visitor = await fixture.open();
  await fixture.rowOf("Arthur Bede").hover();
  fixture.change("Percy Lane", (row) => {
    row.attention = 950;
  });
  await visitor.page.getByText("The order has changed.").waitFor();
  await visitor.page.mouse.move(5, 5);
  await visitor.page.waitForFunction(
    () => document.querySelector("ol .who strong")?.textContent === "Percy Lane",
  );
});

test("the rows are walked by keys, and the focus stays with its visit when they move", async () => {
  const visitor = await fixture.open();
  await visitor.page.getByRole("link", { name: /Edith Marlow/ }).focus();
  await visitor.page.keyboard.press("ArrowDown");
  await visitor.page.keyboard.press("ArrowDown");
  const focused = () =>
    visitor.page.evaluate(() => document.activeElement?.querySelector(".who strong")?.textContent);
  assert.equal(await focused(), "Rose Tandy");
  fixture.change("Rose Tandy", (row) => {
    row.attention = 1;
  });
  await visitor.page.getByRole("button", { name: "Sort now" }).waitFor();
  assert.equal(await focused(), "Rose Tandy");
  await visitor.page.keyboard.press("Enter");
  await visitor.page.getByRole("heading", { name: "Rose Tandy" }).waitFor();
});

test("the board is filtered by state, lot and words", async () => {
  const visitor = await fixture.open();
  await visitor.page.getByRole("button", { name: "1 Late" }).click();
  assert.deepEqual(await fixture.rowNames(), ["Edith Marlow"]);
  await visitor.page.getByRole("button", { name: "Show all" }).click();
  await visitor.page.getByRole("combobox", { name: "Lot" }).selectOption("Lot 5 Melton");
  assert.equal((await fixture.rowNames())[0], "Albert Finch");
  await visitor.page.getByLabel("Search person, carer or visit").fill("gwen");
  assert.deepEqual(await fixture.rowNames(), ["Ivy Nash", "Mabel Stokes"]);
  await visitor.page.getByLabel("Search person, carer or visit").fill("nobody of this name");
  await visitor.page.getByText("No visit fits this filter.").waitFor();
  await visitor.expectAccessible();
});

test("a lost stream is said at once, with the time of what is shown, and resumed", async () => {
  const visitor = await fixture.open();
  fixture.mock.failure = Code.Unavailable;
  fixture.mock.cutStreams();
  await visitor.page.getByText("What you see is as of 08:20:00.").waitFor();
  await visitor.expectAccessible();
  await visitor.picture("board-lost");
  const loads = fixture.mock.callsOf("getBoard");
  await visitor.page.getByRole("button", { name: "Try now" }).click();
  await visitor.page.getByText("Not connected.").waitFor();
  fixture.mock.failure = undefined;
  await visitor.page.evaluate(() => dispatchEvent(new Event("online")));
  await visitor.page.getByText("Last heard from the server").waitFor();
  assert.equal(
    fixture.mock.callsOf("getBoard"),
    loads,
    "the board was fetched again instead of resumed",
  );
  const last = fixture.mock.asked.filter((call) => call.method === "watchBoard").at(-1)!
    .request as {
    afterRevision: bigint;
  };
  assert.equal(last.afterRevision, 100n);
});

test("a reset gets the whole board again", async () => {
  const visitor = await fixture.open();
  fixture.mock.setBoard([
    visit("Only One", ["09:00", "09:30"], BoardState.UPCOMING, 5, [carer("Ben Adeyemi")]),
  ]);
  fixture.mock.reset();
  await visitor.page.waitForFunction(
    () => document.querySelectorAll("ol .who strong").length === 1,
  );
  assert.deepEqual(await fixture.rowNames(), ["Only One"]);
  await visitor.page.getByText("Nothing needs you now").waitFor();
});

test("another day is a step away, and today a step back", async () => {
  const visitor = await fixture.open();
  await visitor.page.getByRole("link", { name: "Day before" }).click();
  await visitor.page.getByText("Sunday 22 November 2026").waitFor();
  assert.equal(
    (
      fixture.mock.asked.filter((call) => call.method === "getBoard").at(-1)!.request as {
        day: string;
      }
    ).day,
    "2026-11-22",
  );
  await visitor.page.getByRole("link", { name: "Today" }).click();
  await visitor.page.getByText("Monday 23 November 2026").waitFor();
});

test("the tab's title counts what needs somebody", async () => {
  const visitor = await fixture.open();
  assert.equal(await visitor.page.title(), "(6) Board – Doorstep");
});

test("a board of several pages is shown whole", async () => {
  fixture.mock.pageSize = 10;
  await fixture.open();
  assert.equal((await fixture.rowNames()).length, fixture.board.length);
});

test("an empty day says what will happen", async () => {
  const visitor = await fixture.open([]);
  await visitor.page.getByText("No visits are planned for this day").waitFor();
  await visitor.expectAccessible();
  await visitor.picture("board-empty");
});

test("a refusal is told in words and the page does not ask for ever", async () => {
  const visitor = await fixture.open();
  fixture.mock.failure = Code.PermissionDenied;
  fixture.mock.cutStreams();
  await visitor.page.getByText("Your account may not see this.").first().waitFor();
  await visitor.expectAccessible();
});
