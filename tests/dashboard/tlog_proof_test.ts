// SPDX-License-Identifier: Apache-2.0
// The check of evidence in the browser, over proofs made another way (evidence_maker.ts).
import { checkProof } from "@dashboard/records/tlog_proof";
import { eventsOf } from "@dashboard/records/entry_events";
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { test } from "node:test";

import { TestLog, visitEntry } from "./evidence_maker";

// Node 18 has WebCrypto but not under this name.
globalThis.crypto ??= webcrypto as Crypto;

function logOf(size: number): TestLog {
  const log = new TestLog();
  for (let n = 1; n <= size; n++) log.append(8n, visitEntry(BigInt(n), BigInt(n), 1_000_000n));
  return log;
}

const outcomes = async (proof: string, key: string) =>
  (await checkProof(proof, key)).steps.map((step) => step.outcome);

test("every entry of logs of every size up to 33 is proved", async () => {
  for (const size of [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33]) {
    const log = logOf(size);
    for (let position = 0; position < size; position++) {
      const checked = await checkProof(log.proof(position), log.verifierKey);
      assert.equal(
        checked.holds,
        true,
        `position ${position} of ${size}: ${JSON.stringify(checked.steps)}`,
      );
      assert.equal(checked.entry?.n, BigInt(position + 1));
    }
  }
});

test("an altered byte anywhere in the file never holds", async () => {
  const log = logOf(6);
  const proof = log.proof(4);
  for (let at = 0; at < proof.length; at += 3) {
    const other = proof[at] === "A" ? "B" : "A";
    // Letters after the last signature byte of a base64 group may carry no bits: they decode alike.
    const altered = proof.slice(0, at) + other + proof.slice(at + 1);
    const checked = await checkProof(altered, log.verifierKey);
    if (checked.holds)
      assert.equal(sameBytes(altered, proof), true, `byte ${at} was altered and the proof held`);
  }
});

function sameBytes(a: string, b: string): boolean {
  const decoded = (text: string) =>
    text
      .split(/\s/)
      .map((word) => Buffer.from(word, "base64").toString("hex"))
      .join(" ");
  return decoded(a) === decoded(b);
}

test("a proof by hash alone proves the place in the log and accuses nobody", async () => {
  const log = logOf(6);
  const checked = await checkProof(log.proofByHash(4), log.verifierKey);
  assert.deepEqual(
    checked.steps.map((step) => step.outcome),
    ["not in the file", "right", "right"],
  );
  assert.equal(checked.holds, true);
  assert.equal(checked.proves, "place in the log");
  assert.equal(checked.entry, undefined);
  assert.match(checked.steps[0]!.why, /cannot be seen here/);
  const moved = log.proofByHash(4).replace("index 4", "index 3");
  const refused = await checkProof(moved, log.verifierKey);
  assert.equal(refused.holds, false);
  assert.equal(refused.steps[1]!.outcome, "wrong");
});

test("a file or a key of a newer kind is not called false", async () => {
  const log = logOf(2);
  const newer = log.proof(1).replace("tlog-proof@v1", "tlog-proof@v2");
  assert.deepEqual(await outcomes(newer, log.verifierKey), ["not possible"]);
  const [, id, key] = /^[^+]+\+([0-9a-f]+)\+(.+)$/.exec(log.verifierKey)!;
  const other = Buffer.from(key!, "base64");
  other[0] = 6;
  const verifier = `${log.origin}+${id!}+${other.toString("base64")}`;
  assert.deepEqual(await outcomes(log.proof(1), verifier), ["right", "right", "not possible"]);
});

test("a proof moved to another position, another log or another phone is refused", async () => {
  const log = logOf(6);
  const proof = log.proof(4);
  assert.deepEqual(await outcomes(proof.replace("index 4", "index 5"), log.verifierKey), [
    "right",
    "wrong",
    "right",
  ]);
  assert.deepEqual(await outcomes(proof, logOf(6).verifierKey), ["right", "right", "wrong"]);
  const lines = proof.split("\n");
  lines[1] = log.proof(3).split("\n")[1]!;
  assert.deepEqual(await outcomes(lines.join("\n"), log.verifierKey), ["right", "wrong", "right"]);
});

test("signatures of others on the checkpoint are passed over", async () => {
  const log = logOf(3);
  const signature = Buffer.alloc(76, 7).toString("base64");
  const cosigned = `${log.proof(1)}\u2014 witness.example ${signature}\n`;
  assert.equal((await checkProof(cosigned, log.verifierKey)).holds, true);
});

test("a file that is no proof is refused in words", async () => {
  const log = logOf(1);
  for (const text of [
    "",
    "hello",
    "c2sp.org/tlog-proof@v1\nindex 01\n\nx\n1\nAA==\n\n",
    log.proof(0).replace("index 0", "index x"),
  ]) {
    const checked = await checkProof(text, log.verifierKey);
    assert.equal(checked.holds, false);
    assert.match(checked.steps[0]!.why, /The file cannot be read/);
  }
});

test("delta-coded events get their visit, number and time back", () => {
  const events = eventsOf(visitEntry(2n, 77n, 1_000_000n, { firstEventNumber: 10n }));
  assert.deepEqual(
    events.map((event) => [event.number, event.visitId, event.wallUnixMs]),
    [
      [10n, 77n, 1_000_000n],
      [11n, 77n, 1_600_000n],
      [12n, 77n, 2_800_000n],
    ],
  );
});
