// SPDX-License-Identifier: Apache-2.0
import { BoardState } from "@contract/doorstep/monitoring/v1/board_service_pb";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { BoardFixture } from "./board_fixture";
import { launch, narrow } from "./browser";
import { at } from "./morning_board";
import { recordedVisit } from "./visit_fixture";

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

test("an opened visit shows its tasks, and events with time, plan and log place", async () => {
  const row = fixture.planned("Doris Webb");
  fixture.mock.visits.set(row.visitId, recordedVisit());
  const visitor = await fixture.open();
  await fixture.rowOf("Doris Webb").getByRole("link").click();
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
  assert.equal(
    await panel.getByText("Ring twice, then walk in.").isVisible(),
    false,
    "how to get in is shown only when asked",
  );
  await visitor.expectAccessible();
  await visitor.picture("visit");
  await visitor.darkPicture("visit");
});

test("an open visit is fetched again when its row changes, and closes to its row", async () => {
  const visitor = await fixture.open();
  await fixture.rowOf("Edith Marlow").getByRole("link").click();
  await visitor.page.getByText("Nothing has reached the server.").waitFor();
  const looks = fixture.mock.callsOf("getVisit");
  fixture.change("Edith Marlow", (row) => {
    row.slots[0]!.checkedInUnixMs = at("08:21");
    row.state = BoardState.IN_PROGRESS;
  });
  await visitor.page.getByText("in since 08:21").waitFor();
  await visitor.page.waitForFunction(
    (wanted) =>
      performance.getEntriesByType("resource").filter((entry) => entry.name.endsWith("GetVisit"))
        .length >= wanted,
    looks + 1,
  );
  await visitor.page.keyboard.press("Escape");
  await visitor.page.waitForFunction(
    (id) => document.activeElement?.id === id,
    `visit-${fixture.board[0]!.visitId}`,
  );
});

test("a visit that left the plan says so", async () => {
  const visitor = await fixture.open();
  await visitor.page.evaluate(() => {
    location.hash = "#/board/visit/71/1";
  });
  await visitor.page.getByText("The server does not know this.").waitFor();
  await visitor.expectAccessible();
});

test("on a phone the visit takes the page and its close button leads back", async () => {
  const visitor = await fixture.open();
  await visitor.page.setViewportSize(narrow);
  await fixture.rowOf("Edith Marlow").getByRole("link").click();
  await visitor.page.getByRole("heading", { name: "Edith Marlow" }).waitFor();
  assert.equal(
    await visitor.page.getByRole("list", { name: "Visits, most urgent first" }).isVisible(),
    false,
  );
  await visitor.page.getByRole("button", { name: "Close" }).click();
  await visitor.page.getByRole("list", { name: "Visits, most urgent first" }).waitFor();
});
