// SPDX-License-Identifier: Apache-2.0
// Makes entries, a log and .tlog-proof files with Node's own crypto, straight from
// docs/sync-protocol.md and RFC 6962 by recursion: another way than the pages go when they check.
import { create, toBinary } from "@bufbuild/protobuf";
import { ProofExtraSchema } from "@contract/doorstep/records/v1/records_service_pb";
import { EntryHeaderSchema, EventSchema } from "@contract/doorstep/visit/v1/entry_pb";
import { FactSchema } from "@contract/doorstep/visit/v1/event_pb";
import { createHash, generateKeyPairSync, hkdfSync, type KeyObject, sign } from "node:crypto";

const sha256 = (...parts: Uint8Array[]): Buffer => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
};

const numbers = (...values: bigint[]): Buffer => {
  const bytes = Buffer.alloc(8 * values.length);
  values.forEach((value, i) => bytes.writeBigUInt64BE(BigInt.asUintN(64, value), 8 * i));
  return bytes;
};
const saltFor = (entrySalt: Uint8Array, info: Uint8Array): Buffer =>
  Buffer.from(hkdfSync("sha256", entrySalt, new Uint8Array(), info, 16));

// What a phone recorded in one entry, and when the server had it.
export interface MadeEntry {
  n: bigint;
  firstEventNumber: bigint;
  events: { subjectId: bigint; bootMs: bigint; wallUnixMs: bigint; fact: Uint8Array }[];
  receivedUnixMs: bigint;
}

interface LoggedEntry {
  deviceId: bigint;
  made: MadeEntry;
  header: Uint8Array;
  salts: Buffer[];
  hashes: Buffer[];
  message: Buffer;
  entryHash: Buffer;
  arrivalSalt: Buffer;
  arrivalHash: Buffer;
  leaf: Buffer;
}
const clock = Buffer.from("the phone's clock reading");

function logged(deviceId: bigint, made: MadeEntry): LoggedEntry {
  const entrySalt = new Uint8Array(16).fill(Number(made.n));
  const header = toBinary(
    EntryHeaderSchema,
    create(EntryHeaderSchema, {
      n: made.n,
      planVersion: 12n,
      firstEventNumber: made.firstEventNumber,
      boot: 1,
    }),
  );
  const salts = made.events.map((_, i) =>
    saltFor(entrySalt, Buffer.concat([Buffer.from("doorstep/event/v1\n"), numbers(BigInt(i))])),
  );
  const hashes = made.events.map((event, i) =>
    sha256(
      Buffer.from("doorstep/event/v1\n"),
      salts[i]!,
      numbers(made.firstEventNumber + BigInt(i), event.subjectId, event.bootMs, event.wallUnixMs),
      event.fact,
    ),
  );
  const message = Buffer.concat([
    Buffer.from("doorstep/entry/v2\n"),
    numbers(deviceId),
    numbers(BigInt(header.length)).subarray(4),
    header,
    ...hashes,
  ]);
  const entryHash = sha256(message);
  const arrivalSalt = saltFor(entrySalt, Buffer.from("doorstep/arrival/v1\n"));
  const arrivalHash = sha256(
    Buffer.from("doorstep/arrival/v1\n"),
    arrivalSalt,
    numbers(made.receivedUnixMs),
    clock,
  );
  const leaf = sha256(Buffer.of(0), Buffer.from("doorstep/leaf/v2\n"), entryHash, arrivalHash);
  return {
    deviceId,
    made,
    header,
    salts,
    hashes,
    message,
    entryHash,
    arrivalSalt,
    arrivalHash,
    leaf,
  };
}

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
  #entries: LoggedEntry[] = [];

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

  append(deviceId: bigint, entry: MadeEntry): { position: number; entryHash: Buffer } {
    const added = logged(deviceId, entry);
    this.#entries.push(added);
    return { position: this.#entries.length - 1, entryHash: added.entryHash };
  }

  // shown: which events the reader may see.
  proof(position: number, shown: (index: number) => boolean = () => true): string {
    const entry = this.#entries[position]!;
    const events = entry.made.events.map((event, i) =>
      shown(i)
        ? { event: create(EventSchema, event), salt: entry.salts[i]! }
        : { hash: entry.hashes[i]! },
    );
    const extra = create(ProofExtraSchema, {
      deviceId: entry.deviceId,
      header: entry.header,
      events,
      signature: sign("sha256", entry.message, {
        key: this.#phone.privateKey,
        dsaEncoding: "ieee-p1363",
      }),
      signingPublicKey: this.#phone.publicKey.export({ type: "spki", format: "der" }),
      arrival: { receivedUnixMs: entry.made.receivedUnixMs, clock },
      arrivalSalt: entry.arrivalSalt,
    });
    return this.#file(position, toBinary(ProofExtraSchema, extra));
  }

  // As a council gets it of an entry whose bytes were erased.
  proofByHash(position: number): string {
    const { deviceId, entryHash, arrivalHash } = this.#entries[position]!;
    return this.#file(
      position,
      toBinary(ProofExtraSchema, create(ProofExtraSchema, { deviceId, entryHash, arrivalHash })),
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
}

// An entry of one visit: checked in, a task, checked out.
export function visitEntry(
  n: bigint,
  visitId: bigint,
  wallUnixMs: bigint,
  firstEventNumber: bigint = (n - 1n) * 3n + 1n,
): MadeEntry {
  const place = { method: 2, distanceM: 12, accuracyM: 8, fixAgeS: 3 };
  const facts = [
    create(FactSchema, { kind: { case: "checkedIn", value: { place } } }),
    create(FactSchema, {
      kind: { case: "taskRecorded", value: { taskNumber: 1, outcome: 1, independence: 2 } },
    }),
    create(FactSchema, { kind: { case: "checkedOut", value: { place } } }),
  ];
  const after = [0n, 600_000n, 1_800_000n];
  return {
    n,
    firstEventNumber,
    receivedUnixMs: wallUnixMs + 2_000_000n,
    events: facts.map((fact, i) => ({
      subjectId: visitId,
      bootMs: 1_000n + after[i]!,
      wallUnixMs: wallUnixMs + after[i]!,
      fact: toBinary(FactSchema, fact),
    })),
  };
}
