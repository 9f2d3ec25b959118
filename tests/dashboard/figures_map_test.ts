// SPDX-License-Identifier: Apache-2.0
// The map of lots and patches: drawn from what is commissioned alone, and usable without it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, startMock, Visitor } from "./browser";
import { contractVisits } from "./measures_fixture";
import type { MockServer } from "./mock_server";
import { countyLots, sharedContracts } from "./outlines_fixture";

const november = "contract=31&period=month&on=2026-11-20";
const late = `${november}&measure=punctuality.late_rate`;

let browser: Browser;
let mock: MockServer;
let visitor: Visitor;

before(async () => {
  browser = await launch();
});
after(async () => browser.close());
beforeEach(async () => {
  mock = await startMock();
  mock.contracts = sharedContracts();
  mock.measured = contractVisits("2026-08-01", 122);
  mock.commissioned.lots = countyLots();
});
afterEach(async () => {
  await visitor.leave();
  await mock.stop();
});

async function open(query = late): Promise<void> {
  visitor = await Visitor.open(browser, `${mock.address}/#/figures/map?${query}`);
  await visitor.signIn("council");
  await visitor.page.getByRole("heading", { name: "Figures", exact: true }).waitFor();
}
const map = () => visitor.page.getByRole("group", { name: /^Map of / });
const rateOf = (lot: string): string => {
  const attended = mock.measured.filter(
    (visit) => visit.lot === lot && visit.day >= "2026-11-01" && visit.punctuality !== "",
  );
  const lates = attended.filter((visit) => visit.punctuality === "late").length;
  return `${((100 * lates) / attended.length).toFixed(1)}%, ${lates} of ${attended.length}`;
};

test("each lot is drawn with its value, the same in the table, the legend and aloud", async () => {
  await open();
  const lot = `Lot 4 Harborough: ${rateOf("Lot 4 Harborough")}`;
  await map().getByRole("link", { name: lot, exact: true }).waitFor();
  assert.equal(await map().getByRole("link").count(), 3);
  // A lot without a visit has an outline and no colour.
  await map().getByRole("link", { name: "Lot 6 Oadby: Nothing to count" }).waitFor();
  assert.equal(await map().locator("path[stroke-dasharray]").count(), 1);
  const legend = visitor.page.getByRole("list", { name: "Late" });
  await legend
    .getByText(/^\d+\.\d% to under \d+\.\d%/)
    .first()
    .waitFor();
  await legend.getByText("Nothing to count").waitFor();
  const beside = visitor.page.getByRole("list", { name: "Without an outline" });
  await beside.getByRole("link", { name: "Lot 7 Blaby" }).waitFor();
  const row = visitor.page.getByRole("row", { name: /^Lot 5 Melton/ });
  assert.equal(await row.getByRole("cell").last().innerText(), "Yes");
  assert.equal(await visitor.page.locator("tbody tr th", { hasText: "Lot" }).count(), 4);
  await visitor.expectAccessible();
});

test("the keyboard reaches each area and opens its visits", async () => {
  await open();
  await map().getByRole("link").first().waitFor();
  await visitor.page.getByRole("link", { name: "Patch", exact: true }).focus();
  await visitor.page.keyboard.press("Tab");
  const focused = () =>
    visitor.page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  assert.match(await focused(), /^Lot 4 Harborough: /);
  await visitor.page.keyboard.press("Tab");
  assert.match(await focused(), /^Lot 5 Melton: /);
  await visitor.page.keyboard.press("Enter");
  await visitor.page.getByText("Only Lot: Lot 5 Melton.").waitFor();
  await visitor.page.locator("li details").first().waitFor();
});

test("patches have outlines of their own, and visits may be of none", async () => {
  await open(`${late}&by=patch`);
  await map()
    .getByRole("link", { name: /^Lutterworth \(Lot 4 Harborough\): \d/ })
    .waitFor();
  assert.equal(await map().getByRole("link").count(), 3);
  const beside = visitor.page.getByRole("list", { name: "Without an outline" });
  for (const name of ["Villages (Lot 4", "Vale (Lot 5", "Not stated (Lot 5"])
    await beside.getByRole("link", { name }).waitFor();
  const saving = visitor.page.waitForEvent("download");
  await visitor.page.getByRole("button", { name: "Download as CSV" }).click();
  const csv = await readFile(await (await saving).path(), "utf8");
  assert.match(csv, /^measure,lot,patch,numerator,denominator,/);
  assert.match(csv, /\r\npunctuality\.late_rate,Lot 4 Harborough,Lutterworth,\d+,\d+,0\.\d{6},/);
  await visitor.expectAccessible();
});

test("another measure is chosen in the form; other days have their outlines", async () => {
  const lots = mock.commissioned.lots.get(71n)!;
  lots[0]!.fromDay = "2026-11-01";
  await open();
  await map().getByRole("link").nth(2).waitFor();
  await visitor.page.getByRole("combobox", { name: "Measure" }).selectOption("missed.rate");
  await visitor.page.getByRole("button", { name: "Show", exact: true }).click();
  await visitor.page.getByRole("heading", { name: "Missed on the map, by lot" }).waitFor();
  await visitor.page.getByRole("link", { name: "Period before" }).click();
  await visitor.page
    .getByRole("list", { name: "Without an outline" })
    .getByRole("link", { name: "Lot 4 Harborough" })
    .waitFor();
  assert.match(visitor.page.url(), /measure=missed\.rate/);
});

test("without any outline the table stands alone, and says what would draw it", async () => {
  mock.commissioned.lots = new Map();
  await open();
  await visitor.page.getByText(/^No lot of this contract has an outline on/).waitFor();
  await visitor.page.getByRole("row", { name: /^Lot 5 Melton/ }).waitFor();
  assert.equal(await map().count(), 0);
  await visitor.expectAccessible();
});

test("nothing is asked of another server, and no more pages than a contract has", async () => {
  await open();
  const asked: string[] = [];
  visitor.page.on("request", (request) => asked.push(new URL(request.url()).origin));
  await visitor.page.getByRole("link", { name: "Patch", exact: true }).click();
  await map().getByRole("link").first().waitFor();
  assert.deepEqual([...new Set(asked)], [mock.address]);
  // Two providers, three pages, whatever is grouped by.
  assert.equal(mock.callsOf("listCommissioned"), 3);
});
