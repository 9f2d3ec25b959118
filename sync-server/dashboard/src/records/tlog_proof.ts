// SPDX-License-Identifier: Apache-2.0
// Checks a .tlog-proof file (c2sp.org/tlog-proof@v1) in the browser, with WebCrypto alone: what the
// server claims is recomputed here from what the file shows of the entry (docs/sync-protocol.md,
// "Bytes that are hashed").
import { fromBinary } from "@bufbuild/protobuf";
import {
  type ProofExtra,
  ProofExtraSchema,
} from "@contract/doorstep/records/v1/records_service_pb";
import { EntryHeaderSchema } from "@contract/doorstep/visit/v1/entry_pb";
import { type Fact, FactSchema } from "@contract/doorstep/visit/v1/event_pb";

import { shownMessage } from "../server/shown_text";
import { type PlainKey, say } from "../words/say";

type Bytes = Uint8Array<ArrayBuffer>;

export type Outcome =
  | "right"
  | "wrong"
  // The file leaves it out, as it may: it neither proves nor disproves.
  | "not-in-file"
  // This browser, or this way of opening the page, cannot do it.
  | "not-possible";

export interface Step {
  name: string;
  outcome: Outcome;
  why: string;
}

export interface CheckedProof {
  // Every step is right but for what the file leaves out.
  holds: boolean;
  // What a proof that holds proves: of an entry whose bytes are in the file what it says and who
  // signed it, of its hash alone that this entry stands in the log.
  proves: "entry" | "place";
  steps: Step[];
  // What the file shows of the entry's events; absent when it shows its hash alone.
  events?: ProvedEvent[];
  // When the entry arrived, by the server's clock, which the log commits to.
  receivedUnixMs?: bigint;
  // Absent when the file cannot be read.
  n?: bigint;
  deviceId?: bigint;
  position?: bigint;
  logSize?: bigint;
}

export interface ProvedEvent {
  number: bigint;
  // Of the visit, nearly always.
  subjectId: bigint;
  // Device wall clock, Unix ms.
  wallUnixMs: bigint;
  fact: Fact;
}

interface ProofFile {
  extra: Bytes;
  position: bigint;
  path: Bytes[];
  noteText: string;
  signatures: { name: string; keyId: Bytes; signature: Bytes }[];
  origin: string;
  size: bigint;
  root: Bytes;
}

const utf8 = new TextEncoder();

