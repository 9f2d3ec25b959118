#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The repository's own lint, run as a test. Each message says what to do instead.

tidy.py ROOT      checks every file that git tracks or would track
tidy.py --prove   plants one violation for each rule and fails if a rule does not find its own
"""
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
CPP = {".cpp", ".h"}
# Besides SOURCE, what people write line by line. Markdown is not: a paragraph there is one line.
WRITTEN_TOO = {".cmake", ".css", ".go", ".html", ".sh", ".supp", ".txt"}
SOURCE = CPP | {".qml", ".svelte", ".ts", ".js", ".mjs", ".py", ".proto"}
TOP_LEVEL = {
    ".ci", ".clang-format", ".clang-tidy", ".gitignore", ".qmllint.ini", "CHANGELOG.md",
    "CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "app", "cmake", "docs", "proto",
    "scripts", "shared", "sync-server", "tests", "tools",
}

# Which folders a folder may include besides itself, by the longest prefix that fits. "shared" is
# all of shared/*. This table is the architecture (docs/architecture.md, "Who may include whom").
ARROWS = {
    "shared/core": [],
    "shared/sql": ["shared/core"],
    "shared/crypto": ["shared/core"],
    "shared/timing": ["shared/core"],
    "shared/visits": ["shared/core", "shared/timing", "shared/visits/measures"],
    "shared/visits/attendance": ["shared/core", "shared/timing", "shared/visits",
                                 "shared/visits/measures"],
    "shared/visits/measures": ["shared/core"],
    "shared/visits/disclosure": ["shared/core"],
    "shared/visits/measure_files": ["shared/core", "shared/visits/measures"],
    "shared/evidence": ["shared/core", "shared/crypto"],
    "shared/wire": ["shared/core", "shared/crypto", "shared/evidence", "shared/timing",
                    "shared/visits"],
    "app/platform": ["shared"],
    "app/journal": ["shared", "app/platform"],
    "app/roster": ["shared"],
    "app/projections": ["shared", "app/journal", "app/roster"],
    "app/recording": ["shared", "app/journal", "app/platform", "app/projections", "app/roster"],
    "app/sync": ["shared", "app/journal", "app/platform", "app/roster"],
    "app/ui": ["shared/core", "shared/visits", "app/projections", "app/recording", "app/ui"],
    "app/gallery": ["shared/core", "shared/visits", "app/projections", "app/ui"],
    "app": ["shared", "app"],
    "sync-server/storage": ["shared"],
    "sync-server/event_log": ["shared", "sync-server/storage"],
    "sync-server/text": ["shared"],
    "sync-server/identity": ["shared", "sync-server/storage", "sync-server/event_log",
                             "sync-server/text"],
    "sync-server/roster": ["shared", "sync-server/storage", "sync-server/event_log",
                           "sync-server/text"],
    "sync-server/intake": ["shared", "sync-server/storage", "sync-server/event_log",
                           "sync-server/identity"],
    "sync-server/projections": ["shared", "sync-server/storage", "sync-server/event_log"],
    "sync-server/commissioning": ["shared", "sync-server/storage", "sync-server/event_log",
                                  "sync-server/text", "sync-server/roster"],
    "sync-server/adjustments": ["shared", "sync-server/storage", "sync-server/event_log",
                                "sync-server/projections", "sync-server/roster"],
    "sync-server/exports": ["shared", "sync-server/storage", "sync-server/event_log"],
    "sync-server/freezes": ["shared", "sync-server/storage", "sync-server/event_log"],
    "sync-server/replies": ["shared", "sync-server/storage", "sync-server/event_log"],
    "sync-server/office": ["shared", "sync-server/storage", "sync-server/event_log",
                           "sync-server/adjustments", "sync-server/commissioning",
                           "sync-server/exports", "sync-server/freezes", "sync-server/identity",
                           "sync-server/intake", "sync-server/replies", "sync-server/roster"],
    "sync-server/monitoring": ["shared", "sync-server/storage", "sync-server/event_log",
                               "sync-server/projections", "sync-server/roster"],
    "sync-server/records": ["shared", "sync-server/storage", "sync-server/event_log",
                            "sync-server/adjustments", "sync-server/freezes",
                            "sync-server/identity", "sync-server/projections",
                            "sync-server/replies", "sync-server/roster",
                            "sync-server/commissioning"],
    "sync-server/fhir": ["shared", "sync-server/event_log", "sync-server/adjustments",
                         "sync-server/projections", "sync-server/records", "sync-server/roster"],
    "sync-server/http": ["shared", "sync-server/event_log"],
    "sync-server/config": ["shared", "sync-server"],
    "sync-server/commands": ["shared", "sync-server"],
    "sync-server/rpc": ["shared", "sync-server/storage", "sync-server/event_log",
                        "sync-server/adjustments", "sync-server/exports", "sync-server/freezes",
                        "sync-server/identity", "sync-server/intake", "sync-server/monitoring",
                        "sync-server/office", "sync-server/projections", "sync-server/records",
                        "sync-server/replies", "sync-server/roster", "sync-server/commissioning"],
    "sync-server": ["shared", "sync-server"],
    "tools": ["shared"],
    "tests": ["shared", "app", "sync-server", "tests", "tools"],
}
SQL_FOLDERS = ("shared/sql/", "app/journal/", "app/roster/", "sync-server/storage/",
               "sync-server/event_log/", "sync-server/identity/", "sync-server/roster/",
               "sync-server/projections/", "sync-server/adjustments/", "sync-server/commissioning/",
               "sync-server/exports/", "sync-server/freezes/", "sync-server/records/",
               "sync-server/replies/", "tests/")
CLOCK_FOLDERS = ("shared/core/", "tests/")
BANNED_NAMES = {"utils", "util", "common", "helpers", "helper", "misc", "manager", "data", "info"}

RULES = []


def rule(planted_path, planted_text):
    """Registers a rule with a file that it must object to."""
    def register(check):
        RULES.append((check, planted_path, planted_text))
        return check
    return register


def lines_of(text, pattern):
    found = re.compile(pattern)
    return [(number, line) for number, line in enumerate(text.split("\n"), 1) if found.search(line)]


def code_only(line):
    return re.sub(r"//.*", "", line)


@rule("shared/core/x.h", '#include "sync-server/intake/intake.h"\n')
def include_arrows(path, text):
    if path.suffix not in CPP:
        return
    folders = sorted(ARROWS, key=len, reverse=True)
    own = next((folder for folder in folders if str(path).startswith(folder + "/")), None)
    for number, line in lines_of(text, r'^#include "'):
        target = re.match(r'#include "([^"]+)"', line).group(1)
        if target.startswith("doorstep/"):
            continue  # generated from proto/
        if "/" not in target:
            if not target.endswith(".moc"):
                yield number, f'include "{target}" from the root, so that the arrow can be seen'
            continue
        if own is None:
            yield number, "say in ARROWS of tests/tidy/tidy.py what this folder may include"
            continue
        allowed = [own, str(path.parent)] + ARROWS[own]
        if not any(target.startswith(a + "/") for a in allowed):
            right = ", ".join(ARROWS[own]) or "nothing"
            yield number, f"{own} may not include {target}: depend on {right} only"


@rule("shared/visits/x.h", "#include <QString>\n")
def shared_is_plain(path, text):
    if str(path).startswith("shared/") and path.suffix in CPP:
        foreign = r"#include (<Q|<grpcpp/|<thread>|<future>|.*\.grpc\.pb\.h)"
        for number, _ in lines_of(text, foreign):
            yield number, "shared/ has no Qt, gRPC or threads: move it to app/ or sync-server/"


@rule("app/sync/x.cpp", "// SPDX\n" + "int x;\n" * 501)
def file_length(path, text):
    count = text.count("\n")
    limit = {".qml": 250, ".svelte": 250}.get(path.suffix, 500)
    if str(path).startswith("tests/") and path.suffix in CPP and "_test" in path.stem:
        limit = 400
    if path.suffix in SOURCE and not str(path).startswith("app/i18n/") and count > limit:
        yield 1, f"{count} lines, {limit} are the end: split it by what its parts do"


# A character is one column here, as in clang-format; a word that is too long alone stays whole.
def header_of(path):
    """The header that a source belongs to: of its own name, or of a class whose part it is."""
    words = path.stem.split("_")
    names = ["_".join(words[:count]) + ".h" for count in range(len(words), 0, -1)]
    return next((name for name in names if (ROOT / path.parent / name).exists()), None)


# What has one header for all its sources, and programs.
WITHOUT_HEADER = ("sync-server/commands/", "app/i18n/")


@rule("app/sync/nowhere_declared.cpp", "int x;\n")
def one_noun_one_pair(path, text):
    if (path.suffix != ".cpp" or path.parts[0] not in ("app", "shared", "sync-server")
            or str(path).startswith(WITHOUT_HEADER) or path.stem.endswith("main")):
        return
    if header_of(path) is None:
        yield 1, f"give it {path.stem}.h, or the name of the class whose part it is: engine_clock"


@rule("app/ui/round/X.qml", "// " + "wide " * 20 + "\n")
def line_width(path, text):
    written = path.suffix in SOURCE | WRITTEN_TOO or path.parts[0] in ("scripts", ".ci")
    if not written or str(path).startswith("app/i18n/"):
        return
    for number, line in lines_of(text, r"^.{101}"):
        if " " in line.strip().removeprefix("// ").removeprefix("# "):
            yield number, f"{len(line)} characters, 100 are the end: break it where it reads well"


@rule("app/sync/x.cpp", "void f(int a) {\n" + "  a++;\n" * 71 + "}\n")
def function_length(path, text):
    if path.suffix not in CPP:
        return
    lines = text.split("\n")
    no_function = "namespace|class |struct |enum |union |extern |template|TEST_CASE|SCENARIO"
    opening = re.compile(rf"^( *)(?!{no_function}).*\(.*\{{$|^( *)[^#/ ].*\) .*\{{$")
    other_block = re.compile(r"^\s*(namespace|class|struct|enum|TEST_CASE)\b")
    for number, line in enumerate(lines, 1):
        if not opening.match(line) or other_block.match(line):
            continue
        indent = len(line) - len(line.lstrip())
        for end in range(number, len(lines)):
            code = lines[end].lstrip()
            # A constructor's body ends left of where its initialisers stand.
            if code.startswith("}") and len(lines[end]) - len(code) <= indent:
                length = end - number + 1
                if length > 70:
                    yield number, f"{length} lines of function, 70 fit a screen: name its parts"
                break


@rule("app/ui/round/X.qml", 'Rectangle { color: "#ff0000" }\n')
def theme_colours(path, text):
    if path.suffix == ".qml" and path.name != "Theme.qml":
        for number, _ in lines_of(text, r'"#[0-9a-fA-F]{3,8}"|Qt\.(rgba|hsla)\(|color: *"[a-z]+"'):
            yield number, "take the colour from Theme by its meaning (Theme.danger)"


# Which side a thing stands on is said by where a line begins: another language begins it right.
SIDED_CSS = (
    (r"\b(margin|padding|border|scroll-margin|scroll-padding)-(left|right)\b|"
     r"\bborder-(top|bottom)-(left|right)-radius\b|^\s*(left|right):|"
     r"\b(text-align|float|clear): *(left|right)\b"),
    # Four values of which the second and the fourth differ.
    r"\b(margin|padding|inset|border-(width|color|style)): *\S+ (\S+) \S+ (?!\3\b)\S+;",
)


@rule("sync-server/dashboard/src/x/X.svelte", "<style>\n  p {\n    margin-left: 1rem;\n</style>\n")
def logical_css(path, text):
    if path.suffix not in {".svelte", ".css"}:
        return
    styles = text if path.suffix == ".css" else "\n" * text[:text.find("<style>")].count("\n") + (
        text[text.find("<style>"):] if "<style>" in text else "")
    for pattern in SIDED_CSS:
        for number, _ in lines_of(styles, pattern):
            yield number, "say inline-start or inline-end: some languages begin on the right"


@rule("app/ui/round/X.qml", "Item {\n    Text {\n        text: model.name\n    }\n}\n")
def plain_text(path, text):
    """What is shown may be data: a name in angle brackets is no markup and fetches nothing."""
    if path.suffix != ".qml":
        return
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if re.search(r"Text\w*\.(AutoText|RichText|StyledText|MarkdownText)", line):
            yield number, "show text as plain text: it may be data"
        # Of Controls every label, button, field and tool tip guesses by itself what its text is.
        if re.search(r"^\s*import QtQuick\.Controls|\bToolTip\b", line):
            yield number, "build the control on QtQuick.Templates with our own plain Text"
        if not re.match(r"\s*(\w+\.)?(Text|Label) \{", line) and not re.search(
                r": *(Text|Label) \{", line):
            continue
        indent = len(line) - len(line.lstrip())
        body = []
        for inner in lines[number:]:
            if inner.strip() == "}" and len(inner) - len(inner.lstrip()) <= indent:
                break
            body.append(inner)
        if not any("textFormat: Text.PlainText" in inner for inner in body + [line]):
            yield number, "add textFormat: Text.PlainText: what is shown may be data"


@rule("app/main.cpp", 'engine.rootContext()->setContextProperty("x", 1);\n')
def typed_qml(path, text):
    if str(path).startswith("app/") and path.suffix in CPP:
        for number, _ in lines_of(text, r"setContextProperty"):
            yield number, "make it a required property: qmllint does not see context properties"


@rule("sync-server/rpc/x.cpp", 'prepare("SELECT a FROM b");\n')
def sql_in_storage(path, text):
    if path.suffix in CPP and not str(path).startswith(SQL_FOLDERS):
        sql = (r"\b(SELECT\s.+\sFROM|INSERT\s+(OR \w+ )?INTO|DELETE FROM|CREATE TABLE|"
               r"UPDATE \w+ SET)\b")
        for number, _ in lines_of(text, sql):
            yield number, "SQL stands in storage folders only: add a named function to the store"


# Which engine it is is said where a database is opened. The phone has one engine and opens its own.
ENGINE_FOLDERS = ("shared/sql/", "sync-server/storage/", "app/", "tests/")


@rule("sync-server/roster/x.cpp", '#include "shared/sql/sqlite.h"\n')
def stores_know_no_engine(path, text):
    if path.suffix in CPP and not str(path).startswith(ENGINE_FOLDERS):
        for number, _ in lines_of(text, r'#include ("shared/sql/sqlite|<sqlite3|<libpq)'):
            yield number, "write it against shared/sql/database.h: one text serves every engine"


# Of the server's stores: each text runs on SQLite and on PostgreSQL. Columns and functions of
# protobuf are lower case, SQL's words here are upper.
NOT_PORTABLE = (
    (r"\bINSERT OR |\bREPLACE INTO\b", "INSERT … ON CONFLICT (key) DO UPDATE or DO NOTHING"),
    (r"\bPRAGMA\b|\bsqlite_schema\b|\browid\b", "a function of sql::Database"),
    (r"\bSAVEPOINT\b|\bRELEASE\b|\bBEGIN IMMEDIATE\b", "sql::Transaction"),
    (r"\bCROSS JOIN\b", "JOIN … USING"),
    (r"\bifnull\(", "coalesce(a, b)"),
    (r"(?<!:)\b(min|max)\([^()]*(\([^()]*\)[^()]*)*,", "CASE WHEN a < b THEN a ELSE b END"),
    (r"\bLIMIT -1\b", "LIMIT 9223372036854775807"),
    (r"\bAUTOINCREMENT\b|\blast_insert|\bchanges\(\)\s*==", "an id of IdSource, RETURNING"),
    (r"\b(zeroblob|quote|hex|printf|strftime|julianday|unixepoch|glob|total)\(|\bGLOB\b",
     "the same in C++"),
)
# Released before there was a second engine, which drops these words.
RELEASED_WORDS = {"sync-server/identity/schema.cpp": r"COLLATE NOCASE"}


@rule("sync-server/roster/x.cpp", 'prepare("INSERT OR REPLACE INTO a (b) VALUES (?)");\n')
def portable_sql(path, text):
    folders = SQL_FOLDERS[SQL_FOLDERS.index("sync-server/event_log/"):-1]
    if path.suffix not in CPP or not str(path).startswith(folders):
        return
    for pattern, instead in NOT_PORTABLE + ((r"\bCOLLATE\b", "what is compared, in lower case"),):
        for number, line in lines_of(text, pattern):
            released = re.search(RELEASED_WORDS.get(str(path), r"(?!)"), line)
            if not released and not line.lstrip().startswith("//"):
                yield number, f"not every engine takes it; write {instead}"


@rule("app/sync/x.cpp", "auto now = std::chrono::system_clock::now();\n")
def clock_and_random(path, text):
    if path.suffix in CPP and not str(path).startswith(CLOCK_FOLDERS):
        pattern = (r"system_clock::now|steady_clock::now|\btime\(nullptr\)|random_device|"
                   r"\brand\(\)|mt19937|uniform_\w+_distribution|QDateTime::current|"
                   r"clock_gettime|gettimeofday")
        for number, line in lines_of(text, pattern):
            if "tidy: " not in line:
                yield number, "time is from Clock, chance from IdSource: the simulation needs it"


@rule("app/sync/x.h", "  std::mutex mutex_;\n")
def mutexes_that_clang_knows(path, text):
    if path.suffix in CPP and str(path) != "shared/core/mutex.h":
        pattern = r"std::((\w+_)?mutex|condition_variable|lock_guard|(unique|scoped|shared)_lock)\b"
        for number, _ in lines_of(text, pattern):
            yield number, "take Mutex and MutexLock of shared/core/mutex.h: clang checks those"


@rule("app/sync/x.h", "  Mutex mutex_;\n  int count_ = 0;\n")
def mutexes_that_guard(path, text):
    if path.suffix in CPP and path.parts[0] != "tests":
        for number, line in lines_of(text, r"^\s*(mutable )?Mutex \w+;"):
            mutex = re.search(r"Mutex (\w+);", line).group(1)
            if f"DOORSTEP_GUARDED_BY({mutex})" not in text:
                yield number, f"no member says DOORSTEP_GUARDED_BY({mutex}): what is it for?"


@rule("shared/core/order.cpp", "int f() {}\n")
def listed_files(path, text):
    if path.suffix != ".cpp" or path.parts[0] not in ("app", "shared", "sync-server", "tests"):
        return
    for folder in path.parents:
        for listing in [ROOT / folder / "CMakeLists.txt", *(ROOT / folder).glob("*.cmake")]:
            if listing.is_file() and re.search(rf"\b{re.escape(path.name)}\b", listing.read_text()):
                return
    yield 1, "no CMakeLists.txt or .cmake file names this file: list it or delete it"


@rule("shared/utils/x.h", "// SPDX\n")
def telling_names(path, text):
    for part in path.parts:
        words = set(re.split(r"[_.\-]", re.sub(r"([a-z])([A-Z])", r"\1_\2", part).lower()))
        bad = words & BANNED_NAMES
        if bad:
            yield 1, f'"{part}": {", ".join(bad)} says nothing; name what it is'


@rule("app/sync/x.cpp", "// TO" + "DO later\n")
def no_leftovers(path, text):
    if path.suffix in SOURCE | {".md", ".txt", ""}:
        for number, _ in lines_of(text, r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"):
            yield number, "finish it or file an issue; nothing is left in the text"


@rule("app/sync/x.h", "#pragma once\n")
def licence_line(path, text):
    if path.suffix not in SOURCE or str(path).startswith("app/i18n/"):
        return
    licence = "SPDX-License-Identifier: Apache-2.0"
    if not any(licence in line for line in text.split("\n")[:2]):
        yield 1, f"begin with the line {licence}"


@rule("sync-server/http/x.cpp", "co_await f(a ? b() : c());\n")
def coroutine_temporaries(path, text):
    if path.suffix in CPP:
        for number, line in lines_of(text, r"co_await"):
            code = re.sub(r'"[^"]*"', "", code_only(line))
            after = code.partition("co_await")[2]  # empty: it stands in a comment or a text
            if "{" in after.rstrip(" {") and "(" in after or re.search(r"[^:]\?[^:]+:[^:]", code):
                yield number, "g++ 12 destroys such temporaries twice: name a local, then co_await"


@rule("x.md", "")
def known_top_level(path, text):
    if path.parts[0] not in TOP_LEVEL:
        yield 1, f"{path.parts[0]} is not of the layout in docs/architecture.md"


@rule("tests/x/package-lock.json", '{"resolved": "https://example.org/x.tgz"}\n')
def lock_files_name_no_host(path, text):
    if path.name == "package-lock.json":
        for number, _ in lines_of(text, r'"resolved": *"http'):
            yield number, "set omit-lockfile-registry-resolved in .npmrc: a lock file names no host"
            return


@rule("tests/unit/x_test.cpp", "std::this_thread::sleep_for(1s);\n")
def tests_do_not_sleep(path, text):
    if str(path).startswith("tests/") and path.suffix in CPP and "_test" in path.stem:
        for number, line in lines_of(text, r"sleep_for|usleep\(|\bsleep\("):
            yield number, "wait for what must happen, not for time to pass"


@rule("sync-server/roster/rota/rota_reader.cpp",
      'ColumnSpec kColumns[] = {{"shoe_size", false}};\n')
def rota_columns_are_documented(path, text):
    """Each column that is read stands in the table of docs/sync-protocol.md, and the reverse."""
    if path.name != "rota_reader.cpp":
        return
    read = {need: set(re.findall(rf'\{{"([a-z_]+)", {need}', text)) for need in ("true", "false")}
    table = re.findall(r"^\| `\w+\.csv`[^|]*\|([^|]*)\|([^|]*)\|$",
                       (ROOT / "docs/sync-protocol.md").read_text(), re.M)
    for need, column in (("true", 0), ("false", 1)):
        told = {name for row in table for name in re.findall(r"`([a-z_]+)`", row[column])}
        for name in sorted(read[need] ^ told):
            yield 1, f'"{name}" and the table of a rota\'s columns in docs/sync-protocol.md differ'


def tracked(root):
    command = ["git", "-C", root, "ls-files", "-co", "--exclude-standard"]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [PurePosixPath(line) for line in listing.splitlines() if (root / line).is_file()]


def check(path, text, rules):
    return [f"{path}:{number}: {message}"
            for one in rules for number, message in one(path, text) or ()]


def run(root):
    failures = []
    paths = tracked(root)
    for path in paths:
        raw = (root / path).read_bytes()
        if len(raw) > 256 * 1024 and path.name != "package-lock.json":
            failures.append(f"{path}:1: {len(raw) // 1024} KiB, 256 are the end: keep it elsewhere")
        try:
            text = raw.decode()
        except UnicodeDecodeError:
            continue
        failures += check(path, text, [one for one, _, _ in RULES])
    print("\n".join(failures))
    print(f"{len(paths)} files, {len(RULES)} rules, {len(failures)} objections")
    return 1 if failures else 0


def prove():
    blind = [one.__name__ for one, path, text in RULES
             if not check(PurePosixPath(path), text, [one])]
    names = ", ".join(blind) or "none"
    print(f"rules that do not find their own violation: {names} of {len(RULES)}")
    return 1 if blind else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--prove"]:
        sys.exit(prove())
    sys.exit(run(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
