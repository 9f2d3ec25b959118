// SPDX-License-Identifier: Apache-2.0
// Every text that a person sees, from the catalogue (en-GB.json, ICU messages): say("visit.close").
// Names and times are arguments, never parts that are put together here: another language orders
// them otherwise. "@messages" is made by compile_words.mjs.
import type { Arguments } from "@messages/arguments";
import made from "@messages/messages.json";
import { IntlMessageFormat } from "intl-messageformat";

type Value = string | number | bigint | boolean;
type Parts = ConstructorParameters<typeof IntlMessageFormat>[0];

export type Key = keyof Arguments;
// Those that take no arguments: what a table of words may hold.
export type PlainKey = { [K in Key]: Arguments[K] extends undefined ? K : never }[Key];

// The catalogue's. Numbers, days and times are written by it too.
export const locale: string = made.locale;
export const direction: string = made.direction;

const messages = made.messages as unknown as Record<string, Parts>;
const formats = new Map<string, IntlMessageFormat>();

// Of one alphabet within a text of the other direction: it turns nothing around it.
const turning =
  direction === "rtl" ? /\p{Script=Latin}/u : /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
// What is isolated already holds no such character outside: only say() puts these marks in.
export const isolated = (text: string): string =>
  turning.test(text) && !text.startsWith("\u2068") ? `\u2068${text}\u2069` : text;

// Names of what a message chooses by: codes, which are compared and never shown.
interface Part {
  type?: number;
  value?: string;
  options?: Record<string, { value: unknown }>;
}
const selectType = 5; // of the parser's syntax tree
function choosersOf(parts: unknown, found = new Set<string>()): Set<string> {
  for (const part of Array.isArray(parts) ? (parts as Part[]) : []) {
    if (part.type === selectType && part.value !== undefined) found.add(part.value);
    for (const option of Object.values(part.options ?? {})) choosersOf(option.value, found);
  }
  return found;
}
const choosers = new Map<string, Set<string>>();
function chooses(key: string, parts: Parts, name: string): boolean {
  let names = choosers.get(key);
  if (!names) choosers.set(key, (names = choosersOf(parts)));
  return names.has(name);
}

function formatOf(key: string, parts: Parts): IntlMessageFormat {
  let format = formats.get(key);
  if (!format) {
    format = new IntlMessageFormat(parts, locale);
    formats.set(key, format);
  }
  return format;
}

export function say<K extends Key>(
  key: K,
  ...given: Arguments[K] extends undefined ? [] : [values: Arguments[K]]
): string {
  const message = messages[key];
  if (message === undefined || typeof message === "string") return message ?? key;
  const values = Object.entries((given[0] ?? {}) as Record<string, Value>).map(
    ([name, value]): [string, Value] => [
      name,
      typeof value === "string" && !chooses(key, message, name) ? isolated(value) : value,
    ],
  );
  return String(formatOf(key, message).format(Object.fromEntries(values)));
}

const and = new Intl.ListFormat(locale, { type: "conjunction" });
const plain = new Intl.ListFormat(locale, { type: "unit", style: "short" });

// "Ada, Ben and Cleo"
export const listed = (texts: string[]): string => and.format(texts.map(isolated));
// "Ada, Ben, Cleo"
export const enumerated = (texts: string[]): string => plain.format(texts.map(isolated));

// One after another, without those that are empty.
export const sentences = (...texts: string[]): string =>
  texts
    .filter((text) => text !== "")
    .reduce((before, next) => (before === "" ? next : say("list.sentences", { before, next })), "");
// "this; that"
export const clauses = (texts: string[]): string =>
  texts.reduce(
    (before, next) => (before === "" ? next : say("list.clauses", { before, next })),
    "",
  );
