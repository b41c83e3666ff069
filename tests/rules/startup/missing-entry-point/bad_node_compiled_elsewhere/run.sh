#!/bin/sh
cd "$(dirname "$0")"
npm install
npm run build
node dist/server.js # expect: startup/missing-entry-point
