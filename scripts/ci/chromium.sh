#!/usr/bin/env bash
# Makes sure that there is a Chromium for the tests of the console: CHROMIUM_PATH, or Debian's package.
set -euo pipefail

chromium=${CHROMIUM_PATH:-/usr/bin/chromium}
if [ ! -x "$chromium" ]; then
  if [ -n "${CHROMIUM_PATH:-}" ]; then
    echo "CHROMIUM_PATH is $CHROMIUM_PATH, where no program is. Name Chromium, or unset it." >&2
    exit 1
  fi
  if ! command -v apt-get > /dev/null; then
    echo 'There is no Chromium and no apt-get to install it with. Install it, and set CHROMIUM_PATH.' >&2
    exit 1
  fi
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
  "${as_root[@]}" apt-get update --quiet
  "${as_root[@]}" apt-get install --quiet --yes --no-install-recommends chromium
fi
"$chromium" --version
