// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import {
  ClassChangeSchema,
  type ListRuledVisitsRequest,
  type PublishRulesRequest,
  RulesPreviewSchema,
} from "@contract/doorstep/records/v1/rules_service_pb";
import { matrixOf } from "@dashboard/rules/class_text";
import { draftOf, rulesOf } from "@dashboard/rules/rule_values";
import { parameterWords, ruleGroups } from "@dashboard/rules/rule_words";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, startMock, Visitor } from "./browser";
import { countyContracts } from "./county_records";
import type { MockServer } from "./mock_server";
import { fillRules, listedRules, parameterNames, someRules } from "./rules_fixture";

test("every parameter has words and stands in one group", () => {
  const grouped = ruleGroups.flatMap((group) => group.parameters);
  assert.deepEqual([...grouped].sort(), [...parameterNames].sort());
  assert.deepEqual(Object.keys(parameterWords).sort(), [...parameterNames].sort());
});

test("a draft that nobody edited is the version that it began from", () => {
  const { parameters } = listedRules();
  const rules = someRules({ lateToleranceMin: 20 });
  const read = rulesOf(parameters, draftOf(parameters, rules));
  assert.ok("rules" in read);
  assert.deepEqual(read.rules, rules);
});

test("a text that is no value is named and not sent", () => {
  const { parameters } = listedRules();
  const draft = { ...draftOf(parameters, someRules()), late_tolerance_min: "soon", bands: "1 20" };
  assert.deepEqual(rulesOf(parameters, draft), { unread: ["late_tolerance_min", "bands"] });
});

test("a matrix has the classes that visits leave or come to, by the server's order", () => {
  const ruled = (punctuality: string) => ({ visitClass: "attended_full", punctuality });
  const missed = { visitClass: "missed" };
  const cells = [
    { before: missed, after: missed, visits: 9n },
    { before: ruled("early"), after: ruled("early"), visits: 5n },
    { before: ruled("early"), after: ruled("on_time"), visits: 4n },
    { before: ruled("late"), after: ruled("early"), visits: 1n },
  ];
  const matrix = matrixOf(cells.map((cell) => create(ClassChangeSchema, cell)));
  assert.deepEqual(
    matrix.rows.map((row) => [row.text, row.visits, row.cells.map((cell) => cell?.visits)]),
    [
      ["attended, early", 9n, [5n, 4n]],
      ["attended, late", 1n, [1n, undefined]],
    ],
  );
  assert.deepEqual(
    matrix.columns.map((column) => column.text),
    ["attended, early", "attended, on time"],
  );
});

