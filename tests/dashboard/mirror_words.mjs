// SPDX-License-Identifier: Apache-2.0
// A language that nobody reads, for tests: node mirror_words.mjs CATALOGUE OUT_DIR
// Each letter of a message becomes a Hebrew one, vowels two, so that texts are longer; what is not
// of the catalogue stays as it was and is seen. Numbers and days are Arabic.
import { resolve } from "node:path";

import { readCatalogue, writeWords } from "../compile_words.mjs";

const letters = Object.fromEntries(
  [..."abcdefghijklmnopqrstuvwxyz"].map((letter, index) => [
    letter,
    [..."אבגדהוזחטיכלמנסעפצקרשתץףןם"][index].repeat("eo".includes(letter) ? 2 : 1),
  ]),
);

const mirroredText = (text) => text.replace(/[a-z]/gi, (letter) => letters[letter.toLowerCase()]);

function mirrored(parts) {
  if (typeof parts === "string") return mirroredText(parts);
  return parts.map((part) => {
    if (part.options) {
      const options = Object.entries(part.options).map(([name, option]) => [
        name,
        { ...option, value: mirrored(option.value) },
      ]);
      return { ...part, options: Object.fromEntries(options) };
    }
    // 0: literal text.
    return part.type === 0 ? { ...part, value: mirroredText(part.value) } : part;
  });
}

const [path, out] = process.argv.slice(2).map((argument) => resolve(argument));
if (!out) throw new Error("usage: node mirror_words.mjs CATALOGUE OUT_DIR");
writeWords(out, "ar-XB", readCatalogue(path).messages, mirrored);
