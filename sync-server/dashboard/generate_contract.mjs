// SPDX-License-Identifier: Apache-2.0
// Makes the TypeScript types of the contract: node generate_contract.mjs PROTO_DIR OUT_DIR
// Debian's protoc parses, protoc-gen-es of node_modules writes. The result is not committed.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const [protoDir, outDir] = process.argv.slice(2).map((argument) => resolve(argument));
if (!outDir) throw new Error("usage: node generate_contract.mjs PROTO_DIR OUT_DIR");

function protoFiles(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return protoFiles(path);
      return entry.name.endsWith(".proto") ? [relative(protoDir, path)] : [];
    });
}

const plugin = join(dirname(fileURLToPath(import.meta.url)), "node_modules/.bin/protoc-gen-es");
rmSync(outDir, { recursive: true, force: true });
mkdirSync(outDir, { recursive: true });
execFileSync(
  "protoc",
  ["-I", protoDir, `--plugin=protoc-gen-es=${plugin}`, `--es_out=${outDir}`, "--es_opt=target=ts",
   ...protoFiles(join(protoDir, "doorstep"))],
  { stdio: "inherit" },
);
