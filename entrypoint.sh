#!/bin/sh
# ci-gate, as the image's entry point. Without arguments it is the Action, whose inputs come by
# environment: they are read there, and never become arguments or code.
#
# The container is root, so that the programs of the change can be another user. What the gate leaves
# in the workspace (reports, git's objects) has to be its owner's, who could not remove it otherwise.
set -u
export PYTHONPYCACHEPREFIX=/opt/constraint-gate/bytecode PYTHONDONTWRITEBYTECODE=1
python=/opt/constraint-gate/venv/bin/python
workspace=${GITHUB_WORKSPACE:-$PWD}
owner=$(stat --format %u:%g "$workspace")
if [ "$(id -u)" != 0 ] || [ "${owner%%:*}" = 0 ]; then
  exec "$python" -P -m ci_gate "$@"
fi

cd "$workspace" || exit 3
"$python" -P -m ci_gate "$@" <&0 &
gate=$!
# The gate removes what it started before it ends.
trap 'kill -TERM "$gate"' TERM INT HUP
wait "$gate"
status=$?
while kill -0 "$gate" 2>/dev/null; do
  wait "$gate"
  status=$?
done
find "$workspace" -xdev -uid 0 -exec chown --no-dereference "$owner" {} +
exit "$status"
