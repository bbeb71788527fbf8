#!/usr/bin/env bash
# The script of the GitHub Action. Its inputs are environment variables, so that no text of theirs is run as a command.
set -euo pipefail

arguments=(--github)
[[ -z "${EMTHEORY_REQUIRE:-}" ]] || arguments+=(--require "$EMTHEORY_REQUIRE")
[[ -z "${EMTHEORY_LOCK:-}" ]] || arguments+=(--lock "$EMTHEORY_LOCK" --frozen)
[[ -z "${EMTHEORY_JUNIT:-}" ]] || arguments+=(--junit "$EMTHEORY_JUNIT")
[[ -z "${EMTHEORY_BADGE:-}" ]] || arguments+=(--badge "$EMTHEORY_BADGE")
read -r -a further <<< "${EMTHEORY_ARGUMENTS:-}"
paths=()
while IFS= read -r path; do
  [[ -z "$path" ]] || paths+=("$path")
done <<< "${EMTHEORY_PATHS:-.}"

exec emtheory check "${arguments[@]}" "${further[@]}" -- "${paths[@]}"
