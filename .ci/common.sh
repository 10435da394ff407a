#!/usr/bin/env bash
# Shared by `.ci/run` and all checks, which run from the root of the repository.
set -euo pipefail

# Compiling Typst from scratch takes minutes, so build results are kept between runs.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$HOME/.cache/undersigned-target}
export CARGO_TERM_COLOR=never CARGO_INCREMENTAL=0
# The same generated inputs each time, so that no change fails by chance.
export PROPTEST_RNG_SEED=1
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

# A letter with every element in each template, on each paper and in each envelope: every_page FOLDER
every_page() {
  local template paper envelope letter
  for template in open-letter formal; do
    for paper in us-letter a4; do
      for envelope in none us-10 din-5008-a din-5008-b nf sn-left sn-right; do
        # Each envelope fits one paper size.
        case $envelope:$paper in none:* | us-10:us-letter | din-*:a4 | nf:a4 | sn-*:a4) ;; *) continue ;; esac
        letter=$1/$template-$paper-$envelope
        mkdir -p "$letter"
        cp tests/anatomy/* "$letter"
        sed -i "s/^template = .*/template = \"$template\"/; s/^paper = .*/paper = \"$paper\"\nenvelope = \"$envelope\"/" \
          "$letter/letter.toml"
      done
    done
  done
}

# Audits PDFs: audit [--expect FOLDER] FILE.pdf...
audit() {
  python .ci/pdf-audit/pdf_audit.py "$@"
}
