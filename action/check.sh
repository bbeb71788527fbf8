#!/usr/bin/env bash
# The script of the GitHub Action. Its inputs are environment variables, so that no text of theirs is run as a command.
set -euo pipefail

arguments=()
[[ -z "${EMTHEORY_REQUIRE:-}" ]] || arguments+=(--require "$EMTHEORY_REQUIRE")
[[ -z "${EMTHEORY_LOCK:-}" ]] || arguments+=(--lock "$EMTHEORY_LOCK" --frozen)
[[ -z "${EMTHEORY_JUNIT:-}" ]] || arguments+=(--junit "$EMTHEORY_JUNIT")
read -r -a further <<< "${EMTHEORY_ARGUMENTS:-}"
paths=()
while IFS= read -r path; do
  [[ -z "$path" ]] || paths+=("$path")
done <<< "${EMTHEORY_PATHS:-.}"

matcher="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/problem-matcher.json"
echo "::add-matcher::$matcher"
status=0
output="$(emtheory check "${arguments[@]}" "${further[@]}" -- "${paths[@]}")" || status=$?
printf '%s\n' "$output"
if [[ -n "${GITHUB_STEP_SUMMARY:-}" ]]; then
  # Indented by four blanks the output is a code block of Markdown, whatever it contains.
  { printf '### emtheory check\n\n'; sed 's/^/    /' <<< "$output"; printf '\n'; } >> "$GITHUB_STEP_SUMMARY"
fi
exit "$status"
