// SPDX-License-Identifier: Apache-2.0
// A week of a county as FHIR R4: every resource before two validators and our own rules, its
// figures beside those of doorstep-recompute over the files of the same moment, and planted faults,
// each of which has to be found.
//   node fhir_test.mjs COUNTY-EXPORT RECOMPUTE SCRATCH
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const [program, recompute, scratch] = process.argv.slice(2);
if (
  !existsSync(
    join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "node_modules/fhir"),
  )
) {
  console.error("the validators are not installed: npm --prefix tests/fhir ci");
  process.exit(1);
}
const { validate } = await import("./validators.mjs");
const own = await import("./own_rules.mjs");
const planted = await import("./planted_faults.mjs");

const kinds = ["Appointment", "Encounter", "Provenance", "Measure", "MeasureReport"];
const shownMax = 10;
let failures = 0;

function fail(text) {
  failures += 1;
  if (failures <= shownMax) console.error(text);
}

function readExport() {
  rmSync(scratch, { recursive: true, force: true });
  const { first, last } = JSON.parse(execFileSync(program, [scratch], { encoding: "utf8" }));
  const file = (name) => join(scratch, name);
  const lines = (name) =>
    readFileSync(file(name), "utf8")
      .split("\n")
      .filter((line) => line !== "");
  const all = kinds.flatMap((kind) =>
    lines(`fhir/${kind}.ndjson`).map((line) => {
      const resource = JSON.parse(line);
      if (resource.resourceType !== kind) fail(`a ${resource.resourceType} in ${kind}.ndjson`);
      return resource;
    }),
  );
  const figures = execFileSync(
    recompute,
    ["--visits", file("visits.csv"), "--rules", file("rules.json"), "--from", first, "--to", last],
    { encoding: "utf8" },
  );
  return { all, names: lines("names.txt"), recomputed: JSON.parse(figures) };
}

function checkResources(all) {
  for (const resource of all) {
    const name = `${resource.resourceType}/${resource.id}`;
    for (const [by, faults] of Object.entries(validate(resource)))
      for (const fault of faults) fail(`${name}: ${by}: ${fault}`);
    for (const fault of own.resourceFaults(resource)) fail(`${name}: ${fault}`);
  }
}

// That there is something of each kind to look at.
function checkVariety(all) {
  const count = (kind, fits) =>
    all.filter((each) => each.resourceType === kind && fits(each)).length;
  const carers = ({ participant }) => participant.filter(({ type }) => type !== undefined).length;
  const met = new Map();
  for (const { resourceType, appointment } of all)
    if (resourceType === "Encounter")
      met.set(appointment[0].reference, (met.get(appointment[0].reference) ?? 0) + 1);
  const encounters = ({ id }) => met.get(`Appointment/${id}`) ?? 0;
  const there = {
    "visits that took place": count("Appointment", (each) => each.status === "fulfilled"),
    "missed visits": count(
      "Appointment",
      (each) => each.cancelationReason?.coding[1]?.code === "missed",
    ),
    "visits at whose door nobody opened": count("Appointment", (each) => each.status === "noshow"),
    "visits called off by the person": count(
      "Appointment",
      (each) => each.cancelationReason?.coding[0].code === "pat",
    ),
    "visits for two, both there": count(
      "Appointment",
      (each) => carers(each) === 2 && encounters(each) === 2,
    ),
    "visits for two, one there": count(
      "Appointment",
      (each) => carers(each) === 2 && each.status === "fulfilled" && encounters(each) === 1,
    ),
    "entries as evidence": count("Provenance", (each) => each.entity?.[0].role === "source"),
    "adjusted times": count("Provenance", (each) => each.reason?.[0].coding[0].code === "C7"),
    explanations: count("Provenance", (each) => each.reason?.[0].coding[0].code === "V1"),
  };
  for (const [what, number] of Object.entries(there)) if (number === 0) fail(`no ${what}`);
  return there;
}

function plantInResources(all) {
  for (const [what, kind, damage, finders] of planted.resourceFaults) {
    // A report with a score and counts, a slot that was recorded: what can be broken.
    const whole = all.find(
      (each) =>
        each.resourceType === kind &&
        (each.period?.end !== undefined || kind !== "Encounter") &&
        (each.group?.[0].population[0].count > 0 || kind !== "MeasureReport"),
    );
    const broken = structuredClone(whole);
    damage(broken);
    const found = { ...validate(broken), own: own.resourceFaults(broken) };
    for (const by of finders)
      if (found[by].length === 0) fail(`${what} (${kind}): ${by} does not find it`);
  }
  return planted.resourceFaults.length;
}

function plantInExport(made) {
  for (const [what, damage, said] of planted.exportFaults) {
    const all = structuredClone(made.all);
    damage(all, made.names);
    if (!own.exportFaults({ ...made, all }).some((fault) => said.test(fault)))
      fail(`${what}: nothing says ${said}`);
  }
  return planted.exportFaults.length;
}

const made = readExport();
checkResources(made.all);
for (const fault of own.exportFaults(made)) fail(fault);
const there = checkVariety(made.all);
const damaged = plantInResources(made.all) + plantInExport(made);
if (failures > 0) {
  console.error(`${failures} failures`);
  process.exit(1);
}
console.log(
  `${made.all.length} resources by two validators, ` +
    `${own.reportedFigures(made.all).size} figures as recomputed, ${damaged} planted faults found`,
);
for (const [what, number] of Object.entries(there)) console.log(`  ${number} ${what}`);
