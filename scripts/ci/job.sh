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

# Sets `fail_on` to the words of SPATE_CI_FAIL_ON, in one line or several.
job_fail_on() {
    fail_on=()
    read -rd '' -a fail_on <<<"${SPATE_CI_FAIL_ON-thresholds inconclusive regression time-limit}" || true
}

# Finds out before a run, not after it, that SPATE_CI_FAIL_ON has a word that means nothing.
job_check_fail_on() {
    local word fail_on
    job_fail_on
    for word in ${fail_on[@]+"${fail_on[@]}"}; do
        case $word in
        thresholds | inconclusive | regression | time-limit | none) ;;
        *) job_fail "'$word' is nothing a job can fail on" \
            "write some of: thresholds inconclusive regression time-limit; or none" ;;
        esac
    done
}

# Returns the job's own exit code: spate's, or 0 for a finding that shall not fail the job.
#
# What is no finding (a scenario with mistakes, a server that has not agreed) always fails it.
job_status() {
    local finding word fail_on
    job_fail_on
    finding=$(job_finding "$1")
    case $finding in
    passed | failed) return "$1" ;;
    esac
    for word in ${fail_on[@]+"${fail_on[@]}"}; do
        [ "$word" != "$finding" ] || return "$1"
    done
    echo "spate: $finding (exit code $1), which does not fail this job" >&2
}
