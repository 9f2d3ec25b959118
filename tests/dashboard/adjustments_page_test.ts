// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import { gainText, reasonText, responsibilityText } from "@dashboard/adjustments/adjustment_words";
import { fieldsFromQuery } from "@dashboard/adjustments/adjustment_filter";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, startMock, Visitor } from "./browser";
import { countyContracts } from "./county_records";
import { fillDecided } from "./decided_records";
import type { MockServer } from "./mock_server";

let browser: Browser;
let mock: MockServer;
let visitor: Visitor;

before(async () => {
  browser = await launch();
});
after(async () => browser.close());
beforeEach(async () => {
  mock = await startMock();
  mock.contracts = countyContracts();
  fillDecided(mock.decided);
});
afterEach(async () => {
  await visitor.leave();
  await mock.stop();
});

async function open(login = "council", query = ""): Promise<void> {
  visitor = await Visitor.open(browser, `${mock.address}/#/adjustments${query}`);
  await visitor.signIn(login);
  await visitor.page.getByRole("heading", { name: "Adjusted times" }).waitFor();
}
const region = (name: string) => visitor.page.getByRole("region", { name, exact: true });
const months = () => region("Frozen months");
const freezeForm = () => visitor.page.getByRole("form", { name: "Freeze the month" });

test("a council sees what was adjusted, by whom, why and what it gained", async () => {
  await open();
  const list = region("Adjustments, newest first");
  const newest = list.getByRole("listitem").first();
  await newest.getByText("Visit V-1009, carer 1").waitFor();
  for (const text of ["09:05–09:25", "09:00–09:35", "Gain +15 min", "C7: Forgot to record", "late"])
    await newest.getByText(text).first().waitFor();
  await list.getByText("no longer in force").waitFor();
  await list.getByText("Approved times withdrawn").waitFor();
  await list.getByText("answers for it: the person").waitFor();
  assert.equal(await list.getByRole("listitem").count(), 4);
  const figures = region("Figures");
  await figures.getByText("12 carer visits were adjusted, 3 late, 2 without evidence").waitFor();
  await figures.getByText("+85 min of 11 with known lengths; +110 min without").waitFor();
  await region("By editor").getByRole("rowheader", { name: "Samira Khan" }).waitFor();
  await region("By reason").getByRole("rowheader", { name: "Z9" }).waitFor();
  assert.equal(await visitor.page.title(), "Adjustments – Doorstep");
  await visitor.expectAccessible();
  await visitor.picture("adjustments");
  await visitor.page.setViewportSize({ width: 1_024, height: 768 });
  await visitor.page.screenshot({
    path: `${process.env["DASHBOARD_SCREENSHOTS"]}/adjustments-1024.png`,
    fullPage: true,
  });
  await visitor.darkPicture("adjustments");
});

test("the filter stands in the address and is what is asked", async () => {
  await open("council", "?reason=C7&from=2026-11-01&to=x&contract=none");
  await region("Adjustments, newest first").getByText("C7: Forgot").waitFor();
  const asked = mock.asked.find((call) => call.method === "listAdjustments");
  const { filter } = asked?.request as {
    filter: { reason: string; firstDay: string };
  };
  assert.equal(filter.reason, "C7");
  assert.equal(filter.firstDay, "2026-11-01");
  await visitor.page.getByRole("combobox", { name: "Reason" }).selectOption("W9");
  await visitor.page.getByRole("button", { name: "Show", exact: true }).click();
  await region("Adjustments, newest first").getByText("W9: Other").waitFor();
  assert.match(visitor.page.url(), /reason=W9/);
});

test("a month is frozen, after silent phones were confirmed", async () => {
  mock.decided.silentVisits = 3n;
  await open();
  await freezeForm().getByLabel("Month").fill("2026-11");
  await freezeForm().getByLabel("Note").fill("closed");
  await freezeForm().getByRole("button").click();
  await months().getByText("3 visits of this month may still change: 1 phone was").waitFor();
  await months().getByText("Phone 4711 of carer 0f3a9c5512e8d7b64a01").waitFor();
  assert.equal(mock.decided.freezes.length, 2);
  await visitor.expectAccessible();
  await visitor.picture("freeze-silent");
  await months().getByRole("button", { name: "Freeze all the same" }).click();
  await months().getByText("2026-11 is frozen: 1,204 visits.").waitFor();
  await months().getByRole("heading", { name: "2026-11, freeze 1" }).waitFor();
  assert.equal(mock.decided.freezes.at(-1)?.note, "closed");
  await freezeForm().getByLabel("Month").fill("2026-10");
  await freezeForm().getByRole("button").click();
  await months().getByText("This month is frozen already.").waitFor();
});

test("a freeze says what was kept and which figures have changed since", async () => {
  await open();
  const october = months().getByRole("listitem").filter({ hasText: "2026-10, freeze 1" });
  await october.getByText("2 of silent phones").waitFor();
  await october.getByText("What was kept").click();
  await october.getByText("cd".repeat(32)).waitFor();
  await october.getByRole("button", { name: "What has changed since" }).click();
  await october.getByText("2 figures have changed since; 1,204 visits then, 1,205 now.").waitFor();
  await october.getByRole("cell", { name: "14 / 1,204" }).waitFor();
  await october.getByRole("cell", { name: "13 / 1,205" }).waitFor();
  await october.getByText("too large to show").waitFor();
  assert.equal(await october.getByText("no_entry.rate").count(), 0);
  await visitor.expectAccessible();
  await visitor.picture("freeze-changes");
});

test("a month is opened again with a reason, and stays in the list", async () => {
  await open();
  const october = months().getByRole("listitem").filter({ hasText: "2026-10, freeze 1" });
  await october.getByLabel("Why is it opened again?").fill("a phone was found");
  await october.getByRole("button", { name: "Open it again" }).click();
  await october.getByText("Opened again by Tom Hale").waitFor();
  await october.getByText("no longer frozen").waitFor();
  assert.equal(await october.getByRole("button", { name: "Open it again" }).count(), 0);
});

test("a supervisor sees the same and freezes nothing", async () => {
  await open("supervisor");
  await months().getByRole("heading", { name: "2026-10, freeze 1" }).waitFor();
  assert.equal(await freezeForm().count(), 0);
  assert.equal(await visitor.page.getByRole("button", { name: "Open it again" }).count(), 0);
});

test("what could not be got says why", async () => {
  await open();
  mock.failure = Code.Unavailable;
  await visitor.page.getByRole("combobox", { name: "Reason" }).selectOption("P2");
  await visitor.page.getByRole("button", { name: "Show", exact: true }).click();
  await visitor.page.getByText("cannot be reached").first().waitFor();
  mock.failure = undefined;
  mock.decided.adjustments = [];
  await visitor.page.getByRole("button", { name: "Try again" }).click();
  await visitor.page.getByText("Nothing was adjusted or explained.").waitFor();
});

test("words say what is known and nothing else", async () => {
  await open();
  assert.equal(gainText(900_000n), "+15 min");
  assert.equal(gainText(-300_000n), "−5 min");
  assert.equal(gainText(0n), "0 min");
  assert.equal(reasonText("C7"), "C7: Forgot to record");
  assert.equal(reasonText("Q77"), "Q77");
  assert.equal(responsibilityText("nhs"), "the health service");
  assert.equal(fieldsFromQuery(new URLSearchParams("contract=9x&from=1&reason=Q1")).contract, "");
});
