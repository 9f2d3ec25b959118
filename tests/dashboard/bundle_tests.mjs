// SPDX-License-Identifier: Apache-2.0
// Makes each *_test.ts a program that Node runs as it is:
//   node bundle_tests.mjs TESTS_DIR SRC_DIR OUT_DIR
import { build } from "esbuild";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const [tests, source, out] = process.argv.slice(2).map((argument) => resolve(argument));
await build({
  entryPoints: readdirSync(tests)
    .filter((name) => name.endsWith("_test.ts"))
    .map((name) => join(tests, name)),
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node18",
  sourcemap: "inline",
  alias: {
    "@contract": join(source, "contract"),
    "@dashboard": source,
    "@messages": join(source, "messages"),
  },
  logLevel: "warning",
});
