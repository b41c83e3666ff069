#!/bin/sh
set -eu
[ -d node_modules ] || npm ci --omit=dev
exec npm start  # expect: startup/dev-only-dependency
