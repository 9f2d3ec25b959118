// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { EntryProofSchema } from "@contract/doorstep/records/v1/records_service_pb";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, narrow, startMock, Visitor } from "./browser";
import { countyContracts, countyRecords } from "./county_records";
import { TestLog, visitEntry } from "./evidence_maker";
import type { MockServer } from "./mock_server";

const firstDay = "2026-11-23";
const lastDay = "2026-11-24";
const firstVisitId = 5_000n;

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
  mock.records = countyRecords(BigInt(Date.parse(`${firstDay}T00:00:00Z`)));
});
afterEach(async () => {
  await visitor.leave();
  await mock.stop();
});

async function openRecords(query = `from=${firstDay}&to=${lastDay}`): Promise<void> {
  visitor = await Visitor.open(browser, `${mock.address}/#/records?${query}`);
  await visitor.signIn("council");
  await visitor.page.getByRole("heading", { name: "Visit records" }).waitFor();
}

const figure = (name: string) =>
  visitor.page
    .getByRole("row", { name: new RegExp(`^${name}`) })
    .first()
    .innerText();

test("figures show numerator, denominator and rule version, and the plot has a table", async () => {
  await openRecords();
  const count = (value: number) =>
    mock.records.filter((record) => record.punctuality === value).length;
  const [onTime, early, late] = [count(1), count(2), count(3)];
  await visitor.page.getByText("240 visits", { exact: true }).waitFor();
  assert.match(
    await figure("On time, of those started"),
    new RegExp(`${onTime}\\s+of\\s+${onTime + early + late}`),
  );
  await visitor.page.getByText("Classified under rule versions 3, 4.").waitFor();
  await visitor.page
    .getByText(
      /Rule version 3\. A start is on time from 15 min before the window to 15 min after it/,
    )
    .waitFor();
  await visitor.page.locator(".frame svg rect").first().waitFor();
  await visitor.page.getByText("The same as a table").click();
  await visitor.page.getByRole("row", { name: /^60 or more/ }).waitFor();
  await visitor.expectAccessible();
  await visitor.page.getByText("The same as a table").click();
  await visitor.picture("records");
  await visitor.darkPicture("records");
  await visitor.page.setViewportSize({ width: 1440, height: 3000 });
  await visitor.page.screenshot({
    path: `${process.env["DASHBOARD_SCREENSHOTS"]}/records-whole.png`,
  });
  await visitor.page.setViewportSize({ ...narrow, height: 4200 });
  await visitor.page.screenshot({
    path: `${process.env["DASHBOARD_SCREENSHOTS"]}/records-whole-narrow.png`,
  });
});

test("the filter narrows figures and records alike, and stands in the address", async () => {
  await openRecords();
  await visitor.page
    .getByRole("combobox", { name: "Provider" })
    .selectOption({ label: "Soar Valley Care" });
  await visitor.page.getByRole("combobox", { name: "Punctuality" }).selectOption({ label: "Late" });
  await visitor.page.getByRole("button", { name: "Show", exact: true }).click();
  const wanted = mock.records.filter(
    (record) => record.providerId === 72n && record.punctuality === 3,
  );
  await visitor.page.getByText(`${wanted.length} visits`, { exact: true }).waitFor();
  await visitor.page.waitForFunction(
    (count) => document.querySelectorAll("tbody tr [data-label=Visit]").length === count,
    wanted.length,
  );
  assert.match(visitor.page.url(), /provider=72/);
  await visitor.page.reload();
  await visitor.page.getByText(`${wanted.length} visits`, { exact: true }).waitFor();
  await visitor.page.goBack();
  await visitor.page.getByText("240 visits", { exact: true }).waitFor();
});

test("a record says what was corrected, why and when, and what it showed before", async () => {
  await openRecords();
  const row = visitor.page.getByRole("row").filter({ hasText: "R5001" });
  await row.getByText("Corrected 25 Nov, 09:00: the boundary was read wrongly").waitFor();
  await row.getByText("Shown before").click();
  await row
    .getByText("Lot 5 Melton, tier complex, paid by council 80%, nhs 20% (until 25 Nov, 09:00)")
    .waitFor();
  await row
    .getByText("contract HC-2026-09, lead, from 2 Nov (21 Nov, 07:00 to 25 Nov, 09:00)")
    .waitFor();
  await row.getByText("another contract, from 9 Nov").waitFor();
  assert.equal(await visitor.page.getByText("Shown before").count(), 1);
  await visitor.expectAccessible();
  await visitor.page.setViewportSize(narrow);
  await row.getByText("another contract").scrollIntoViewIfNeeded();
  await visitor.page.screenshot({
    path: `${process.env["DASHBOARD_SCREENSHOTS"]}/records-corrected-narrow.png`,
  });
  await visitor.page.setViewportSize({ width: 1440, height: 900 });
  await row.scrollIntoViewIfNeeded();
  await visitor.page.screenshot({
    path: `${process.env["DASHBOARD_SCREENSHOTS"]}/records-corrected-wide.png`,
  });
});

