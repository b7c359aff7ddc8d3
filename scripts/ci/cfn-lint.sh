#!/usr/bin/env bash
# Runs cfn-lint over synthesized templates: scripts/ci/cfn-lint.sh DIRECTORY...
# Installs the pinned cfn-lint into .venv/cfn-lint when it is missing. Any finding fails.
set -euo pipefail
cd "$(dirname "$0")/../.."

requirements=scripts/ci/cfn-lint-requirements.txt
venv=.venv/cfn-lint
if ! cmp -s "$requirements" "$venv/installed.txt"; then
  echo "Installing cfn-lint into $venv"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$venv/installed.txt"
fi

for directory in "$@"; do
  templates=$(find "$directory" -name '*.template.json' | sort)
  if [ -z "$templates" ]; then
    echo "No template in $directory: synthesize first" >&2
    exit 1
  fi
  # --non-zero-exit-code informational: warnings and hints fail too.
  # shellcheck disable=SC2086
  "$venv/bin/cfn-lint" --non-zero-exit-code informational --template $templates
  echo "cfn-lint: no findings in $(echo "$templates" | wc -l) templates of $directory"
done
