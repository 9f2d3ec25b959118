// SPDX-License-Identifier: Apache-2.0
// The check of evidence in the browser, over proofs made another way (evidence_maker.ts).
import { checkProof } from "@dashboard/records/tlog_proof";
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
      assert.equal(checked.n, BigInt(position + 1));
    }
  }
});

test("an altered byte anywhere in the file never makes it say something else", async () => {
  const log = logOf(6);
  const proof = log.proof(4);
  const { steps, ...right } = await checkProof(proof, log.verifierKey);
  assert.equal(steps.length, 3);
  let refused = 0;
  for (let at = 0; at < proof.length; at += 3) {
    const other = proof[at] === "A" ? "B" : "A";
    const altered = proof.slice(0, at) + other + proof.slice(at + 1);
    const checked = await checkProof(altered, log.verifierKey);
    // What holds says the same: some letters of base64 carry no bits, and a reader of protobuf may
    // take a field's wire type for granted.
    if (!checked.holds) refused++;
    else assert.deepEqual({ ...checked, steps: undefined }, { ...right, steps: undefined });
  }
  assert.ok(refused > proof.length / 4, `${refused} of ${proof.length / 3} were refused`);
});

test("a proof by hash alone proves the place in the log and accuses nobody", async () => {
  const log = logOf(6);
  const checked = await checkProof(log.proofByHash(4), log.verifierKey);
  assert.deepEqual(
    checked.steps.map((step) => step.outcome),
    ["not-in-file", "right", "right"],
  );
  assert.equal(checked.holds, true);
  assert.equal(checked.proves, "place");
  assert.equal(checked.events, undefined);
  assert.match(checked.steps[0]!.why, /cannot be seen here/);
  const moved = log.proofByHash(4).replace("index 4", "index 3");
  const refused = await checkProof(moved, log.verifierKey);
  assert.equal(refused.holds, false);
  assert.equal(refused.steps[1]!.outcome, "wrong");
});

test("a file or a key of a newer kind is not called false", async () => {
  const log = logOf(2);
  const newer = log.proof(1).replace("tlog-proof@v1", "tlog-proof@v2");
  assert.deepEqual(await outcomes(newer, log.verifierKey), ["not-possible"]);
  const [, id, key] = /^[^+]+\+([0-9a-f]+)\+(.+)$/.exec(log.verifierKey)!;
  const other = Buffer.from(key!, "base64");
  other[0] = 6;
  const verifier = `${log.origin}+${id!}+${other.toString("base64")}`;
  assert.deepEqual(await outcomes(log.proof(1), verifier), ["right", "right", "not-possible"]);
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

test("signatures of others on the checkpoint are skipped", async () => {
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

test("a proof shows what its reader may see, and that there is more", async () => {
  const log = logOf(2);
  const made = visitEntry(3n, 77n, 1_000_000n, 10n);
  const { position } = log.append(8n, made);
  const checked = await checkProof(
    log.proof(position, (index) => index !== 1),
    log.verifierKey,
  );
  assert.equal(checked.holds, true);
  assert.equal(checked.receivedUnixMs, made.receivedUnixMs);
  assert.deepEqual(
    checked.events?.map((event) => [
      event.number,
      event.subjectId,
      event.wallUnixMs,
      event.fact.kind.case,
    ]),
    [
      [10n, 77n, 1_000_000n, "checkedIn"],
      [12n, 77n, 2_800_000n, "checkedOut"],
    ],
  );
});