test("records are turned page by page, forth and back", async () => {
  await openRecords();
  const firstVisit = () => visitor.page.locator("[data-label=Visit]").first().innerText();
  await visitor.page.getByText(/^Page 1, 100 records/).waitFor();
  const first = await firstVisit();
  await visitor.page.getByRole("button", { name: "Next page" }).click();
  await visitor.page.getByRole("button", { name: "Next page" }).click();
  await visitor.page.getByText(/^Page 3, 40 records/).waitFor();
  assert.equal(await visitor.page.getByRole("button", { name: "Next page" }).isDisabled(), true);
  await visitor.page.getByRole("button", { name: "Page before" }).click();
  await visitor.page.getByRole("button", { name: "Page before" }).click();
  await visitor.page.getByText(/^Page 1, 100 records/).waitFor();
  assert.equal(await firstVisit(), first);
});

test("the CSV download holds what the filter shows", async () => {
  await openRecords(`from=${firstDay}&to=${firstDay}`);
  const download = visitor.page.waitForEvent("download");
  await visitor.page.getByRole("button", { name: "Download as CSV" }).click();
  const file = await download;
  assert.equal(file.suggestedFilename(), "visits-2026-11-23-2026-11-23.csv");
  const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\r\n");
  assert.equal(lines[0], "visit_id,person_la_id");
  assert.equal(lines.length, 121);
});

test("the rules that the file's figures follow from are downloaded beside it", async () => {
  await openRecords(`from=${firstDay}&to=${firstDay}`);
  const download = visitor.page.waitForEvent("download");
  await visitor.page.getByRole("button", { name: "Download the rules" }).click();
  const file = await download;
  assert.equal(file.suggestedFilename(), "rules.json");
  assert.equal(await readFile(await file.path(), "utf8"), '{"schema":"doorstep-rules/1"}\n');
});

function proofs(log: TestLog): void {
  for (let n = 1n; n <= 21n; n++)
    log.append(
      8n,
      visitEntry(n, n === 9n ? firstVisitId : 1n, BigInt(Date.parse(`${firstDay}T07:01:00Z`))),
    );
  mock.proofs = [
    create(EntryProofSchema, { deviceId: 8n, n: 9n, position: 8n, tlogProof: log.proof(8) }),
  ];
  mock.verifierKey = log.verifierKey;
}

async function openEvidence(): Promise<void> {
  await visitor.page.getByRole("button", { name: "Evidence of visit R5000" }).click();
  await visitor.page.getByRole("dialog").getByText("Entry 9 of phone 8").waitFor();
}

test("evidence is checked in the browser and downloaded to the byte", async () => {
  proofs(new TestLog());
  await openRecords();
  await openEvidence();
  const dialog = visitor.page.getByRole("dialog");
  await dialog
    .getByText("Checked in this browser: the entry is unaltered and in the log.")
    .waitFor();
  await dialog.getByText("The entry is in the log, at position 8 of 21: right.").waitFor();
  await dialog.getByText("07:01:00").waitFor();
  await dialog.getByText("Checked out").waitFor();
  await visitor.expectAccessible();
  await visitor.picture("evidence");
  const download = visitor.page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download .tlog-proof" }).click();
  const file = await download;
  assert.equal(file.suggestedFilename(), "visit-R5000-phone-8-entry-9.tlog-proof");
  assert.equal(await readFile(await file.path(), "utf8"), mock.proofs[0]!.tlogProof);
});

test("evidence under another log's key fails the check in words", async () => {
  proofs(new TestLog());
  mock.verifierKey = new TestLog().verifierKey;
  await openRecords();
  await openEvidence();
  await visitor.page.getByText("The check failed.").waitFor();
  await visitor.page
    .getByText("The log signed the checkpoint: wrong. No signature of this log is in the file.")
    .waitFor();
  await visitor.expectAccessible();
  await visitor.picture("evidence-wrong");
});

test("a browser without Ed25519 is told plainly, and nothing is called checked", async () => {
  proofs(new TestLog());
  await openRecords();
  await visitor.page.evaluate(() => {
    const real = crypto.subtle.importKey.bind(crypto.subtle) as (
      ...all: unknown[]
    ) => Promise<CryptoKey>;
    Object.defineProperty(crypto.subtle, "importKey", {
      value: (...all: unknown[]) =>
        (all[2] as { name?: string }).name === "Ed25519"
          ? Promise.reject(new DOMException("", "NotSupportedError"))
          : real(...all),
    });
  });
  await openEvidence();
  await visitor.page.getByText("Not fully checked.").waitFor();
  await visitor.page.getByText("This browser has no Ed25519.").waitFor();
  await visitor.expectAccessible();
});

test("days without a record offer all days", async () => {
  await openRecords("from=2020-01-01&to=2020-01-02");
  await visitor.page.getByText("No visit fits this filter").waitFor();
  await visitor.expectAccessible();
  await visitor.picture("records-empty");
  await visitor.page.getByRole("button", { name: "Show all days" }).click();
  await visitor.page.getByText("240 visits", { exact: true }).waitFor();
});

test("a council without a contract is told so", async () => {
  mock.contracts = [];
  mock.records = [];
  await openRecords();
  await visitor.page.getByText("Your account sees no contract.").waitFor();
  await visitor.expectAccessible();
});

test("a server that fails is told in words", async () => {
  await openRecords();
  await visitor.page.getByText("240 visits", { exact: true }).waitFor();
  mock.failure = Code.Internal;
  await visitor.page.getByRole("combobox", { name: "Lot" }).selectOption("Lot 4 Harborough");
  await visitor.page.getByRole("button", { name: "Show", exact: true }).click();
  await visitor.page.getByText("Something went wrong on the server.").waitFor();
  await visitor.expectAccessible();
});
