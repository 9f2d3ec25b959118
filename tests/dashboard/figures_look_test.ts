// SPDX-License-Identifier: Apache-2.0
// Every page of figures at the widths of a phone, a tablet and two desks, in both colour schemes
// and in both directions of writing: nothing spills, axe finds nothing, and pictures for people.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, required, startMock, Visitor } from "./browser";
import { contractVisits } from "./measures_fixture";
import { expectMirroredText } from "./mirrored_text";
import { accounts, type MockServer } from "./mock_server";
import { countyLots, sharedContracts } from "./outlines_fixture";

const november = "contract=31&period=month&on=2026-11-20";
const widths = [390, 1024, 1440, 1600];

// The page within, its query, what is there when it is drawn.
const pages: Record<string, [string, string, string]> = {
  overview: ["", november, "article .frame svg circle"],
  measure: ["/punctuality.late_rate", `${november}&by=lot`, ".frame svg rect"],
  unrecorded: ["/alerts.late_caught", `${november}&by=lot`, ".notice"],
  visits: ["/visits", `${november}&measure=missed.rate&part=numerator`, "li details"],
  compare: ["/compare", november, "tbody tr td"],
  months: ["/compare", `${november}&by=month`, "tbody tr td"],
  map: ["/map", `${november}&measure=punctuality.late_rate`, ".frame svg a"],
  patches: ["/map", `${november}&measure=punctuality.late_rate&by=patch`, ".frame svg a"],
  flow: ["/flow", november, ".frame svg rect"],
  alerts: ["/alerts", november, "tbody tr td"],
  report: ["/report", `${november}&pack=essex_kpi3`, "dl dt"],
};

let browser: Browser;
let mock: MockServer;
let visitor: Visitor;

before(async () => {
  browser = await launch();
});
after(async () => browser.close());
afterEach(async () => {
  await visitor.leave();
  await mock.stop();
});

async function open(part: string, query: string, settled: string, built?: string): Promise<void> {
  mock = await startMock(built);
  mock.contracts = sharedContracts();
  mock.measured = contractVisits("2026-08-01", 122);
  mock.commissioned.lots = countyLots();
  visitor = await Visitor.open(browser, `${mock.address}/#/figures${part}?${query}`);
  await visitor.page.locator("input[name=login]").fill("council");
  await visitor.page.locator("#password").fill("right horse");
  await visitor.page.locator("button.primary").click();
  await visitor.page.locator(settled).first().waitFor();
  await visitor.page.locator("[aria-busy=true]").first().waitFor({ state: "hidden" });
  await visitor.page.locator("main details, .page details").first().isVisible();
}

async function look(name: string, schemes: ("light" | "dark")[]): Promise<void> {
  const folder = required("DASHBOARD_SCREENSHOTS");
  mkdirSync(folder, { recursive: true });
  for (const colorScheme of schemes) {
    await visitor.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const width of widths) {
      await visitor.page.setViewportSize({ width, height: 900 });
      await visitor.page.mouse.move(0, 0);
      // The plots are drawn again at their new width.
      await visitor.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
      const path = join(folder, `look-${name}-${width}-${colorScheme}.png`);
      await visitor.page.screenshot({ path, fullPage: true });
      const spill = await visitor.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(spill, 0, `${name} is ${spill} px wider than a page of ${width} px`);
    }
  }
}

for (const [name, [part, query, settled]] of Object.entries(pages)) {
  test(`${name}: at every width, light and dark`, async () => {
    await open(part, query, settled);
    await look(name, ["light", "dark"]);
    for (const width of [widths[0]!, widths[2]!]) {
      await visitor.page.setViewportSize({ width, height: 900 });
      await visitor.expectAccessible();
    }
  });

  test(`${name}: from right to left, every word of the catalogue`, async () => {
    await open(part, query, settled, required("DASHBOARD_MIRRORED"));
    const sent = [mock.measured, mock.commissioned.lots, mock.contracts, accounts];
    // Patches are no field of a visit.
    await expectMirroredText(visitor.page, name, [...sent, ["Vale", "Villages"]]);
    // A message chooses by codes, whatever the direction: a name is not the definition.
    const heading = visitor.page.locator("#measure-title");
    if ((await heading.count()) > 0)
      assert.notEqual(await heading.innerText(), await heading.locator("+ p").innerText());
    await look(`mirrored-${name}`, ["light"]);
  });
}
