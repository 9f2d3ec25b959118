// SPDX-License-Identifier: Apache-2.0
// What a page of the mirrored language shows that is not of the catalogue.
import { serviceText } from "@dashboard/visit/service_words";
import assert from "node:assert/strict";
import type { Page } from "playwright-core";

// Every text that the server sends, and the names in payers and their shares ("council=8000").
function textsOf(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === "string") {
    found.add(value).add(serviceText(value));
    for (const name of value.split(/=\d+;?/)) found.add(name);
  } else if (value instanceof Map || Array.isArray(value))
    for (const each of value.values()) textsOf(each, found);
  else if (typeof value === "object" && value !== null && !(value instanceof Uint8Array))
    for (const each of Object.values(value)) textsOf(each, found);
  return found;
}

// All that a person sees or hears of the page, but code: keys and hashes.
const shownTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found = [document.title];
    const spoken = ["aria-label", "title", "placeholder", "alt", "data-label"];
    for (const element of document.querySelectorAll("body *")) {
      if (element.closest("code, script, style, noscript")) continue;
      for (const name of spoken) found.push(element.getAttribute(name) ?? "");
      for (const child of element.childNodes)
        if (child.nodeType === Node.TEXT_NODE) found.push(child.textContent ?? "");
    }
    return found.filter((text) => text.trim() !== "");
  });

// The page is written from right to left, and has no Latin word but those that the server sent.
export async function expectMirroredText(page: Page, name: string, sent: unknown): Promise<void> {
  const names = [...textsOf(sent)]
    .filter((text) => /[A-Za-z]{2}/.test(text))
    .sort((a, b) => b.length - a.length);
  const texts = await shownTexts(page);
  assert.ok(texts.length > 3, `${name} shows nothing`);
  const latin = texts
    .map((text) => names.reduce((rest, each) => rest.replaceAll(each, "·"), text))
    .filter((text) => /[A-Za-z]{2}/.test(text));
  assert.deepEqual(latin, [], `${name}: not of the catalogue`);
  const direction = await page.evaluate(() => getComputedStyle(document.body).direction);
  assert.equal(direction, "rtl");
}
