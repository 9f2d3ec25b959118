#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of its own for one run of the tests: loopback, a free port, an unprivileged user.

cluster.py start NOTE            starts it and writes into NOTE where it is
cluster.py run NOTE PROGRAM ...  runs a test program on it (DOORSTEP_TEST_POSTGRES says where)
cluster.py stop NOTE             ends it and removes its folder

Without PostgreSQL, start and run say so and end with 77, which ctest shows as skipped; with CI=true
start fails instead.
"""
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

SKIPPED = 77
OLDEST = 15
STARTS = 5
# Durability is PostgreSQL's own business; what is tested here is what we say to it.
SETTINGS = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "300",
    "shared_buffers": "64MB", "fsync": "off", "full_page_writes": "off", "jit": "off",
}


def binaries():
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin")
             if folder.parent.name.isdigit() and int(folder.parent.name) >= OLDEST
             and (folder / "initdb").is_file()]
    return max(found, key=lambda folder: int(folder.parent.name), default=None)


def owner():
    """initdb and postgres refuse root: the package's own user then, or whoever we are."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None


def run(folder, *command):
    user = owner()
    rights = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    environment = {"PATH": f"{binaries()}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **rights)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def must(done, what):
    if done.returncode != 0:
        sys.exit(f"{what}:\n{done.stdout}")


def start(note):
    stop(note)  # what an interrupted run has left
    if binaries() is None:
        print("NO POSTGRESQL HERE: the stores are tested on SQLite only. "
              "apt-get install postgresql-15, or scripts/install.")
        return 1 if os.environ.get("CI") == "true" else SKIPPED
    # Not below the build folder: the user may not be allowed to go there.
    folder = Path(tempfile.mkdtemp(prefix="doorstep-postgres-"))
    user = owner()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    must(run(folder, "initdb", "-D", "cluster", "--encoding=UTF8", "--locale=C.UTF-8",
             "--data-checksums", "--auth=trust", "-U", "doorstep", "--no-sync"), "initdb failed")
    options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in SETTINGS.items())
    for attempt in range(STARTS):  # somebody may take the port in between
        port = free_port()
        started = run(folder, "pg_ctl", "-D", "cluster", "-w", "-l", "log", "-o",
                      f"-p {port} {options}", "start")
        if started.returncode == 0:
            break
        if attempt == STARTS - 1:
            must(started, "PostgreSQL did not start")
    note.parent.mkdir(parents=True, exist_ok=True)
    note.write_text(json.dumps({"folder": str(folder), "port": port}))
    print(f"PostgreSQL {binaries().parent.name} on port {port}")
    return 0


def stop(note):
    if not note.is_file():
        return 0
    folder = Path(json.loads(note.read_text())["folder"])
    if folder.is_dir():
        run(folder, "pg_ctl", "-D", "cluster", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
    note.unlink()
    return 0


def run_program(note, command):
    if not note.is_file():
        print("NO POSTGRESQL HERE: not run")
        return SKIPPED
    port = json.loads(note.read_text())["port"]
    where = f"host=127.0.0.1 port={port} user=doorstep"
    os.execve(command[0], command, os.environ | {"DOORSTEP_TEST_POSTGRES": where})


if __name__ == "__main__":
    action, path = sys.argv[1], Path(sys.argv[2])
    if action == "run":
        sys.exit(run_program(path, sys.argv[3:]))
    sys.exit({"start": start, "stop": stop}[action](path))
