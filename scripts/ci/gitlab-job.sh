#!/usr/bin/env bash
# The script of templates/spate.yml: runs a scenario as a GitLab job, with what its widgets read.
#
# See job.sh for the variables, docs/ci.md for the rest.
set -euo pipefail
# shellcheck source=scripts/ci/job.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/job.sh"

job_arguments
job_program
# The names stand in the template, too: GitLab wants to know them before the job.
mkdir -p spate-ci
status=0
"$program" run "${arguments[@]}" -o junit=spate-ci/junit.xml \
    -o k6-summary=spate-ci/load-performance.json -o openmetrics=spate-ci/metrics.txt || status=$?
echo "spate: $(job_finding "$status") (exit code $status); the report is $directory/report.html"
exit "$status"
