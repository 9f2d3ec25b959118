// SPDX-License-Identifier: Apache-2.0
import { create } from "@bufbuild/protobuf";
import {
  CommissionedKind,
  CommissionedRowSchema,
} from "@contract/doorstep/admin/v1/commissioning_service_pb";
import {
  fieldsFromQuery,
  queryFromFields,
  shareOf,
  sharesOf,
} from "@dashboard/commissioned/commissioned_query";
import { fundersText, weekText } from "@dashboard/commissioned/commissioned_words";
import {
  draftOf,
  emptyDraft,
  formOf,
  readDraft,
  refusedAt,
  type RowDraft,
  type RowForm,
} from "@dashboard/commissioned/row_draft";
import assert from "node:assert/strict";
import { test } from "node:test";

import { countyContracts } from "./county_records";

const today = "2026-11-23";
const subject = { id: 7n, lot: "Lot 4" };
const draft = (changes: Partial<RowDraft>): RowDraft => ({
  ...emptyDraft(today),
  why: "reviewed",
  ...changes,
});
const faultsOf = (form: RowForm, changes: Partial<RowDraft>) => {
  const read = readDraft(form, draft(changes), subject, today);
  return "faults" in read ? read.faults : {};
};
const rowRead = (form: RowForm, changes: Partial<RowDraft>) => {
  const read = readDraft(form, draft(changes), subject, today);
  assert.ok("row" in read, Object.keys("faults" in read ? read.faults : {}).join());
  return create(CommissionedRowSchema, read.row);
};

test("a row that nobody edited is the row that it began from, from tomorrow on", () => {
  const row = create(CommissionedRowSchema, {
    kind: CommissionedKind.PACKAGE,
    subjectId: 7n,
    name: "sleep_in",
    fromDay: "2026-01-05",
    untilDay: "2027-01-05",
    content: {
      case: "package",
      value: {
        serviceKind: "sleep_in",
        model: "time_and_task",
        purchase: "spot",
        arrangedBy: "health",
        weekMinutes: 900,
        patch: "Hills",
        shortVisitAgreed: true,
        shortVisitBasis: "agreed_terms",
        services: ["s14", "night call"],
      },
    },
  });
  const begun = draftOf("package", "sleep_in", today, row);
  const read = rowRead("package", { ...begun, why: "the same" });
  assert.deepEqual(read.content, row.content);
  assert.equal(read.fromDay, "2026-11-24");
  assert.equal(read.untilDay, "2027-01-05");
  assert.equal(read.reason, "", "nothing that has begun is said otherwise");
});

test("a day that has begun is said with its reason, and only where visits are judged by it", () => {
  assert.equal(rowRead("package", { weekMinutes: "60", fromDay: today }).reason, "reviewed");
  assert.equal(rowRead("rate", { price: "22.50", fromDay: "2026-04-01" }).reason, "reviewed");
  assert.equal(rowRead("rating", { fromDay: "2026-04-01" }).reason, "");
});

test("money and per cent are read as people write them, and sent in whole numbers", () => {
  for (const [written, pence] of [
    ["22.5", 2_250],
    ["22,50", 2_250],
    ["0.29", 29],
    ["1000", 100_000],
  ] as const)
    assert.deepEqual(rowRead("rate", { price: written }).content.value, {
      ...rowRead("rate", { price: written }).content.value,
      pencePerHour: pence,
    });
  for (const [written, points] of [
    ["4.5", 450],
    ["-3", -300],
    ["+0,25", 25],
  ] as const) {
    const { content } = rowRead("uplift", { uplift: written });
    assert.equal(content.case === "rate" && content.value.upliftBp, points);
  }
});

