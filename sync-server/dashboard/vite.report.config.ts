// SPDX-License-Identifier: Apache-2.0
// The page that doorstep-server prints: one script and one style, which it puts into a page of its
// own (sync-server/commands/report_page.h). No modules: such a page has no address to fetch from.
import { fileURLToPath } from "node:url";

import base from "./vite.config";

export default {
  ...base,
  publicDir: false,
  build: {
    ...base.build,
    outDir: `${process.env["DASHBOARD_OUT"] ?? "dist"}/report`,
    cssCodeSplit: false,
    rollupOptions: {
      input: fileURLToPath(new URL("./src/report/print.ts", import.meta.url)),
      output: {
        format: "iife",
        inlineDynamicImports: true,
        entryFileNames: "page.js",
        assetFileNames: "page[extname]",
      },
    },
  },
};
