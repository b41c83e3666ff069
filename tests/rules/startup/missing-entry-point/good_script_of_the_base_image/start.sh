#!/bin/sh
/docker-entrypoint.d/20-envsubst-on-templates.sh
exec uvicorn app.main:app --host 0.0.0.0
