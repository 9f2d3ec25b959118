// SPDX-License-Identifier: Apache-2.0
// Every page in a language that nobody reads, written from right to left (mirror_words.mjs): a
// Latin word on it is a name, a note or a number of the server's, or it is missing from the
// catalogue.
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { EntryProofSchema } from "@contract/doorstep/records/v1/records_service_pb";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, required, startMock, Visitor } from "./browser";
import { countyContracts, countyRecords } from "./county_records";
import { TestLog, visitEntry } from "./evidence_maker";
import { expectMirroredText } from "./mirrored_text";
import { accounts, type MockServer } from "./mock_server";
import { morningBoard } from "./morning_board";
import { fillOffice } from "./office_fixture";
import { recordedVisit } from "./visit_fixture";

const firstDay = "2026-11-23";
const firstVisitId = 5_000n;

let browser: Browser;
let mock: MockServer;
let visitor: Visitor;

before(async () => {
  browser = await launch();
});
after(async () => browser.close());
beforeEach(async () => {
  mock = await startMock(required("DASHBOARD_MIRRORED"));
  mock.setBoard(morningBoard());
  for (const id of mock.rows.keys()) mock.visits.set(id, recordedVisit());
  mock.contracts = countyContracts();
  mock.records = countyRecords(BigInt(Date.parse(`${firstDay}T00:00:00Z`)));
  fillOffice(mock);
  const log = new TestLog();
  log.append(8n, visitEntry(1n, firstVisitId, BigInt(Date.parse(`${firstDay}T07:01:00Z`))));
  mock.proofs = [
    create(EntryProofSchema, { deviceId: 8n, n: 1n, position: 0n, tlogProof: log.proof(0) }),
  ];
  mock.verifierKey = log.verifierKey;
});
afterEach(async () => {
  await visitor.leave();
  await mock.stop();
});

async function expectMirrored(name: string): Promise<void> {
  const { rows, visits, contracts, records, alarms, apart, devices, versions } = mock;
  const sent = [rows, visits, contracts, records, alarms, apart, devices, versions, accounts];
  await expectMirroredText(visitor.page, name, sent);
  await visitor.picture(`mirrored-${name}`);
}

async function open(login: string, hash: string, settled: string): Promise<void> {
  visitor = await Visitor.open(browser, `${mock.address}/${hash}`);
  await visitor.page.locator("input[name=login]").fill(login);
  await visitor.page.locator("#password").fill("right horse");
  await visitor.page.locator("button.primary").click();
  await visitor.page.locator(settled).first().waitFor();
}

test("the page of sign-in and what it refuses are of the catalogue", async () => {
  visitor = await Visitor.open(browser, mock.address);
  await visitor.page.locator("h1").waitFor();
  await expectMirrored("sign-in");
  await visitor.page.locator("input[name=login]").fill("nobody");
  await visitor.page.locator("#password").fill("wrong");
  await visitor.page.locator("button.primary").click();
  await visitor.page.locator(".notice").waitFor();
  await expectMirrored("sign-in-refused");
});

test("the board in every state is of the catalogue, and begins on the right", async () => {
  await open("supervisor", "#/board", "ol li");
  await expectMirrored("board");
  const title = (await visitor.page.locator("h1").boundingBox())!;
  const contact = (await visitor.page.locator(".contact").boundingBox())!;
  assert.ok(title.x > contact.x, "the title stands right of the contact line");
  await visitor.expectAccessible();
  mock.failure = Code.Unavailable;
  mock.cutStreams();
  await visitor.page.locator(".contact.tone-alarm").waitFor();
  await expectMirrored("board-lost");
});

test("an open visit is of the catalogue", async () => {
  await open("supervisor", "#/board", "ol li");
  await visitor.page.locator("ol li a").first().click();
  await visitor.page.locator("section.panel ol details").first().waitFor();
  for (const summary of await visitor.page.locator("section.panel summary").all())
    await summary.click();
  // A note is data: its full stop stays at its own end.
  const note = visitor.page.getByText("I rang the nurse.");
  assert.match((await note.textContent()) ?? "", /^\u2068.*\u2069$/);
  await expectMirrored("visit");
  await visitor.expectAccessible();
});

test("the records, their figures and their evidence are of the catalogue", async () => {
  await open("council", `#/records?from=${firstDay}&to=2026-11-24`, "tbody tr td button");
  await visitor.page.locator(".frame svg").waitFor();
  await visitor.page.locator("section summary").first().click();
  await expectMirrored("records");
  await visitor.expectAccessible();
  await visitor.page.locator("tbody tr td button").first().click();
  await visitor.page.locator("dialog .events").waitFor();
  await expectMirrored("evidence");
});

test("records that no filter finds are of the catalogue", async () => {
  mock.records = [];
  await open("council", `#/records?from=${firstDay}&to=2026-11-24`, ".empty");
  await expectMirrored("records-none");
});

test("the office's lists are of the catalogue", async () => {
  await open("supervisor", "#/office", ".lists li details");
  await visitor.page.locator(".lists li details summary").first().click();
  await expectMirrored("office");
  await visitor.expectAccessible();
});
