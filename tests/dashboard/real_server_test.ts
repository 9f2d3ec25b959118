// SPDX-License-Identifier: Apache-2.0
// The whole way with nothing replaced: a tap on a phone, the server, the supervisor's board, the
// council's record, the evidence.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, Visitor } from "./browser";
import { at, boardTime, day } from "./morning_board";
import { type RealPhone, RealServer } from "./real_server";

const provider = "Harborough Home Care";
const council = "Leicestershire County Council";
const slot = (
  visit: string,
  person: string,
  number: number,
  of: number,
  carer: string,
  from: string,
  to: string,
) =>
  `${visit},${person},${number},${of},${carer},personal_care,` +
  `${day}T${from}:00,${day}T${to}:00,30,,,`;

let browser: Browser;
let server: RealServer;
let amara: RealPhone;
let supervisorPassword = "";
let councilPassword = "";

before(async () => {
  browser = await launch();
  server = new RealServer();
  await server.start(Number(boardTime));
  await server.importRota(
    {
      people: [
        "p1,Edith Marlow,52.4780,-0.9210,Lot 4",
        "p2,Ivy Nash,52.4791,-0.9180,Lot 4",
        "p3,George Pell,52.7660,-0.8860,Lot 5",
      ],
      carers: ["c1,Amara Okafor,,,", "c2,Gwen Price,,,", "c3,Ben Adeyemi,,,"],
      visits: [
        slot("v1", "p1", 1, 1, "c1", "07:45", "08:00"),
        slot("v2", "p2", 1, 1, "c2", "07:45", "08:00"),
        slot("v3", "p3", 1, 2, "c1", "12:00", "12:30"),
        slot("v3", "p3", 2, 2, "c3", "12:00", "12:30"),
      ],
    },
    provider,
    council,
  );
  supervisorPassword = await server.createAccount(
    "samira",
    "--role",
    "supervisor",
    "--provider",
    provider,
    "--name",
    "Samira Khan",
  );
  councilPassword = await server.createAccount(
    "tom",
    "--role",
    "council",
    "--council",
    council,
    "--name",
    "Tom Hale",
  );
  amara = await server.enrolPhone("c1");
  await amara.exchange();
});

after(async () => {
  await browser.close();
  await server.stop();
});

test("a supervisor sees a check-in arrive while she looks, and the visit's evidence", async () => {
  const visitor = await Visitor.open(browser, server.address, { ignoreHTTPSErrors: true });
  const { page } = visitor;
  await visitor.signIn("samira", supervisorPassword);
  const rows = page.getByRole("list", { name: "Visits, most urgent first" }).getByRole("link");
  const edith = rows.filter({ hasText: "Edith Marlow" });
  await edith.getByText("Late", { exact: true }).waitFor();
  assert.match(await rows.first().innerText(), /Edith Marlow/);
  await rows.filter({ hasText: "Ivy Nash" }).getByText("Overdue, phone silent").waitFor();
  assert.equal(await rows.count(), 3);

  await amara.live(`${at("08:20:00")},check_in,v1`);
  await edith.getByText("In progress").waitFor();
  await edith.getByText("Amara Okafor there since 08:20").waitFor();

  await edith.click();
  const panel = page.getByRole("region", { name: "Edith Marlow" });
  await panel.getByText("Checked in", { exact: true }).waitFor();
  await panel.getByText(/the phone’s clock agrees/).waitFor();
  await panel.getByText("Evidence of event 1").click();
  await panel.getByText(/position \d+ of \d+, entry 1/).waitFor();

  await amara.live(`${at("08:20:01")},note,v1,All well today`, `${at("08:20:02")},check_out,v1`);
  await panel.getByText("All well today").waitFor();
  // The day's plan holds a critical task, and nothing was recorded about it.
  await edith.getByText("Critical task not done").waitFor();
  await panel.getByText("nothing recorded").first().waitFor();
  await visitor.expectAccessible();
  await visitor.picture("real-visit");
  await page.getByRole("button", { name: "Close" }).click();
  await visitor.picture("real-board");
  await visitor.leave();
});

