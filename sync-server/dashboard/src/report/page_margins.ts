// SPDX-License-Identifier: Apache-2.0
// What stands in the margins of printed pages: "Page 1 of 4", and above it what is printed. Words
// are the catalogue's, so the rule is made here and not in a style sheet.
import { say } from "../words/say";

// Signs that no text holds (private use), in place of CSS's counters.
const page = "\ue000";
const pages = "\ue001";

// Every character by its number: no text of the data can end the string.
const quoted = (text: string): string =>
  `"${Array.from(text, (sign) => `\\${sign.codePointAt(0)!.toString(16)} `).join("")}"`;

const contentOf = (text: string): string =>
  text
    .split(/([\ue000\ue001])/)
    .filter((part) => part !== "")
    .map((part) =>
      part === page ? "counter(page)" : part === pages ? "counter(pages)" : quoted(part),
    )
    .join(" ");

let sheet: CSSStyleSheet | undefined;

// title: empty for pages that say themselves what they are.
export function setPageMargins(title: string): void {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
  const small = "font-size:9pt";
  const above = title === "" ? "" : `@top-center { content: ${quoted(title)}; ${small} }`;
  const below = contentOf(say("report.page", { page, pages }));
  sheet.replaceSync(`@page { ${above} @bottom-center { content: ${below}; ${small} } }`);
}
