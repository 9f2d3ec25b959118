# SPDX-License-Identifier: Apache-2.0
"""Adds a kind of fact to a copy of the sources by the steps of docs/architecture.md ("A new kind of
fact"), builds the shared libraries there and runs new_fact_main.cpp against them.

new_fact_test.py SOURCE SCRATCH CMAKE
"""
import re
import shutil
import subprocess
import sys
from pathlib import Path

FILES_MAX = 8

# (file, anchor, what is put before the anchor). Each step of the page is one entry or two.
STEPS = [
    ("proto/doorstep/visit/v1/event.proto", "    // 16 to 31: seldom at a visit",
     "    DoorLeftOpen door_left_open = 15;\n"),
    ("proto/doorstep/visit/v1/event.proto", "// Free text about the visit.",
     "// The door stood open when the carer came.\nmessage DoorLeftOpen {\n"
     "  // Which door, 1 to 9.\n  uint32 door_number = 1;\n}\n\n"),
    ("shared/visits/event.h", "struct CorrectedTime {",
     "struct DoorLeftOpen {\n  std::uint32_t doorNumber = 0;\n"
     "  bool operator==(const DoorLeftOpen&) const = default;\n};\n"),
    ("shared/visits/event.h", "Amended, UnknownFact, SealedFact>", "DoorLeftOpen, "),
    ("shared/visits/limits.h", "constexpr std::uint32_t kTaskNumberMax",
     "constexpr std::uint32_t kDoorNumberMax = 9;\n"),
    ("shared/wire/fact_codec.cpp", "// Fields unknown to this release, as received.",
     "void write(const visits::DoorLeftOpen& door, pb::Fact& to) {\n"
     "  to.mutable_door_left_open()->set_door_number(door.doorNumber);\n}\n"
     "visits::Fact readDoorLeftOpen(const pb::Fact& from, Reading& reading) {\n"
     "  const std::uint32_t door = from.door_left_open().door_number();\n"
     "  reading.limits.require(door >= 1 && door <= visits::kDoorNumberMax, \"door_number\");\n"
     "  return visits::DoorLeftOpen{door};\n}\n\n"),
    ("shared/wire/fact_codec.cpp", "    Kind{pb::Fact::kAmended, readAmended},",
     "    Kind{pb::Fact::kDoorLeftOpen, readDoorLeftOpen},\n"),
    ("shared/visits/visit_fold.h", "  bool amended = false;",
     "  std::uint32_t doorsOpen = 0;\n"),
    ("shared/visits/visit_fold.cpp", "      candidates.add(recorded, replacement);",
     "      attendance.doorsOpen +=\n"
     "          std::holds_alternative<DoorLeftOpen>(recorded.event.fact) ? 1 : 0;\n"),
    ("sync-server/dashboard/src/visit/event_words.ts", '    case "amended": {',
     '    case "doorLeftOpen":\n'
     '      return {\n'
     '        title: say("fact.door_left_open"),\n'
     '        detail: say("fact.door", { number: fact.value.doorNumber }),\n'
     '      };\n'),
    ("sync-server/dashboard/src/words/en-GB.json", '  "fact.amended": "',
     '  "fact.door_left_open": "Door left open",\n  "fact.door": "door {number}",\n'),
]


def fail(text):
    print(f"new_fact_test: {text}", file=sys.stderr)
    sys.exit(1)


def copy_sources(source, scratch):
    shutil.rmtree(scratch / "source", ignore_errors=True)
    keep = scratch / "source"
    for folder in ("cmake", "proto", "shared"):
        shutil.copytree(source / folder, keep / folder)
    for words in ("visit/event_words.ts", "words/en-GB.json"):
        words = Path("sync-server/dashboard/src") / words
        (keep / words).parent.mkdir(parents=True)
        shutil.copy(source / words, keep / words)
    shutil.copy(source / "tests/growth/new_fact_main.cpp", keep)
    return keep


def write_project(source, copy):
    text = (source / "CMakeLists.txt").read_text()
    for folder in ("tools", "sync-server", "app"):
        text = text.replace(f"add_subdirectory({folder})\n", "")
    text = re.sub(r"if\(DOORSTEP_TESTS\)\n.*?endif\(\)\n", "", text, flags=re.S)
    text += ("\nadd_executable(new_fact new_fact_main.cpp)\n"
             "target_link_libraries(new_fact PRIVATE doorstep_wire doorstep_visits)\n")
    (copy / "CMakeLists.txt").write_text(text)


def main():
    source, scratch = Path(sys.argv[1]), Path(sys.argv[2])
    cmake = sys.argv[3]
    page = (source / "docs/architecture.md").read_text()
    copy = copy_sources(source, scratch)
    write_project(source, copy)
    files = sorted({file for file, _, _ in STEPS})
    for file, anchor, added in STEPS:
        text = (copy / file).read_text()
        if text.count(anchor) != 1:
            fail(f"{file}: '{anchor}' is not there once: mend this test or the page")
        (copy / file).write_text(text.replace(anchor, added + anchor))
    for file in files:
        if file not in page:
            fail(f"docs/architecture.md does not name {file}")
    if len(files) > FILES_MAX:
        fail(f"{len(files)} files, {FILES_MAX} are the end")
    build = scratch / "build"
    for command in ([cmake, "-S", copy, "-B", build, "-G", "Ninja", "-Wno-dev",
                     "-DDOORSTEP_APP=OFF", "-DDOORSTEP_TESTS=OFF", "-DCMAKE_BUILD_TYPE=",
                     "-DCMAKE_CXX_FLAGS=-O0"],
                    [cmake, "--build", build, "--target", "new_fact"],
                    [build / "new_fact"]):
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if done.returncode != 0:
            print(done.stdout[-4000:], done.stderr[-4000:], file=sys.stderr)
            fail("does not build or run: " + " ".join(str(part) for part in command))
    print(f"a new kind of fact is added in {len(files)} files")


main()
