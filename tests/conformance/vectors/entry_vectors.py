# SPDX-License-Identifier: Apache-2.0
"""Entries, their hashes and their signatures by docs/sync-protocol.md alone, without any code of
ours: what a phone in another language must come to.

entry_vectors.py write FILE   makes the vectors, with a key of their own
entry_vectors.py check FILE   computes everything in FILE anew and verifies the signatures
"""
import hashlib
import hmac
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path


# --- protobuf, as far as it is needed: fields in number order, nothing that is zero or empty ---

def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field, value):
    return varint(field << 3) + varint(value) if value else b""


def text(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value if value else b""


def message(field, value):
    return varint(field << 3 | 2) + varint(len(value)) + value


def zigzag(value):
    return value << 1 if value >= 0 else (-value << 1) - 1


# --- bytes that are hashed ---

def be8(value):
    return struct.pack(">Q", value & (1 << 64) - 1)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hkdf16(salt, info):
    key = hmac.new(bytes(32), salt, hashlib.sha256).digest()
    return hmac.new(key, info + b"\x01", hashlib.sha256).digest()[:16]


def merkle_root(leaves):
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return sha256(b"\x00", leaves[0])
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01", merkle_root(leaves[:half]), merkle_root(leaves[half:]))


def header_bytes(entry):
    return (number(1, entry["n"]) + text(2, bytes.fromhex(entry["previous_hash"])) +
            number(3, entry["checkpoint_size"]) +
            text(4, bytes.fromhex(entry["checkpoint_root_prefix"])) +
            number(5, entry["plan_version"]) + number(6, entry["first_event_number"]) +
            number(7, entry["carer_id"]) + number(8, entry["boot"]) +
            number(9, entry["subject_kind"]))


def columns(events):
    """Of the events in the clear."""
    ids, counts, deltas, steps, between = [], [], [], [], 0
    before = None
    for event in events:
        if before is None or event["subject_id"] != before["subject_id"]:
            ids.append(event["subject_id"])
            counts.append(0)
        counts[-1] += 1
        if before is None:
            deltas.append(event["boot_ms"])
        else:
            delta = event["boot_ms"] - before["boot_ms"]
            step = event["wall_unix_ms"] - before["wall_unix_ms"] - delta
            deltas.append(delta)
            if step:
                steps += [between, step]
                between = 0
            else:
                between += 1
        before = event
    packed = b"".join(struct.pack("<Q", one) for one in ids)
    return (text(3, packed) + text(4, b"".join(map(varint, counts[:-1]))) +
            text(5, b"".join(map(varint, deltas))) +
            number(6, events[0]["wall_unix_ms"] if events else 0) +
            text(7, b"".join(varint(zigzag(one)) for one in steps)))


def complete(vector):
    """Everything that follows from what an entry says."""
    entry, salt = vector["entry"], bytes.fromhex(vector["entry"]["salt"])
    header = header_bytes(entry)
    facts, sealed, hashes = b"", b"", []
    for index, event in enumerate(entry["events"]):
        if "sealed" in event:
            digest = bytes.fromhex(event["event_hash"])
            sealed += message(9, number(1, index) + text(2, digest) +
                              text(3, bytes.fromhex(event["sealed"])))
        else:
            event["salt"] = hkdf16(salt, b"doorstep/event/v1\n" + be8(index)).hex()
            digest = sha256(b"doorstep/event/v1\n", bytes.fromhex(event["salt"]),
                            be8(entry["first_event_number"] + index), be8(event["subject_id"]),
                            be8(event["boot_ms"]), be8(event["wall_unix_ms"]),
                            bytes.fromhex(event["fact"]))
            event["event_hash"] = digest.hex()
            facts += message(8, bytes.fromhex(event["fact"]))
        hashes.append(digest)
    signed = (b"doorstep/entry/v2\n" + be8(vector["device_id"]) + struct.pack(">I", len(header)) +
              header + b"".join(hashes))
    clear = [event for event in entry["events"] if "sealed" not in event]
    vector["header"] = header.hex()
    vector["signed_message"] = signed.hex()
    vector["entry_hash"] = sha256(signed).hex()
    vector["unsigned_entry"] = (text(1, header) + text(2, salt) + columns(clear) + facts +
                                sealed).hex()
    arrival = vector["arrival"]
    arrival["salt"] = hkdf16(salt, b"doorstep/arrival/v1\n").hex()
    arrival["hash"] = sha256(b"doorstep/arrival/v1\n", bytes.fromhex(arrival["salt"]),
                             be8(arrival["received_unix_ms"]),
                             bytes.fromhex(arrival["clock"])).hex()
    leaf = b"doorstep/leaf/v2\n" + bytes.fromhex(vector["entry_hash"] + arrival["hash"])
    vector["leaf_data"] = leaf.hex()
    vector["leaf_hash"] = sha256(b"\x00", leaf).hex()


# --- signatures, by the openssl command ---

def to_der(signature):
    def integer(value):
        value = value.lstrip(b"\x00") or b"\x00"
        value = b"\x00" + value if value[0] & 0x80 else value
        return b"\x02" + bytes([len(value)]) + value
    both = integer(signature[:32]) + integer(signature[32:])
    return b"\x30" + bytes([len(both)]) + both


def from_der(der):
    at, values = 2, []
    for _ in range(2):
        length = der[at + 1]
        values.append(der[at + 2:at + 2 + length].lstrip(b"\x00").rjust(32, b"\x00"))
        at += 2 + length
    return b"".join(values)


def openssl(*arguments, given=None):
    return subprocess.run(["openssl", *map(str, arguments)], input=given, check=True,
                          capture_output=True).stdout


def is_signed(folder, spki, signed, signature):
    (folder / "key.der").write_bytes(spki)
    (folder / "signature").write_bytes(to_der(signature))
    done = subprocess.run(["openssl", "dgst", "-sha256", "-keyform", "DER", "-verify",
                           folder / "key.der", "-signature", folder / "signature"],
                          input=signed, capture_output=True)
    return done.returncode == 0


# --- what the vectors are about ---

def read_varint(data, at):
    value, shift = 0, 0
    while data[at] & 0x80:
        value |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
    return value | data[at] << shift, at + 1


def cut_visit(data):
    """The fields of an encoded Visit that are open, and field 8 and those from 64 on."""
    parts, at = [b"", b""], 0
    while at < len(data):
        begin = at
        tag, at = read_varint(data, at)
        if tag & 7 == 0:
            _, at = read_varint(data, at)
        elif tag & 7 == 2:
            length, at = read_varint(data, at)
            at += length
        else:
            at += {1: 8, 5: 4}[tag & 7]
        parts[tag >> 3 == 8 or tag >> 3 >= 64] += data[begin:at]
    return parts


def merkle_path(leaves, index):
    """RFC 6962, from the leaf up."""
    if len(leaves) == 1:
        return []
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    if index < half:
        return merkle_path(leaves[:half], index) + [merkle_root(leaves[half:])]
    return merkle_path(leaves[half:], index - half) + [merkle_root(leaves[:half])]


def rooted(leaves):
    """The root over hashes, and the path of each of them."""
    hashes = [bytes.fromhex(leaf["hash"]) for leaf in leaves]
    for index, leaf in enumerate(leaves):
        leaf["path"] = [one.hex() for one in merkle_path(hashes, index)]
    return merkle_root(hashes).hex()


def plan_of(salt, plan_version, visits, persons, lots):
    """A plan version with the hash of each of its visits, which come by visit id, and of each row
    of persons' terms and contracts' lots that it wrote or replaced."""
    label, hidden = b"doorstep/plan-visit/v1\n", b"doorstep/plan-carers/v1\n"
    for visit in visits:
        shown, carers = cut_visit(bytes.fromhex(visit["bytes"]))
        visit["salt"] = hkdf16(salt, label + be8(visit["visit_id"])).hex()
        visit["carers_salt"] = hkdf16(salt, hidden + be8(visit["visit_id"])).hex()
        visit["open"], visit["carers"] = shown.hex(), carers.hex()
        visit["carers_hash"] = sha256(hidden, bytes.fromhex(visit["carers_salt"]), carers).hex()
        visit["hash"] = sha256(label, bytes.fromhex(visit["salt"]), be8(visit["visit_id"]),
                               be8(plan_version), be8(visit["wanted_by"]),
                               bytes.fromhex(visit["carers_hash"]), shown).hex()
    label = b"doorstep/plan-terms/v1\n"
    for row in persons + lots:
        row["salt"] = hkdf16(salt, label + be8(row["person_id"]) + be8(row["from_day"]) +
                             be8(row["made_version"]) + be8(row["replaced_version"]) +
                             row["lot"].encode()).hex()
        texts = [row[name].encode()
                 for name in ("lot", "role", "tier", "funder_split", "reason")]
        row["hash"] = sha256(label, bytes.fromhex(row["salt"]), be8(row["person_id"]),
                             be8(row["from_day"]), be8(row["made_version"]),
                             be8(row["replaced_version"]), be8(row["contract_id"]),
                             *[be8(len(one)) + one for one in texts]).hex()
    return {"plan_version": plan_version, "visits": visits, "visits_root": rooted(visits),
            "terms": persons, "terms_root": rooted(persons) if persons else "",
            "lots": lots, "lots_root": rooted(lots) if lots else ""}


def planned(at, carer):
    """An encoded roster.v1.Visit."""
    slot = number(1, 1) + varint(2 << 3 | 1) + struct.pack("<Q", 5) + text(3, carer.encode())
    return (text(1, b"v%d" % at) + varint(2 << 3 | 1) + struct.pack("<Q", 77) + text(3, b"tea") +
            number(4, at) + number(5, at + 1_800_000) + number(6, 30) + number(7, 1) +
            message(8, slot) + number(14, 1) + number(15, 4))


def terms(person_id, lot, from_day, replaced_version=0, **more):
    """A row that version 4 wrote, or that it put another in place of."""
    row = {"person_id": person_id, "lot": lot, "from_day": from_day,
           "made_version": 2 if replaced_version else 4, "replaced_version": replaced_version,
           "contract_id": 0, "role": "", "tier": "", "funder_split": "", "reason": ""}
    row.update(more)
    return row


def office_fact(plan, decided_unix_ms):
    file = text(1, b"visits.csv") + number(2, 1234) + text(3, b"ab" * 32)
    published = (number(1, plan["plan_version"]) + number(2, len(plan["visits"])) +
                 text(5, bytes.fromhex(plan["visits_root"])) + message(6, file) +
                 text(7, bytes.fromhex(plan["terms_root"])) +
                 text(8, bytes.fromhex(plan["lots_root"])))
    return (varint(1 << 3 | 1) + struct.pack("<Q", 42) + text(2, "Zoë Office".encode()) +
            number(3, decided_unix_ms) + number(4, 1) + message(17, published))

def said(n, events, **more):
    entry = {"n": n, "previous_hash": "" if n == 1 else "ab" * 32, "checkpoint_size": 0,
             "checkpoint_root_prefix": "", "plan_version": 3, "first_event_number": 1,
             "carer_id": 0, "boot": 7, "subject_kind": 0, "salt": "%032x" % (n * 0x1234567),
             "events": events}
    entry.update(more)
    clock = number(1, 7) + number(2, 9_000_000) + number(3, 1_795_420_700_000) + number(4, 60_000)
    return {"device_id": 914350328571996785, "entry": entry,
            "arrival": {"received_unix_ms": 1_795_420_801_234, "clock": clock.hex()}}


def event(fact, subject_id, boot_ms, wall_unix_ms):
    return {"fact": fact.hex(), "subject_id": subject_id, "boot_ms": boot_ms,
            "wall_unix_ms": wall_unix_ms}


def vectors():
    place = message(1, number(1, 2) + varint(2 << 3) + varint(23) + varint(3 << 3) + varint(12) +
                    varint(4 << 3) + varint(4))
    came, went = message(1, place), message(2, b"")
    done = message(3, number(1, 1) + number(2, 1) + number(4, 2))
    note = message(4, text(1, "Zoë was cheerful".encode()))
    withdrawn = message(7, number(1, 3) + number(2, 1) + message(6, b""))
    later = message(40, number(1, 5))
    visit, other = 914350328571990001, 914350328571990002
    noon = 1_795_420_800_000
    yield "one check-in, the first entry of a device", said(1, [
        event(came, visit, 8_000_000, noon)])
    yield "a visit, then another, and a wall clock that was set twice", said(2, [
        event(came, visit, 8_000_000, noon), event(done, visit, 8_090_000, noon + 90_000),
        event(note, visit, 8_090_000, noon + 90_000 - 3_600_000),
        event(went, other, 8_100_000, noon + 100_000 - 3_600_000),
        event(withdrawn, other, 8_100_500, noon + 100_501)],
        checkpoint_size=12, checkpoint_root_prefix="cd" * 16, first_event_number=300, carer_id=99)
    yield "a fact of a later release", said(3, [event(later, visit, 1, 0)])
    yield "facts about a person", said(4, [
        event(later, 77, 5, noon), event(later, 78, 6, noon + 1)], subject_kind=1)
    yield "an event that only the provider can read between two others", said(5, [
        event(came, visit, 5, noon), {"sealed": "0102", "event_hash": "ee" * 32},
        event(went, visit, 9, noon + 4)])
    yield "nothing but sealed events", said(6, [{"sealed": "00", "event_hash": "dd" * 32}])
    plan = plan_of(bytes.fromhex("%032x" % (7 * 0x1234567)), 4, [
        {"visit_id": visit + i, "wanted_by": 1 + i % 3,
         "bytes": planned(noon + i * 3_600_000, ["Zoë", "Ann", "", "Bea", "Eve"][i]).hex()}
        for i in range(5)], [
        terms(77, "north", 0, replaced_version=4, tier="standard"),
        terms(77, "south", 20_790, funder_split="council=8000;nhs=2000", reason="moved in May"),
        terms(78, "Łódź", 20_800, tier="complex")], [
        terms(0, "north", 0, replaced_version=4, contract_id=901, role="lead"),
        terms(0, "north", 20_800, contract_id=902, role="supplementary")])
    decided = said(7, [event(office_fact(plan, noon), 914350328571000001, 0, noon)],
                   plan_version=0, boot=0, subject_kind=3)
    decided["arrival"]["clock"] = ""
    yield "a plan version that an office published", {**decided, "plan": plan}


def write(path):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = folder / "key.pem"
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
        spki = openssl("ec", "-in", key, "-pubout", "-outform", "DER")
        made = []
        for name, vector in vectors():
            complete(vector)
            signature = from_der(openssl("dgst", "-sha256", "-sign", key,
                                         given=bytes.fromhex(vector["signed_message"])))
            vector["signature"] = signature.hex()
            vector["signed_entry"] = vector["unsigned_entry"] + text(15, signature).hex()
            made.append({"name": name, **vector})
    all_of_it = {"signing_public_key": spki.hex(), "entries": made}
    path.write_text(json.dumps(all_of_it, indent=1) + "\n")


def check(path):
    known = json.loads(path.read_text())
    said_now = dict(vectors())
    wrong = [] if {one["name"] for one in known["entries"]} == set(said_now) else ["other vectors"]
    with tempfile.TemporaryDirectory() as name:
        for one in known["entries"]:
            vector = said_now.get(one["name"])
            if vector is None:
                continue
            complete(vector)
            signature = bytes.fromhex(one["signature"])
            vector["signature"] = one["signature"]
            vector["signed_entry"] = vector["unsigned_entry"] + text(15, signature).hex()
            wrong += [f"{one['name']}: {field}" for field in vector if vector[field] != one[field]]
            if not is_signed(Path(name), bytes.fromhex(known["signing_public_key"]),
                             bytes.fromhex(one["signed_message"]), signature):
                wrong.append(f"{one['name']}: signature")
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(known['entries'])} entries, {len(wrong)} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]))
    else:
        sys.exit(check(Path(sys.argv[2])))
