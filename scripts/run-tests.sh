#!/usr/bin/env bash
# Runs a test command and says at its end what failed, with its reasons: a long log is often read by its last lines only.
# Usage: run-tests.sh COMMAND [ARGUMENT]...
set -uo pipefail
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}
if [ "$status" -ne 0 ]; then
    printf '\nWhat failed (%s):\n' "$*"
    # swift-testing marks failures with a cross, and what explains them, on the lines below, with an arrow.
    grep -E '^(✘|↳|error:)|: error:|Fatal error|signal code' "$log" | head -n 100
fi
exit "$status"
