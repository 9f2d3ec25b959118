// SPDX-License-Identifier: Apache-2.0
// Faults that the checks must find, and which of them finds each: a check that cannot fail is none.

// [what, kind of resource, how it is broken, who finds it]
export const resourceFaults = [
  ["a required field is missing", "Appointment", (r) => delete r.status, ["fhir", "medplum"]],
  ["nobody takes part", "Appointment", (r) => delete r.participant, ["fhir", "medplum"]],
  ["a field that FHIR does not know", "Encounter", (r) => (r.colour = "blue"), ["fhir", "medplum"]],
  ["a status of nobody's", "Encounter", (r) => (r.status = "done"), ["fhir"]],
  ["an id of nothing", "Encounter", (r) => (r.id = ""), ["fhir", "own"]],
  ["no class", "Encounter", (r) => delete r.class, ["fhir", "medplum"]],
  [
    "an encounter of another kind of thing",
    "Encounter",
    (r) => (r.appointment[0].reference = "Patient/p1"),
    ["fhir"],
  ],
  [
    "a period that ends before it starts",
    "Encounter",
    (r) => (r.period = { start: r.period.end, end: r.period.start }),
    ["own"],
  ],
  ["an empty list", "Encounter", (r) => (r.participant = []), ["own"]],
  ["a day as people write it", "Provenance", (r) => (r.recorded = "06/01/2025"), ["medplum"]],
  ["said by nobody", "Provenance", (r) => delete r.agent, ["fhir", "medplum"]],
  ["about nothing", "Provenance", (r) => delete r.target, ["fhir", "medplum"]],
  ["a reference that says nothing", "Provenance", (r) => delete r.agent[0].who.type, ["own"]],
  ["a start without an end", "Appointment", (r) => delete r.end, ["medplum"]],
  [
    "a cancelled visit's reason on one that took place",
    "Appointment",
    (r) => {
      r.status = "fulfilled";
      r.cancelationReason = { text: "why" };
    },
    ["medplum"],
  ],
  [
    "a way of getting better",
    "Measure",
    (r) =>
      (r.improvementNotation = {
        coding: [{ system: r.scoring.coding[0].system, code: "upwards" }],
      }),
    ["fhir"],
  ],
  ["a status of Measure", "Measure", (r) => delete r.status, ["fhir", "medplum"]],
  ["a report of nothing", "MeasureReport", (r) => delete r.measure, ["fhir", "medplum"]],
  ["a kind of report", "MeasureReport", (r) => (r.type = "all"), ["fhir"]],
  [
    "a count that is no whole number",
    "MeasureReport",
    (r) => (r.group[0].population[0].count = 1.5),
    ["medplum"],
  ],
  [
    "a score of nothing",
    "MeasureReport",
    (r) => {
      r.group[0].extension[0].valueRatio.denominator.value = 0;
      r.group[0].measureScore = { value: 1 };
    },
    ["own"],
  ],
];

const first = (all, kind, fits = () => true) =>
  all.find((each) => each.resourceType === kind && fits(each));
const isMissed = ({ cancelationReason }) =>
  cancelationReason?.coding.some(({ code }) => code === "missed");
const figure = (all, id) =>
  first(all, "MeasureReport", (each) => each.group[0].code.coding[0].code === id).group[0];

// [what, how an export is broken, what is said of it]
export const exportFaults = [
  ["a resource twice", (all) => all.push(first(all, "Encounter")), / is there twice$/],
  [
    "an Appointment is gone",
    (all) => all.splice(all.indexOf(first(all, "Appointment", (each) => !isMissed(each))), 1),
    / which is not there$/,
  ],
  [
    "a Measure is gone",
    (all) => all.splice(all.indexOf(first(all, "Measure", (each) => each.id === "missed.rate")), 1),
    /missed\.rate\|1, which is not there$/,
  ],
  [
    "a missed visit that took place",
    (all) => {
      first(all, "Encounter").appointment[0].reference =
        `Appointment/${first(all, "Appointment", isMissed).id}`;
    },
    / is missed, and not cancelled or with an Encounter$/,
  ],
  [
    "a visit that was kept, and nobody met",
    (all) => {
      const { reference } = first(all, "Encounter").appointment[0];
      for (const each of all.filter(({ resourceType }) => resourceType === "Encounter"))
        if (each.appointment[0].reference === reference) all.splice(all.indexOf(each), 1);
    },
    / is fulfilled without an Encounter$/,
  ],
  [
    "a visit more on time",
    (all) =>
      (figure(all, "punctuality.on_time_of_attended").extension[0].valueRatio.numerator.value += 1),
    /^punctuality\.on_time_of_attended is /,
  ],
  [
    "more than all of them",
    (all) => (figure(all, "missed.rate").extension[0].valueRatio.numerator.value = 1e6),
    / is no proportion$/,
  ],
  [
    "a figure is left out",
    (all) =>
      all.splice(
        all.indexOf(
          first(
            all,
            "MeasureReport",
            (each) => each.group[0].code.coding[0].code === "missed.rate",
          ),
        ),
        1,
      ),
    /^missed\.rate is /,
  ],
  [
    "a person's name",
    (all, names) => (first(all, "Encounter").subject.display = names[0]),
    / names /,
  ],
];
