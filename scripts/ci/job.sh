# shellcheck shell=bash
# What a job does with Spate, whoever runs the job; read by github-action.sh and gitlab-job.sh.
#
# The job's wishes are variables: SPATE_CI_SCENARIO (a file), SPATE_CI_ARGS (more arguments of
# `spate run`, between blanks, or one a line where there are several lines), SPATE_CI_PROGRAM (a
# built spate; without it this checkout is built), SPATE_CI_BASELINE, SPATE_CI_BASELINE_TARGET,
# SPATE_CI_REPEAT, SPATE_CI_OUT_DIR (default spate-report) and SPATE_CI_FAIL_ON (which findings fail
# the job). Nothing of them is ever evaluated by the shell.

# Ends with what is wrong and how to mend it.
job_fail() {
    printf 'spate: %s\nhint: %s\n' "$1" "$2" >&2
    exit 64
}

# Sets `program` to a spate that runs.
job_program() {
    program=${SPATE_CI_PROGRAM:-}
    if [ -n "$program" ]; then
        if [ ! -x "$program" ]; then program=$(command -v -- "$program") || true; fi
        [ -n "$program" ] || job_fail "there is no program $SPATE_CI_PROGRAM" \
            "name a spate that was built, or leave it out to build one"
        return
    fi
    local checkout scratch
    checkout=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
    scratch=${SPATE_CI_SCRATCH:-$checkout/.build}
    command -v swift >/dev/null || job_fail "swift is not here, so spate cannot be built" \
        "use an image with Swift 6.3, or name a built spate"
    "$checkout/scripts/install-packages.sh" \
        libcurl4-openssl-dev zlib1g-dev libsqlite3-dev libssl-dev >&2
    local product
    for product in spate spate-intake; do
        swift build -c release --package-path "$checkout" --scratch-path "$scratch" \
            --product "$product" >&2
    done
    program=$scratch/release/spate
}

# Sets `arguments` to what `spate run` is told, but for its outputs.
job_arguments() {
    [ -n "${SPATE_CI_SCENARIO:-}" ] || job_fail "no scenario is named" "set the input 'scenario'"
    directory=${SPATE_CI_OUT_DIR:-spate-report}
    arguments=("$SPATE_CI_SCENARIO" --out-dir "$directory")
    [ -z "${SPATE_CI_REPEAT:-}" ] || arguments+=(--repeat "$SPATE_CI_REPEAT")
    [ -z "${SPATE_CI_BASELINE:-}" ] || arguments+=(--baseline "$SPATE_CI_BASELINE")
    [ -z "${SPATE_CI_BASELINE_TARGET:-}" ] ||
        arguments+=(--baseline-target "$SPATE_CI_BASELINE_TARGET")
    [ -z "${SPATE_CI_FAIL_ON+set}" ] || arguments+=(--fail-on "$SPATE_CI_FAIL_ON")
    local text=${SPATE_CI_ARGS:-} word words=()
    # A block of YAML ends with a line break.
    while [[ $text == *$'\n' ]]; do text=${text%$'\n'}; done
    if [[ $text == *$'\n'* ]]; then
        while IFS= read -r word; do [ -z "$word" ] || words+=("$word"); done <<<"$text"
    else
        read -ra words <<<"$text"
    fi
    arguments+=(${words[@]+"${words[@]}"})
}

# The finding behind an exit code, in a word.
job_finding() {
    case $1 in
    0) echo passed ;;
    95) echo inconclusive ;;
    96) echo regression ;;
    99) echo thresholds ;;
    102) echo time-limit ;;
    *) echo failed ;;
    esac
}
