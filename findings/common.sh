# Sourced by the scripts here: a temporary environment with pinned packages from PyPI.
# shellcheck shell=bash
set -euo pipefail

# fresh PACKAGE...: make an environment in a temporary folder and set `python` to its interpreter.
# PYTHON names an interpreter of version 3.12 to 3.14; python3 by default.
fresh() {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    "${PYTHON:-python3}" -m venv "$folder/venv"
    python=$folder/venv/bin/python3
    "$python" -m pip install -q --disable-pip-version-check "$@"
    cd "$folder"
}

# try CODE WANTED: run a line; WANTED is ok, or what the error must name.
try() {
    local said seen=ok
    said=$("$python" -c "$1" 2>&1) || seen=$(tail -n 1 <<<"$said")
    echo "$1: $seen"
    [[ $seen == *"$2"* ]]
}