async function waitFor(isTrue: () => boolean): Promise<void> {
  const until = Date.now() + 20_000;
  while (!isTrue()) {
    assert.ok(Date.now() < until, "it never came");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe("the page", () => {
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
    fillRules(mock);
  });
  afterEach(async () => {
    await visitor.leave();
    await mock.stop();
  });

  async function openRules(login = "council"): Promise<void> {
    visitor = await Visitor.open(browser, `${mock.address}/#/rules`);
    await visitor.signIn(login);
    await visitor.page.getByRole("heading", { name: "Version 2" }).waitFor();
  }
  const part = (name: string) => visitor.page.getByRole("region", { name });
  async function edit(group: string, label: string, value: string): Promise<void> {
    const field = part("New version").getByLabel(label);
    if (!(await field.isVisible())) await part("New version").getByText(group).click();
    await field.fill(value);
  }
  const lateLabel = "On time until how many minutes after the latest start";

  test("a council sees who changed what of its rules, when and why", async () => {
    await openRules();
    await part("Versions").getByText("in force").waitFor();
    await part("Versions").getByText("agreed at the contract meeting of October").waitFor();
    await part("Versions").getByText("Tom Hale").waitFor();
    await part("Versions").getByText("15 → 20").waitFor();
    assert.equal(await visitor.page.title(), "Rules – Doorstep");
    await visitor.expectAccessible();
    await visitor.picture("rules");
    await visitor.darkPicture("rules");
  });

  test("an officer looks at what a draft would have made, then publishes it", async () => {
    await openRules();
    await edit("Coming on time", lateLabel, "30");
    await part("New version").getByText("The draft changes 1 value").waitFor();
    await part("New version").getByRole("button", { name: "Preview" }).click();
    const seen = part("What would have been");
    await seen.getByText("34 visits of these days. 2 change.").waitFor();
    await seen
      .getByRole("row", { name: /On time.* 88.2% \(30 of 34\) 94.1% \(32 of 34\)/ })
      .waitFor();
    await seen.getByText("1 measure stays as it is.").waitFor();
    // What nothing changes stands in no row: nobody came, before and after.
    assert.equal(await seen.getByRole("rowheader", { name: "missed" }).count(), 0);
    await seen.getByRole("row", { name: /attended, late .* 3$/ }).waitFor();
    const cell = "attended, late → attended, on time: 2 visits";
    await seen.getByRole("button", { name: cell }).click();
    await seen.getByRole("heading", { name: cell }).waitFor();
    await seen.getByRole("row", { name: /V101 .* P12 Dales Care/ }).waitFor();
    const listed = mock.asked.find((call) => call.method === "listRuledVisits")!
      .request as ListRuledVisitsRequest;
    assert.equal(listed.pageToken, "cell-1");
    assert.equal(listed.draft?.lateToleranceMin, 30);
    assert.equal(listed.before?.punctuality, "late");
    await visitor.expectAccessible();
    const matrix = seen.getByRole("heading", { name: "What would have been" });
    await visitor.picture("rules-preview", matrix);
    await visitor.darkPicture("rules-preview");
    await part("New version").getByLabel("Reason", { exact: true }).fill("agreed in November");
    await part("New version").getByRole("button", { name: "Publish this version" }).click();
    await visitor.page.getByText("Version 3 is published.").waitFor();
    const asked = mock.asked.find((call) => call.method === "publishRules");
    const request = asked!.request as PublishRulesRequest;
    assert.equal(request.newestSeen, 2);
    assert.equal(request.parameters?.lateToleranceMin, 30);
    assert.equal(request.parameters?.exemptReasons?.names.join(" "), "P4 K2");
    assert.equal(request.reason, "agreed in November");
  });

  test("a preview says how far it is and ends when stopped or when the page is left", async () => {
    mock.previewHeld = true;
    await openRules();
    await part("New version").getByRole("button", { name: "Preview" }).click();
    await part("New version").getByText("17 of 34 visits looked at").waitFor();
    const bar = part("New version").getByRole("progressbar");
    assert.equal(await bar.getAttribute("value"), "0.5");
    await visitor.expectAccessible();
    await visitor.picture("rules-previewing", bar);
    await part("New version").getByRole("button", { name: "Stop" }).click();
    assert.equal(await bar.count(), 0);
    await waitFor(() => mock.previewsLeft === 1);
    await part("New version").getByRole("button", { name: "Preview" }).click();
    await bar.waitFor();
    // A draft that is edited is another one.
    await edit("Coming on time", lateLabel, "30");
    await waitFor(() => mock.previewsLeft === 2);
    assert.equal(await bar.count(), 0);
    await part("New version").getByRole("button", { name: "Preview" }).click();
    await bar.waitFor();
    await visitor.page.goto(`${mock.address}/#/records`);
    await waitFor(() => mock.previewsLeft === 3);
  });

  test("what is wrong stands beside its field, in words that name both", async () => {
    mock.preview = create(RulesPreviewSchema, {
      faults: [
        { reason: "NUMBER_OUT_OF_BOUNDS", parameters: ["nice_short_min"] },
        { reason: "RULES_CONTRADICT", parameters: ["drift_low_pct", "drift_high_pct"] },
      ],
    });
    await openRules();
    await part("New version").getByRole("button", { name: "Preview" }).click();
    await part("New version").getByText("3 values have to be put right first.").waitFor();
    await part("New version").getByText("Short visits").click();
    await part("New version").getByText("Give a whole number from 0 to 1,440.").waitFor();
    await part("New version").getByText("Continuity and packages").click();
    const conflict = part("New version").getByText(
      /is far below its order .* is more than .*above/,
    );
    assert.equal(await conflict.count(), 2);
    await visitor.expectAccessible();
    await visitor.picture("rules-faults");
  });

  test("a pack is a draft to start from", async () => {
    await openRules();
    await part("New version").getByLabel("Start from").selectOption({ label: "NICE QS123" });
    await part("New version").getByText("The draft changes 1 value").waitFor();
    await part("New version").getByText("Coming on time").click();
    assert.equal(await part("New version").getByLabel(lateLabel).inputValue(), "30");
  });

  test("a version published in the meantime is told, and the draft stays", async () => {
    mock.publishFailure = "RULES_CHANGED";
    await openRules();
    await edit("Coming on time", lateLabel, "25");
    await part("New version").getByLabel("Reason", { exact: true }).fill("why");
    await part("New version").getByRole("button", { name: "Publish this version" }).click();
    await part("New version").getByText("Somebody published a version in the meantime").waitFor();
    assert.equal(await part("New version").getByLabel(lateLabel).inputValue(), "25");
  });

  test("a supervisor reads the rules and edits none", async () => {
    mock.rules = { ...listedRules(), mayPublish: false };
    await openRules("supervisor");
    await part("Versions").getByText("The council of the contract publishes its rules.").waitFor();
    assert.equal(await part("New version").count(), 0);
    await visitor.expectAccessible();
  });
});
