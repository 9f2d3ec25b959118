# SPDX-License-Identifier: Apache-2.0
"""Writes the names and definitions of measures as a C++ source, from the catalogue of the pages.

measure_words.py CATALOGUE OUTPUT
"""
import json
import re
import sys

FORM = re.compile(r"^\{part, select, name \{([^{}]*)\} other \{([^{}]*)\}\}$")
HEAD = """// Made by measure_words.py.
#include "sync-server/fhir/measure_words.h"

namespace doorstep::fhir {

std::span<const MeasureWords> measureWords() {
  static constexpr MeasureWords kWords[] = {
"""
TAIL = """  };
  return kWords;
}

}  // namespace doorstep::fhir
"""


def main():
    catalogue, output = sys.argv[1:]
    with open(catalogue, encoding="utf-8") as file:
        words = json.load(file)
    lines = []
    for key in sorted(words):
        if not key.startswith("measure."):
            continue
        parts = FORM.match(words[key])
        if parts is None or "'" in words[key]:
            sys.exit(f"{catalogue}: {key} is not a plain name and definition: {words[key]}")
        texts = [key[len("measure."):], *parts.groups()]
        lines.append("      {" + ", ".join(json.dumps(text, ensure_ascii=False)
                                            for text in texts) + "},\n")
    with open(output, "w", encoding="utf-8") as file:
        file.write(HEAD + "".join(lines) + TAIL)


main()
