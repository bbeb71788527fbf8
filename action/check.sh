#!/usr/bin/env bash
# The script of the GitHub Action. Its inputs are environment variables, so that no text of theirs is run as a command.
set -euo pipefail

arguments=(check)
[[ -z "${EMTHEORY_REQUIRE:-}" ]] || arguments+=(--require "$EMTHEORY_REQUIRE")
[[ -z "${EMTHEORY_LOCK:-}" ]] || arguments+=(--lock "$EMTHEORY_LOCK" --frozen)
[[ -z "${EMTHEORY_JUNIT:-}" ]] || arguments+=(--junit "$EMTHEORY_JUNIT")
[[ -z "${EMTHEORY_BADGE:-}" ]] || arguments+=(--badge "$EMTHEORY_BADGE")
# Of all lines, at the end of which `read` fails; no list is empty, which bash on macOS takes for one that is not set.
read -r -d "" -a further <<< "--github ${EMTHEORY_ARGUMENTS:-}" || true
paths=()
while IFS= read -r path; do
  [[ -z "$path" ]] || paths+=("$path")
done <<< "${EMTHEORY_PATHS:-.}"

exec emtheory "${arguments[@]}" "${further[@]}" -- "${paths[@]}"
