// SPDX-License-Identifier: Apache-2.0
import { aboutText, bytesOf, isAbout } from "@dashboard/replies/reply_text";
import { create } from "@bufbuild/protobuf";
import { MeasureFilterSchema } from "@contract/doorstep/records/v1/measures_service_pb";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, startMock, Visitor } from "./browser";
import { countyContracts } from "./county_records";
import { contractVisits } from "./measures_fixture";
import type { MockServer } from "./mock_server";
import { fillReplies, replyOf } from "./replied_figures";

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
  fillReplies(mock.replied);
});
afterEach(async () => {
  await visitor?.leave();
  await mock.stop();
});

async function open(login = "council", query = november): Promise<void> {
  visitor = await Visitor.open(browser, `${mock.address}/#/figures/missed.rate?${query}`);
  await visitor.signIn(login);
  await replies().waitFor();
}
const replies = () => visitor.page.getByRole("region", { name: "What providers say of it" });
const article = (name: string) => replies().getByRole("article", { name, exact: true });
const form = () => replies().getByRole("form", { name: "Reply to this figure" });

test("a council reads what a provider says of a figure, with the figure as it stood", async () => {
  await open();
  const first = article("Harborough Home Care, reply 1");
  await first.getByText("Six of the nine were on 23 November").waitFor();
  await first.getByText("Of 1 Nov to 30 Nov 2026").waitFor();
  await first.getByText("The figure stood at 2.6%, 9 of 349, on").waitFor();
  await first.getByText("2 visits attached").click();
  await first.getByText("Unplanned visit 7001", { exact: true }).waitFor();
  assert.equal(await first.getByRole("link", { name: "Records of the day" }).count(), 1);
  assert.equal(await first.getByRole("link", { name: "Visit and its events" }).count(), 0);
  await article("Harborough Home Care, reply 2").getByText("withdrawn by reply 3").waitFor();
  await article("Harborough Home Care, reply 3: withdraws reply 2").waitFor();
  await replies().getByText("1 reply to this measure on other days or of other visits").click();
  await article("Soar Valley Care, reply 1").getByText("Lot: Lot 5 Melton").waitFor();
  assert.equal(await form().count(), 0);
  assert.equal(await replies().locator("summary", { hasText: "Withdraw" }).count(), 0);
  await visitor.expectAccessible();
  await replies().scrollIntoViewIfNeeded();
  await visitor.picture("replies");
  await visitor.darkPicture("replies");
  await first.getByRole("button", { name: "Evidence of visit V-5991" }).click();
  await visitor.page.locator("dialog").waitFor();
});

test("the overview names every reply of its days, with the way to the figure", async () => {
  visitor = await Visitor.open(browser, `${mock.address}/#/figures?${november}`);
  await visitor.signIn("council");
  const said = visitor.page.getByRole("region", { name: "What providers say of these figures" });
  await said.getByText("Of Melton alone.").waitFor();
  assert.equal(await said.getByRole("listitem").count(), 3);
  await visitor.expectAccessible();
  await said.scrollIntoViewIfNeeded();
  await visitor.picture("replies-overview");
  await said.getByRole("link", { name: /^Soar Valley Care, reply 1: / }).click();
  await article("Soar Valley Care, reply 1").waitFor();
  assert.match(visitor.page.url(), /provider=72.*where=lot%3ALot\+5\+Melton/);
  assert.equal(
    await replies()
      .getByText(/on other days or of other visits/)
      .count(),
    1,
  );
});

