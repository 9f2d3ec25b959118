// SPDX-License-Identifier: Apache-2.0
// Makes what the pages use of a catalogue: node compile_words.mjs CATALOGUE OUT_DIR
//   messages.json  the messages, parsed: no parser is in the pages
//   arguments.ts   each key with its arguments: a key that is missing, or an argument, does not
//                  compile
// A catalogue is named by its locale and holds ICU messages by key. The result is not committed.
import { parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const writtenFromRight = new Set("ar ckb dv fa he ks ps sd ug ur yi".split(" "));

export const directionOf = (locale) =>
  writtenFromRight.has(new Intl.Locale(locale).language) ? "rtl" : "ltr";

export function readCatalogue(path) {
  const text = readFileSync(path, "utf8");
  const messages = JSON.parse(text);
  // JSON itself takes the last of two silently.
  const keys = [...text.matchAll(/^ {2}("[^"]+"):/gm)].map((match) => JSON.parse(match[1]));
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  if (twice.length > 0) throw new Error(`${path}: twice: ${twice.join(", ")}`);
  if (keys.length !== Object.keys(messages).length)
    throw new Error(`${path}: one message a line, each with a text`);
  return { locale: basename(path, ".json"), messages };
}

// A message as its parts; one without arguments as its text.
export function parsed(key, message) {
  try {
    const parts = parse(message, { ignoreTag: true, captureLocation: false });
    if (parts.length === 0) return "";
    return parts.length === 1 && parts[0].type === TYPE.literal ? parts[0].value : parts;
  } catch (error) {
    throw new Error(`${key}: ${error.message} in "${message}"`);
  }
}

// What an argument may be, by how the message uses it; what it is used for twice must fit both.
function addArguments(parts, found) {
  for (const part of typeof parts === "string" ? [] : parts) {
    if (part.type === TYPE.literal || part.type === TYPE.pound) continue;
    const choices = Object.keys(part.options ?? {});
    const type =
      part.type === TYPE.argument
        ? "string | number | bigint"
        : part.type !== TYPE.select
          ? "number | bigint"
          : choices.includes("true")
            ? "boolean"
            : choices.map((choice) => JSON.stringify(choice)).join(" | ");
    found.set(part.value, new Set([...(found.get(part.value) ?? []), type]));
    for (const option of Object.values(part.options ?? {})) addArguments(option.value, found);
  }
  return found;
}

function argumentsText(parts) {
  const found = [...addArguments(parts, new Map())];
  if (found.length === 0) return "undefined";
  const fields = found.map(([name, types]) => {
    const all = [...types];
    return `${name}: ${all.length === 1 ? all[0] : all.map((type) => `(${type})`).join(" & ")}`;
  });
  return `{ ${fields.join("; ")} }`;
}

// changed: what becomes of a message's parts on the way; a test makes another language so.
export function writeWords(out, locale, messages, changed = (parts) => parts) {
  const entries = Object.entries(messages).map(([key, message]) => [
    key,
    changed(parsed(key, message)),
  ]);
  mkdirSync(out, { recursive: true });
  const direction = directionOf(locale);
  writeFileSync(
    join(out, "messages.json"),
    JSON.stringify({ locale, direction, messages: Object.fromEntries(entries) }),
  );
  const lines = entries.map(([key, parts]) => `  ${JSON.stringify(key)}: ${argumentsText(parts)};`);
  writeFileSync(
    join(out, "arguments.ts"),
    ["// Made by compile_words.mjs.", "export interface Arguments {", ...lines, "}", ""].join("\n"),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [path, out] = process.argv.slice(2).map((argument) => resolve(argument));
  if (!out) throw new Error("usage: node compile_words.mjs CATALOGUE OUT_DIR");
  const { locale, messages } = readCatalogue(path);
  writeWords(out, locale, messages);
}