test("what cannot stand is said at its field before anything is sent", () => {
  assert.deepEqual(Object.keys(faultsOf("package", {})), ["weekMinutes"]);
  for (const weekMinutes of ["-1", "1.5", "100001", "1e3", "many", ""])
    assert.ok(faultsOf("package", { weekMinutes }).weekMinutes, weekMinutes);
  for (const price of ["", "0", "0.00", "1000.01", "-5", "22.505", "NaN"])
    assert.ok(faultsOf("rate", { price }).price, price);
  for (const uplift of ["", "101", "-100.01", "4.505", "ten"])
    assert.ok(faultsOf("uplift", { uplift }).uplift, uplift);
  assert.ok(faultsOf("stop", {}).source);
  assert.ok(faultsOf("pause", { why: " " }).why);
  assert.ok(faultsOf("pause", { untilDay: "2026-11-01" }).untilDay);
  assert.ok(faultsOf("pause", { fromDay: "" }).fromDay);
  const patch = { name: "Hills", rurality: "" };
  assert.equal(
    faultsOf("lot", { patches: [patch, patch] }).patches,
    "commissioned.fault.patch_twice",
  );
  assert.ok(faultsOf("lot", { patches: [{ name: " ", rurality: "" }] }).patches);
});

test("something new begins as what is ordered most", () => {
  const begun = (form: RowForm) => draftOf(form, undefined, today);
  assert.equal(
    rowRead("package", { ...begun("package"), weekMinutes: "60", why: "new" }).name,
    "day",
  );
  assert.equal(rowRead("rate", { ...begun("rate"), price: "20", why: "new" }).name, "weekday/day");
  assert.equal(rowRead("rating", { ...begun("rating"), why: "new" }).name, "cqc");
});

test("an end has no content and no last day", () => {
  const read = rowRead("package", { ends: true, untilDay: "2027-01-01" });
  assert.equal(read.content.case, undefined);
  assert.equal(read.untilDay, "");
  assert.equal(read.name, "day");
});

test("the name of a row says what it is about", () => {
  assert.equal(
    rowRead("rate", { price: "1", dayKind: "sunday", serviceKind: "respite" }).name,
    "sunday/respite",
  );
  assert.equal(rowRead("uplift", { uplift: "1", serviceKind: "" }).name, "uplift/");
  assert.equal(rowRead("stop", { source: "board" }).name, "stop_on_new_work");
  assert.equal(
    rowRead("rating", { scale: "care_inspectorate", theme: " Staffing ", rating: "4" }).name,
    "care_inspectorate/Staffing",
  );
  assert.equal(rowRead("lot", {}).name, "Lot 4");
  for (const name of ["cqc", "stop_on_new_work"])
    assert.equal(
      formOf({ kind: CommissionedKind.RATING, name }),
      name === "cqc" ? "rating" : "stop",
    );
});

test("a refusal of the server stands at the field that it is about", () => {
  assert.deepEqual(refusedAt("FROM_PAST", "package"), { fromDay: "commissioned.fault.from_past" });
  assert.deepEqual(refusedAt("PATCH_FORMAT", "package"), {
    patch: "commissioned.fault.patch_name",
  });
  assert.deepEqual(refusedAt("RATE_RANGE", "uplift"), { uplift: "commissioned.fault.uplift" });
  assert.equal(refusedAt("COMMISSIONED_CHANGED", "package"), undefined);
});

test("an address that somebody wrote is read as far as it can be", () => {
  const fields = fieldsFromQuery(
    new URLSearchParams({
      contract: "x",
      provider: "72",
      day: "yesterday",
      search: "a".repeat(99),
    }),
  );
  assert.equal(fields.contract, "");
  assert.match(fields.day, /^\d{4}-\d{2}-\d{2}$/);
  assert.equal(fields.search.length, 64);
  const asked = { contract: "32", provider: "72", day: "2026-02-01", search: "p1" };
  assert.deepEqual(fieldsFromQuery(queryFromFields(asked)), asked);
  const shares = sharesOf(countyContracts());
  assert.equal(shareOf(shares, asked)?.providerName, "Soar Valley Care");
  assert.equal(shareOf(shares, { ...asked, contract: "99" })?.contractId, 31n);
  assert.equal(shareOf([], asked), undefined);
});

test("hours and payers are written as orders name them", () => {
  assert.equal(weekText(870), "14 h 30 min a week");
  assert.equal(weekText(840), "14 h a week");
  assert.equal(weekText(20), "0 h 20 min a week");
  assert.equal(fundersText("council=8000;health=2000"), "council 80%, health 20%");
  assert.equal(fundersText(""), "not said");
  assert.equal(fundersText("x"), "x");
});