test("a board outlives a server that is killed, and shows what came after", async () => {
  const visitor = await Visitor.open(browser, server.address, { ignoreHTTPSErrors: true });
  const { page } = visitor;
  await visitor.signIn("samira", supervisorPassword);
  await page.getByText("Last heard from the server").waitFor();
  await server.kill();
  await page.getByText("Not connected.").waitFor();
  await page.getByText(/What you see is as of 08:2\d:\d\d\./).waitFor();
  await server.serve();
  await page.getByText("Last heard from the server").waitFor({ timeout: 40_000 });
  await amara.live(`${at("08:20:05")},late,v3,25`);
  await page
    .getByRole("link", { name: /George Pell/ })
    .getByText("Said to expect 25 min of delay.")
    .waitFor();
  await visitor.leave();
});

test("a council officer sees the visit as late by the rule, its CSV and the evidence", async () => {
  const visitor = await Visitor.open(browser, `${server.address}/#/records?from=${day}&to=${day}`, {
    ignoreHTTPSErrors: true,
  });
  const { page } = visitor;
  await visitor.signIn("tom", councilPassword);
  await page.getByText("3 visits", { exact: true }).waitFor();
  const record = page.getByRole("row").filter({ hasText: "v1" });
  await record.getByText("Late", { exact: true }).waitFor();
  await record.getByText(/20 min( \d+ s)? after the window, rule 1/).waitFor();

  const csv = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  const lines = (await readFile(await (await csv).path(), "utf8")).trimEnd().split("\r\n");
  assert.match(lines[0]!, /visit_id/);
  assert.equal(lines.length, 1 + 4, "one line for each carer slot");

  await record.getByRole("button", { name: "Evidence" }).click();
  const dialog = page.getByRole("dialog");
  await dialog
    .getByText("Checked in this browser: the entry is unaltered and in the log.")
    .first()
    .waitFor();
  assert.equal(await dialog.getByText("The check failed.").count(), 0);
  await dialog.getByText("All well today").waitFor();
  const proof = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download .tlog-proof" }).first().click();
  assert.match(await readFile(await (await proof).path(), "utf8"), /^c2sp\.org\/tlog-proof@v1\n/);
  await visitor.expectAccessible();
  await visitor.picture("real-evidence");
  await visitor.leave();
});

test("an officer orders from a day that has begun, and the provider reads it", async () => {
  const address = `${server.address}/#/commissioned?day=${day}`;
  const visitor = await Visitor.open(browser, address, { ignoreHTTPSErrors: true });
  const { page } = visitor;
  // The server's day, wherever the browser stands.
  await page.clock.setFixedTime(Number(boardTime));
  await visitor.signIn("tom", councilPassword);
  await page.getByText("No rate holds on this day.").waitFor();
  await page.getByRole("button", { name: "Add a package p1" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Nothing was said of this yet.").waitFor();
  await dialog.getByLabel("Minutes of carers a week").fill("420");
  await dialog.getByLabel("First day", { exact: true }).fill(day);
  await dialog.getByText("This day has begun.").waitFor();
  await dialog.getByLabel("Reason", { exact: true }).fill("agreed on the telephone");
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved. It holds from Monday 23 November 2026.").waitFor();
  await page.getByText("7 h a week").waitFor();
  await page.getByRole("button", { name: "Change Day care: p1" }).click();
  await dialog.getByText("correction", { exact: true }).waitFor();
  await dialog.getByText(/^Tom Hale, Monday 23 November 2026, 08:2/).waitFor();
  await visitor.expectAccessible();
  await visitor.picture("real-commissioned");
  await visitor.leave();

  const reader = await Visitor.open(browser, address, { ignoreHTTPSErrors: true });
  await reader.signIn("samira", supervisorPassword);
  await reader.page.getByText("7 h a week").waitFor();
  await reader.page.getByRole("button", { name: "History Day care: p1" }).click();
  await reader.page.getByRole("dialog").getByText("agreed on the telephone").waitFor();
  assert.equal(await reader.page.getByRole("button", { name: "Save" }).count(), 0);
  await reader.leave();
});
