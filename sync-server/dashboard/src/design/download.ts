// SPDX-License-Identifier: Apache-2.0
// Hands bytes to the person as a file.
export function saveFile(name: string, parts: BlobPart[], type: string): void {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken the bytes once the click's task is over.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// A name that every file system takes.
export const fileName = (...parts: string[]): string =>
  parts
    .filter((part) => part !== "")
    .join("-")
    .replace(/[^\w.-]+/g, "_");
