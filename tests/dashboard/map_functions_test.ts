// SPDX-License-Identifier: Apache-2.0
// What a map is made of: outlines, areas and steps of colour.
import { colourOf, mostSteps, stepAt, stepsOf } from "@dashboard/figures/map/colour_steps";
import { boxOf, lotsOn, onPlane, readOutline } from "@dashboard/figures/map/outlines";
import assert from "node:assert/strict";
import { test } from "node:test";

import { countyLots, lotRow, polygon } from "./outlines_fixture";

test("an outline is one polygon or several; whatever else stands there is none", () => {
  const ring = [
    [0, 52],
    [1, 52],
    [1, 53],
    [0, 52],
  ];
  const several = JSON.stringify({ type: "MultiPolygon", coordinates: [[ring], [ring]] });
  assert.equal(readOutline(several)?.coordinates.length, 2);
  assert.equal(readOutline(polygon([0, 52], [1, 52], [1, 53]))?.coordinates.length, 1);
  for (const other of [
    "",
    "{",
    "null",
    "7",
    "[]",
    "{}",
    '{"type":"Polygon"}',
    '{"type":"Polygon","coordinates":[]}',
    '{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}',
    '{"type":"Polygon","coordinates":[[["a",0],[1,1],[2,2],["a",0]]]}',
    '{"type":"MultiPolygon","coordinates":[[]]}',
    '{"type":"Point","coordinates":[0,52]}',
  ])
    assert.equal(readOutline(other), undefined, other);
});

test("the lots of a day are those that hold on it, of every provider", () => {
  const old = polygon([0, 50], [1, 50], [1, 51]);
  const now = polygon([0, 52], [1, 52], [1, 53]);
  const rows = [
    [
      lotRow("B", { outline: old, from: "2026-01-01", patches: { p: "" } }),
      lotRow("B", { outline: now, from: "2026-06-01", patches: { p: "" } }),
      lotRow("C", { outline: now, from: "2027-01-01" }),
      lotRow("D", { outline: now, from: "2026-01-01", until: "2026-05-31" }),
    ],
    [lotRow("A", { outline: now }), lotRow("B", { outline: old, patches: { p: now, q: "" } })],
  ];
  const june = lotsOn(rows, "2026-06-01");
  assert.deepEqual(
    june.map((lot) => lot.name),
    ["A", "B"],
  );
  assert.deepEqual(june[1]?.outline, readOutline(now));
  assert.deepEqual(
    june[1]?.patches.map((patch) => [patch.name, patch.outline !== undefined]),
    [
      ["p", true],
      ["q", false],
    ],
  );
  assert.deepEqual(
    lotsOn(rows, "2026-05-31").map((lot) => lot.name),
    ["A", "B", "D"],
  );
  assert.equal(lotsOn([...countyLots().values()], "2026-11-30").length, 4);
});

test("on the plane a degree across is shorter than one up, as it is at that latitude", () => {
  const square = readOutline(polygon([0, 59.5], [1, 59.5], [1, 60.5], [0, 60.5]))!;
  const box = boxOf(onPlane([square]));
  assert.ok(Math.abs((box.east - box.west) / (box.north - box.south) - 0.5) < 1e-9);
});

test("steps cover the values with round limits, and no more of them than colours", () => {
  assert.deepEqual(stepsOf([]), []);
  assert.deepEqual(stepsOf([0.94, 0.94]), [{ from: 0.94, to: 0.94 }]);
  assert.deepEqual(
    stepsOf([0.912, 0.941, 0.987]).map((step) => step.from),
    [0.9, 0.92, 0.94, 0.96, 0.98],
  );
  assert.deepEqual(stepsOf([0.9411, 0.9412], 0.001), [{ from: 0.941, to: 0.942 }]);
  let seed = 7;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  for (let round = 0; round < 2_000; ++round) {
    const scale = 10 ** Math.floor(random() * 9 - 4);
    const values = Array.from({ length: 1 + Math.floor(random() * 8) }, () => random() * scale);
    if (random() < 0.3) values.push(-random() * scale, 0);
    const steps = stepsOf(values);
    assert.ok(steps.length >= 1 && steps.length <= mostSteps, String(values));
    for (const value of values) {
      const { from, to } = steps[stepAt(steps, value)]!;
      const slack = scale * 1e-6;
      assert.ok(value >= from - slack && value <= to + slack, `${value} in ${from} to ${to}`);
    }
    const colours = steps.map((_, place) => colourOf(place, steps.length));
    assert.equal(new Set(colours).size, steps.length);
    assert.ok(colours.every((colour) => colour >= 1 && colour <= mostSteps));
  }
});
