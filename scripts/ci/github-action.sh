#!/usr/bin/env bash
# The shell part of action.yml: runs a scenario as one step of a GitHub workflow.
#
# Annotations go to stdout, the report into $GITHUB_STEP_SUMMARY, outputs into $GITHUB_OUTPUT; all
# three are spate's own doing (-o github). See job.sh for the variables, docs/ci.md for the rest.
set -euo pipefail
# shellcheck source=scripts/ci/job.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/job.sh"

job_arguments
job_program
junit=${SPATE_CI_JUNIT:-spate-junit.xml}
status=0
"$program" run "${arguments[@]}" -o github -o "junit=$junit" || status=$?
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    {
        # GitHub reads a line as a name and a value: a line break would begin another output.
        printf 'directory=%s\n' "${directory//$'\n'/ }"
        printf 'junit=%s\n' "${junit//$'\n'/ }"
        printf 'exit_code=%s\n' "$status"
        printf 'finding=%s\n' "$(job_finding "$status")"
    } >>"$GITHUB_OUTPUT"
fi
exit "$status"
