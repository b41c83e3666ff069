#!/bin/sh
# In a workflow the inputs come by environment and are passed on as arguments, never as code. With
# arguments of its own this is the ci-gate command.
set -eu
if [ $# -gt 0 ]; then
  exec ci-gate "$@"
fi
cd "${GITHUB_WORKSPACE:-.}"
set -- scan "${INPUT_PATH:-.}" --format github
[ -z "${INPUT_BASE:-}" ] || set -- "$@" "--base=$INPUT_BASE"
[ -z "${INPUT_CONFIG:-}" ] || set -- "$@" "--config=$INPUT_CONFIG"
[ -z "${INPUT_FAIL_ON:-}" ] || set -- "$@" "--fail-on=$INPUT_FAIL_ON"
[ -z "${INPUT_SARIF_FILE:-}" ] || set -- "$@" "--output=sarif=$INPUT_SARIF_FILE"
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || set -- "$@" "--output=markdown=$GITHUB_STEP_SUMMARY"
exec ci-gate "$@"
