#!/bin/sh
export NODE_ENV="${NODE_ENV:-production}"
exec node src/server.js
