#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Checks our logs' proofs with the packages that the formats came from, golang.org/x/mod/sumdb.
set -eu
files=$1
bundles=$2
here=$(dirname "$0")
packages=/usr/share/gocode
if ! command -v go >/dev/null; then
  echo "skipped: Go is not installed (Debian package golang-go)"
  exit 77
fi
if [ ! -d $packages/src/golang.org/x/mod/sumdb/tlog ]; then
  echo "skipped: Go's sumdb packages are not installed (Debian package golang-golang-x-mod-dev)"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/ours" "$folder/theirs"
GO111MODULE=off GOPATH=$packages GOCACHE="$folder/cache" \
  go build -o "$folder/check_log" "$here/check_log.go" "$here/check_bundle.go"

"$files" write "$folder/ours"
"$folder/check_log" read "$folder/ours"
"$folder/check_log" write "$folder/theirs"
"$files" read "$folder/theirs"

DOORSTEP_BUNDLE_TO=$folder/bundled "$bundles" "[writes]" >/dev/null
"$folder/check_log" bundle "$folder/bundled/bundle" "$folder/bundled/tiles"
