#!/usr/bin/env bash
# Builds a throw-away git repository in DIRECTORY: the service on main, an agent's pull request on a
# branch. Then judges the pull request as the Action would. Succeeds when the gate blocks it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$(dirname "${1:?usage: demo/run.sh DIRECTORY}")"
target=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")

rm -rf "$target"
cp -R "$here/base" "$target"
cd "$target"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=demo GIT_AUTHOR_EMAIL=demo@example.com
export GIT_COMMITTER_NAME=demo GIT_COMMITTER_EMAIL=demo@example.com
git init --quiet --initial-branch=main
git add --all
git commit --quiet --message "Lend books"
git switch --quiet --create agent/overdue-loans
git apply "$here/pull-request.patch"
git add --all
git commit --quiet --message "Add overdue loans, statistics and search by words"

echo "The pull request agent/overdue-loans: $(git diff --shortstat main)"
echo "Its tests pass. Does it keep the structure?"
echo
status=0
ci-gate scan . --base main --output "markdown=$target-comment.md" || status=$?
echo
if [ "$status" -ne 1 ]; then
  echo "demo: expected exit code 1 (blocked), got $status" >&2
  exit 1
fi
echo "Exit code 1: the merge is blocked. The repository is in $1."
echo "The comment on the pull request is in $1-comment.md."
