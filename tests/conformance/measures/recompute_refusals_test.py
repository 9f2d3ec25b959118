#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Feeds doorstep-recompute files and options that it must refuse, and some that it must take.

recompute_refusals_test.py PROGRAM SAMPLE

Refused means: exit code 2, nothing on standard output, no file of classes, and one line on standard
error that begins with file, line and column. The program has 1 GiB and a minute for each.
"""
import csv
import io
import pathlib
import re
import resource
import subprocess
import sys
import tempfile

BYTES_MAX = 1024 ** 3
SECONDS_MAX = 60
FILES = {"--visits": "visits.csv", "--rules": "rules.json", "--packages": "packages.csv",
         "--invoices": "invoices.csv", "--people": "people.csv"}


class Prober:
    def __init__(self, program, sample, scratch):
        self.program, self.sample, self.scratch = program, sample, scratch
        self.asked = 0
        self.wrong = []
        self.answer = (sample / "expected.json").read_bytes()

    def run(self, options, classes):
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (BYTES_MAX, BYTES_MAX))
        command = [self.program, *options, "--classes", str(classes)]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                              preexec_fn=limit, timeout=SECONDS_MAX)

    def options(self, replaced=None):
        paths = {option: str(self.sample / name) for option, name in FILES.items()}
        paths.update(replaced or {})
        return [word for pair in paths.items() for word in pair]

    def refused(self, what, options, place):
        self.asked += 1
        classes = self.scratch / "classes.csv"
        done = self.run(options, classes)
        told = done.stderr.decode("utf-8", "replace")
        if (done.returncode != 2 or done.stdout or classes.exists() or told.count("\n") != 1
                or not re.match(r".+?:\d+:\d+: .", told) or not re.search(place, told)):
            self.wrong.append(f"{what}: exit code {done.returncode}, {len(done.stdout)} bytes,"
                              f" {told[:300]!r} is not {place!r}")
            classes.unlink(missing_ok=True)

    def refused_file(self, what, option, content, place):
        path = self.scratch / ("changed" + pathlib.Path(FILES[option]).suffix)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.refused(what, self.options({option: str(path)}), place)

    def taken(self, what, option, content):
        self.asked += 1
        path = self.scratch / ("changed" + pathlib.Path(FILES[option]).suffix)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        classes = self.scratch / "classes.csv"
        done = self.run(self.options({option: str(path)}), classes)
        if done.returncode != 0 or done.stdout != self.answer or done.stderr:
            self.wrong.append(f"{what}: exit code {done.returncode}, {done.stderr[:300]!r}")
        classes.unlink(missing_ok=True)


def rows_of(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def written(rows, line_end="\n"):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=line_end).writerows(rows)
    return out.getvalue()


def changed(rows, line, column, value):
    """The table with another value in a row, counted from the header's 0."""
    copy = [list(row) for row in rows]
    copy[line][rows[0].index(column)] = value
    return written(copy)


