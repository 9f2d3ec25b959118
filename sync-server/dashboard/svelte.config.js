// SPDX-License-Identifier: Apache-2.0
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    runes: true,
    // RecordList spells a table's roles out: on a narrow page its `display` changes, and with it a
    // browser may drop them.
    warningFilter: (warning) => warning.code !== "a11y_no_redundant_roles",
  },
};
