#!/bin/sh
set -e
cd "$(dirname "$0")"
exec uvicorn bakery.server:app --proxy-headers  # expect: startup/missing-entry-point error