test("a supervisor replies with visits that she chooses by checkbox and by ref", async () => {
  await open("supervisor");
  await form().getByLabel("What the provider says of it").fill("Two of them were\nin hospital.");
  await form().getByRole("button", { name: "Choose visits that show it" }).click();
  const choice = form().getByRole("group", { name: "Choose visits that show it" });
  await choice.getByRole("checkbox").first().waitFor();
  await choice.getByRole("combobox").selectOption("numerator");
  const missed = mock.measured.filter(
    (visit) => visit.day.startsWith("2026-11") && visit.visitClass === "missed",
  );
  await choice.getByText(missed[0]!.visitRef, { exact: true }).waitFor();
  await choice.getByRole("checkbox").first().check();
  const last = missed.at(-1)!;
  await choice.getByLabel("Visit reference").fill(last.visitRef.toLowerCase());
  await choice.getByText(last.visitRef, { exact: true }).waitFor();
  assert.equal(await choice.getByRole("checkbox").count(), 1);
  await choice.getByRole("checkbox").check();
  await form().getByText("2 visits attached, at most 50.").waitFor();
  await visitor.expectAccessible();
  await form().scrollIntoViewIfNeeded();
  await visitor.picture("reply-form");
  // Another dimension of the same figure takes nothing of what was written.
  await visitor.page.getByRole("link", { name: "Lot", exact: true }).click();
  await form().getByRole("button", { name: "Send the reply" }).click();
  await replies().getByText("The reply is kept with the figure.").waitFor();
  const asked = mock.replied.asked.at(-1)!;
  assert.equal(asked.text, "Two of them were\nin hospital.");
  assert.deepEqual(asked.visitIds, [missed[0]!.visitId, last.visitId]);
  assert.equal(asked.measure, "missed.rate");
  assert.equal(asked.filter?.firstDay, "2026-11-01");
  const made = article("Harborough Home Care, reply 4");
  await made.getByText("Two of them were").waitFor();
  await made.getByText("2 visits attached").click();
  assert.equal(await made.getByRole("link", { name: "Visit and its events" }).count(), 2);
});

test("a supervisor withdraws her reply, and it stays to be read", async () => {
  await open("supervisor");
  const first = article("Harborough Home Care, reply 1");
  await first.locator("summary", { hasText: "Withdraw" }).click();
  await first.getByLabel("Why is it withdrawn?").fill("It was another road.");
  await first.getByRole("button", { name: "Withdraw it" }).click();
  await first.getByText("withdrawn by reply 4").waitFor();
  await first.getByText("Six of the nine were on 23 November").waitFor();
  const withdrawal = article("Harborough Home Care, reply 4: withdraws reply 1");
  await withdrawal.getByText("It was another road.").waitFor();
  assert.equal(await first.locator("summary", { hasText: "Withdraw" }).count(), 0);
});

test("a text that cannot be read is refused in words, and nothing is lost", async () => {
  mock.replied.replies = [];
  await open("supervisor");
  await replies().getByText("No provider has replied to this figure.").waitFor();
  const text = form().getByLabel("What the provider says of it");
  await text.fill("abc\u202edef");
  await form().getByRole("button", { name: "Send the reply" }).click();
  await form()
    .getByText(/holds characters that cannot be seen/)
    .waitFor();
  assert.equal(await text.inputValue(), "abc\u202edef");
  await text.fill("é".repeat(1_001));
  await form().getByText("The text is too long: at most 2,000 bytes.").waitFor();
  assert.equal(await form().getByRole("button", { name: "Send the reply" }).isEnabled(), false);
});

test("a reply is to a figure of the same days and visits, in whatever order they are said", () => {
  const filter = create(MeasureFilterSchema, {
    contractId: 31n,
    firstDay: "2026-11-01",
    lastDay: "2026-11-30",
    where: [
      { dimension: "lot", value: "North" },
      { dimension: "tier", value: "2" },
    ],
  });
  const other = { ...filter, where: [...filter.where].reverse() };
  assert.ok(isAbout(replyOf({ filter: other }), filter));
  assert.ok(!isAbout(replyOf({ filter: { ...filter, where: [] } }), filter));
  assert.ok(!isAbout(replyOf({ filter: { ...filter, lastDay: "2026-11-29" } }), filter));
  assert.match(aboutText(filter), /^Of 1 Nov to 30 Nov 2026, Lot: North and /);
  assert.equal(bytesOf("é€"), 5);
});
