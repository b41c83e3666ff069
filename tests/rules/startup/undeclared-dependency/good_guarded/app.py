from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from flask import Flask, jsonify

if TYPE_CHECKING:
    from celery import Celery

try:
    import orjson
except ImportError:
    orjson = None

if os.environ.get("SENTRY_DSN"):
    import sentry_sdk

    sentry_sdk.init()

with suppress(ImportError):
    import dotenv

    dotenv.load_dotenv()

app = Flask(__name__)


def schedule(worker: Celery):
    return worker.tasks


@app.get("/")
def index():
    return jsonify(fast=orjson is not None)
