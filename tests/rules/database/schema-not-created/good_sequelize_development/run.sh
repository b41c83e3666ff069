#!/bin/sh
export NODE_ENV="${NODE_ENV:-development}"
exec node src/server.js
