# SPDX-License-Identifier: Apache-2.0
"""Trusted time, scope hash and verdicts by docs/sync-protocol.md alone, without any code of ours.

protocol_vectors.py write FILE   makes the vectors, with a key of their own
protocol_vectors.py check FILE   computes everything in FILE anew and verifies the signatures
"""
import json
import sys
import tempfile
from pathlib import Path

from entry_vectors import (be8, complete, event, from_der, is_signed, message, number, openssl,
                           said, sha256, text)

RHO_PPM = 100
SERVER_ERROR_MS = 250
NOON = 1_795_420_800_000
UNIX_MS_MAX = 7_258_118_400_000  # 2200


# --- trusted time ---

def drift(elapsed):
    return -(-abs(elapsed) * RHO_PPM // 1_000_000)  # up to a whole millisecond


def trusted_time(one):
    """class, earliest, latest, ruled: of an event and the exchange that brought it."""
    said_ms, clock, received = one["event_boot_ms"], one["clock"], one["received_unix_ms"]
    wall = min(max(one["event_wall_unix_ms"], 0), UNIX_MS_MAX)
    ruled = min(max(wall, one["not_before_unix_ms"]), received)
    wall_only = {"class": "C", "ruled_unix_ms": ruled}
    sent = clock["sent_boot_ms"]
    if clock["boot"] != one["event_boot"] or said_ms > sent:
        return wall_only
    since = said_ms - sent
    latest = received + since + drift(since) + SERVER_ERROR_MS
    reply = clock["reply_server_unix_ms"]
    if not 0 < reply <= received or clock["reply_age_ms"] > sent:
        return wall_only
    since = said_ms - (sent - clock["reply_age_ms"])
    earliest = reply + since - drift(since) - SERVER_ERROR_MS
    if earliest > latest:
        return wall_only
    wall = one["event_wall_unix_ms"]
    inside = earliest <= wall <= latest
    return {"class": "A", "earliest_unix_ms": earliest, "latest_unix_ms": latest,
            "ruled_unix_ms": wall if inside else earliest + (latest - earliest) // 2}


def times():
    def one(name, boot_ms, wall, boot=7, not_before=0, reply=NOON - 600_000, age=700_000,
            sent=9_000_000, received=NOON + 100_400):
        return {"name": name, "event_boot": boot, "event_boot_ms": boot_ms,
                "event_wall_unix_ms": wall, "received_unix_ms": received,
                "not_before_unix_ms": not_before,
                "clock": {"boot": 7, "sent_boot_ms": sent, "reply_server_unix_ms": reply,
                          "reply_age_ms": age if reply else 0}}
    yield one("bounds on both sides, wall clock inside", 8_900_000, NOON)
    yield one("wall clock an hour behind: the middle", 8_900_000, NOON - 3_600_000)
    yield one("wall clock ahead: the middle", 8_900_001, NOON + 86_400_000)
    yield one("before the reply that bounds it", 5_000_000, NOON - 3_900_000)
    yield one("drift of a week, rounded up", 1, NOON, sent=604_800_777, age=1)
    yield one("another boot", 8_900_000, NOON, boot=6)
    yield one("no reply in this boot", 8_900_000, NOON, reply=0)
    yield one("younger than the exchange that brought it", 9_000_001, NOON)
    yield one("at the moment of sending", 9_000_000, NOON + 100_200)
    yield one("bounds that exclude each other", 8_900_000, NOON, reply=NOON + 50_000)
    yield one("a reply younger than the receipt", 8_900_000, NOON, reply=NOON + 900_000)
    yield one("a reply received before the boot", 8_900_000, NOON, age=9_000_001)
    yield one("wall clock only, after its receipt", 8_900_000, NOON + 999_000, boot=6)
    yield one("wall clock only, before the checkpoint that it names", 8_900_000, 5, boot=6,
              not_before=NOON - 50_000)
    yield one("a flat battery's wall clock, bounded", 8_900_000, 0)


def clock_bytes(clock):
    return (number(1, clock["boot"]) + number(2, clock["sent_boot_ms"]) +
            number(3, clock["reply_server_unix_ms"]) + number(4, clock["reply_age_ms"]))


# --- scope hash ---

def scope_hash(objects):
    total = 0
    for kind, identity, content in objects:
        digest = sha256(be8(kind), be8(identity), content)
        total += int.from_bytes(digest[:16], "little")
    return (total % (1 << 128)).to_bytes(16, "little")


def scopes():
    person = text(1, b"p1") + text(2, "Zoë".encode())
    visit = text(1, b"v1") + number(4, NOON)
    later = visit + message(1900, b"later")
    yield "nothing", []
    yield "a person and a visit", [(1, 11, person), (2, 12, visit)]
    yield "the same in another order", [(2, 12, visit), (1, 11, person)]
    yield "a field of a later release", [(1, 11, person), (2, 12, later)]
    yield "a kind of a later release, and empty bytes", [(9, 2**64 - 1, b"x"), (1, 1, b"")]
    yield "many, whose sum leaves 128 bits", [(2, i, b"%d" % i) for i in range(1, 41)]


# --- verdicts ---

VISIT, UNKNOWN = 500, 999  # one is planned, the other never was


def steps(sign):
    """What a device sends, entry by entry, and what it is answered: verdict, reason, held_n."""
    came, went = message(1, b""), message(2, b"")
    previous = ""

    def entry(n, fact, first, after=None, visit=VISIT, **more):
        events = [event(fact, visit, 1_000 * first, NOON + 1_000 * first)]
        more = {"first_event_number": first, **more}
        if n > 1:
            more["previous_hash"] = previous if after is None else after
        vector = said(n, events, **more)
        complete(vector)
        return vector

    one = entry(1, came, 1)
    yield "the first", sign(one), "ACCEPTED", "", 1
    yield "again", sign(one), "ALREADY_KNOWN", "", 1
    fork = entry(1, went, 1)
    yield "another with its number", sign(fork), "QUARANTINED", "FORK", 1
    previous = one["entry_hash"]
    two = entry(2, message(3, number(1, 1) + number(2, 1)), 2)
    yield "the next", sign(two), "ACCEPTED", "", 2
    previous = two["entry_hash"]
    three = entry(3, message(40, number(1, 5)), 3)
    yield "a fact of a later release", sign(three), "ACCEPTED", "", 3
    previous = three["entry_hash"]
    yield "one too many", sign(entry(5, came, 5)), "QUARANTINED", "GAP", 3
    four = entry(4, came, 4, visit=UNKNOWN)
    yield "a visit that nobody planned", sign(four), "QUARANTINED", "UNKNOWN_VISIT", 4
    yield "that one again", sign(four), "ALREADY_KNOWN", "UNKNOWN_VISIT", 4
    previous = four["entry_hash"]
    five = entry(5, message(3, number(1, 1001) + number(2, 1)), 5)
    yield "a task number beyond its limit", sign(five), "QUARANTINED", "LIMITS", 5
    previous = five["entry_hash"]
    six = entry(6, came, 9)
    yield "event numbers with a gap", sign(six), "QUARANTINED", "EVENT_NUMBERS", 6
    seven = entry(7, came, 10, after="ab" * 32)
    yield "another chain", sign(seven), "QUARANTINED", "CHAIN_BROKEN", 7
    previous = seven["entry_hash"]
    eight = entry(8, came, 11, carer_id=4711)
    yield "another carer", sign(eight), "QUARANTINED", "OTHER_CARER", 8
    previous = eight["entry_hash"]
    nine = entry(9, came, 12)
    yield "a signature of somebody else", sign(nine, bytes(63) + b"\x01"), "QUARANTINED", \
        "BAD_SIGNATURE", 9
    yield "the true one, late", sign(nine), "ACCEPTED", "", 9
    yield "bytes that are no entry", b"\xff\xff", "QUARANTINED", "MALFORMED", 10


# --- the file ---

def make(sign):
    made = {"times": [], "scopes": [], "verdicts": []}
    for one in times():
        made["times"].append({**one, "clock_bytes": clock_bytes(one["clock"]).hex(),
                              "expected": trusted_time(one)})
    for name, objects in scopes():
        made["scopes"].append({
            "name": name, "count": len(objects), "hash": scope_hash(objects).hex(),
            "objects": [{"kind": kind, "id": identity, "bytes": content.hex()}
                        for kind, identity, content in objects]})
    for name, sent, verdict, reason, held in steps(sign):
        made["verdicts"].append({"name": name, "signed_entry": sent.hex(), "verdict": verdict,
                                 "reason": reason, "held_n": held})
    return made


def signed(vector, signature):
    return bytes.fromhex(vector["unsigned_entry"]) + text(15, signature)


def write(path):
    with tempfile.TemporaryDirectory() as name:
        key = Path(name) / "key.pem"
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
        spki = openssl("ec", "-in", key, "-pubout", "-outform", "DER")
        known = {}

        def sign(vector, signature=None):
            content = bytes.fromhex(vector["signed_message"])
            if signature is None:
                if content not in known:
                    known[content] = from_der(openssl("dgst", "-sha256", "-sign", key,
                                                      given=content))
                signature = known[content]
            return signed(vector, signature)
        made = {"signing_public_key": spki.hex(), "device_id": said(1, [])["device_id"],
                "planned_visit": VISIT, **make(sign)}
    path.write_text(json.dumps(made, indent=1) + "\n")


def check(path):
    """The same again, with the signatures that are there."""
    known = json.loads(path.read_text())
    spki = bytes.fromhex(known["signing_public_key"])
    sent = iter([bytes.fromhex(one["signed_entry"]) for one in known["verdicts"]])
    wrong = []
    with tempfile.TemporaryDirectory() as name:
        def sign(vector, signature=None):
            there = next(sent)
            content = bytes.fromhex(vector["signed_message"])
            if signature is None:
                signature = there[-64:]
                if not is_signed(Path(name), spki, content, signature):
                    wrong.append("signature of n %d" % vector["entry"]["n"])
            return signed(vector, signature)
        made = make(sign)
    for part in ("times", "scopes", "verdicts"):
        wrong += [f"{part}: {one['name']}" for one, there in zip(made[part], known[part])
                  if one != there]
        if len(made[part]) != len(known[part]):
            wrong.append(f"{part}: other vectors")
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{sum(len(known[part]) for part in made)} vectors, {len(wrong)} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]))
    else:
        sys.exit(check(Path(sys.argv[2])))
