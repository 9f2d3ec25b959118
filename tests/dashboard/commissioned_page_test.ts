// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import type {
  ListPackagesRequest,
  SetCommissionedRequest,
} from "@contract/doorstep/admin/v1/commissioning_service_pb";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import type { Browser } from "playwright-core";

import { launch, startMock, Visitor } from "./browser";
import { fillCommissioned } from "./commissioned_office";
import { countyContracts } from "./county_records";
import type { MockServer } from "./mock_server";

describe("the page of what is commissioned", () => {
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
    fillCommissioned(mock.commissioned);
  });
  afterEach(async () => {
    await visitor.leave();
    await mock.stop();
  });

  const part = (name: string) => visitor.page.getByRole("region", { name });
  const dialog = () => visitor.page.getByRole("dialog");
  const save = () => dialog().getByRole("button", { name: "Save" }).click();
  async function open(login = "council", query = "day=2026-11-23"): Promise<void> {
    visitor = await Visitor.open(browser, `${mock.address}/#/commissioned?${query}`);
    await visitor.signIn(login);
  }
  async function openPeople(login?: string, query?: string): Promise<void> {
    await open(login, query);
    await part("People and their packages").getByRole("heading", { name: "LC-1041" }).waitFor();
  }
  const change = (name: string) =>
    visitor.page.getByRole("button", { name: `Change ${name}` }).click();
  const sent = () =>
    mock.asked.filter((call) => call.method === "setCommissioned").at(-1)
      ?.request as SetCommissionedRequest;

  test("an officer sees what a contract orders on a day", async () => {
    await openPeople();
    const lots = part("Lots and patches");
    await lots
      .getByRole("row", { name: /Lot 4 Harborough lead .*villages \(rural\) yes/ })
      .waitFor();
    await lots
      .getByRole("row", { name: /Lot 5 Melton .*1 July 2026 No patches .* none/ })
      .waitFor();
    await part("Ratings").getByText("requires improvement (inspection report").waitFor();
    await part("Ratings").getByText("Stop on new work (contract board, minute 7)").waitFor();
    await part("Rates")
      .getByRole("row", { name: /Day care Weekday £23\.51 £22\.50.*\+4\.5%/ })
      .waitFor();
    const people = part("People and their packages");
    await people
      .getByText("14 h 30 min a week, time and task, block, patch Market")
      .first()
      .waitFor();
    await people.getByText("council 80%, health 20%").first().waitFor();
    await people.getByText("Paused: all services").waitFor();
    await people.getByText("Nothing is ordered on this day.").first().waitFor();
    assert.equal(await visitor.page.title(), "Commissioned – Doorstep");
    await visitor.expectAccessible();
    await visitor.picture("commissioned");
    await visitor.darkPicture("commissioned");
    await visitor.page.setViewportSize({ width: 1024, height: 2000 });
    await visitor.darkPicture("commissioned-tablet");
    const spill = await visitor.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(spill, 0);
  });

  test("people are shown a page at a time, and found by a part of their reference", async () => {
    mock.commissioned.emptyPages = 2;
    await openPeople();
    const people = part("People and their packages");
    assert.equal(await people.getByRole("heading", { level: 3 }).count(), 50);
    await people.getByRole("button", { name: "Show more people" }).click();
    await people.getByRole("heading", { name: "LC-1100" }).waitFor();
    await people.getByLabel("Person’s reference").fill("lc-1099");
    await people.getByRole("button", { name: "Find" }).click();
    await people.getByRole("heading", { name: "LC-1041" }).waitFor({ state: "detached" });
    await people.getByRole("heading", { name: "LC-1099" }).waitFor();
    const asked = mock.asked.filter((call) => call.method === "listPackages").at(-1);
    assert.equal((asked!.request as ListPackagesRequest).search, "lc-1099");
    assert.match(visitor.page.url(), /search=lc-1099/);
    await people.getByLabel("Person’s reference").fill("nobody");
    await people.getByRole("button", { name: "Find" }).click();
    await people.getByText("Nobody under this contract has such a reference").waitFor();
    await visitor.expectAccessible();
  });

  test("a package is changed from a day with its reason, over what was seen", async () => {
    await openPeople();
    await change("Day care: LC-1041");
    await dialog().getByText("10 h a week").waitFor();
    await dialog().getByText("hospital letter").waitFor();
    await dialog()
      .getByText(/^Replaced by Tom Hale, .* October 2026/)
      .waitFor();
    await dialog().getByText("the assessment was read late").waitFor();
    await dialog().getByText("correction", { exact: true }).waitFor();
    const minutes = dialog().getByLabel("Minutes of carers a week");
    assert.equal(await minutes.inputValue(), "870");
    await minutes.fill("1050");
    await dialog().getByText("This takes the place of what begins on its days:").waitFor();
    await dialog()
      .getByText(/from Wednesday 1 January 2031: 10 h 30 min a week/)
      .waitFor();
    await visitor.expectAccessible();
    await visitor.picture("commissioned-change");
    await dialog().getByLabel("Last day").fill("2030-12-31");
    await dialog().getByText("This takes the place").waitFor({ state: "detached" });
    await dialog().getByLabel("First day", { exact: true }).fill("2030-06-01");
    await dialog().getByLabel("Reason", { exact: true }).fill("review of May");
    await save();
    await visitor.page.getByText("Saved. It holds from Saturday 1 June 2030.").waitFor();
    await visitor.page.waitForURL(/day=2030-06-01/);
    const request = sent();
    assert.equal(request.newestSeen, 7n);
    assert.equal(request.why, "review of May");
    assert.equal(request.providerId, 71n);
    const [row] = request.rows;
    assert.equal(row?.subjectId, 501n);
    assert.equal(row?.fromDay, "2030-06-01");
    assert.equal(row?.untilDay, "2030-12-31");
    assert.equal(row?.reason, "", "no day that has begun is said otherwise");
    assert.equal(row?.content.case === "package" && row.content.value.weekMinutes, 1050);
    assert.equal(row?.content.case === "package" && row.content.value.purchase, "block");
  });

  test("a day that has begun is a correction, and it is said so", async () => {
    await openPeople();
    await change("Day care: LC-1041");
    await dialog().getByLabel("First day", { exact: true }).fill("2026-11-01");
    await dialog().getByText("This day has begun.").waitFor();
    await dialog().getByLabel("Reason", { exact: true }).fill("the letter came late");
    await visitor.expectAccessible();
    await visitor.picture("commissioned-correction");
    await save();
    await visitor.page.getByText("Saved. It holds from Sunday 1 November 2026.").waitFor();
    assert.equal(sent().rows[0]?.reason, "the letter came late");
    assert.match(visitor.page.url(), /day=2026-11-23/, "the day that is looked at holds it too");
  });

  test("what cannot stand is said at its field, by the page and by the server", async () => {
    await openPeople();
    await visitor.page.getByRole("button", { name: "Add a package LC-1044" }).click();
    await save();
    await dialog().getByText("Give whole minutes from 0 to 100,000.").waitFor();
    await dialog().getByText("Say why.").waitFor();
    assert.equal(mock.callsOf("setCommissioned"), 0);
    const minutes = dialog().getByLabel("Minutes of carers a week");
    assert.equal(await minutes.getAttribute("aria-invalid"), "true");
    assert.ok(await minutes.evaluate((field) => field === document.activeElement));
    await visitor.expectAccessible();
    await visitor.picture("commissioned-faults");
    await minutes.fill("300");
    await dialog().getByLabel("Reason", { exact: true }).fill("new");
    mock.commissioned.refusal = "FROM_PAST";
    await save();
    await dialog().getByText("Visits have begun on this day.").waitFor();
    mock.commissioned.refusal = "COMMISSIONED_CHANGED";
    await save();
    await dialog().getByText("Somebody changed this in the meantime.").waitFor();
    assert.equal(await minutes.inputValue(), "300", "what was written stays");
    mock.commissioned.refusal = "OTHER_CONTRACT";
    await save();
    await dialog().getByText("under another council’s contract").waitFor();
    mock.commissioned.refusal = "";
    mock.commissioned.rowsChanged = 0;
    await save();
    await visitor.page.getByText("It was so already: nothing was changed.").waitFor();
  });

  test("a lot keeps its outline when its patches change", async () => {
    await openPeople();
    await change("Lot 4 Harborough");
    await dialog().getByText("There is an outline of 35 characters.").waitFor();
    await dialog().getByRole("button", { name: "Add a patch" }).click();
    await dialog().getByLabel("Name of patch 3").fill("Kibworth");
    await dialog().getByLabel("Patch 3 is").selectOption("rural");
    await dialog().getByLabel("Reason", { exact: true }).fill("patches redrawn");
    await visitor.expectAccessible();
    await visitor.picture("commissioned-lot");
    await save();
    await visitor.page.getByText("Saved.").waitFor();
    const content = sent().rows[0]?.content;
    assert.ok(content?.case === "lot");
    assert.deepEqual(
      content.value.patches.map((patch) => `${patch.name}/${patch.rurality}`),
      ["Market Harborough/urban", "Welland villages/rural", "Kibworth/rural"],
    );
    assert.equal(content.value.outlineGeojson, '{"type":"Polygon","coordinates":[]}');
  });

  test("ratings, stops, rates, uplifts and pauses are added in their own words", async () => {
    await openPeople();
    const add = async (button: string, fill: () => Promise<unknown>) => {
      await visitor.page.getByRole("button", { name: button }).first().click();
      await fill();
      await dialog().getByLabel("Reason", { exact: true }).fill("agreed");
      await save();
      await visitor.page.getByText("Saved.").waitFor();
      await dialog().waitFor({ state: "detached" });
      const row = sent().rows[0]!;
      return { name: row.name, value: row.content.value as Record<string, unknown> };
    };
    const rating = await add("Add a rating", async () => {
      await dialog().getByLabel("Who rates").selectOption("care_inspectorate");
      await dialog().getByLabel("Theme of the grade").fill("Staffing");
      await dialog().getByLabel("Rating", { exact: true }).selectOption("5");
    });
    assert.equal(rating.name, "care_inspectorate/Staffing");
    assert.equal(rating.value["rating"], "5");
    const stop = await add("Stop new work", () =>
      dialog().getByLabel("Who decided it").fill("board"),
    );
    assert.equal(stop.name, "stop_on_new_work");
    const rate = await add("Add a rate", async () => {
      await dialog().getByLabel("Kind of day").selectOption("sunday");
      await dialog().getByLabel("Pounds an hour").fill("27.40");
    });
    assert.deepEqual([rate.name, rate.value["pencePerHour"]], ["sunday/day", 2740]);
    const uplift = await add("Add an uplift", async () => {
      await dialog().getByLabel("Service", { exact: true }).selectOption("");
      await dialog().getByLabel("Per cent").fill("-1.25");
    });
    assert.deepEqual([uplift.name, uplift.value["upliftBp"]], ["uplift/", -125]);
    const pause = await add("Pause LC-1042", async () => {
      await dialog().getByLabel("Service", { exact: true }).selectOption("");
      await dialog().getByLabel("Why it is paused").selectOption("respite");
    });
    assert.deepEqual([pause.name, pause.value["reason"]], ["", "respite"]);
  });

  test("a provider reads what is commissioned of it and changes nothing", async () => {
    mock.commissioned.day.maySet = false;
    await openPeople("supervisor");
    await visitor.page
      .getByText("The council of the contract says what is commissioned.")
      .waitFor();
    assert.equal(await visitor.page.getByRole("button", { name: /^(Add|Change|Stop)/ }).count(), 0);
    await visitor.page.getByRole("button", { name: "History Day care: LC-1041" }).click();
    await dialog().getByText("hospital letter").waitFor();
    assert.equal(await dialog().getByRole("button", { name: "Save" }).count(), 0);
    await visitor.expectAccessible();
    await visitor.picture("commissioned-history");
  });

  test("a contract of which nothing is said yet says so", async () => {
    mock.commissioned.day.lots = [];
    mock.commissioned.day.ratings = [];
    mock.commissioned.day.rates = [];
    mock.commissioned.day.uplifts = [];
    mock.commissioned.people = [];
    await open();
    await visitor.page.getByText("Nobody is under this contract on this day.").waitFor();
    await visitor.page.getByText("The provider has no lot of this contract").waitFor();
    await visitor.page.getByText("No rating is known, and new work is not stopped.").waitFor();
    await visitor.page.getByText("No rate holds on this day.").waitFor();
    await visitor.expectAccessible();
    await visitor.picture("commissioned-empty");
  });

  test("another contract and day are chosen, and a failure can be tried again", async () => {
    await openPeople();
    const form = visitor.page.getByRole("form", { name: "Which contract and day" });
    await form.getByLabel("Contract").selectOption({ label: "HC-2026-09, Soar Valley Care" });
    await form.getByLabel("As it holds on").fill("2026-02-01");
    await form.getByRole("button", { name: "Show" }).click();
    await visitor.page.waitForURL(/contract=32&provider=72&day=2026-02-01/);
    await mock.untilAsked("listPackages", ({ providerId }) => providerId === 72n);
    mock.failure = Code.Unavailable;
    await form.getByLabel("As it holds on").fill("2026-03-01");
    await form.getByRole("button", { name: "Show" }).click();
    await visitor.page.getByText("The server cannot be reached.").waitFor();
    await visitor.expectAccessible();
    await visitor.picture("commissioned-failed");
    mock.failure = undefined;
    await visitor.page.getByRole("button", { name: "Try again" }).click();
    await part("People and their packages").getByRole("heading", { name: "LC-1041" }).waitFor();
  });

  test("an account without contracts is told so", async () => {
    mock.contracts = [];
    await open();
    await visitor.page.getByRole("heading", { name: "No contracts" }).waitFor();
    await visitor.expectAccessible();
  });
});
