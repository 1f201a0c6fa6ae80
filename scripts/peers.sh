#!/usr/bin/env bash
# Installs the optional programs that brine is compared with into ./.peers (a Python virtual environment).
# Nothing of brine needs them; `bench/*.mjs --peer` and `scripts/oracles/` use them.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 -m venv .peers
.peers/bin/pip install --quiet pyscf featomic
echo "peers are in .peers; bench scripts find them there, or through BRINE_PYTHON"