def probe_tables(prober, text):
    rows = rows_of(text)
    for column in ("visit_id", "status", "missed_alert_raised_utc"):
        without = [[v for i, v in enumerate(row) if i != rows[0].index(column)] for row in rows]
        prober.refused_file("no column", "--visits", written(without), rf":1:1: {column}: ")
        twice = [row + [row[rows[0].index(column)]] for row in rows]
        prober.refused_file("column twice", "--visits", written(twice), rf":1:\d+: {column}: ")
    prober.refused_file("empty file", "--visits", "", r":1:1: schema_version")
    prober.refused_file("empty packages", "--packages", "", r":1:1: contract_id")
    prober.refused_file("short row", "--visits", text + "a,b\n", r":13:4: .*2 fields")
    prober.refused_file("long row", "--packages",
                        (prober.sample / "packages.csv").read_text().rstrip("\n") + ",1\n",
                        r":2:\d+: .*13 fields")
    prober.refused_file("a million columns in a row", "--visits", text + "," * 10 ** 6,
                        r":13:\d+: .*1000001 fields")
    prober.refused_file("blank line", "--visits", text + "\n", r":13:1: ")
    prober.refused_file("quote that is never closed", "--visits", text + '"abc\n' * 1000 + '"',
                        r":1\d:\d+: ")
    prober.refused_file("only a quote", "--visits", '"' + "x" * 10 ** 7, r":1:1: .*never closed")
    prober.refused_file("quote within", "--visits", text + 'a"b\n', r":13:2: a quote within")
    prober.refused_file("text after a quote", "--visits", text + '"a"b\n', r":13:4: text after")
    prober.refused_file("carriage returns alone", "--visits", text.replace("\n", "\r"),
                        r":1:\d+: a carriage return alone")
    prober.refused_file("NUL byte", "--visits", text.replace("m3", "m\0"), r":4:\d+: a NUL byte")
    prober.refused_file("NUL in the header", "--people", "\0", r":1:1: a NUL byte")
    prober.refused_file("no UTF-8", "--visits", text.encode().replace(b"m3", b"\xff3"),
                        r":4:\d+: these bytes")
    prober.refused_file("UTF-16", "--visits", text.encode("utf-16"), r":1:1: ")


def probe_values(prober, text):
    rows = rows_of(text)
    for column, value in (("carer_slot", "2"), ("carers_required", "0"), ("meds_due", "-1"),
                          ("tasks_done", "1" * 16), ("raw_start_utc", "2026-06-01T07:04:00Z"),
                          ("start_method", "telepathy"), ("time_critical", "yes"),
                          ("exported_utc", ""), ("service_kind", "night")):
        prober.refused_file(f"{column} {value}", "--visits", changed(rows, 1, column, value),
                            rf":2:\d+: {column}: ")
    differs = changed(rows, 5, "tier", "2")
    prober.refused_file("a visit's fact that differs", "--visits", differs, r":6:\d+: tier: ")
    other = [list(row) for row in rows] + [list(rows[1])]
    other[-1][rows[0].index("status")] = "x"
    prober.refused_file("a slot twice", "--visits", written(other), r":13:\d+: status: ")
    many = written(rows + [["x"] * len(rows[0])] * 20000)
    prober.refused_file("many faults, the first is told", "--visits", many,
                        r":13:1: schema_version: ")
    prober.refused_file("a line end in a value stays on one line", "--visits",
                        changed(rows, 1, "rurality", "a\nb\u2028c"), r"rurality: ")
    for value in ("2026-02-29", "2026-6-1", ""):
        prober.refused_file(f"week {value}", "--packages", changed(rows_of(
            (prober.sample / "packages.csv").read_text()), 1, "week_start", value),
            r":2:\d+: week_start: ")
    people = (prober.sample / "people.csv").read_text()
    prober.refused_file("a person twice", "--people", people + people.splitlines()[1] + "\n",
                        r":4:\d+: person_pseudonym: ")
    prober.refused_file("a review that is no day", "--people",
                        people.replace("2026-05-20", "2026-05-20;"), r":2:\d+: reviews: ")


def probe_rules(prober, rules):
    one = '"rounding_unit_min": 5'
    for value in ("1e3", "15.0", "-1", '"5"', "true", "null", "1" * 16, "[5]", "1e999"):
        prober.refused_file(f"unit {value}", "--rules",
                            rules.replace(one, f'"rounding_unit_min": {value}'), r":\d+:\d+: ")
    for what, text, place in (
            ("unknown parameter", rules.replace(one, '"rounding": 5'), r":\d+:\d+: \"rounding\""),
            ("a key twice", rules.replace(one, f"{one}, {one}"), r"stands twice"),
            ("a contract twice", rules.replace('"versions"', '"x"').replace(
                '"contracts": [', '"contracts": [{"contract_id": "C1", "versions": []},'),
             r"stands twice"),
            ("another schema", rules.replace("rules/1", "rules/2"), r": schema: "),
            ("no such day", rules.replace("2026-01-01", "2026-13-01"), r": effective_from: "),
            ("depth", "[" * 10 ** 6, r"too deep"),
            ("depth of objects", '{"a":' * 10 ** 5, r"too deep"),
            ("many values", "[" + "0," * (2 * 10 ** 6) + "0]", r"too many values"),
            ("cut off", rules[:-30], r"no JSON"),
            ("text behind", rules + "x", r":\d+:1: this is no JSON"),
            ("empty", "", r":1:1: this is no JSON"),
            ("no object", "[]", r":1:1: "),
            ("comment", "// x\n" + rules, r":1:1: this is no JSON"),
            ("NUL byte", rules.replace("C1", "C\0"), r"a NUL byte")):
        prober.refused_file(what, "--rules", text, place)


