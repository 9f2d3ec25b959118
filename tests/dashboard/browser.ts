// SPDX-License-Identifier: Apache-2.0
// Chromium of Debian, driven by Playwright: one browser a test file, one context a page, and on
// every page the same three demands: axe finds nothing, no script error, nothing against the
// content policy.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";

import { MockServer } from "./mock_server";

export const required = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the test by ctest`);
  return value;
};

export const pagesFolder = () => required("DASHBOARD_PAGES");
const pictures = () => required("DASHBOARD_SCREENSHOTS");

export const wide = { width: 1440, height: 900 };
export const narrow = { width: 390, height: 844 };

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--lang=en-GB",
    ],
  });

// pages: a build of them; without a word, the one that ships.
export async function startMock(pages = pagesFolder()): Promise<MockServer> {
  const mock = new MockServer(pages);
  await mock.start();
  return mock;
}

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[];
}

export class Visitor {
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {
    page.on("pageerror", (error) => this.faults.push(`script error: ${error.message}`));
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      // Chromium logs each failed request by itself; tests of failures make them on purpose.
      if (!message.text().startsWith("Failed to load resource")) this.faults.push(message.text());
    });
  }

  static async open(
    browser: Browser,
    address: string,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: wide,
      locale: "en-GB",
      timezoneId: "America/New_York",
      ...options,
    });
    // Nothing waits this long on a machine that has nothing else to do.
    context.setDefaultTimeout(45_000);
    const visitor = new Visitor(await context.newPage());
    await visitor.page.goto(address);
    return visitor;
  }

  async signIn(login: string, password = "right horse"): Promise<void> {
    await this.page.getByLabel("Name").fill(login);
    await this.page.getByLabel("Password").fill(password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
  }

  // In both colour schemes; axe knows nothing of the other one.
  async expectAccessible(): Promise<void> {
    for (const colorScheme of ["light", "dark"] as const) {
      await this.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      // Through the debugger: the page's own policy would refuse the script.
      await this.page.evaluate(axeSource);
      const result = (await this.page.evaluate(
        "axe.run(document, { resultTypes: ['violations'] })",
      )) as AxeResult;
      const found = result.violations.map(({ id, help, nodes }) => {
        const places = nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`);
        return [`${colorScheme}: ${id}: ${help}`, ...places].join("\n");
      });
      assert.deepEqual(found, [], found.join("\n"));
    }
    await this.page.emulateMedia({ colorScheme: "light", reducedMotion: null });
  }

  // shown: scrolled to at each size.
  async picture(name: string, shown?: Locator): Promise<void> {
    mkdirSync(pictures(), { recursive: true });
    for (const [label, size] of Object.entries({ wide, narrow })) {
      await this.page.setViewportSize(size);
      await this.page.mouse.move(0, 0);
      await shown?.evaluate((element) => element.scrollIntoView());
      await this.page.screenshot({ path: join(pictures(), `${name}-${label}.png`) });
      const spill = await this.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(spill, 0, `${name} is ${spill} px wider than a page of ${size.width} px`);
    }
    await this.page.setViewportSize(wide);
  }

  // On each of a phone, a tablet and a desk, light and dark, whole; and as it prints.
  async allPictures(name: string): Promise<void> {
    mkdirSync(pictures(), { recursive: true });
    const take = (label: string) =>
      this.page.screenshot({ path: join(pictures(), `${name}-${label}.png`), fullPage: true });
    for (const width of [390, 1024, 1600]) {
      await this.page.setViewportSize({ width, height: 900 });
      const spill = await this.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.equal(spill, 0, `${name} is ${spill} px wider than a page of ${width} px`);
      for (const colorScheme of ["light", "dark"] as const) {
        await this.page.emulateMedia({ colorScheme });
        await take(`${width}-${colorScheme}`);
      }
    }
    await this.page.emulateMedia({ colorScheme: "light", media: "print" });
    await this.page.setViewportSize({ width: 794, height: 1123 });
    await take("print");
    await this.page.emulateMedia({ colorScheme: "light", media: null });
    await this.page.setViewportSize(wide);
  }

  async darkPicture(name: string): Promise<void> {
    await this.page.emulateMedia({ colorScheme: "dark" });
    await this.page.screenshot({ path: join(pictures(), `${name}-dark.png`) });
    await this.page.emulateMedia({ colorScheme: "light" });
  }

  // Every state is left with this: accessible, and nothing went wrong on the way.
  async leave(): Promise<void> {
    await this.page.context().close();
    assert.deepEqual(this.faults, []);
  }
}
