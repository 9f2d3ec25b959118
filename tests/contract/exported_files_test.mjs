// SPDX-License-Identifier: Apache-2.0
// A folder of `export --out` against the public schemas of Frictionless Data Packages, and each of
// its tables against its own description. Usage: node exported_files_test.mjs FOLDER
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import Ajv from "ajv-draft-04";
import tableschema from "tableschema";

const folder = process.argv[2];
const modules = join(import.meta.dirname, "node_modules");
const text = (name) => readFileSync(join(folder, name), "utf8");

function validator(path) {
  const profile = JSON.parse(readFileSync(join(modules, path), "utf8"));
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(profile);
  return (value) => (validate(value) ? [] : validate.errors.map((e) => e.instancePath + e.message));
}
const profiles = {
  "data-package": validator("datapackage/lib/profiles/data-package.json"),
  "data-resource": validator("datapackage/lib/profiles/data-resource.json"),
  "tabular-data-resource": validator("datapackage/lib/profiles/tabular-data-resource.json"),
};
const tableProfile = validator("tableschema/lib/profiles/table-schema.json");

const descriptor = JSON.parse(text("datapackage.json"));
assert.deepEqual(profiles["data-package"](descriptor), []);
// The check can fail.
assert.notDeepEqual(profiles["data-package"]({ ...descriptor, resources: [] }), []);
assert.notDeepEqual(tableProfile({ fields: [{ name: "x", type: "no type" }] }), []);

for (const resource of descriptor.resources) {
  assert.deepEqual(profiles[resource.profile](resource), [], resource.name);
  const bytes = readFileSync(join(folder, resource.path));
  assert.equal(bytes.length, resource.bytes, resource.path);
  const hash = createHash("sha256").update(bytes).digest("hex");
  assert.equal(resource.hash, `sha256:${hash}`, resource.path);
  if (resource.schema === undefined) {
    JSON.parse(bytes.toString("utf8"));
    continue;
  }
  assert.deepEqual(tableProfile(resource.schema), [], resource.name);
  const rows = resource.format === "csv" ? csvRows(bytes) : jsonRows(bytes);
  await checkRows(resource, rows);
  console.log(`${resource.path}: ${rows.length} rows as described`);
}

// RFC 4180, with the byte order mark; the header must be the fields.
function csvRows(bytes) {
  const records = [];
  let record = [];
  let field = "";
  let quoted = false;
  const all = bytes.toString("utf8").replace(/^\uFEFF/, "");
  for (let i = 0; i < all.length; ++i) {
    const c = all[i];
    if (quoted && c === '"' && all[i + 1] === '"') field += all[++i];
    else if (c === '"') quoted = !quoted;
    else if (!quoted && c === ",") (record.push(field), (field = ""));
    else if (!quoted && c === "\r" && all[i + 1] === "\n") {
      record.push(field);
      records.push(record);
      record = [];
      field = "";
      ++i;
    } else field += c;
  }
  assert.equal(field, "", "the file ends in the middle of a line");
  return { header: records[0], length: records.length - 1, rows: records.slice(1) };
}

function jsonRows(bytes) {
  const lines = bytes.toString("utf8").split("\n");
  assert.equal(lines.pop(), "", "the file ends in the middle of a line");
  return { length: lines.length, rows: lines.map((line) => JSON.parse(line)) };
}

async function checkRows({ schema, rows: said, path }, { header, length, rows }) {
  assert.equal(length, said, path);
  const names = schema.fields.map((field) => field.name);
  if (header !== undefined) assert.deepEqual(header, names, path);
  const table = await tableschema.Schema.load(schema, { strict: true });
  const keys = new Set();
  for (const row of rows) {
    if (header === undefined) {
      for (const name of Object.keys(row)) assert.ok(names.includes(name), `${path}: ${name}`);
    }
    const values = header === undefined ? names.map((name) => row[name] ?? "") : row;
    const cast = castTimes(table, schema, values, path);
    if (schema.primaryKey === undefined) continue;
    const key = JSON.stringify(schema.primaryKey.map((name) => cast[names.indexOf(name)]));
    assert.ok(!keys.has(key), `${path}: ${key} stands twice`);
    keys.add(key);
  }
}

// This reader's patterns of times have no fractions of seconds: they are checked here, everything
// else by it.
function castTimes(table, schema, values, path) {
  return schema.fields.map((field, i) => {
    if (field.type !== "datetime") return table.getField(field.name).castValue(values[i]);
    if (values[i] === "") return null;
    const time = new Date(values[i]);
    assert.equal(time.toISOString(), values[i], `${path}: ${field.name}`);
    return time;
  });
}

const sums = text("checksums.txt").trimEnd().split("\n");
assert.deepEqual(
  sums.map((line) => line.slice(66)).sort(),
  readdirSync(folder)
    .filter((name) => name !== "checksums.txt")
    .sort(),
);
for (const line of sums) {
  const hash = createHash("sha256")
    .update(readFileSync(join(folder, line.slice(66))))
    .digest("hex");
  assert.equal(line.slice(0, 64), hash, line);
}
console.log("datapackage.json follows the public schemas, and the files follow it");
