// SPDX-License-Identifier: Apache-2.0
// What neither validator looks at: rules of one resource, and rules of an export as a whole.

const missedCodes = ["prov", "missed"];

function codesOf(concept) {
  return (concept?.coding ?? []).map(({ code }) => code);
}

function* walk(value, path) {
  yield [path, value];
  if (value === null || typeof value !== "object") return;
  for (const [name, part] of Object.entries(value)) yield* walk(part, `${path}.${name}`);
}

function* nothingEmpty(resource) {
  for (const [path, value] of walk(resource, resource.resourceType)) {
    const empty =
      value === null ||
      value === "" ||
      (typeof value === "object" && Object.keys(value).length === 0);
    if (empty) yield `${path} is empty`;
  }
}

function* periodsInOrder(resource) {
  for (const [path, value] of walk(resource, resource.resourceType)) {
    if (
      typeof value?.start === "string" &&
      typeof value?.end === "string" &&
      Date.parse(value.end) < Date.parse(value.start)
    )
      yield `${path} ends before it starts`;
  }
}

// A reference by identifier says of what kind the thing is and who gave the identifier.
function* referencesSaid(resource) {
  for (const [path, value] of walk(resource, resource.resourceType)) {
    const logical = value?.identifier?.system !== undefined && value.resourceType === undefined;
    if (logical && (value.type ?? value.display) === undefined)
      yield `${path} does not say what it refers to`;
    if (logical && value.identifier.value === undefined) yield `${path} has no identifier`;
  }
}

function* reportAddsUp(resource) {
  if (resource.resourceType !== "MeasureReport") return;
  if (resource.group?.length !== 1) yield "a report has one group";
  for (const group of resource.group ?? []) {
    const ratio = group.extension?.[0]?.valueRatio;
    const scored = group.measureScore !== undefined;
    if (ratio && scored !== ratio.denominator.value > 0)
      yield "a score is there exactly with a positive denominator";
    const counts = Object.fromEntries(
      group.population.map(({ code, count }) => [code.coding[0].code, count]),
    );
    for (const part of ["numerator", "denominator"]) {
      if (counts[part] !== undefined && counts[part] !== ratio[part].value)
        yield `the ${part}'s population is not the figure's`;
    }
  }
}

const ofResource = [nothingEmpty, periodsInOrder, referencesSaid, reportAddsUp];

export function resourceFaults(resource) {
  return ofResource.flatMap((rule) => [...rule(resource)]);
}

function* idsOnce({ all }) {
  const seen = new Set();
  for (const { resourceType, id } of all) {
    const name = `${resourceType}/${id}`;
    if (seen.has(name)) yield `${name} is there twice`;
    seen.add(name);
  }
}

function* referencesResolve({ all }) {
  const there = new Set(all.map(({ resourceType, id }) => `${resourceType}/${id}`));
  const measures = new Set(
    all.flatMap((each) => (each.resourceType === "Measure" ? [`${each.url}|${each.version}`] : [])),
  );
  for (const resource of all) {
    for (const [path, value] of walk(resource, `${resource.resourceType}/${resource.id}`)) {
      if (typeof value?.reference === "string" && !there.has(value.reference))
        yield `${path} refers to ${value.reference}, which is not there`;
    }
    if (resource.resourceType === "MeasureReport" && !measures.has(resource.measure))
      yield `${resource.id} is of ${resource.measure}, which is not there`;
  }
}

function* missedIsCancelled({ all }) {
  const met = new Set(
    all.flatMap((each) =>
      each.resourceType === "Encounter" ? [each.appointment[0].reference] : [],
    ),
  );
  for (const each of all) {
    if (each.resourceType !== "Appointment") continue;
    const codes = codesOf(each.cancelationReason);
    const missed = missedCodes.every((code) => codes.includes(code));
    if (missed && (each.status !== "cancelled" || met.has(`Appointment/${each.id}`)))
      yield `${each.id} is missed, and not cancelled or with an Encounter`;
    if (each.status === "fulfilled" && !met.has(`Appointment/${each.id}`))
      yield `${each.id} is fulfilled without an Encounter`;
  }
}

function* sharesAreShares({ all }) {
  const scoring = new Map(
    all.flatMap((each) =>
      each.resourceType === "Measure"
        ? [[`${each.url}|${each.version}`, codesOf(each.scoring)[0]]]
        : [],
    ),
  );
  for (const each of all) {
    if (each.resourceType !== "MeasureReport" || scoring.get(each.measure) !== "proportion")
      continue;
    const { numerator, denominator } = each.group[0].extension[0].valueRatio;
    if (numerator.value < 0 || numerator.value > denominator.value)
      yield `${each.measure}: ${numerator.value} of ${denominator.value} is no proportion`;
  }
}

function* nobodyNamed({ all, names }) {
  for (const each of all) {
    const text = JSON.stringify(each);
    const found = names.find((name) => text.includes(name));
    if (found !== undefined) yield `${each.resourceType}/${each.id} names ${found}`;
  }
}

// Figures by id, as the reports say them.
export function reportedFigures(all) {
  const figures = new Map();
  const add = (id, { extension, measureScore }) => {
    const { numerator, denominator } = extension[0].valueRatio;
    figures.set(id, [numerator.value, denominator.value, measureScore?.value ?? null]);
  };
  for (const { resourceType, group } of all) {
    if (resourceType !== "MeasureReport") continue;
    const id = group[0].code.coding[0].code;
    if (id === "recharge.minutes")
      for (const stratum of group[0].stratifier[0].stratum)
        add(`${id}.${stratum.value.text}`, stratum);
    else if (id !== "visits") add(id, group[0]);
  }
  return figures;
}

// Against what doorstep-recompute prints for the files of the same moment.
function* figuresAreEqual({ all, recomputed }) {
  const figures = reportedFigures(all);
  const { counts, measures } = recomputed.groups[0];
  for (const [id, { numerator, denominator, value }] of Object.entries(measures)) {
    const mine = figures.get(id);
    const theirs = [numerator, denominator, denominator > 0 ? Number(value) : null];
    if (mine === undefined || mine.some((part, place) => part !== theirs[place]))
      yield `${id} is ${mine} here and ${theirs} recomputed`;
    figures.delete(id);
  }
  for (const id of figures.keys()) yield `${id} is in the reports alone`;
  const visits = all.filter(({ resourceType }) => resourceType === "Appointment").length;
  if (visits !== counts.visits.in_file)
    yield `${visits} Appointments, ${counts.visits.in_file} visits recomputed`;
  const looked = all.find(
    (each) =>
      each.resourceType === "MeasureReport" && each.group[0].code.coding[0].code === "visits",
  );
  const strata = looked?.group[0].stratifier[0].stratum ?? [];
  const sum = strata.reduce((total, { population }) => total + population[0].count, 0);
  if (sum !== visits) yield `${sum} visits by what became of them, ${visits} in all`;
}

const ofExport = [
  idsOnce,
  referencesResolve,
  missedIsCancelled,
  sharesAreShares,
  nobodyNamed,
  figuresAreEqual,
];

// made: {all: resources, names, recomputed}.
export function exportFaults(made) {
  return ofExport.flatMap((rule) => [...rule(made)]);
}
