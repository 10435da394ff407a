#!/usr/bin/env bash
# Shared by `.ci/run` and all checks, which run from the root of the repository.
set -euo pipefail

# Compiling Typst from scratch takes minutes, so build results are kept between runs.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$HOME/.cache/undersigned-target}
export CARGO_TERM_COLOR=never CARGO_INCREMENTAL=0
export PIP_DISABLE_PIP_VERSION_CHECK=1

# Where `.ci/tools` installs what it does not get from the system.
tools=${XDG_CACHE_HOME:-$HOME/.cache}/undersigned-tools
export NODE_MODULES=$tools/npm/node_modules
PATH=$CARGO_TARGET_DIR/release:$tools/python/bin:$tools/bin:$NODE_MODULES/.bin:$PATH

# A temporary folder for this script, which is removed when it exits.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "$*" >&2
  exit 1
}

# Audits PDFs: audit [--expect FOLDER] FILE.pdf...
audit() {
  python .ci/pdf-audit/pdf_audit.py "$@"
}
