// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { EntryProofSchema } from "@contract/doorstep/records/v1/records_service_pb";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, startMock, Visitor } from "./browser";
import { countyContracts } from "./county_records";
import { TestLog, visitEntry } from "./evidence_maker";
import { contractVisits } from "./measures_fixture";
import type { MockServer } from "./mock_server";
import { listedRules } from "./rules_fixture";

const november = "contract=31&period=month&on=2026-11-20";

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
  mock.measured = contractVisits("2026-08-01", 122);
});
afterEach(async () => {
  await visitor.leave();
  await mock.stop();
});

async function open(part = "", query = november, login = "council"): Promise<void> {
  visitor = await Visitor.open(browser, `${mock.address}/#/figures${part}?${query}`);
  await visitor.signIn(login);
  await visitor.page.getByRole("heading", { name: "Figures", exact: true }).waitFor();
}

const card = (name: string) =>
  visitor.page
    .locator("article")
    .filter({ has: visitor.page.getByRole("heading", { name, exact: true }) });

const novembers = () => mock.measured.filter((visit) => visit.day.startsWith("2026-11"));

async function pictures(name: string): Promise<void> {
  await visitor.page.setViewportSize({ width: 1024, height: 1366 });
  await visitor.picture(name);
  await visitor.darkPicture(name);
}

test("each figure of a list stands with what it is made of, and its trend", async () => {
  await open();
  const attended = novembers().filter((visit) => visit.visitClass === "attended_full");
  const onTime = attended.filter((visit) => visit.punctuality === "on_time");
  const first = card("On time, of visits attended");
  const made = `${onTime.length} of ${attended.length}`;
  await first.getByRole("paragraph").filter({ hasText: made }).waitFor();
  await first.locator(".frame svg circle").first().waitFor();
  assert.equal(await first.locator(".frame svg circle").count(), 4);
  // What is not recorded is no finding.
  await card("On time against the order")
    .getByText("No finding yet: nothing records the times that the council ordered.")
    .waitFor();
  await visitor.page.getByText("98.7% of expected phones heard since (75 of 76)").waitFor();
  await visitor.page.getByText("Rule version 3 classed 360 visits.").waitFor();
  await visitor.page.getByRole("row", { name: /^Cancelled/ }).waitFor();
  await visitor.expectAccessible();
  await pictures("figures");
});

test("three clicks lead from a figure to a late visit, its rule and its evidence", async () => {
  const log = new TestLog();
  const late = novembers().filter((visit) => visit.punctuality === "late");
  log.append(8n, visitEntry(1n, late[0]!.visitId, late[0]!.startUnixMs!));
  mock.proofs = [
    create(EntryProofSchema, { deviceId: 8n, n: 1n, position: 0n, tlogProof: log.proof(0) }),
  ];
  mock.verifierKey = log.verifierKey;
  await open();
  await card("On time, of visits attended")
    .getByRole("link", { name: /the rest$/ })
    .click();
  await visitor.page.getByText(`${late.length} visits.`, { exact: true }).waitFor();
  const visit = visitor.page.locator("li details").first();
  await visit.locator("summary").click();
  await visit.getByText("Rule version 3.").waitFor();
  await visit.getByText(/latest start .*, locked plan/).waitFor();
  assert.equal(await visit.getByRole("link", { name: "Visit and its events" }).count(), 0);
  await visitor.expectAccessible();
  await pictures("figures-visits");
  await visit.getByRole("button", { name: /^Evidence/ }).click();
  await visitor.page
    .locator("dialog")
    .getByText(/Checked in this browser/)
    .first()
    .waitFor();
});

test("the rest of a figure is its denominator less its numerator, page by page", async () => {
  await open("/visits", `${november}&measure=missed.rate&part=rest`);
  const rest = novembers().filter((visit) => visit.exclusion === "" && visit.cause === "");
  const more = visitor.page.getByRole("button", { name: "Show more" });
  await visitor.page.locator("li details").first().waitFor();
  while ((await more.count()) > 0) {
    const before = await visitor.page.locator("li details").count();
    await more.click();
    await visitor.page.locator("li details").nth(before).waitFor();
  }
  assert.equal(await visitor.page.locator("li details").count(), rest.length);
});

test("what the visits of a day add makes up the day's figure", async () => {
  const query = "contract=31&period=days&from=2026-11-20&to=2026-11-20";
  await open("/visits", `${query}&measure=length.clip_rate&part=denominator`);
  const items = visitor.page.locator("li details");
  await items.first().waitFor();
  const sum = { part: 0, all: 0 };
  for (const item of await items.all()) {
    await item.locator("summary").click();
    const adds = await item.locator("dt", { hasText: "It adds" }).locator("+ dd").innerText();
    const [, part, all] = /^([\d.]+) min of ([\d.]+) min$/.exec(adds) ?? [];
    assert.ok(all, adds);
    sum.part += Number(part);
    sum.all += Number(all);
  }
  assert.ok(sum.part > 0);
  await visitor.page.getByRole("link", { name: "To the figure" }).click();
  await visitor.page
    .getByRole("paragraph")
    .filter({ hasText: `${sum.part} min of ${sum.all} min` })
    .waitFor();
});

