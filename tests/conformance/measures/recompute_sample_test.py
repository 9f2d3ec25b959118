#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs doorstep-recompute over a folder with known answers and compares bytes.

recompute_sample_test.py PROGRAM FOLDER   exit code 77: the folder is not there (skipped)

The folder holds visits.csv, rules.json, packages.csv, invoices.csv, people.csv, classes.csv and
some of the expected*.json of QUESTIONS. Each answer is also computed from the same rows in another
order, with another order of columns, other line ends and a byte order mark: nothing of that may
change a byte.
"""
import csv
import io
import pathlib
import random
import subprocess
import sys
import tempfile

SKIPPED = 77
QUESTIONS = {
    "expected.json": [],
    "expected-by-contract.json": ["--by", "contract_id"],
    "expected-by-contract-version.json": ["--by", "contract_id,rule_version"],
    "expected-by-kind-week.json": ["--by", "service_kind,week"],
    "expected-by-lot.json": ["--by", "lot,provider,tier"],
    "expected-by-day.json": ["--by", "day,time_critical,carers_required"],
    "expected-march.json":
        ["--by", "provider,month", "--from", "2026-03-01", "--to", "2026-03-31"],
}
FILES = {"--visits": "visits.csv", "--rules": "rules.json", "--packages": "packages.csv",
         "--invoices": "invoices.csv", "--people": "people.csv"}


def run(program, folder, question, classes):
    command = [program, *question, "--classes", str(classes)]
    for option, name in FILES.items():
        command += [option, str(folder / name)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def shuffled(text, rng, line_end):
    """The same table in another order of rows and columns."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    order = list(range(len(header)))
    rng.shuffle(order)
    rng.shuffle(rows)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=line_end)
    writer.writerows([[row[i] for i in order] for row in [header, *rows]])
    return out.getvalue()


def shuffle_folder(folder, into, seed):
    rng = random.Random(seed)
    line_end = rng.choice(["\n", "\r\n"])
    (into / "rules.json").write_bytes((folder / "rules.json").read_bytes())
    for name in ("visits.csv", "packages.csv", "invoices.csv", "people.csv"):
        text = (folder / name).read_bytes().decode("utf-8-sig")
        mark = rng.choice(["", "\ufeff"])
        (into / name).write_bytes((mark + shuffled(text, rng, line_end)).encode())


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if not (folder / "expected.json").is_file():
        print(f"SKIPPED: no {folder}; set DOORSTEP_REFERENCE to the folder of measures-sample/")
        return SKIPPED
    wrong = 0
    questions = {name: question for name, question in QUESTIONS.items()
                 if (folder / name).is_file()}
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for seed in range(4):
            source = folder
            if seed > 0:
                source = scratch / str(seed)
                source.mkdir()
                shuffle_folder(folder, source, seed)
            for name, question in questions.items():
                answer = run(program, source, question, scratch / "classes.csv")
                same = answer == (folder / name).read_bytes()
                same_classes = ((scratch / "classes.csv").read_bytes()
                                == (folder / "classes.csv").read_bytes())
                if not same or not same_classes:
                    print(f"seed {seed}: {name} {same}, classes.csv {same_classes}")
                    wrong += 1
    print(f"{len(questions)} answers in 4 orders of rows and columns, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
