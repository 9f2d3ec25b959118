// SPDX-License-Identifier: Apache-2.0
// The catalogue holds every text, and no text that is not used.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { required } from "./browser";
import { textOfComponent, textOfScript } from "./written_text";

const stage = required("DASHBOARD_STAGE");
const source = join(stage, "src");
const madeElsewhere = /^(contract|messages)\//;

const files = (readdirSync(source, { recursive: true }) as string[])
  .filter((name) => /\.(svelte|ts)$/.test(name) && !madeElsewhere.test(name))
  .map((name) => ({ name, text: readFileSync(join(source, name), "utf8") }));

test("no text for people stands in a component or a script", () => {
  assert.ok(files.length > 40, "the sources were not found");
  const found = files.flatMap(({ name, text }) =>
    (name.endsWith(".svelte") ? textOfComponent(text) : textOfScript(text)).map(
      (written) => `${name}: "${written.trim()}": put it into words/en-GB.json`,
    ),
  );
  assert.deepEqual(found, [], found.join("\n"));
});

test("a text that is planted in a component or a script is found", () => {
  for (const planted of [
    "<p>Late</p>",
    "<p>Ενας</p>",
    '<input placeholder="name" />',
    '<button aria-label="Close {name}"></button>',
    '<p>{late ? "late" : say("visit.close")}</p>',
    "<p>{`${count} visits`}</p>",
    '<img alt={"a " + name} src="/icon.svg" />',
    '{#if open}<li data-label="When"></li>{/if}',
    '<script>const text = "Nothing was saved";</script>',
    '<p>{say("plan.not_locked", { publication: "soon" })}</p>',
  ])
    assert.ok(textOfComponent(planted).length > 0, planted);
  for (const planted of [
    'const name = "Late";',
    "const text = `${count} visits need you`;",
    'return { title: "not known" };',
    'const text = "Overdue, " + name;',
  ])
    assert.ok(textOfScript(planted).length > 0, planted);
  assert.deepEqual(
    textOfComponent('<p class="card empty" id="main">{say("visit.close")} – {row.name}</p>'),
    [],
  );
});

test("every message is used", () => {
  const all = files.map(({ text }) => text).join("\n");
  const html = readFileSync(join(stage, "index.html"), "utf8");
  const messages = JSON.parse(readFileSync(join(source, "words/en-GB.json"), "utf8")) as object;
  const unused = Object.keys(messages).filter(
    (key) => !all.includes(`"${key}"`) && !html.includes(`%message:${key}%`),
  );
  assert.deepEqual(unused, []);
});

function compiled(messages: string): string {
  const folder = mkdtempSync(join(tmpdir(), "words-"));
  const path = join(folder, "en-GB.json");
  writeFileSync(path, messages);
  try {
    execFileSync(process.execPath, [join(stage, "compile_words.mjs"), path, folder], {
      stdio: "pipe",
    });
    return readFileSync(join(folder, "arguments.ts"), "utf8");
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr);
  }
}

test("a message that is malformed or stands twice fails the build, and says which", () => {
  assert.match(compiled('{\n  "a.b": "{count, plural, one {x}}"\n}'), /a\.b: MISSING_OTHER_CLAUSE/);
  assert.match(compiled('{\n  "a.b": "{name"\n}'), /a\.b: EXPECT_ARGUMENT_CLOSING_BRACE/);
  assert.match(compiled('{\n  "a.b": "x",\n  "a.b": "y"\n}'), /twice: a\.b/);
});

test("a message's arguments have the types of its use", () => {
  const made = compiled(
    '{\n  "a": "x",\n  "b": "{n, plural, one {#} other {# of {all, number}}} by {who}",\n' +
      '  "c": "{on, select, true {yes} other {}}{by, select, office {o} other {}}"\n}',
  );
  assert.match(made, /"a": undefined;/);
  assert.match(
    made,
    /"b": \{ n: number \| bigint; all: number \| bigint; who: string \| number \| bigint \};/,
  );
  assert.match(made, /"c": \{ on: boolean; by: "office" \| "other" \};/);
});
