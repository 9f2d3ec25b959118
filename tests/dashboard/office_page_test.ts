// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  DeviceSchema,
  PlanVersionSchema,
  QuarantinedEntrySchema,
} from "@contract/doorstep/admin/v1/office_service_pb";
import { apartText, changedText, phoneState } from "@dashboard/office/office_words";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, startMock, Visitor } from "./browser";
import { countyContracts } from "./county_records";
import type { MockServer } from "./mock_server";
import { providerId } from "./morning_board";
import { fillOffice } from "./office_fixture";

let browser: Browser;
let mock: MockServer;
let visitor: Visitor;

before(async () => {
  browser = await launch();
});
after(async () => browser.close());
beforeEach(async () => {
  mock = await startMock();
  fillOffice(mock);
});
afterEach(async () => {
  await visitor.leave();
  await mock.stop();
});

async function openOffice(login = "supervisor"): Promise<void> {
  visitor = await Visitor.open(browser, `${mock.address}/#/office`);
  await visitor.signIn(login);
  await visitor.page.getByRole("heading", { name: "Office", exact: true }).waitFor();
}

const list = (name: string) => visitor.page.getByRole("region", { name });

test("an office sees alarms, what is kept apart, phones and who made each plan", async () => {
  await openOffice();
  await list("Alarms").getByText("signed two different records").waitFor();
  await list("Kept apart").getByText("not counted").first().waitFor();
  await list("Phones").getByText("Old app: it does not show all that is planned").waitFor();
  await list("Phones").getByText("Refused since it was revoked").waitFor();
  await list("Phones").getByText("never heard; no plan yet").waitFor();
  await list("Plan history").getByText("by Olu Example, carer changed").first().waitFor();
  await list("Plan history").getByText("Files").first().click();
  await list("Plan history").getByText("5f".repeat(32)).first().waitFor();
  assert.equal(await visitor.page.title(), "Office – Doorstep");
  await visitor.expectAccessible();
  await visitor.picture("office");
  await visitor.darkPicture("office");
});

test("a long history comes in pieces, and each once", async () => {
  await openOffice();
  const history = list("Plan history");
  const rows = history.getByRole("listitem");
  for (const shown of [50, 100, 130]) {
    await history
      .getByRole("listitem")
      .nth(shown - 1)
      .waitFor();
    assert.equal(await rows.count(), shown);
    if (shown < 130) await history.getByRole("button", { name: "Show more" }).click();
  }
  assert.equal(await history.getByRole("button", { name: "Show more" }).count(), 0);
  assert.match(await rows.nth(129).innerText(), /^version 1,/i);
});

test("an office that has nothing yet reads so", async () => {
  mock.alarms = mock.apart = mock.devices = mock.versions = [];
  await openOffice();
  for (const text of ["No alarm.", "Everything that came is counted.", "No phone is set up yet."])
    await visitor.page.getByText(text).waitFor();
  await visitor.page.getByText("No plan was made yet.").waitFor();
  await visitor.picture("office-empty");
  await visitor.expectAccessible();
});

test("a list that could not be got says why and is asked for again", async () => {
  await openOffice();
  await list("Plan history").getByText("version 130").waitFor();
  mock.failure = Code.Unavailable;
  await list("Plan history").getByRole("button", { name: "Show more" }).click();
  await list("Plan history").getByText("cannot be reached").waitFor();
  assert.equal(await list("Plan history").getByRole("listitem").count(), 50);
  mock.failure = undefined;
  await list("Plan history").getByRole("button", { name: "Try again" }).click();
  await list("Plan history").getByText("version 31,").waitFor();
});

test("an operator chooses whose office it is", async () => {
  mock.contracts = countyContracts();
  visitor = await Visitor.open(browser, `${mock.address}/#/office`);
  await visitor.signIn("operator");
  await list("Plan history").getByText("version 130").waitFor();
  const choice = visitor.page.getByRole("combobox", { name: "Provider" });
  await choice.selectOption({ label: "Soar Valley Care" });
  await mock.untilAsked("listPlanVersions", (request) => request.providerId === 72n);
  await list("Plan history").getByText("version 130").waitFor();
});

test("a council's account has no office", async () => {
  visitor = await Visitor.open(browser, `${mock.address}/#/office`);
  await visitor.signIn("council");
  await visitor.page.getByRole("heading", { name: "Visit records" }).waitFor();
  assert.equal(await visitor.page.getByRole("link", { name: "Office" }).count(), 0);
  assert.equal(mock.callsOf("listPlanVersions"), 0);
});

test("the office asks for its own provider", async () => {
  await openOffice();
  await list("Plan history").getByText("version 130").waitFor();
  const asked = mock.asked.find((call) => call.method === "listPlanVersions");
  assert.equal((asked?.request as { providerId: bigint }).providerId, providerId);
});

test("words say what is known and nothing else", async () => {
  await openOffice();
  assert.equal(changedText(create(PlanVersionSchema, { visitsNew: 1n })), "1 visit new");
  assert.equal(
    changedText(create(PlanVersionSchema, { visitsChanged: 1_204n, visitsCancelled: 2n })),
    "1,204 visits changed, 2 cancelled",
  );
  assert.equal(changedText(create(PlanVersionSchema, {})), "no visit changed");
  const later = create(QuarantinedEntrySchema, { reason: "OF_A_LATER_RELEASE", bytes: 3n });
  assert.match(apartText(later), /OF_A_LATER_RELEASE.*beside the log/);
  assert.equal(phoneState(create(DeviceSchema, {})).tone, "unknown");
});
