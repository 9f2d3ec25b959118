#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every C++ file is as clang-format writes it by .clang-format.

cpp_format.py CLANG_FORMAT           checks every file that git tracks or would track
cpp_format.py CLANG_FORMAT --prove   plants a badly formatted file and fails if that passes

Debian 12's clang-format, version 14, is meant: others lay out some lines differently.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True  # or the folder would hold tidy's after the first run
from tidy import CPP, tracked

ROOT = Path(__file__).resolve().parents[2]
VERSION = "14"
FILES_A_RUN = 32


def is_meant(clang_format):
    said = subprocess.run([clang_format, "--version"], check=True, capture_output=True, text=True)
    found = re.search(r"version (\d+)", said.stdout)
    return found is not None and found.group(1) == VERSION


def ill_formatted(clang_format, root, paths):
    """Those of the paths that clang-format would write in another way, or cannot read."""
    def objections(some):
        run = subprocess.run([clang_format, "--dry-run", "--Werror", *some], cwd=root, check=False,
                             capture_output=True, text=True)
        named = {path for path in some if re.search(rf"^{re.escape(path)}:", run.stderr, re.M)}
        if run.returncode != 0 and not named:
            sys.exit(run.stderr or f"{clang_format} ended with {run.returncode}")
        return named

    batches = [paths[at:at + FILES_A_RUN] for at in range(0, len(paths), FILES_A_RUN)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return sorted(set().union(*pool.map(objections, batches)))


def run(clang_format):
    paths = [str(path) for path in tracked(ROOT) if path.suffix in CPP]
    bad = ill_formatted(clang_format, ROOT, paths)
    for path in bad:
        print(f"{path}:1: not as clang-format {VERSION} writes it: clang-format -i {path}")
    print(f"{len(paths)} files, {len(bad)} objections")
    return 1 if bad or not paths else 0


def prove(clang_format):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ROOT / ".clang-format", folder)
        (Path(folder) / "good.cpp").write_text("int* f(int a) { return a ? nullptr : new int; }\n")
        (Path(folder) / "bad.cpp").write_text("int *f( int a ){return a?nullptr:new int;}\n")
        found = ill_formatted(clang_format, folder, ["good.cpp", "bad.cpp"])
    print(f"objected to: {', '.join(found) or 'nothing'}; expected: bad.cpp")
    return 0 if found == ["bad.cpp"] else 1


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    if not is_meant(PROGRAM):
        sys.exit(f"{PROGRAM} is not version {VERSION}: install Debian 12's package clang-format")
    sys.exit(prove(PROGRAM) if sys.argv[2:] == ["--prove"] else run(PROGRAM))
