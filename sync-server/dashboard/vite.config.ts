// SPDX-License-Identifier: Apache-2.0
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const source = fileURLToPath(new URL("./src", import.meta.url));

// Made of a catalogue by compile_words.mjs; a test sets one of another language.
const messages = process.env["DASHBOARD_MESSAGES"] ?? `${source}/messages`;

// index.html: %locale%, %direction% and %message:key%, for what stands there before any script.
function words(): Plugin {
  return {
    name: "words",
    transformIndexHtml(html) {
      const made = JSON.parse(readFileSync(`${messages}/messages.json`, "utf8"));
      return html
        .replace("%locale%", made.locale)
        .replace("%direction%", made.direction)
        .replace(/%message:([\w.]+)%/g, (_, key: string) => {
          const text: unknown = made.messages[key];
          if (typeof text !== "string") throw new Error(`index.html: no message ${key}`);
          return text.replace(/[&<]/g, (sign) => (sign === "&" ? "&amp;" : "&lt;"));
        });
    },
  };
}

export default defineConfig({
  plugins: [svelte(), words()],
  resolve: {
    alias: {
      "@contract": `${source}/contract`,
      "@dashboard": source,
      "@messages": messages,
      // The messages are parsed already.
      "@formatjs/icu-messageformat-parser": "@formatjs/icu-messageformat-parser/no-parser.js",
    },
  },
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
