#!/usr/bin/env bash
# Loads the completions that `spate --generate-completion-script` writes into real shells and completes with them.
#
#     scripts/check-completions.sh [.build/release/spate]
#
# bash is always checked; zsh and fish where they are installed. Exit 1 when one does not complete as it should.
set -u
program=$(realpath "${1:-.build/release/spate}")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failed=0
mkdir "$folder/bin" "$folder/here" "$folder/here/sub"
ln -s "$program" "$folder/bin/spate"
touch "$folder/here/flood.yaml" "$folder/here/notes.txt"
export PATH="$folder/bin:$PATH"
for shell in bash zsh fish; do
    "$program" --generate-completion-script "$shell" >"$folder/spate.$shell" || failed=1
done

# expect SHELL LINE WORD: the candidates on stdin have the word as one of them.
expect() {
    if ! grep -qxF -- "$3" "$folder/candidates"; then
        echo "$1: '$2' does not offer '$3', but: $(head -c 300 "$folder/candidates" | tr '\n' ' ')" >&2
        failed=1
    fi
}
# lacks SHELL LINE WORD: and this one is not.
lacks() {
    if grep -qxF -- "$3" "$folder/candidates"; then
        echo "$1: '$2' offers '$3'" >&2
        failed=1
    fi
}

# What each line, completed at its end, must offer, and what it must not; the same for every shell that can be asked.
CASES=(
    "spate ru|run|hit"
    "spate new retry|retry-storm|smoke"
    "spate run --li|--live|--lanes"
    "spate run --live |off|flood.yaml"
    "spate run --experiment |E11|flood.yaml"
    "spate run flood.yaml --out-dir s|sub|flood.yaml"
    "spate check fl|flood.yaml|notes.txt"
    "spate report s|sub|flood.yaml"
    "spate hit -m P|POST|GET"
)
# Where a shell writes a folder with its slash, or adds the option to a word, the bare word counts.
plain() { sed -e 's/\t.*//' -e 's/[ /]*$//' | sort -u >"$folder/candidates"; }

ask_bash() {
    (cd "$folder/here" && bash --norc --noprofile -c '
        source "$1" || exit 1
        line=$2
        read -ra COMP_WORDS <<<"$line"
        [[ $line == *" " ]] && COMP_WORDS+=("")
        COMP_LINE=$line COMP_POINT=${#line} COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_TYPE=9 COMP_KEY=9
        _spate spate "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"
    ' bash "$folder/spate.bash" "$1") | plain
}
ask_fish() {
    (cd "$folder/here" && fish -N -c "source $folder/spate.fish; complete -C '$1'") | plain
}

for shell in bash fish; do
    if [ "$shell" != bash ] && ! command -v "$shell" >/dev/null; then
        echo "$shell: not installed, not checked"
        continue
    fi
    for case in "${CASES[@]}"; do
        IFS='|' read -r line wanted unwanted <<<"$case"
        "ask_$shell" "$line"
        expect "$shell" "$line" "$wanted"
        lacks "$shell" "$line" "$unwanted"
    done
    echo "$shell: ${#CASES[@]} lines completed"
done

# zsh completes in its line editor only: typed into a shell of its own, whose line is then printed.
ask_zsh() {
    (cd "$folder/here" && LINE=$1 WANTED=$2 SCRIPT="$folder/spate.zsh" timeout 20 zsh -f -c '
        zmodload zsh/zpty
        zpty shell "TERM=vt100 zsh -f -i"
        zpty -w shell "show() { zle expand-or-complete; print -r -- LINE:\$BUFFER:; zle send-break }"
        zpty -w shell "zle -N show; bindkey \"^T\" show; autoload -Uz compinit && compinit -u -D"
        zpty -w shell "source \$SCRIPT; print REA\\DY"
        zpty -r shell output "*READY*" || exit 1
        zpty -w -n shell "$LINE"$(print "\024")
        zpty -r shell output "*LINE:$WANTED*" && print found
        zpty -d shell')
}
if command -v zsh >/dev/null; then
    zsh -n "$folder/spate.zsh" || failed=1
    for case in "exit-c|exit-codes" "run --capa|run --capacity" "new slow-l|new slow-loris"; do
        IFS='|' read -r line wanted <<<"$case"
        if [ "$(ask_zsh "spate $line" "spate $wanted")" != found ]; then
            echo "zsh: 'spate $line' does not become 'spate $wanted'" >&2
            failed=1
        fi
    done
    echo "zsh: 3 lines completed"
else
    echo "zsh: not installed, not checked"
fi
exit $failed
