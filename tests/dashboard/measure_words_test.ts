// SPDX-License-Identifier: Apache-2.0
// Every measure that the server computes has words, and figures are never rounded to all or none.
import { MeasureUnit } from "@contract/doorstep/records/v1/measures_service_pb";
import { figureText, partsText } from "@dashboard/figures/wording/figure_text";
import {
  measureName,
  measureSays,
  measureSaysNot,
  wordedMeasures,
} from "@dashboard/figures/wording/measure_words";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { required } from "./browser";

test("the measures of the table and those in words are the same", () => {
  const folder = required("MEASURE_TABLES");
  const ids = readdirSync(folder)
    .filter((name) => /^measure_table_.*\.cpp$/.test(name))
    .flatMap((name) => [
      ...readFileSync(join(folder, name), "utf8").matchAll(/"([a-z_0-9]+\.[A-Za-z0-9_.]+)"/g),
    ])
    .map((match) => match[1]!);
  assert.ok(ids.length > 100, "the tables were not found");
  assert.deepEqual([...wordedMeasures].sort(), [...new Set(ids)].sort());
  for (const id of wordedMeasures) {
    assert.notEqual(measureName(id), id);
    for (const sentence of [measureSays(id), measureSaysNot(id)]) assert.match(sentence, /\.$/, id);
  }
  assert.match(measureName("recharge.minutes.nhs"), /nhs/);
  assert.equal(measureName("newer.measure"), "newer.measure");
});

const figure = (numerator: bigint, denominator: bigint, id = "missed.rate") => ({
  id,
  numerator,
  denominator,
  isTooLarge: false,
});
const shown = (numerator: bigint, denominator: bigint) =>
  figureText(figure(numerator, denominator), MeasureUnit.SHARE);

test("a share is all or none only where it is", () => {
  assert.equal(shown(3n, 3n), "100.0%");
  assert.equal(shown(99_999n, 100_000n), "over 99.9%");
  assert.equal(shown(999n, 1_000n), "99.9%");
  assert.equal(shown(0n, 3n), "0.0%");
  assert.equal(shown(1n, 100_000n), "under 0.1%");
  assert.equal(shown(941n, 1_000n), "94.1%");
  assert.equal(shown(100_001n, 100_000n), "100.1%");
  assert.equal(shown(0n, 0n), "Nothing to count");
});

test("what a figure is made of is in the unit of its counts", () => {
  assert.equal(partsText(figure(1_410n, 1_498n), MeasureUnit.SHARE), "1,410 of 1,498");
  const clipped = figure(90_000n, 600_000n, "length.clip_rate");
  assert.equal(partsText(clipped, MeasureUnit.SHARE), "1.5 min of 10 min");
  const mean = figure(120_000n, 180_000n, "punctuality.late_mean");
  assert.equal(partsText(mean, MeasureUnit.MINUTES), "2 min of 3");
  assert.equal(figureText(mean, MeasureUnit.MINUTES), "0.7 min");
});
