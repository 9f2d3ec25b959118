// SPDX-License-Identifier: Apache-2.0
// Makes entries, a log and .tlog-proof files with Node's own crypto, straight from
// docs/sync-protocol.md and RFC 6962 by recursion: another way than the pages go when they check.
import { create, toBinary } from "@bufbuild/protobuf";
import { ProofExtraSchema } from "@contract/doorstep/records/v1/records_service_pb";
import { type Entry, EntrySchema } from "@contract/doorstep/visit/v1/entry_pb";
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

function root(leaves: Buffer[]): Buffer {
  if (leaves.length === 1) return leaves[0]!;
  const split = largestPowerBelow(leaves.length);
  return sha256(Buffer.of(1), root(leaves.slice(0, split)), root(leaves.slice(split)));
}

// Sibling hashes from the leaf upwards.
function path(position: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return [];
  const split = largestPowerBelow(leaves.length);
  return position < split
    ? [...path(position, leaves.slice(0, split)), root(leaves.slice(split))]
    : [...path(position - split, leaves.slice(split)), root(leaves.slice(0, split))];
}

function largestPowerBelow(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

export class TestLog {
  readonly origin = "doorstep.example/log/71";
  readonly verifierKey: string;
  #key: KeyObject;
  #keyId: Buffer;
  #phone = generateKeyPairSync("ec", { namedCurve: "P-256" });
  #entries: { deviceId: bigint; bytes: Uint8Array; entryHash: Buffer; leaf: Buffer }[] = [];

  constructor() {
    const pair = generateKeyPairSync("ed25519");
    const raw = pair.publicKey.export({ type: "spki", format: "der" }).subarray(-32);
    const typed = Buffer.concat([Buffer.of(1), raw]);
    this.#key = pair.privateKey;
    this.#keyId = sha256(Buffer.from(`${this.origin}\n`), typed).subarray(0, 4);
    this.verifierKey = `${this.origin}+${this.#keyId.toString("hex")}+${typed.toString("base64")}`;
  }

  get size(): number {
    return this.#entries.length;
  }

  append(deviceId: bigint, entry: Entry): { position: number; entryHash: Buffer } {
    const bytes = toBinary(EntrySchema, entry);
    const entryHash = sha256(this.#message(deviceId, bytes));
    const leaf = sha256(Buffer.of(0), Buffer.from("doorstep/leaf/v1\n"), entryHash);
    this.#entries.push({ deviceId, bytes, entryHash, leaf });
    return { position: this.#entries.length - 1, entryHash };
  }

  proof(position: number): string {
    const entry = this.#entries[position]!;
    const extra = toBinary(
      ProofExtraSchema,
      create(ProofExtraSchema, {
        deviceId: entry.deviceId,
        signedEntry: {
          entry: entry.bytes,
          signature: sign("sha256", this.#message(entry.deviceId, entry.bytes), {
            key: this.#phone.privateKey,
            dsaEncoding: "ieee-p1363",
          }),
        },
        signingPublicKey: this.#phone.publicKey.export({ type: "spki", format: "der" }),
      }),
    );
    return this.#file(position, extra);
  }

  // As a council gets it of an entry that also speaks of other visits.
  proofByHash(position: number): string {
    const { deviceId, entryHash } = this.#entries[position]!;
    return this.#file(
      position,
      toBinary(ProofExtraSchema, create(ProofExtraSchema, { deviceId, entryHash })),
    );
  }

  #file(position: number, extra: Uint8Array): string {
    const leaves = this.#entries.map((each) => each.leaf);
    const checkpoint = `${this.origin}\n${leaves.length}\n${root(leaves).toString("base64")}\n`;
    const signature = Buffer.concat([
      this.#keyId,
      sign(null, Buffer.from(checkpoint), this.#key),
    ]).toString("base64");
    return [
      "c2sp.org/tlog-proof@v1",
      `extra ${Buffer.from(extra).toString("base64")}`,
      `index ${position}`,
      ...path(position, leaves).map((hash) => hash.toString("base64")),
      "",
      checkpoint,
      `\u2014 ${this.origin} ${signature}`,
      "",
    ].join("\n");
  }

  #message(deviceId: bigint, bytes: Uint8Array): Buffer {
    const device = Buffer.alloc(8);
    device.writeBigUInt64BE(deviceId);
    return Buffer.concat([Buffer.from("doorstep/entry/v1\n"), device, bytes]);
  }
}

// An entry of one visit: checked in, a task, checked out.
export function visitEntry(
  n: bigint,
  visitId: bigint,
  wallUnixMs: bigint,
  changes: Partial<Pick<Entry, "firstEventNumber">> = {},
): Entry {
  return create(EntrySchema, {
    n,
    salt: new Uint8Array(16).fill(Number(n)),
    planVersion: 12n,
    firstEventNumber: changes.firstEventNumber ?? (n - 1n) * 3n + 1n,
    boot: 1,
    bootMs: 1_000n,
    wallUnixMs,
    events: [
      {
        visitId,
        fact: {
          case: "checkedIn",
          value: { place: { method: 2, distanceM: 12, accuracyM: 8, fixAgeS: 3 } },
        },
      },
      {
        bootDeltaMs: 600_000n,
        fact: { case: "taskRecorded", value: { taskNumber: 1, outcome: 1, independence: 2 } },
      },
      {
        bootDeltaMs: 1_200_000n,
        fact: {
          case: "checkedOut",
          value: { place: { method: 2, distanceM: 15, accuracyM: 9, fixAgeS: 4 } },
        },
      },
    ],
  });
}