test("a supervisor opens the visit itself", async () => {
  await open("/visits", `${november}&measure=missed.rate&part=numerator`, "supervisor");
  await visitor.page.locator("li details summary").first().click();
  const link = visitor.page.getByRole("link", { name: "Visit and its events" }).first();
  assert.match((await link.getAttribute("href")) ?? "", /^#\/board\/visit\/7[12]\/\d+$/);
});

test("one measure is defined, grouped, drawn and downloaded as it is shown", async () => {
  await open("/punctuality.late_rate", `${november}&by=lot`);
  await visitor.page.getByText("The part of attended visits that started after").waitFor();
  await visitor.page.getByText(/^It does not say: /).waitFor();
  const row = visitor.page.getByRole("row", { name: /^Lot 5 Melton/ }).first();
  const shown = await row.getByRole("cell").allInnerTexts();
  await visitor.page.getByRole("region").locator("tbody tr").nth(1).waitFor();
  const saving = visitor.page.waitForEvent("download");
  await visitor.page.getByRole("button", { name: "Download as CSV" }).click();
  const csv = await readFile(await (await saving).path(), "utf8");
  const line = csv
    .split("\r\n")
    .find((each) => each.includes("Lot 5 Melton"))!
    .split(",");
  assert.equal(`${line[2]} of ${line[3]}`, shown[1]);
  assert.equal(csv.split("\r\n").length, 4);
  await visitor.page.locator(".frame svg").nth(0).waitFor();
  await visitor.page.locator(".frame svg rect").first().waitFor();
  await visitor.expectAccessible();
  await pictures("figures-measure");
});

test("too many visits, none, and none that counts are three different things", async () => {
  mock.measuresRefused = "VISITS_TOO_MANY";
  await open();
  await visitor.page
    .getByText(/more visits than the server looks through/)
    .first()
    .waitFor();
  await pictures("figures-too-many");
  mock.measuresRefused = "";
  await visitor.page.getByRole("link", { name: "Period after" }).click();
  await visitor.page.getByRole("heading", { name: "No visits on these days" }).waitFor();
  mock.measured = mock.measured.filter((visit) => visit.exclusion !== "");
  await visitor.page.getByRole("link", { name: "Period before" }).click();
  await visitor.page.getByText(/^None of \d+ visits of these days counts yet/).waitFor();
  assert.equal(await visitor.page.locator("article").getByText(/%/).count(), 0);
  await visitor.expectAccessible();
});

test("providers and months stand side by side", async () => {
  await open("/compare");
  await visitor.page.getByRole("columnheader", { name: "Soar Valley Care" }).waitFor();
  await visitor.expectAccessible();
  // Each column says its rules, here the same ones.
  const rules = visitor.page.getByRole("row", { name: /^Rules/ });
  await rules.getByText("Version 3: 120 visits.").waitFor();
  await visitor.page.getByText("All groups were classed by the same rule versions.").waitFor();
  await visitor.page.getByText("347 of 360 visits are reported.").waitFor();
  await visitor.page.getByRole("link", { name: "Month", exact: true }).click();
  await visitor.page.getByRole("columnheader", { name: "Aug 2026" }).waitFor();
});

test("groups that other rules classed are said not to be comparable", async () => {
  for (const visit of mock.measured) visit.ruleVersion = visit.day < "2026-11-11" ? 3 : 4;
  await open("/compare", `${november}&by=week`);
  const rules = visitor.page.getByRole("row", { name: /^Rules/ });
  await rules.waitFor();
  const cells = await rules.getByRole("cell").allInnerTexts();
  assert.equal(cells.filter((text) => /Version 3/.test(text) && /Version 4/.test(text)).length, 1);
  await visitor.page.getByText(/their figures are not comparable/).waitFor();
  await visitor.expectAccessible();
});

test("alerts: what nothing records is no finding, and is not a 0 %", async () => {
  await open("/alerts");
  await visitor.page
    .getByText(/^In this release nothing records when an alert of a late carer/)
    .waitFor();
  const caught = visitor.page.getByRole("row", { name: /^Late visits with an alert/ });
  await caught.getByText("No finding yet").waitFor();
  await caught.getByText("0 of 0").waitFor();
  await caught.getByText("when an alert of a late carer was raised").waitFor();
  assert.equal(await visitor.page.locator("section").first().getByText(/%/).count(), 0);
  await visitor.expectAccessible();
});

test("minutes from order to invoice: what is not stored is said and not drawn", async () => {
  await open("/flow");
  await visitor.page.getByText(/^Without a figure.*Ordered minutes.*Invoiced minutes/).waitFor();
  await visitor.page.locator(".frame svg rect").first().waitFor();
  assert.equal(await visitor.page.locator(".frame svg rect").count(), 2);
  await visitor.page.getByRole("row", { name: /^P-100 2026-11-23/ }).waitFor();
  await visitor.expectAccessible();
  await pictures("figures-flow");
});

test("the page that prints has figures, rules and definitions, and nothing to click", async () => {
  mock.rules = listedRules();
  // The version that the visits were judged by, not the one that holds today.
  mock.rules.versions[1]!.ruleVersion = 3;
  await open("/report", `${november}&pack=essex_kpi3`);
  await visitor.page.getByRole("heading", { name: "Definitions" }).waitFor();
  await visitor.page.getByRole("heading", { name: "Version 3, since always" }).waitFor();
  await visitor.page.getByText(/A start is on time from 15 min/).waitFor();
  assert.equal(await visitor.page.getByText("agreed at the contract meeting").count(), 0);
  await visitor.page.getByRole("columnheader", { name: "Oct 2026" }).waitFor();
  await visitor.expectAccessible();
  await pictures("figures-report");
  await visitor.page.emulateMedia({ media: "print" });
  for (const gone of ["form", "nav", "header"])
    for (const each of await visitor.page.locator(gone).all())
      assert.equal(await each.isVisible(), false, gone);
  const pdf = await visitor.page.pdf({ preferCSSPageSize: true });
  assert.match(pdf.toString("latin1"), /\/MediaBox \[0 0 59[45](\.\d+)? 84[12]/);
});
