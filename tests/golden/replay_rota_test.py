#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Replays a rota and compares the answer with the folder's expected.json.

replay_rota_test.py ROTA PROGRAM ARGUMENT…   exit code 77: the rota is not there (skipped)
"""
import json
import pathlib
import subprocess
import sys

SAME_AS = {
    "published_total_tardiness_min": "total_lateness_min",
    "published_highest_tardiness_min": "highest_lateness_min",
}
SKIPPED = 77


def main() -> int:
    rota, command = pathlib.Path(sys.argv[1]), sys.argv[2:]
    if not (rota / "expected.json").is_file():
        print(f"SKIPPED: no rota in {rota}; set DOORSTEP_DATA to the folder that holds rotas/")
        return SKIPPED
    run = subprocess.run([*command, str(rota)], stdout=subprocess.PIPE, text=True, check=False)
    print(run.stdout)
    if run.returncode != 0:
        print(f"the replay failed with exit code {run.returncode}")
        return 1
    answer = json.loads(run.stdout.splitlines()[-1])
    wrong = 0
    for name, expected in json.loads((rota / "expected.json").read_text()).items():
        field = SAME_AS.get(name, name)
        if field in answer and answer[field] != expected:
            print(f"{field} is {answer[field]}, the published answer is {expected}")
            wrong += 1
    for field in ("missing", "duplicates"):
        wrong += answer[field] != 0
    wrong += answer["proofs_verified"] != answer["entries"]
    wrong += answer["log_size"] != answer["entries"] + answer["office_entries"]
    wrong += answer["acknowledged"] != answer["events"]
    return 1 if wrong else 0


sys.exit(main())
