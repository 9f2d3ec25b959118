#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The contract follows buf STANDARD, does not break what the committed baseline promised, and the
# check would notice if it did. After a deliberate release: contract_test.sh --write-baseline.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
proto=$here/../../proto
buf=$(echo "$here"/node_modules/@bufbuild/buf-linux-*/bin/buf)
baseline=$proto/baseline/v1.binpb
[ -x "$buf" ] || { echo "buf is not installed: npm --prefix tests/contract ci"; exit 1; }

if [ "${1:-}" = --write-baseline ]; then
  mkdir -p "$proto/baseline"
  (cd "$proto" && "$buf" build -o "$baseline" --exclude-source-info)
  exit 0
fi

cd "$proto"
"$buf" lint
"$buf" breaking --against "$baseline"

# The check can fail: a copy with a field's number changed is refused.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r "$proto/." "$copy"
sed -i 's/uint64 n = 1;/uint64 n = 99;/' "$copy/doorstep/visit/v1/entry.proto"
if (cd "$copy" && "$buf" breaking --against "$baseline" >/dev/null 2>&1); then
  echo "the breaking-change check accepted a renumbered field"
  exit 1
fi
echo "contract: lint clean, nothing broken, the check can fail"
