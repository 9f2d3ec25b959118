// SPDX-License-Identifier: Apache-2.0
// A service as the rota names it; a code such as "personal_care" is made readable, nothing else is
// touched.
export function serviceText(service: string): string {
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/.test(service)) return service;
  const words = service.replaceAll("_", " ");
  return words[0]!.toUpperCase() + words.slice(1);
}