def probe_options(prober):
    options = prober.options()
    for words, place in ((["--by", "colour"], r"^--by:1:1: "), (["--by", ""], r"^--by:1:1: "),
                         (["--by", "day,lot,day"], r"^--by:1:9: "),
                         (["--by", "day,"], r"^--by:1:5: "), (["--by", "Day"], r"^--by:1:1: "),
                         (["--from", "2026-02-30"], r"^--from:1:1: "),
                         (["--to", "tomorrow"], r"^--to:1:1: "),
                         (["--from", "2026-06-02", "--to", "2026-06-01"], r"^--from:1:1: "),
                         (["--by", "day", "--by", "lot"], r"^command line:1:1: "),
                         (["--colour"], r"^command line:1:1: "), (["x"], r"^command line:1:1: ")):
        prober.refused(" ".join(words), options + words, place)
    prober.refused("no rules", ["--visits", str(prober.sample / "visits.csv")], r"^command line")
    for path in (str(prober.scratch), str(prober.scratch / "not\nthere"), "/dev/zero"):
        for option in FILES:
            prober.refused(f"{option} {path}", prober.options({option: path}), r":1:1: ")
    for path in (prober.sample / "visits.csv", prober.scratch, "/dev/full"):
        done = subprocess.run([prober.program, *options, "--classes", str(path)], check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        prober.asked += 1
        if done.returncode != 2 or done.stdout:
            prober.wrong.append(f"--classes {path}: exit code {done.returncode}")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([prober.program, *options], stdout=full, stderr=subprocess.PIPE,
                              check=False)
    prober.asked += 1
    if done.returncode != 2:
        prober.wrong.append(f"a full disk: exit code {done.returncode}")


def probe_taken(prober, text, rules):
    rows = rows_of(text)
    prober.taken("CRLF", "--visits", written(rows, "\r\n"))
    prober.taken("byte order mark", "--visits", "\ufeff" + text)
    prober.taken("no line end at the end", "--visits", text.rstrip("\n"))
    quoted = io.StringIO(newline="")
    csv.writer(quoted, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    prober.taken("everything in quotes", "--visits", quoted.getvalue())
    wide = [row + ["x", 'a\r"b', ""] for row in rows]
    prober.taken("other columns, a carriage return in quotes", "--visits", written(wide))
    prober.taken("a hundred thousand other columns", "--people", written(
        [row + ["x"] * 100000 for row in rows_of((prober.sample / "people.csv").read_text())]))
    prober.taken("rules for readers", "--rules", "\ufeff" + rules.replace(
        '"params"', '"pack": {"x": [1e3, -1.5]}, "params"'))


def main():
    program, sample = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as scratch:
        prober = Prober(program, sample, pathlib.Path(scratch))
        text = (sample / "visits.csv").read_bytes().decode()
        rules = (sample / "rules.json").read_text()
        probe_taken(prober, text, rules)
        probe_tables(prober, text)
        probe_values(prober, text)
        probe_rules(prober, rules)
        probe_options(prober)
    print("\n".join(prober.wrong))
    print(f"{prober.asked} inputs, {len(prober.wrong)} answered wrongly")
    return 1 if prober.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
