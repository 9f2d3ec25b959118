// SPDX-License-Identifier: Apache-2.0
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const source = fileURLToPath(new URL("./src", import.meta.url));

export default defineConfig({
  plugins: [svelte()],
  resolve: { alias: { "@contract": `${source}/contract`, "@dashboard": source } },
  build: {
    target: "es2022",
    outDir: process.env["DASHBOARD_OUT"] ?? "dist",
    emptyOutDir: true,
    // Everything is a file of our own: the front's policy is default-src 'self', so no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // `npm run dev` beside a running server: DOORSTEP_SERVER=https://127.0.0.1:8443
    proxy: process.env["DOORSTEP_SERVER"]
      ? { "/doorstep.": { target: process.env["DOORSTEP_SERVER"], secure: false } }
      : {},
  },
});
