// SPDX-License-Identifier: Apache-2.0
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { Browser } from "playwright-core";

import { countyContracts } from "./county_records";
import { launch, startMock, Visitor } from "./browser";
import type { MockServer } from "./mock_server";
import { morningBoard } from "./morning_board";

let browser: Browser;
let mock: MockServer;
let visitor: Visitor;

before(async () => {
  browser = await launch();
});
after(async () => browser.close());
beforeEach(async () => {
  mock = await startMock();
  mock.setBoard(morningBoard());
  mock.contracts = countyContracts();
});
afterEach(async () => {
  await visitor.leave();
  await mock.stop();
});

test("a wrong password is told in words and the name stays", async () => {
  visitor = await Visitor.open(browser, mock.address);
  await visitor.page.getByRole("heading", { name: "Sign in" }).waitFor();
  await visitor.expectAccessible();
  await visitor.picture("sign-in");
  await visitor.signIn("supervisor", "wrong");
  await visitor.page.getByText("The name and the password do not belong together.").waitFor();
  assert.equal(await visitor.page.getByLabel("Name").inputValue(), "supervisor");
  assert.equal(await visitor.page.getByLabel("Password").inputValue(), "");
  await visitor.expectAccessible();
});

test("too many attempts say to wait", async () => {
  mock.signInFailure = Code.ResourceExhausted;
  visitor = await Visitor.open(browser, mock.address);
  await visitor.signIn("supervisor");
  await visitor.page
    .getByText("Too many attempts. Wait a few minutes before you try again.")
    .waitFor();
  await visitor.expectAccessible();
  await visitor.picture("sign-in-throttled");
});

test("a session outlives a reload, and signing out ends it", async () => {
  visitor = await Visitor.open(browser, mock.address);
  await visitor.signIn("supervisor");
  await visitor.page.getByRole("heading", { name: "Harborough Home Care" }).waitFor();
  await visitor.page.reload();
  await visitor.page.getByRole("heading", { name: "Harborough Home Care" }).waitFor();
  await visitor.page.getByRole("button", { name: "Sign out" }).click();
  await visitor.page.getByText("You are signed out.").waitFor();
  await visitor.page.reload();
  await visitor.page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("a session that the server forgot leads to sign-in and back to the same visit", async () => {
  visitor = await Visitor.open(browser, mock.address);
  await visitor.signIn("supervisor");
  await visitor.page.getByRole("link", { name: /Edith Marlow/ }).click();
  await visitor.page.getByRole("heading", { name: "Edith Marlow" }).waitFor();
  mock.failure = Code.Unauthenticated;
  mock.cutStreams();
  await visitor.page.getByText("Your session has ended.").waitFor();
  mock.failure = undefined;
  await visitor.signIn("supervisor");
  await visitor.page.getByRole("heading", { name: "Edith Marlow" }).waitFor();
});

test("a server that cannot be reached is not taken for a sign-out", async () => {
  visitor = await Visitor.open(browser, mock.address);
  await visitor.signIn("supervisor");
  await visitor.page.getByRole("heading", { name: "Harborough Home Care" }).waitFor();
  mock.failure = Code.Unavailable;
  await visitor.page.reload();
  await visitor.page.getByText("The server cannot be reached.").waitFor();
  await visitor.expectAccessible();
  mock.failure = undefined;
  await visitor.page.getByRole("button", { name: "Try again" }).click();
  await visitor.page.getByRole("heading", { name: "Harborough Home Care" }).waitFor();
});

test("a council officer sees records and no board", async () => {
  visitor = await Visitor.open(browser, `${mock.address}/#/board`);
  await visitor.signIn("council");
  await visitor.page.getByRole("heading", { name: "Visit records" }).waitFor();
  const links = await visitor.page.getByRole("navigation").getByRole("link").allTextContents();
  assert.deepEqual(
    links.map((text) => text.trim()),
    ["Records", "Figures", "Adjustments", "Commissioned", "Rules"],
  );
  assert.equal(mock.callsOf("getBoard"), 0);
});

test("an operator chooses the provider whose board is shown", async () => {
  visitor = await Visitor.open(browser, mock.address);
  await visitor.signIn("operator");
  await visitor.page.getByRole("combobox", { name: "Provider" }).waitFor();
  await visitor.page.getByRole("link", { name: /Edith Marlow/ }).waitFor();
  await visitor.expectAccessible();
});
