#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes tests/golden/released/<version of the project> with the programs of a build folder:
#   bash tests/golden/make_released.sh build/dev
# Files of a release that is out are never made again. The clock stands in the past, so that no
# later clock stands before what the files hold.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:?build folder}" && pwd)
lists=$here/../../CMakeLists.txt
version=$(sed -n 's/^project(doorstep VERSION \([0-9]*\.[0-9]*\).*/\1/p' "$lists")
if ! command -v faketime >/dev/null; then
  echo "faketime is not installed: apt-get install faketime"
  exit 1
fi
cmake --build "$build" --target make_released doorstep-server >/dev/null
rm -rf "${here:?}/released/$version"
faketime -f '@2026-01-12 07:30:00' "$build/tests/golden/make_released" "$here/released/$version"
