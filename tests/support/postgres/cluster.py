#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL of its own for one run of the tests: an unprivileged user's, on a socket in a
temporary folder, with no port.

cluster.py start NOTE            starts it and writes down where it is, beside NOTE
cluster.py run NOTE PROGRAM ...  runs a test program on it (DOORSTEP_TEST_POSTGRES says where)
cluster.py stop NOTE             ends it and removes its folder
cluster.py alone PROGRAM ...     all three for one program, which may do to it what it likes

start, run and stop are asked by one ctest, whose number belongs to the note, so two runs in one
build folder do not meet. A guard stays beside the cluster and ends it when that ctest has ended,
however it ended; the cluster ends with its guard.
"""
import ctypes
import json
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

OLDEST = 15
START_WAIT_S = 60
STOP_WAIT_S = 60
SOCKET_PATH_MAX = 107
PR_SET_PDEATHSIG = 1
# Durability is PostgreSQL's own business; what is tested here is what we say to it.
SETTINGS = {
    "listen_addresses": "", "max_connections": "300", "shared_buffers": "64MB", "fsync": "off",
    "full_page_writes": "off", "jit": "off",
}
# Of everybody else the folder's rights keep the socket.
RULES = "local all stranger scram-sha-256\nlocal all all trust\n"


def binaries():
    found = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin")
             if folder.parent.name.isdigit() and int(folder.parent.name) >= OLDEST
             and (folder / "initdb").is_file()]
    if not found:
        sys.exit("NO POSTGRESQL HERE, so the stores cannot be tested on it: "
                 "apt-get install postgresql-15, or scripts/install.")
    return max(found, key=lambda folder: int(folder.parent.name))


def rights():
    """initdb and postgres refuse root: the package's own user then, or whoever we are."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def environment(folder):
    return {"PATH": f"{binaries()}:/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(folder)}


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def make(folder):
    done = subprocess.run(
        [binaries() / "initdb", "-D", "cluster", "--encoding=UTF8", "--locale=C.UTF-8",
         "--data-checksums", "--auth=trust", "-U", "doorstep", "--no-sync"],
        cwd=folder, env=environment(folder), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, check=False, **rights())
    if done.returncode != 0:
        sys.exit(f"initdb failed:\n{done.stdout}")
    (folder / "cluster" / "pg_hba.conf").write_text(RULES)


def launch(folder):
    """The server itself, and not its pg_ctl: so that it is our child."""
    if len(f"{folder}/.s.PGSQL.5432") > SOCKET_PATH_MAX:
        sys.exit(f"{folder} is too long for a socket: set TMPDIR to a shorter one")
    settings = SETTINGS | {"unix_socket_directories": str(folder)}
    command = [binaries() / "postgres", "-D", "cluster"]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(command, cwd=folder, env=environment(folder), stdout=log,
                                  stderr=log, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent,
                                  **rights())
    said = folder / "cluster" / "postmaster.pid"
    end = time.monotonic() + START_WAIT_S
    while not (said.is_file() and said.read_text().rstrip().endswith("ready")):
        if server.poll() is not None or time.monotonic() > end:
            server.kill()
            sys.exit(f"PostgreSQL did not start:\n{(folder / 'log').read_text()}")
        time.sleep(0.02)
    return server


def guard(note, watched):
    """Until the watched process has ended, or the server, or stop says so."""
    wake, told = os.pipe()
    signal.signal(signal.SIGTERM, lambda *_: os.write(told, b"x"))
    # Not below the build folder: the user may not be allowed to go there.
    folder = Path(tempfile.mkdtemp(prefix="doorstep-postgres-"))
    server = None
    try:
        if user := rights():
            os.chown(folder, user["user"], user["group"])
        make(folder)
        server = launch(folder)
        where = {"folder": str(folder), "guard": os.getpid(), "server": server.pid}
        unfinished = note.with_name(note.name + ".new")
        unfinished.write_text(json.dumps(where))
        unfinished.rename(note)
        print(f"PostgreSQL {binaries().parent.name} in {folder}", flush=True)
        sys.stdout.close()
        os.close(1)
        select.select([os.pidfd_open(watched), os.pidfd_open(server.pid), wake], [], [])
    except ProcessLookupError:
        pass  # one of them has ended already
    finally:
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGQUIT)
            server.wait(STOP_WAIT_S)
        note.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def start(note, watched):
    """Returns when the guard has said that the server is there, or has ended."""
    note.parent.mkdir(parents=True, exist_ok=True)
    guardian = subprocess.Popen(
        [sys.executable, __file__, "guard", str(note), str(watched)], start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = guardian.stdout.readline()
    if note.is_file():
        print(said, end="")
        return 0
    print("PostgreSQL could not be started:", said + guardian.stdout.read(), sep="\n")
    return 1


def stop(note):
    if not note.is_file():
        return 0
    where = json.loads(note.read_text())
    try:
        guardian = os.pidfd_open(where["guard"])
        signal.pidfd_send_signal(guardian, signal.SIGTERM)
        ended, _, _ = select.select([guardian], [], [], STOP_WAIT_S)
    except ProcessLookupError:
        ended = True
    if not ended:
        print("the cluster does not end")
        return 1
    note.unlink(missing_ok=True)
    shutil.rmtree(where["folder"], ignore_errors=True)  # of a guard that was killed
    return 0


def places(note):
    """What a test program is told."""
    if not note.is_file():
        sys.exit("no PostgreSQL was started for this run (the test postgres.start)")
    where = json.loads(note.read_text())
    return os.environ | {
        "DOORSTEP_TEST_POSTGRES": f"host={where['folder']} user=doorstep",
        "DOORSTEP_TEST_POSTGRES_SERVER": str(where["server"])}


def alone(command):
    with tempfile.TemporaryDirectory(prefix="doorstep-note-") as folder:
        note = Path(folder) / "postgres"
        if start(note, os.getpid()) != 0:
            return 1
        try:
            return subprocess.run(command, env=places(note), check=False).returncode
        finally:
            stop(note)


def main():
    action = sys.argv[1]
    if action == "alone":
        return alone(sys.argv[2:])
    if action == "guard":
        return guard(Path(sys.argv[2]), int(sys.argv[3]))
    note = Path(f"{sys.argv[2]}.{os.getppid()}")
    if action == "start":
        return start(note, os.getppid())
    if action == "stop":
        return stop(note)
    os.execve(sys.argv[3], sys.argv[3:], places(note))


if __name__ == "__main__":
    sys.exit(main())