function joined(...parts: (Uint8Array | string)[]): Bytes {
  const pieces = parts.map((part) => (typeof part === "string" ? utf8.encode(part) : part));
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

// A file or a key that a newer server made: this page cannot judge it.
class NewerKind extends Error {}
// What is wrong with the file, in words.
class Unreadable extends Error {
  constructor(what: PlainKey) {
    super(say(what));
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, i) => byte === b[i]);
const fromBase64 = (text: string): Bytes =>
  Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
const sha256 = async (bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function decimal(text: string | undefined): bigint {
  if (!/^(0|[1-9]\d{0,19})$/.test(text ?? "")) throw new Unreadable("unread.number");
  return BigInt(text!);
}

function hash32(text: string): Bytes {
  const bytes = fromBase64(text);
  if (bytes.length !== 32) throw new Unreadable("unread.hash");
  return bytes;
}

export function readProofFile(text: string): ProofFile {
  const border = text.indexOf("\n\n");
  if (border < 0) throw new Unreadable("unread.checkpoint");
  const lines = text.slice(0, border).split("\n");
  const firstLine = lines.shift() ?? "";
  if (firstLine !== "c2sp.org/tlog-proof@v1") {
    if (/^c2sp\.org\/tlog-proof@v\d+$/.test(firstLine))
      throw new NewerKind(say("check.newer_file", { kind: firstLine }));
    throw new Unreadable("unread.first_line");
  }
  const extra = lines[0]?.startsWith("extra ")
    ? fromBase64(lines.shift()!.slice(6))
    : new Uint8Array();
  const index = lines.shift();
  if (!index?.startsWith("index ")) throw new Unreadable("unread.index");

  const note = text.slice(border + 2);
  const split = note.lastIndexOf("\n\n");
  if (split < 0) throw new Unreadable("unread.unsigned");
  const noteText = note.slice(0, split + 1);
  const [origin = "", size, root = ""] = noteText.split("\n");
  const signatures = note
    .slice(split + 2)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [, name, value] = /^\u2014 (\S+) (\S+)$/u.exec(line) ?? [];
      if (!name || !value) throw new Unreadable("unread.signature_line");
      const bytes = fromBase64(value);
      return { name, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
    });
  return {
    extra,
    position: decimal(index.slice(6)),
    path: lines.map(hash32),
    noteText,
    signatures,
    origin,
    size: decimal(size),
    root: hash32(root),
  };
}

// Root of the tree by RFC 9162 §2.1.3.2, or nothing when the path has the wrong shape.
async function rootFromPath(
  leaf: Bytes,
  position: bigint,
  size: bigint,
  path: Bytes[],
): Promise<Bytes | undefined> {
  if (position >= size) return undefined;
  let node = leaf;
  let at = position;
  let last = size - 1n;
  for (const sibling of path) {
    if (last === 0n) return undefined;
    if ((at & 1n) === 1n || at === last) {
      node = await sha256(joined(Uint8Array.of(1), sibling, node));
      while ((at & 1n) === 0n && at !== 0n) {
        at >>= 1n;
        last >>= 1n;
      }
    } else {
      node = await sha256(joined(Uint8Array.of(1), node, sibling));
    }
    at >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? node : undefined;
}

async function checkPhone(spki: Uint8Array, signature: Uint8Array, message: Bytes): Promise<Step> {
  const name = say("check.phone");
  try {
    const key = await crypto.subtle.importKey(
      "spki",
      joined(spki),
      { name: "ECDSA", namedCurve: "P-256" },
      false,
      ["verify"],
    );
    const right = await crypto.subtle.verify(
      { name: "ECDSA", hash: "SHA-256" },
      key,
      joined(signature),
      message,
    );
    return {
      name,
      outcome: right ? "right" : "wrong",
      why: right ? "" : say("check.not_these_bytes"),
    };
  } catch {
    return { name, outcome: "wrong", why: say("check.phone_key_unreadable") };
  }
}

async function checkCheckpoint(file: ProofFile, verifierKey: string): Promise<Step> {
  const name = say("check.checkpoint");
  const wrong = (why: string): Step => ({ name, outcome: "wrong", why });
  // vkey: name+8 hex digits+base64(0x01 ‖ key); the base64 may itself hold a '+'.
  const [, keyName, keyIdHex, keyText] =
    /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(verifierKey) ?? [];
  if (!keyName || !keyIdHex || !keyText) return wrong(say("check.log_key_malformed"));
  const typed = fromBase64(keyText);
  if (typed.length > 0 && typed[0] !== 1)
    return {
      name,
      outcome: "not-possible",
      why: say("check.log_key_newer"),
    };
  if (typed.length !== 33) return wrong(say("check.log_key_not_ed25519"));
  const keyId = (await sha256(joined(keyName, "\n", typed))).slice(0, 4);
  if (
    !same(
      keyId,
      Uint8Array.from(keyIdHex.match(/../g)!, (pair) => parseInt(pair, 16)),
    )
  ) {
    return wrong(say("check.log_key_id"));
  }
  if (keyName !== file.origin)
    return wrong(say("check.other_log", { checkpoint: file.origin, key: keyName }));
  const line = file.signatures.find(
    (candidate) => candidate.name === keyName && same(candidate.keyId, keyId),
  );
  if (!line) return wrong(say("check.no_signature"));
  let key: CryptoKey;
  try {
    key = await crypto.subtle.importKey("raw", typed.slice(1), { name: "Ed25519" }, false, [
      "verify",
    ]);
  } catch {
    return {
      name,
      outcome: "not-possible",
      why: say("check.no_ed25519"),
    };
  }
  const right = await crypto.subtle.verify(
    { name: "Ed25519" },
    key,
    line.signature,
    utf8.encode(file.noteText),
  );
  return right ? { name, outcome: "right", why: "" } : wrong(say("check.not_this_checkpoint"));
}

function bigEndian(...values: bigint[]): Bytes {
  const bytes = new Uint8Array(8 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setBigUint64(8 * i, BigInt.asUintN(64, value)));
  return bytes;
}

interface ShownEntry {
  entryHash: Bytes;
  step: Step;
  n?: bigint;
  events?: ProvedEvent[];
}

// What the file shows of the entry: header and events, each as what it says or as its hash, or the
// entry's hash alone. Which device it is of is part of what is hashed.
async function checkEntry(extra: ProofExtra): Promise<ShownEntry> {
  if (extra.header.length > 0) {
    const header = fromBinary(EntryHeaderSchema, extra.header);
    const hashes: Uint8Array[] = [];
    const events: ProvedEvent[] = [];
    for (const [index, shown] of extra.events.entries()) {
      const number = header.firstEventNumber + BigInt(index);
      if (!shown.event) {
        if (shown.hash.length !== 32) throw new Unreadable("unread.event");
        hashes.push(shown.hash);
        continue;
      }
      const { subjectId, bootMs, wallUnixMs, fact } = shown.event;
      const numbers = bigEndian(number, subjectId, bootMs, wallUnixMs);
      hashes.push(await sha256(joined("doorstep/event/v1\n", shown.salt, numbers, fact)));
      events.push({
        number,
        subjectId,
        wallUnixMs,
        fact: shownMessage(fromBinary(FactSchema, fact)),
      });
    }
    const length = bigEndian(BigInt(extra.header.length)).slice(4);
    const message = joined(
      "doorstep/entry/v2\n",
      bigEndian(extra.deviceId),
      length,
      extra.header,
      ...hashes,
    );
    return {
      entryHash: await sha256(message),
      step: await checkPhone(extra.signingPublicKey, extra.signature, message),
      n: header.n,
      events,
    };
  }
  if (extra.entryHash.length === 32) {
    const why = say("check.hash_alone");
    return {
      entryHash: joined(extra.entryHash),
      step: { name: say("check.phone_signature"), outcome: "not-in-file", why },
    };
  }
  if (extra.$unknown?.length) throw new NewerKind(say("check.newer_server"));
  throw new Unreadable("unread.entry");
}

async function arrivalHashOf(extra: ProofExtra): Promise<Bytes> {
  if (!extra.arrival) {
    if (extra.arrivalHash.length !== 32) throw new Unreadable("unread.arrival");
    return joined(extra.arrivalHash);
  }
  const { receivedUnixMs, clock } = extra.arrival;
  return sha256(
    joined("doorstep/arrival/v1\n", extra.arrivalSalt, bigEndian(receivedUnixMs), clock),
  );
}

function unread(error: unknown): CheckedProof {
  const isNewer = error instanceof NewerKind;
  const why = isNewer
    ? error.message
    : say("unread.file", {
        why: error instanceof Unreadable ? error.message : say("unread.other"),
      });
  const outcome = isNewer ? "not-possible" : "wrong";
  return { holds: false, proves: "entry", steps: [{ name: say("check.read"), outcome, why }] };
}

// The log's key comes from the caller: a proof is worth as much as the key it is checked with.
export async function checkProof(text: string, verifierKey: string): Promise<CheckedProof> {
  if (!globalThis.crypto?.subtle) {
    const why = say("check.needs_https");
    const steps: Step[] = [{ name: say("check.check"), outcome: "not-possible", why }];
    return { holds: false, proves: "entry", steps };
  }
  try {
    const file = readProofFile(text);
    const extra = fromBinary(ProofExtraSchema, file.extra);
    const { entryHash, step, n, events } = await checkEntry(extra);
    const leaf = await sha256(
      joined(Uint8Array.of(0), "doorstep/leaf/v2\n", entryHash, await arrivalHashOf(extra)),
    );
    const root = await rootFromPath(leaf, file.position, file.size, file.path);
    const inLog = root !== undefined && same(root, file.root);
    const steps: Step[] = [
      step,
      {
        name: say("check.in_log", { position: file.position, size: file.size }),
        outcome: inLog ? "right" : "wrong",
        why: inLog ? "" : say("check.other_root"),
      },
      await checkCheckpoint(file, verifierKey),
    ];
    return {
      holds: steps.every(({ outcome }) => outcome === "right" || outcome === "not-in-file"),
      proves: events ? "entry" : "place",
      steps,
      ...(events && { events, n }),
      ...(extra.arrival && { receivedUnixMs: extra.arrival.receivedUnixMs }),
      deviceId: extra.deviceId,
      position: file.position,
      logSize: file.size,
    };
  } catch (error) {
    return unread(error);
  }
}
