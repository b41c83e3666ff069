#!/bin/sh
set -e
python -m alembic upgrade head
python -c "print('start')"
uvicorn "$APP_MODULE" --port 8000 &
uvicorn --app-dir api main:app
cd api && gunicorn -k uvicorn.workers.UvicornWorker -b unix:app main:make
exec "$@"
